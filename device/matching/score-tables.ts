/**
 * The scan: log q(z|x) of every garment of an index, into an array the caller keeps (matching.md, section 2, scan form).
 * float64 arithmetic over the stored float32 numbers, summed in the order of `logLikelihood`, so both give the same bits.
 */
import { LOG_2_PI } from './likelihood.ts';

/** What the scan reads: N rows of n numbers, row after row. */
export interface Gaussians {
  readonly count: number;
  readonly latentDim: number;
  readonly mu: Float32Array;
  readonly sigma: Float32Array;
}

/** Of each garment, for one tolerance: w = 1 / (2 (sigma^2 + tau^2)), and c = -sum log(v) / 2 - (n/2) log 2 pi. */
export interface ScoreTable {
  readonly tolerance: number;
  /** N * n. */
  readonly weights: Float64Array;
  /** N: the score each garment has at its own mu. */
  readonly peaks: Float64Array;
}

export function makeScoreTable({ count, latentDim, sigma }: Gaussians, tolerance: number): ScoreTable {
  const weights = new Float64Array(count * latentDim);
  const peaks = new Float64Array(count);
  const squared = tolerance * tolerance;
  for (let row = 0, place = 0; row < count; row += 1) {
    let logs = 0;
    for (const end = place + latentDim; place < end; place += 1) {
      const variance = sigma[place]! * sigma[place]! + squared;
      logs += Math.log(variance);
      weights[place] = 0.5 / variance;
    }
    peaks[row] = -0.5 * logs - 0.5 * latentDim * LOG_2_PI;
  }
  return { tolerance, weights, peaks };
}

/** Fills `scores` (N) with log q(z|x) under the table's tolerance. */
export function scanTable(
  { count, latentDim, mu }: Gaussians,
  { weights, peaks }: ScoreTable,
  z: Float64Array,
  scores: Float64Array,
): void {
  for (let row = 0, place = 0; row < count; row += 1) {
    let loss = 0;
    for (let d = 0; d < latentDim; d += 1, place += 1) {
      const difference = z[d]! - mu[place]!;
      loss += difference * difference * weights[place]!;
    }
    scores[row] = peaks[row]! - loss;
  }
}

/** Fills `scores` (N) with the marginal log q(z_S|x) over the dimensions `on`, under any tolerance, without a table. */
export function scanDirect(
  { count, latentDim, mu, sigma }: Gaussians,
  tolerance: number,
  on: Int32Array,
  z: Float64Array,
  scores: Float64Array,
): void {
  const squared = tolerance * tolerance;
  const constant = 0.5 * on.length * LOG_2_PI;
  for (let row = 0, start = 0; row < count; row += 1, start += latentDim) {
    let logs = 0;
    let loss = 0;
    for (let place = 0; place < on.length; place += 1) {
      const d = on[place]!;
      const variance = sigma[start + d]! * sigma[start + d]! + squared;
      const difference = z[d]! - mu[start + d]!;
      logs += Math.log(variance);
      loss += difference * difference * (0.5 / variance);
    }
    scores[row] = -0.5 * logs - constant - loss;
  }
}

/** Fills `scores` (N) with -|z - mu|^2 over the dimensions `on`, so that the larger is the nearer. */
export function scanEuclidean(
  { count, latentDim, mu }: Gaussians,
  on: Int32Array,
  z: Float64Array,
  scores: Float64Array,
): void {
  for (let row = 0, start = 0; row < count; row += 1, start += latentDim) {
    let sum = 0;
    for (let place = 0; place < on.length; place += 1) {
      const difference = z[on[place]!]! - mu[start + on[place]!]!;
      sum += difference * difference;
    }
    scores[row] = -sum;
  }
}

/** Fills `scores` (N) with -sum (z - mu)^2 / (2 (sigma^2 + tau^2)) over the dimensions `on`. */
export function scanMahalanobis(
  { count, latentDim, mu, sigma }: Gaussians,
  tolerance: number,
  on: Int32Array,
  z: Float64Array,
  scores: Float64Array,
): void {
  const squared = tolerance * tolerance;
  for (let row = 0, start = 0; row < count; row += 1, start += latentDim) {
    let loss = 0;
    for (let place = 0; place < on.length; place += 1) {
      const d = on[place]!;
      const difference = z[d]! - mu[start + d]!;
      loss += difference * difference * (0.5 / (sigma[start + d]! * sigma[start + d]! + squared));
    }
    scores[row] = -loss;
  }
}
