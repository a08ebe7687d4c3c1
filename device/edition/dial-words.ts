/** What a dial is called, and its two ends: by the bundle, or else by the catalogue's attribute that goes along with it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bundle } from '../inference/bundle.ts';
import { nameDials } from '../matching/dial-names.ts';
import type { EncodingIndex } from '../matching/index-file.ts';

/** Nulls where nobody knows: a meaning is never invented. */
export interface DialWords {
  readonly name: string | null;
  readonly low: string | null;
  readonly high: string | null;
}

/** What the catalogue says of a garment beside its own columns; undefined where it has no such garment. */
export type AttributesOf = (sku: string) => Readonly<Record<string, string | number | boolean>> | undefined;

/** Rows that are asked about before whoever else waits is let in. */
const SLICE = 500;

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

/** What is found out a slice at a time: one for each dimension of z. The catalogue is asked only where the bundle leaves a shown dial without a name. */
function* wordsBySlices(
  bundle: Bundle,
  index: EncodingIndex,
  attributesOf: AttributesOf,
): Generator<void, DialWords[]> {
  const { dials, latentDim } = bundle.manifest;
  const given = Array.from({ length: latentDim }, (_, d) => dials?.[d]);
  const complete = dials?.every(dial => dial.name !== undefined || !dial.shown) ?? false;
  const found = complete ? [] : nameDials(index, yield* numbersByAttribute(index, attributesOf));
  return given.map((dial, dimension) => {
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
  const slices = wordsBySlices(bundle, index, attributesOf);
  let slice = slices.next();
  while (!slice.done) slice = slices.next();
  return slice.value;
}

/** The same beside a store that is being served: nobody waits longer than a slice takes. */
export async function findDialWords(
  bundle: Bundle,
  index: EncodingIndex,
  attributesOf: AttributesOf,
): Promise<DialWords[]> {
  const slices = wordsBySlices(bundle, index, attributesOf);
  let slice = slices.next();
  while (!slice.done) {
    await nextTurn();
    slice = slices.next();
  }
  return slice.value;
}
