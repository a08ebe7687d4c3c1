/** The name that was most likely meant by one that is none. */

/** Letters that must be put in, taken out, changed or swapped with their neighbour (the optimal string alignment distance). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const [above, twoAbove] = [rows[i - 1] ?? [], rows[i - 2] ?? []];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (above[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, isSwap ? (twoAbove[j - 2] ?? 0) + 1 : Infinity),
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^lookdial/, '')
    .replace(/[^a-z0-9]/g, '');

/** Longer names are compared by their beginning: what is looked for has not so many letters. */
const LONGEST = 64;

/** @param names not empty; of those that are equally near the first is taken */
export function nearestName(written: string, names: readonly string[]): string {
  const asked = bare(written.slice(0, LONGEST));
  const found = names.map(name => ({ name, away: distance(asked, bare(name)) }));
  return found.reduce((best, one) => (one.away < best.away ? one : best)).name;
}
