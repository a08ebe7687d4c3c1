/** The store's small pictures, and how far a dialled picture is from them: the mean squared error over all values. */
import { SMALL } from './small-picture.ts';

/** Values compared before it is asked whether a picture can still be the nearest. */
const STRIDE = 96;

export class PictureSet {
  readonly count: number;
  readonly #pictures: Float32Array;
  readonly #mean = new Float64Array(SMALL);
  #meanSquare = 0;

  /** @param pictures SMALL numbers each, in the order of the index's rows */
  constructor(pictures: readonly Float32Array[]) {
    this.count = pictures.length;
    this.#pictures = new Float32Array(pictures.length * SMALL);
    pictures.forEach((picture, row) => {
      this.#pictures.set(picture, row * SMALL);
      picture.forEach((value, place) => {
        this.#mean[place] = this.#mean[place]! + value / pictures.length;
        this.#meanSquare += (value * value) / pictures.length;
      });
    });
  }

  /** The error against one garment; Infinity as soon as it is sure to be above `least`. */
  error(picture: Float32Array, row: number, least = Number.POSITIVE_INFINITY): number {
    const limit = least * SMALL;
    let sum = 0;
    for (let start = 0, at = row * SMALL; start < SMALL; start += STRIDE, at += STRIDE) {
      for (let place = 0; place < STRIDE; place += 1) {
        const difference = picture[start + place]! - this.#pictures[at + place]!;
        sum += difference * difference;
      }
      if (sum > limit) return Number.POSITIVE_INFINITY;
    }
    return sum / SMALL;
  }

  /**
   * The error against the garment that looks most like it.
   * @param guess a row that may be near
   * @param allowed one byte a row, 0 leaves the garment out
   */
  least(picture: Float32Array, guess: number, allowed?: Uint8Array): number {
    let least = this.error(picture, guess);
    for (let row = 0; row < this.count; row += 1) {
      if (allowed?.[row] !== 0) least = Math.min(least, this.error(picture, row, least));
    }
    return least;
  }

  /** The mean error against all garments that are allowed: what a random one would have. */
  mean(picture: Float32Array, allowed?: Uint8Array): number {
    if (allowed !== undefined) {
      const rows = Array.from(allowed.keys()).filter(row => allowed[row] !== 0);
      return rows.reduce((sum, row) => sum + this.error(picture, row), 0) / rows.length;
    }
    let sum = this.#meanSquare;
    for (let place = 0; place < SMALL; place += 1) {
      sum += picture[place]! * (picture[place]! - 2 * this.#mean[place]!);
    }
    return sum / SMALL;
  }
}
