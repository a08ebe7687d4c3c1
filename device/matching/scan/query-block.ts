/** A query as the kernel reads it. */
import { QUERY } from './layout.ts';

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The float32 number next to that in `single`, away from 0 (1) or towards it (-1). */
function step(awayFromZero: number): number {
  if (single[0] === 0) {
    bits[0] = 1;
    return single[0]!;
  }
  bits[0] = bits[0]! + awayFromZero;
  return single[0]!;
}

/** The largest float32 number that is not above z. */
export function floatBelow(z: number): number {
  single[0] = z;
  if (single[0]! <= z) return single[0]!;
  if (single[0] === 0) return -step(1);
  return step(single[0]! > 0 ? -1 : 1);
}

/** The smallest float32 number that is not below z. */
export const floatAbove = (z: number): number => -floatBelow(-z);

/** Views of one thread's query block. */
export class QueryBlock {
  readonly #z: Float64Array;
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  readonly #on: Int32Array;
  readonly #onWide: Int32Array;
  readonly #folded: Int32Array;
  readonly #hasCells: Uint8Array;

  /** @param dimensions those that have cells */
  constructor(memory: WebAssembly.Memory, at: number, dimensions: Uint8Array) {
    const { buffer } = memory;
    this.#z = new Float64Array(buffer, at + QUERY.z, 64);
    this.#low = new Float32Array(buffer, at + QUERY.low, 64);
    this.#high = new Float32Array(buffer, at + QUERY.high, 64);
    this.#on = new Int32Array(buffer, at + QUERY.on, 64);
    this.#onWide = new Int32Array(buffer, at + QUERY.onWide, 128);
    this.#folded = new Int32Array(buffer, at + QUERY.folded, 64);
    this.#hasCells = new Uint8Array(64);
    for (const d of dimensions) this.#hasCells[d] = 1;
  }

  /** @param on the dimensions that count */
  write(z: ArrayLike<number>, on: ArrayLike<number>): void {
    this.#on.fill(0);
    this.#onWide.fill(0);
    this.#folded.fill(0);
    for (let d = 0; d < z.length; d += 1) {
      this.#z[d] = z[d]!;
      this.#low[d] = floatBelow(z[d]!);
      this.#high[d] = floatAbove(z[d]!);
    }
    for (let i = 0; i < on.length; i += 1) {
      const d = on[i]!;
      this.#on[d] = -1;
      this.#onWide.fill(-1, 2 * d, 2 * d + 2);
      if (this.#hasCells[d] === 0) this.#folded[d] = -1;
    }
  }
}
