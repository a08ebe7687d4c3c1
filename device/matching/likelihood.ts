/**
 * How likely a garment's posterior makes a dialled point (matching.md, sections 2, 3 and 7). Natural logarithms.
 * The sums here are taken in the order the scan of `score-tables.ts` takes them: both give the same number to the last bit.
 */
import type { Posterior } from './posterior.ts';

export const LOG_2_PI = Math.log(2 * Math.PI);

export interface LikelihoodOptions {
  /** tau, in units of z: sigma^2 + tau^2 stands for sigma^2. 0, the default, is the plain likelihood. */
  readonly tolerance?: number;
  /** Dimensions that count, in ascending order; the others are left out (the marginal). All by default. */
  readonly on?: readonly number[];
}

export const everyDimension = (n: number): number[] => Array.from({ length: n }, (_, dimension) => dimension);

/**
 * log q(z|x) = sum_d [ -(z_d - mu_d)^2 / (2 v_d) - log(v_d) / 2 ] - (|S| / 2) log 2 pi, v = sigma^2 + tau^2, d in S.
 * @param z n finite numbers
 */
export function logLikelihood(z: ArrayLike<number>, posterior: Posterior, options: LikelihoodOptions = {}): number {
  const { mu, sigma } = posterior;
  const tolerance = options.tolerance ?? 0;
  const dimensions = options.on ?? everyDimension(mu.length);
  let logs = 0;
  let loss = 0;
  for (const d of dimensions) {
    const variance = sigma[d]! * sigma[d]! + tolerance * tolerance;
    const difference = z[d]! - mu[d]!;
    logs += Math.log(variance);
    loss += difference * difference * (0.5 / variance);
  }
  return -0.5 * logs - 0.5 * dimensions.length * LOG_2_PI - loss;
}

/** sum_d (z_d - mu_d)^2 / (sigma_d^2 + tau^2) over the dimensions that count. */
export function mahalanobisSquared(
  z: ArrayLike<number>,
  posterior: Posterior,
  options: LikelihoodOptions = {},
): number {
  const { mu, sigma } = posterior;
  const tolerance = options.tolerance ?? 0;
  let loss = 0;
  for (const d of options.on ?? everyDimension(mu.length)) {
    const difference = z[d]! - mu[d]!;
    loss += difference * difference * (0.5 / (sigma[d]! * sigma[d]! + tolerance * tolerance));
  }
  return 2 * loss;
}

/** |z - mu|^2 over the dimensions that count, in units of z squared. */
export function euclideanSquared(
  z: ArrayLike<number>,
  posterior: Posterior,
  options: Pick<LikelihoodOptions, 'on'> = {},
): number {
  let sum = 0;
  for (const d of options.on ?? everyDimension(posterior.mu.length)) {
    const difference = z[d]! - posterior.mu[d]!;
    sum += difference * difference;
  }
  return sum;
}
