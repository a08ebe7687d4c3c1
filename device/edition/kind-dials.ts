/** Which dials turn anything on which kinds, by what the bundle's manifest says of its kinds. */
import type { Bundle } from '../inference/bundle.ts';

/** Spread of mu among a kind's garments under which the kind lacks what the dial turns: a skirt has no sleeves. */
const LEAST_SPREAD = 0.25;

/** The variance of mu_d is the squared length of row d of the lower Cholesky factor, which is stored row after row. */
function spreadOf(factor: readonly number[], d: number): number {
  const start = (d * (d + 1)) / 2;
  return Math.hypot(...factor.slice(start, start + d + 1));
}

/** For each dimension the kinds on which its dial does something; null where it does on every kind, or nobody knows. */
export function kindsOfDials({ manifest }: Pick<Bundle, 'manifest'>): (readonly string[] | null)[] {
  const { latentDim, conditions, kinds = [] } = manifest;
  // A model that is not told the kind has one meaning for a dial, whatever garment is on the screen.
  const known = conditions === undefined ? [] : kinds.filter(({ name }) => conditions.categories.includes(name));
  return Array.from({ length: latentDim }, (_, d) => {
    const turned = known.filter(({ factor }) => spreadOf(factor, d) >= LEAST_SPREAD).map(({ name }) => name);
    return turned.length === known.length ? null : turned;
  });
}
