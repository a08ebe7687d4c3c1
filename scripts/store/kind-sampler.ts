/** Draws plausible points of z: per kind, from the Gaussian of mu that the bundle's manifest holds (models/BUNDLE.md, `kinds`). */
import type { Manifest } from '../../device/inference/manifest.ts';
import type { Random } from '../../device/matching/random.ts';

/** Largest standard normal number drawn: the corners of a Gaussian in twelve dimensions look like nothing. */
export const TRUNCATION = 2.5;

export interface KindGaussian {
  /** Null where the bundle tells no kinds apart. */
  readonly name: string | null;
  /** Part of the training store, 0..1. */
  readonly share: number;
  readonly mean: readonly number[];
  /** Lower Cholesky factor, rows one after another: n (n + 1) / 2 numbers. */
  readonly factor: readonly number[];
}

/** The kinds of a bundle; one without a name, made from the dials' means and spreads, where it has none. */
export function kindsOf({ kinds, dials, latentDim: n }: Manifest): KindGaussian[] {
  if (kinds !== undefined && kinds.length > 0) return kinds;
  const mean = Array.from({ length: n }, (_, d) => dials?.[d]?.mean ?? 0);
  const factor = mean.flatMap((_, row) =>
    Array.from({ length: row + 1 }, (_, column) => (row === column ? (dials?.[row]?.spread ?? 1) : 0)),
  );
  return [{ name: null, share: 1, mean, factor }];
}

function truncatedNormal(random: Random): number {
  for (;;) {
    const drawn = random.normal();
    if (Math.abs(drawn) <= TRUNCATION) return drawn;
  }
}

/** z = m + L e, e truncated standard normal. */
export function drawPoint({ mean, factor }: KindGaussian, random: Random): number[] {
  const noise = mean.map(() => truncatedNormal(random));
  return mean.map((centre, row) => {
    const start = (row * (row + 1)) / 2;
    let sum = centre;
    for (let column = 0; column <= row; column++) sum += (factor[start + column] ?? 0) * (noise[column] ?? 0);
    return sum;
  });
}

/** log N(z; m, L L^T) without the term (n/2) log 2 pi, which all kinds share; by forward substitution. */
export function logDensity({ mean, factor }: KindGaussian, z: ArrayLike<number>): number {
  const solved: number[] = [];
  let value = 0;
  for (const [row, centre] of mean.entries()) {
    const start = (row * (row + 1)) / 2;
    let rest = (z[row] ?? 0) - centre;
    for (let column = 0; column < row; column++) rest -= (factor[start + column] ?? 0) * (solved[column] ?? 0);
    const diagonal = factor[start + row] ?? 1;
    const one = rest / diagonal;
    solved.push(one);
    value -= (one * one) / 2 + Math.log(diagonal);
  }
  return value;
}

/** How likely z is of `kind` and no other of `kinds`, each as frequent as its share says; 0..1. */
export function kindProbability(kind: KindGaussian, kinds: readonly KindGaussian[], z: ArrayLike<number>): number {
  const weigh = (one: KindGaussian): number => logDensity(one, z) + Math.log(one.share);
  const own = weigh(kind);
  return 1 / kinds.reduce((sum, other) => sum + Math.exp(weigh(other) - own), 0);
}
