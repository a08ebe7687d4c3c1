/** Between the dials a shopper turns and the point z they mean, and the stock along a dial (matching.md, section 6). */
import { MatchingError } from './errors.ts';
import type { Garments } from './garments.ts';

/** m, s and r of z = m + s u r / a. */
export interface DialScale {
  /** m: the mean of mu over the training store. */
  readonly mean: number;
  /** s: the spread (standard deviation) of mu over the training store, above 0. */
  readonly spread: number;
  /** r: how many spreads the dial reaches, above 0. */
  readonly reach: number;
}

export class DialMap {
  readonly latentDim: number;
  /** a: a dial runs over [-a, a]. */
  readonly range: number;
  readonly #centres: Float64Array;
  /** Units of z that one unit of the dial is. */
  readonly #units: Float64Array;

  /** @param dials one a dimension; left out, a dial is z itself */
  constructor(latentDim: number, range: number, dials?: readonly DialScale[]) {
    if (dials !== undefined && dials.length !== latentDim) {
      throw new MatchingError(`There are ${dials.length} dials; expected one for each of ${latentDim} dimensions.`);
    }
    this.latentDim = latentDim;
    this.range = range;
    this.#centres = Float64Array.from({ length: latentDim }, (_, d) => dials?.[d]?.mean ?? 0);
    this.#units = Float64Array.from({ length: latentDim }, (_, d) => {
      const dial = dials?.[d];
      return dial === undefined ? 1 : (dial.spread * dial.reach) / range;
    });
  }

  /** z of n dial settings u: z_d = m_d + s_d u_d r_d / a. Nothing is clamped. */
  toZ(u: ArrayLike<number>): Float64Array {
    return Float64Array.from({ length: this.latentDim }, (_, d) => this.#centres[d]! + this.#units[d]! * u[d]!);
  }

  /** The dial settings that mean z; outside [-a, a] where no dial reaches it. */
  toDials(z: ArrayLike<number>): Float64Array {
    return Float64Array.from({ length: this.latentDim }, (_, d) => this.toDial(d, z[d]!));
  }

  /** The setting of one dial at z_d. */
  toDial(dimension: number, value: number): number {
    return (value - this.#centres[dimension]!) / this.#units[dimension]!;
  }

  /** The nearest settings within [-a, a]. */
  clamp(u: ArrayLike<number>): Float64Array {
    return Float64Array.from(u, value => Math.min(this.range, Math.max(-this.range, value)));
  }
}

/**
 * How much stock lies along a dial: garments in each of `bins` equal bins from -a to a, over those in the fullest bin.
 * Garments whose mu the dial does not reach are nowhere on its track, and are not counted.
 * @param allowed one byte a row, 0 leaves the garment out
 * @returns `bins` numbers, 0 to 1; zeros where nothing is in reach
 */
export function dialDensity(
  garments: Garments,
  dimension: number,
  dials: DialMap,
  bins: number,
  allowed?: Uint8Array,
): Float64Array {
  const counts = new Float64Array(bins);
  const { range } = dials;
  for (let row = 0; row < garments.count; row += 1) {
    if (allowed !== undefined && allowed[row] === 0) continue;
    const setting = dials.toDial(dimension, garments.muAt(row, dimension));
    if (setting < -range || setting > range) continue;
    const bin = Math.min(bins - 1, Math.floor(((setting + range) / (2 * range)) * bins));
    counts[bin] = counts[bin]! + 1;
  }
  const fullest = Math.max(...counts);
  return fullest === 0 ? counts : counts.map(count => count / fullest);
}
