/**
 * How far one garment's posterior lies from another's (matching.md, section 4): diagonal Gaussians, natural logarithms.
 * Differences of near-equal numbers are taken apart by log1p, so that small divergences keep their digits and none is negative.
 */
import { LOG_2_PI } from './likelihood.ts';
import type { Posterior } from './posterior.ts';

/** @param tolerance tau, in units of z: sigma^2 + tau^2 stands for sigma^2 in both */
export type Divergence = (a: Posterior, b: Posterior, tolerance?: number) => number;

/** Adds up `term` over the dimensions, given the difference of the means and both variances. */
const sumOver = (
  a: Posterior,
  b: Posterior,
  tolerance: number,
  term: (difference: number, varianceA: number, varianceB: number) => number,
): number => {
  const squared = tolerance * tolerance;
  let sum = 0;
  for (let d = 0; d < a.mu.length; d += 1) {
    const sigmaA = a.sigma[d]!;
    const sigmaB = b.sigma[d]!;
    sum += term(a.mu[d]! - b.mu[d]!, sigmaA * sigmaA + squared, sigmaB * sigmaB + squared);
  }
  return sum;
};

/** r - 1 - log r for the ratio r = va / vb: 0 where they are equal, never negative. */
const excess = (va: number, vb: number): number => {
  const above = (va - vb) / vb;
  // Near r = 1 log1p keeps the digits; near r = 0 it would have none to keep.
  return above - (above < -0.5 ? Math.log(va / vb) : Math.log1p(above));
};

/** KL(a, b) = 1/2 sum [ log(vb / va) + (va + (ma - mb)^2) / vb - 1 ], in nats: 0 and above, and not symmetric. */
export const kl: Divergence = (a, b, tolerance = 0) =>
  0.5 * sumOver(a, b, tolerance, (d, va, vb) => excess(va, vb) + (d * d) / vb);

/** KL(a, b) + KL(b, a) = 1/2 sum [ (va - vb)^2 / (va vb) + (ma - mb)^2 (1/va + 1/vb) ]. */
export const jeffreys: Divergence = (a, b, tolerance = 0) =>
  0.5 * sumOver(a, b, tolerance, (d, va, vb) => ((va - vb) / va) * ((va - vb) / vb) + d * d * (1 / va + 1 / vb));

/** sum [ (ma - mb)^2 / (4 (va + vb)) + 1/2 log((va + vb) / (2 sa sb)) ]. */
export const bhattacharyya: Divergence = (a, b, tolerance = 0) =>
  sumOver(a, b, tolerance, (d, va, vb) => {
    const product = Math.sqrt(va) * Math.sqrt(vb);
    const apart = Math.sqrt(va) - Math.sqrt(vb);
    return (d * d) / (4 * (va + vb)) + 0.5 * Math.log1p((apart * apart) / (2 * product));
  });

/** The 2-Wasserstein distance squared: sum [ (ma - mb)^2 + (sa - sb)^2 ], in units of z squared. */
export const wasserstein2Squared: Divergence = (a, b, tolerance = 0) =>
  sumOver(a, b, tolerance, (d, va, vb) => {
    const apart = Math.sqrt(va) - Math.sqrt(vb);
    return d * d + apart * apart;
  });

/** -1/2 sum [ (ma - mb)^2 / (va + vb) + log(va + vb) ] - (n/2) log 2 pi (Shi & Jain 2019): the larger the nearer. */
export const mutualLikelihoodScore: Divergence = (a, b, tolerance = 0) =>
  -0.5 * sumOver(a, b, tolerance, (d, va, vb) => (d * d) / (va + vb) + Math.log(va + vb)) -
  0.5 * a.mu.length * LOG_2_PI;

/** KL(a, N(0, I)) = 1/2 sum [ va + ma^2 - 1 - log va ], in nats. */
export function klToStandardNormal(a: Posterior): number {
  let sum = 0;
  for (let d = 0; d < a.mu.length; d += 1) {
    const mu = a.mu[d]!;
    const sigma = a.sigma[d]!;
    sum += mu * mu + excess(sigma * sigma, 1);
  }
  return 0.5 * sum;
}
