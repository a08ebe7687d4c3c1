/** Garments by row: an index's, or a store's as it changes. */
import type { Posterior } from './posterior.ts';

export interface Garments {
  /** Rows there are. Of a store that changes, some may be of garments that are gone: whoever goes over them has a filter. */
  readonly count: number;
  /** @throws RangeError for a row there is none of */
  sku(row: number): string;
  /** The row of a garment that is there, or -1. */
  rowOf(sku: string): number;
  posterior(row: number): Posterior;
  /** One number of a garment's mu, for whoever goes over all of them. */
  muAt(row: number, dimension: number): number;
}
