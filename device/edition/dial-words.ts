/** What a dial is called, and its two ends: by the bundle, or else by the catalogue's attribute that goes along with it. */
import type { Bundle } from '../inference/bundle.ts';
import { type DialName, nameDials } from '../matching/dial-names.ts';
import type { EncodingIndex } from '../matching/index-file.ts';
import { oneJob } from '../one-job-thread.ts';
import { atOnce, inTurns } from '../slices.ts';

/** Nulls where nobody knows: a meaning is never invented. */
export interface DialWords {
  readonly name: string | null;
  readonly low: string | null;
  readonly high: string | null;
}

/** What the catalogue says of a garment beside its own columns; undefined where it has no such garment. */
export type AttributesOf = (sku: string) => Readonly<Record<string, string | number | boolean>> | undefined;

/** Rows that are asked about before whoever else waits is let in. */
const SLICE = 100;

/**
 * Of each attribute that is a number somewhere, one number a row of the index; NaN where there is none. Stops after each slice
 * of the rows.
 */
function* numbersByAttribute(
  index: EncodingIndex,
  attributesOf: AttributesOf,
): Generator<void, Map<string, Float64Array>> {
  const numbers = new Map<string, Float64Array>();
  for (let row = 0; row < index.count; row += 1) {
    if (row % SLICE === SLICE - 1) yield;
    for (const [name, value] of Object.entries(attributesOf(index.sku(row)) ?? {})) {
      if (typeof value !== 'number') continue;
      let values = numbers.get(name);
      if (values === undefined) {
        values = new Float64Array(index.count).fill(Number.NaN);
        numbers.set(name, values);
      }
      values[row] = value;
    }
  }
  return numbers;
}

/** Whether the catalogue is to be asked: the bundle leaves a shown dial without a name. */
const asksCatalogue = ({ manifest: { dials } }: Bundle): boolean =>
  !(dials?.every(dial => dial.name !== undefined || !dial.shown) ?? false);

/** @param found of the catalogue, one for each dimension */
function wordsOf({ manifest: { dials, latentDim } }: Bundle, found: readonly (DialName | undefined)[]): DialWords[] {
  return Array.from({ length: latentDim }, (_, dimension) => {
    const dial = dials?.[dimension];
    const ends = { low: dial?.low ?? null, high: dial?.high ?? null };
    if (dial?.name !== undefined) return { name: dial.name, ...ends };
    const match = found[dimension];
    if (match === undefined) return { name: null, ...ends };
    const [low, high] = match.spearman > 0 ? ['less', 'more'] : ['more', 'less'];
    return { name: match.attribute.replaceAll('_', ' '), low, high };
  });
}

/** One for each dimension of z, at once. */
export function dialWords(bundle: Bundle, index: EncodingIndex, attributesOf: AttributesOf): DialWords[] {
  if (!asksCatalogue(bundle)) return wordsOf(bundle, []);
  return wordsOf(bundle, nameDials(index, atOnce(numbersByAttribute(index, attributesOf))));
}

/** What the thread that finds names is given. */
export interface NamesJob extends Pick<EncodingIndex, 'count' | 'latentDim' | 'mu'> {
  readonly attributes: ReadonlyMap<string, Float64Array>;
}

/**
 * The same beside a store that is being served: nobody waits longer than a slice of the catalogue takes.
 * @throws LookdialError `internal` where the thread that finds the names ends without them
 */
export async function findDialWords(
  bundle: Bundle,
  index: EncodingIndex,
  attributesOf: AttributesOf,
): Promise<DialWords[]> {
  if (!asksCatalogue(bundle)) return wordsOf(bundle, []);
  const attributes = await inTurns(numbersByAttribute(index, attributesOf));
  if (attributes.size === 0) return wordsOf(bundle, []);
  const { count, latentDim } = index;
  // A copy: the view of the index would bring the whole file along.
  const job: NamesJob = { count, latentDim, mu: index.mu.slice(), attributes };
  return wordsOf(bundle, await oneJob(new URL('./dial-names-worker.ts', import.meta.url), job, 'the dials’ names'));
}
