/**
 * log q(z|x) as a distance that a vector engine's graph index can walk. Its linear form is a dot product:
 * log q(z|x) = <phi(z), w(x)>, phi(z) = [z^2, z, 1], w(x) = [-1 / (2 v), mu / v, c - sum mu^2 / (2 v)], v = sigma^2 + tau^2.
 *
 * As it stands that form ruins such an index. Three steps that keep the order mend it.
 * 1. *Centre*: w - m, with m the mean of all w, adds one and the same number for all garments, -<phi, m>.
 * 2. *Balance*: column j of the garments is divided by a_j and the query's multiplied by it, a_j = sqrt(sd(w_j) / rms(phi_j)), so
 *    that both sides have the same spread in every column.
 * 3. *Lift*: one number more, sqrt(R^2 - |w|^2) for a garment and 0 for a query, puts every garment at the same distance R from the
 *    middle (Bachrach et al. 2014). Then |phi - w|^2 = |phi|^2 + R^2 - 2 <phi, w>: the nearest is the one with the largest dot
 *    product, and a graph of near neighbours leads to every garment. A graph by dot products leaves short ones out of all paths.
 */
import { LOG_2_PI } from '../matching/likelihood.ts';
import type { Posterior } from '../matching/posterior.ts';

/** What makes garments' vectors of one encoder comparable with a query's. Its arrays have 2n + 1 numbers. */
export interface Transform {
  /** tau that is in the vectors, in units of z. */
  readonly tolerance: number;
  /** The mean of w over the garments that it was fitted to. */
  readonly centre: Float64Array;
  /** a, above 0. */
  readonly scale: Float64Array;
  /** R. A garment farther out lies there as if it were nearer to the middle; the exact order sets that right among the candidates. */
  readonly radius: number;
}

/** Numbers of the linear form for n dimensions of z. */
export const formLength = (latentDim: number): number => 2 * latentDim + 1;

/** Numbers of a vector for n dimensions of z. */
export const vectorLength = (latentDim: number): number => formLength(latentDim) + 1;

/** How much farther than the garments that it was fitted to R lets others lie. */
const ROOM = 1.1;

/** w(x): 2n + 1 numbers. */
export function linearForm({ mu, sigma }: Posterior, tolerance: number): Float64Array {
  const n = mu.length;
  const w = new Float64Array(formLength(n));
  let constant = -0.5 * n * LOG_2_PI;
  for (let d = 0; d < n; d += 1) {
    const variance = sigma[d]! * sigma[d]! + tolerance * tolerance;
    w[d] = -0.5 / variance;
    w[n + d] = mu[d]! / variance;
    constant -= 0.5 * (Math.log(variance) + (mu[d]! * mu[d]!) / variance);
  }
  w[2 * n] = constant;
  return w;
}

/** phi(z): 2n + 1 numbers. */
export function pointForm(z: ArrayLike<number>): Float64Array {
  const n = z.length;
  const phi = new Float64Array(formLength(n));
  for (let d = 0; d < n; d += 1) {
    phi[d] = z[d]! * z[d]!;
    phi[n + d] = z[d]!;
  }
  phi[2 * n] = 1;
  return phi;
}

/** w centred and balanced: 2n + 1 numbers. */
function balanced(posterior: Posterior, { tolerance, centre, scale }: Omit<Transform, 'radius'>): Float64Array {
  return linearForm(posterior, tolerance).map((value, j) => (value - centre[j]!) / scale[j]!);
}

const squaredLength = (vector: Float64Array): number => vector.reduce((sum, value) => sum + value * value, 0);

function withLast(vector: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(vector.length + 1);
  longer.set(vector);
  longer[vector.length] = last;
  return longer;
}

/** A garment's vector for the index: 2n + 2 numbers. */
export function garmentVector(posterior: Posterior, transform: Transform): Float64Array {
  const vector = balanced(posterior, transform);
  return withLast(vector, Math.sqrt(Math.max(0, transform.radius ** 2 - squaredLength(vector))));
}

/** A point's vector, 2n + 2 numbers: the nearer a garment's vector, the likelier that garment makes the point. */
export function pointVector(z: ArrayLike<number>, { scale }: Transform): Float64Array {
  return withLast(
    pointForm(z).map((value, j) => value * scale[j]!),
    0,
  );
}

/** Mean and mean square of columns, one row at a time. */
class Columns {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  /** Taken off every value first, so that a large mean does not swallow a small spread. */
  #origin: Float64Array | undefined;
  #rows = 0;

  constructor(length: number) {
    this.#sum = new Float64Array(length);
    this.#squares = new Float64Array(length);
  }

  add(row: Float64Array): void {
    this.#origin ??= row;
    for (let j = 0; j < row.length; j += 1) {
      const value = row[j]! - this.#origin[j]!;
      this.#sum[j]! += value;
      this.#squares[j]! += value * value;
    }
    this.#rows += 1;
  }

  get mean(): Float64Array {
    return this.#sum.map((sum, j) => sum / Math.max(1, this.#rows) + (this.#origin?.[j] ?? 0));
  }

  get deviation(): Float64Array {
    const rows = Math.max(1, this.#rows);
    return this.#squares.map((squares, j) => Math.sqrt(Math.max(0, squares / rows - (this.#sum[j]! / rows) ** 2)));
  }
}

/**
 * Fits centre, balance and radius.
 * @param posteriors garments, some thousand at random are enough
 * @param points z as shoppers dial them
 */
export function fitTransform(
  posteriors: readonly Posterior[],
  points: readonly ArrayLike<number>[],
  latentDim: number,
  tolerance: number,
): Transform {
  const length = formLength(latentDim);
  const garments = new Columns(length);
  for (const posterior of posteriors) garments.add(linearForm(posterior, tolerance));
  const squares = new Float64Array(length);
  for (const z of points) {
    pointForm(z).forEach((value, j) => {
      squares[j]! += value * value;
    });
  }
  const { mean: centre, deviation } = garments;
  const scale = deviation.map((sd, j) => {
    const rms = Math.sqrt(squares[j]! / Math.max(1, points.length));
    // A column that is the same for all, or that no point asks about, decides nothing.
    return sd > 0 && rms > 0 ? Math.sqrt(sd / rms) : 1;
  });
  const farthest = posteriors.reduce(
    (most, posterior) => Math.max(most, squaredLength(balanced(posterior, { tolerance, centre, scale }))),
    0,
  );
  return { tolerance, centre, scale, radius: ROOM * Math.sqrt(farthest) };
}
