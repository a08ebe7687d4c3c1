/**
 * What a place is called: words of the catalogue that its garments have in common and the store's others have not. Nothing is
 * made up: where the garments of a place share no word, it has none.
 */

/** One attribute of the catalogue, and those of its values that tell the place apart. */
export interface PlaceWord {
  readonly attribute: string;
  readonly values: readonly string[];
}

/** A value must be so many times as frequent in the place as in the store. */
const LEAST_LIFT = 1.25;
/** Together the values of an attribute must fit so many of the place's garments. */
const LEAST_SHARE = 0.5;
/** Values of one attribute at most: more would be a list. */
const MOST_VALUES = 3;
/** Attributes in a name at most. */
const MOST_WORDS = 2;
/** A value that fits fewer of a place's garments names others rather than these. */
const LEAST_PART = 0.12;

/**
 * @param place of each garment, its place
 * @param places how many there are
 * @param attributes of each attribute one value a garment, null where the catalogue says nothing
 * @returns of each place its words, those that tell most first
 */
export function placeWords(
  place: ArrayLike<number>,
  places: number,
  attributes: ReadonlyMap<string, readonly (string | null)[]>,
): PlaceWord[][] {
  const sizes = new Array<number>(places).fill(0);
  for (let row = 0; row < place.length; row += 1) sizes[place[row]!] = sizes[place[row]!]! + 1;
  const found: { word: PlaceWord; tells: number }[][] = sizes.map(() => []);
  for (const [attribute, values] of attributes) {
    const counts = countValues(place, places, values);
    counts.forEach((inPlace, at) => {
      const word = wordOf(inPlace.of, counts, sizes[at]!, place.length);
      if (word !== undefined) found[at]!.push({ word: { attribute, values: word.values }, tells: word.tells });
    });
  }
  return found.map(words =>
    words
      .sort((a, b) => b.tells - a.tells)
      .slice(0, MOST_WORDS)
      .map(({ word }) => word),
  );
}

interface Counts {
  readonly of: Map<string, number>;
}

function countValues(place: ArrayLike<number>, places: number, values: readonly (string | null)[]): Counts[] {
  const counts: Counts[] = Array.from({ length: places }, () => ({ of: new Map() }));
  values.forEach((value, row) => {
    if (value === null) return;
    const { of } = counts[place[row]!]!;
    of.set(value, (of.get(value) ?? 0) + 1);
  });
  return counts;
}

/** The fewest values that are over-represented and fit half of the place's garments; undefined where there are none. */
function wordOf(
  inPlace: ReadonlyMap<string, number>,
  counts: readonly Counts[],
  size: number,
  total: number,
): { values: string[]; tells: number } | undefined {
  const telling = [...inPlace]
    .map(([value, times]) => {
      const everywhere = counts.reduce((sum, { of }) => sum + (of.get(value) ?? 0), 0);
      const part = times / size;
      const lift = part / (everywhere / total);
      return { value, part, lift, tells: part * Math.log(lift) };
    })
    .filter(({ part, lift }) => lift >= LEAST_LIFT && part >= LEAST_PART)
    .sort((a, b) => b.tells - a.tells || (a.value < b.value ? -1 : 1));
  let [share, tells] = [0, 0];
  const values: string[] = [];
  for (const one of telling.slice(0, MOST_VALUES)) {
    values.push(one.value);
    share += one.part;
    tells += one.tells;
    if (share >= LEAST_SHARE) return { values, tells };
  }
  return undefined;
}
