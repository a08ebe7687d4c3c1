/** "More like this": garments ranked by how far their posteriors lie from one garment's (matching.md, section 4). */
import {
  bhattacharyya,
  type Divergence,
  jeffreys,
  kl,
  mutualLikelihoodScore,
  wasserstein2Squared,
} from './divergence.ts';
import { MatchingError } from './errors.ts';
import type { Garments } from './garments.ts';
import { TopK } from './top-k.ts';

export type Measure = 'jeffreys' | 'kl' | 'bhattacharyya' | 'wasserstein' | 'mutual-likelihood';

export interface SimilarQuery {
  /** How many at most, 1 and above. */
  readonly k: number;
  /** `jeffreys` unless there is a reason. */
  readonly measure: Measure;
  /** tau, in units of z: every measure is taken on sigma^2 + tau^2. */
  readonly tolerance: number;
  /** One byte a row: 0 leaves the garment out. */
  readonly allowed?: Uint8Array;
}

export interface SimilarGarment {
  readonly row: number;
  readonly sku: string;
  /** The measure's own number: ascending, but for `mutual-likelihood`, of which more is nearer. */
  readonly value: number;
}

/**
 * Each takes (garment asked about, other). `kl` is KL(other, asked): the other way round every broad garment is
 * everybody's neighbour.
 */
const MEASURES: Record<Measure, Divergence> = {
  jeffreys,
  kl: (asked, other, tolerance) => kl(other, asked, tolerance),
  bhattacharyya,
  wasserstein: wasserstein2Squared,
  'mutual-likelihood': mutualLikelihoodScore,
};

/** The k garments nearest to the one at `row`, nearest first, itself left out; ties in the order of their SKUs. */
export function rankSimilar(index: Garments, row: number, query: SimilarQuery): SimilarGarment[] {
  const { k, measure, tolerance, allowed } = query;
  if (!Number.isInteger(row) || row < 0 || row >= index.count) {
    throw new MatchingError(`There is no row ${row} in the index; expected 0 to ${index.count - 1}.`);
  }
  if (!Number.isInteger(k) || k < 1) throw new MatchingError(`k is ${k}; expected a whole number, 1 or more.`);
  if (!Number.isFinite(tolerance) || tolerance < 0) {
    throw new MatchingError(`tolerance is ${tolerance}; expected a finite number, 0 or more.`);
  }
  const sign = measure === 'mutual-likelihood' ? 1 : -1;
  const asked = index.posterior(row);
  const best = new TopK(Math.min(k, index.count));
  const measured = (other: number): number => MEASURES[measure](asked, index.posterior(other), tolerance);
  for (let other = 0; other < index.count; other += 1) {
    if (other !== row && (allowed === undefined || allowed[other] !== 0)) best.offer(sign * measured(other), other);
  }
  return best.rows().map(other => ({ row: other, sku: index.sku(other), value: measured(other) }));
}
