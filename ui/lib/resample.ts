import { Room } from './room.ts';

/**
 * Scaling a small map up or down with the uniform cubic B-spline (Unser 1999): smooth to the second derivative and never
 * overshooting, so that the outline drawn from it has neither steps nor ripples. The stage's shader uses the same weights.
 */
const TAPS = 4;

/** The four weights at a fraction t in 0..1 between the second and the third tap; they add up to 1. */
export function bsplineWeights(t: number): [number, number, number, number] {
  const s = 1 - t;
  return [(s * s * s) / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * s * s + 3 * s * s * s) / 6, (t * t * t) / 6];
}

interface Plan {
  readonly taps: Int32Array;
  readonly weights: Float32Array;
}

/** Taps and weights of every place along one side; samples lie at pixel centres, and the edge is repeated. */
function plan(from: number, to: number): Plan {
  const taps = new Int32Array(to * TAPS);
  const weights = new Float32Array(to * TAPS);
  for (let place = 0; place < to; place++) {
    const at = ((place + 0.5) * from) / to - 0.5;
    const first = Math.floor(at);
    const four = bsplineWeights(at - first);
    for (let tap = 0; tap < TAPS; tap++) {
      taps[place * TAPS + tap] = Math.min(from - 1, Math.max(0, first - 1 + tap));
      weights[place * TAPS + tap] = four[tap]!;
    }
  }
  return { taps, weights };
}

/**
 * One channel of width x height to size x size, rows first and then columns. The four taps stand side by side: it is hot.
 * @param room where it is made, and by which name it stays there
 */
export function resample(
  source: ArrayLike<number>,
  width: number,
  height: number,
  size: number,
  { room, name }: { readonly room: Room; readonly name: string } = { room: new Room(), name: 'resampled' },
): Float32Array {
  const across = plan(width, size);
  const down = plan(height, size);
  const rows = room.floats('resampled rows', height * size);
  for (let x = 0, at = 0; x < size; x++, at += TAPS) {
    const [t0, t1, t2, t3] = [across.taps[at]!, across.taps[at + 1]!, across.taps[at + 2]!, across.taps[at + 3]!];
    const w0 = across.weights[at]!;
    const w1 = across.weights[at + 1]!;
    const w2 = across.weights[at + 2]!;
    const w3 = across.weights[at + 3]!;
    for (let y = 0, row = 0, to = x; y < height; y++, row += width, to += size) {
      rows[to] = w0 * source[row + t0]! + w1 * source[row + t1]! + w2 * source[row + t2]! + w3 * source[row + t3]!;
    }
  }
  const scaled = room.floats(name, size * size);
  for (let y = 0, at = 0; y < size; y++, at += TAPS) {
    const r0 = down.taps[at]! * size;
    const r1 = down.taps[at + 1]! * size;
    const r2 = down.taps[at + 2]! * size;
    const r3 = down.taps[at + 3]! * size;
    const w0 = down.weights[at]!;
    const w1 = down.weights[at + 1]!;
    const w2 = down.weights[at + 2]!;
    const w3 = down.weights[at + 3]!;
    const to = y * size;
    for (let x = 0; x < size; x++) {
      scaled[to + x] = w0 * rows[r0 + x]! + w1 * rows[r1 + x]! + w2 * rows[r2 + x]! + w3 * rows[r3 + x]!;
    }
  }
  return scaled;
}
