/** The duels as a picture: one bar a search, grouped by workload, in milliseconds on a logarithmic scale. */

export interface Group {
  readonly label: string;
  readonly bars: readonly { readonly name: string; readonly ms: number }[];
}

const COLOURS = ['#7a2e2e', '#c58a4a', '#7d8a6a', '#4d6472', '#a3a09a'] as const;
const [WIDTH, BAR, GAP, LEFT, RIGHT, TOP] = [760, 14, 22, 150, 90, 64] as const;

const asXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export function chart(title: string, groups: readonly Group[]): string {
  const all = groups.flatMap(group => group.bars.map(bar => bar.ms));
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const place = (ms: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(ms / low)) / Math.log(high / low);
  const names = [...new Set(groups.flatMap(group => group.bars.map(bar => bar.name)))];
  const parts: string[] = [];
  let y = TOP + GAP * Math.ceil(names.length / 2);
  const legend = names.map((name, i) => {
    const [x, at] = [LEFT + (i % 2) * 280, TOP - 20 + Math.floor(i / 2) * 18];
    return `<rect x="${x}" y="${at - 9}" width="10" height="10" fill="${COLOURS[i % COLOURS.length]}"/><text x="${x + 16}" y="${at}">${asXml(name)}</text>`;
  });
  for (const { label, bars } of groups) {
    parts.push(
      `<text x="${LEFT - 10}" y="${y + (bars.length * BAR) / 2 + 4}" text-anchor="end">${asXml(label)}</text>`,
    );
    for (const { name, ms } of bars) {
      const width = Math.max(1, place(ms) - LEFT).toFixed(1);
      const colour = COLOURS[names.indexOf(name) % COLOURS.length];
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 2}" fill="${colour}"/>`,
        `<text x="${(place(ms) + 6).toFixed(1)}" y="${y + BAR - 4}" font-size="10">${Number(ms.toPrecision(2))} ms</text>`,
      );
      y += BAR;
    }
    y += GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" font-family="Instrument Sans, sans-serif" font-size="12" fill="#26221f">`,
    `<title>${asXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#faf7f2"/>`,
    `<text x="${LEFT}" y="24" font-size="15">${asXml(title)}</text>`,
    ...legend,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
