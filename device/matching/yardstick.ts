/**
 * How near the garments of one kind are to each other, by which it is judged how near one of them is to a dialled point
 * (docs/matching.md). A distance here is the mean of (z - mu)^2 / sigma^2 over the dimensions that count.
 */
import type { Garments } from './garments.ts';
import { logLikelihood, mahalanobisSquared } from './likelihood.ts';
import { Random } from './random.ts';

export const NEARNESS = ['very-one', 'in-stock-like', 'nearest-we-have', 'nothing-close'] as const;
export type Nearness = (typeof NEARNESS)[number];

export interface Yardstick {
  /** Half of the garments have another as near as this. */
  readonly close: number;
  /** Hardly any garment is this far from all the others. */
  readonly far: number;
}

/** Chance alone makes 1 of it for a point drawn from the garment's own posterior, and seldom more than 2. */
export const VERY_ONE = 2;
/** For a kind of one garment, which has no other to be measured by: about what the demonstration's kinds have. */
export const LONE: Yardstick = { close: 20, far: 90 };

const MEASURED = 192;
const HELD_AGAINST = 1_024;
const SEED = 20_261_127;
const FAR_CENTILE = 0.99;

/**
 * @param rows of the garments of the kind
 * @param on dimensions that count, in ascending order
 */
export function yardstickOf(
  garments: Garments,
  rows: readonly number[],
  on: readonly number[],
  tolerance: number,
): Yardstick {
  const random = new Random(SEED);
  const some = (most: number): number[] =>
    rows.length <= most ? [...rows] : random.sample(most, rows.length).map(place => rows[place]!);
  const others = some(HELD_AGAINST).map(row => ({ row, posterior: garments.posterior(row) }));
  const options = { tolerance, on };
  const distances: number[] = [];
  for (const row of some(MEASURED)) {
    const { mu } = garments.posterior(row);
    let best: { likelihood: number; distance: number } | undefined;
    for (const other of others) {
      if (other.row === row) continue;
      const likelihood = logLikelihood(mu, other.posterior, options);
      if (best !== undefined && likelihood <= best.likelihood) continue;
      best = { likelihood, distance: mahalanobisSquared(mu, other.posterior, options) / on.length };
    }
    if (best !== undefined) distances.push(best.distance);
  }
  if (distances.length === 0) return LONE;
  distances.sort((a, b) => a - b);
  const at = (share: number): number => distances[Math.round(share * (distances.length - 1))]!;
  // Twins in the store make no point between them further away than it is.
  const close = Math.max(VERY_ONE, at(0.5));
  return { close, far: Math.max(close, at(FAR_CENTILE)) };
}

/** @param distance of a garment from the point, mean over the dimensions that count */
export function nearnessOf(distance: number, { close, far }: Yardstick): Nearness {
  if (distance <= VERY_ONE) return 'very-one';
  if (distance <= close) return 'in-stock-like';
  return distance <= far ? 'nearest-we-have' : 'nothing-close';
}
