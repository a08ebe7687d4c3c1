/** One garment to stand for many: the one nearest to the mean of their mu. */
import type { Garments } from './garments.ts';

/** @param rows one at least @returns one of them */
export function centralOf(garments: Garments, latentDim: number, rows: readonly number[]): number {
  const mean = new Float64Array(latentDim);
  for (const row of rows)
    for (let d = 0; d < latentDim; d += 1) mean[d] = mean[d]! + garments.muAt(row, d) / rows.length;
  let [best, least] = [rows[0]!, Number.POSITIVE_INFINITY];
  for (const row of rows) {
    let distance = 0;
    for (let d = 0; d < latentDim; d += 1) distance += (garments.muAt(row, d) - mean[d]!) ** 2;
    if (distance < least) [best, least] = [row, distance];
  }
  return best;
}
