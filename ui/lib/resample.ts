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

/** One channel of width x height to size x size, rows first and then columns. */
export function resample(source: ArrayLike<number>, width: number, height: number, size: number): Float32Array {
  const across = plan(width, size);
  const down = plan(height, size);
  const rows = new Float32Array(height * size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let at = x * TAPS; at < (x + 1) * TAPS; at++)
        sum += across.weights[at]! * source[y * width + across.taps[at]!]!;
      rows[y * size + x] = sum;
    }
  }
  const scaled = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let at = y * TAPS; at < (y + 1) * TAPS; at++) {
      const weight = down.weights[at]!;
      const row = down.taps[at]! * size;
      for (let x = 0; x < size; x++) scaled[y * size + x]! += weight * rows[row + x]!;
    }
  }
  return scaled;
}
