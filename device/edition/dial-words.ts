/** What a dial is called, and its two ends: by the bundle, or else by the catalogue's attribute that goes along with it. */
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

/** Of each attribute that is a number somewhere, one number a row of the index; NaN where there is none. */
function numbersByAttribute(index: EncodingIndex, attributesOf: AttributesOf): Map<string, Float64Array> {
  const numbers = new Map<string, Float64Array>();
  for (let row = 0; row < index.count; row += 1) {
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

/** One for each dimension of z. The catalogue is asked only where the bundle leaves a shown dial without a name. */
export function dialWords(bundle: Bundle, index: EncodingIndex, attributesOf: AttributesOf): DialWords[] {
  const { dials, latentDim } = bundle.manifest;
  const given = Array.from({ length: latentDim }, (_, d) => dials?.[d]);
  const complete = dials?.every(dial => dial.name !== undefined || !dial.shown) ?? false;
  const found = complete ? [] : nameDials(index, numbersByAttribute(index, attributesOf));
  return given.map((dial, dimension) => {
    const ends = { low: dial?.low ?? null, high: dial?.high ?? null };
    if (dial?.name !== undefined) return { name: dial.name, ...ends };
    const match = found[dimension];
    if (match === undefined) return { name: null, ...ends };
    const [low, high] = match.spearman > 0 ? ['less', 'more'] : ['more', 'less'];
    return { name: match.attribute.replaceAll('_', ' '), low, high };
  });
}
