/**
 * The dials' scale, learnt from the daemon: z_d = m_d + k_d u_d. A garment may lie beyond a dial's end, where the API takes
 * z and refuses dials, so the page keeps u without bounds and always sends z.
 */
export class PointMap {
  readonly #origin: Float64Array;
  readonly #slope: Float64Array;

  /** @param atZero z where every dial is at 0. @param atRange z where every dial is at `range`. */
  constructor(atZero: ArrayLike<number>, atRange: ArrayLike<number>, range: number) {
    if (atZero.length !== atRange.length) {
      throw new RangeError(`The dials' scale: ${atZero.length} numbers at 0 but ${atRange.length} at the end.`);
    }
    this.#origin = Float64Array.from(atZero);
    this.#slope = Float64Array.from(atRange, (end, index) => (end - this.#origin[index]!) / range);
  }

  get length(): number {
    return this.#origin.length;
  }

  toZ(dials: ArrayLike<number>): number[] {
    return Array.from(this.#origin, (origin, index) => origin + this.#slope[index]! * dials[index]!);
  }

  /** Not clamped; a dimension that no dial moves stays at 0. */
  toDials(z: ArrayLike<number>): number[] {
    return Array.from(this.#origin, (origin, index) => {
      const slope = this.#slope[index]!;
      return slope === 0 ? 0 : (z[index]! - origin) / slope;
    });
  }
}
