/** Names for dials that have none: the catalogue's attribute that goes along with the dial (matching.md, section 6). */
import type { EncodingIndex } from './index-file.ts';
import { correlation, ranks } from './spearman.ts';

export interface DialName {
  /** The attribute, as the catalogue calls it. */
  readonly attribute: string;
  /** Its rank correlation with mu, -1 to 1. */
  readonly spearman: number;
}

/** A weaker link than this would be an invented meaning. */
export const LEAST_SPEARMAN = 0.5;
/** Fewer garments than this can reach it by chance. */
export const FEWEST_GARMENTS = 50;

/**
 * The best attribute for each dimension, or undefined. An attribute names one dial only, the one it fits best.
 * @param attributes of each attribute one number a row; NaN where the catalogue says nothing
 */
export function nameDials(
  index: Pick<EncodingIndex, 'count' | 'latentDim' | 'mu'>,
  attributes: ReadonlyMap<string, ArrayLike<number>>,
): (DialName | undefined)[] {
  const n = index.latentDim;
  const candidates: { dimension: number; name: DialName }[] = [];
  for (const [attribute, values] of attributes) {
    const rows: number[] = [];
    for (let row = 0; row < index.count; row += 1) if (Number.isFinite(values[row])) rows.push(row);
    if (rows.length < FEWEST_GARMENTS) continue;
    const known = ranks(Float64Array.from(rows, row => values[row]!));
    for (let dimension = 0; dimension < n; dimension += 1) {
      const mu = Float64Array.from(rows, row => index.mu[row * n + dimension]!);
      const found = correlation(ranks(mu), known);
      if (Math.abs(found) >= LEAST_SPEARMAN) candidates.push({ dimension, name: { attribute, spearman: found } });
    }
  }
  candidates.sort((a, b) => Math.abs(b.name.spearman) - Math.abs(a.name.spearman));
  const names: (DialName | undefined)[] = Array.from({ length: n }, () => undefined);
  const taken = new Set<string>();
  for (const { dimension, name } of candidates) {
    if (names[dimension] !== undefined || taken.has(name.attribute)) continue;
    names[dimension] = name;
    taken.add(name.attribute);
  }
  return names;
}
