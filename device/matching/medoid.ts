/** The garment that stands for others: of all members, the one with the least sum of Jeffreys divergences to them. */
import type { EncodingIndex } from './index-file.ts';

/**
 * Exact in one pass, for the sum over members j of KL(i, j) + KL(j, i) needs of them but five sums a dimension:
 *     2 J_i = sum_d [ v_i P + P (m_i^2) - 2 m_i Q + R + (W + M m_i^2 - 2 m_i S) / v_i ] - 2 n M,
 * P = sum 1/v_j, Q = sum m_j/v_j, R = sum m_j^2/v_j, W = sum (v_j + m_j^2), S = sum m_j, M members, v = sigma^2 and
 * m = mu less the members' mean, which keeps the digits.
 * @param rows one at least, ascending; of equals the first is taken
 */
export function medoidOf(index: EncodingIndex, rows: readonly number[]): number {
  const n = index.latentDim;
  const members = rows.length;
  const sums = new Float64Array(rows.length);
  for (let d = 0; d < n; d += 1) {
    let centre = 0;
    for (const row of rows) centre += index.mu[row * n + d]! / members;
    let [p, q, r, w, s] = [0, 0, 0, 0, 0];
    for (const row of rows) {
      const variance = index.sigma[row * n + d]! ** 2;
      const mean = index.mu[row * n + d]! - centre;
      p += 1 / variance;
      q += mean / variance;
      r += (mean * mean) / variance;
      w += variance + mean * mean;
      s += mean;
    }
    rows.forEach((row, place) => {
      const variance = index.sigma[row * n + d]! ** 2;
      const mean = index.mu[row * n + d]! - centre;
      const square = mean * mean;
      sums[place] =
        sums[place]! + (variance + square) * p - 2 * mean * q + r + (w + members * square - 2 * mean * s) / variance;
    });
  }
  let best = 0;
  for (let place = 1; place < members; place += 1) if (sums[place]! < sums[best]!) best = place;
  return rows[best]!;
}
