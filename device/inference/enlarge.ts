/**
 * Cubic enlargement with pixel centres at half-integers, as Pillow does it (Keys 1981, a = -0.5; taps beyond the border
 * left out). libvips shifts an enlarged picture by half a pixel, which a small encoder input shows.
 */

const REACH = 2;

/** Keys' kernel. */
function keys(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < REACH ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** The source samples and weights of one target sample. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

function tapsOf(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = ((i + 0.5) * from) / to;
    const first = Math.max(0, Math.floor(centre - REACH + 0.5));
    const last = Math.min(from, Math.floor(centre + REACH + 0.5));
    const weights = Array.from({ length: last - first }, (_, k) => keys(first + k - centre + 0.5));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map(weight => weight / sum) };
  });
}

/** Resamples lines of RGB pixels: `lines` of them, pixels `pixelStep` apart, lines `lineStep` apart. */
function resample(
  source: Uint8ClampedArray,
  target: Uint8ClampedArray,
  taps: readonly Tap[],
  lines: number,
  steps: { pixel: number; line: number; targetPixel: number; targetLine: number },
): void {
  for (let line = 0; line < lines; line += 1) {
    for (const [i, { first, weights }] of taps.entries()) {
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        let at = line * steps.line + first * steps.pixel + c;
        for (const weight of weights) {
          sum += weight * source[at]!;
          at += steps.pixel;
        }
        target[line * steps.targetLine + i * steps.targetPixel + c] = sum;
      }
    }
  }
}

/**
 * @param rgb width * height * 3 bytes
 * @returns toWidth * toHeight * 3 bytes; each side must be as large as before or larger
 */
export function enlarge(
  rgb: Uint8Array,
  { width, height }: { width: number; height: number },
  { width: toWidth, height: toHeight }: { width: number; height: number },
): Uint8Array<ArrayBuffer> {
  const source = new Uint8ClampedArray(rgb.buffer as ArrayBuffer, rgb.byteOffset, rgb.byteLength);
  const wide = new Uint8ClampedArray(toWidth * height * 3);
  const rows = { pixel: 3, line: 3 * width, targetPixel: 3, targetLine: 3 * toWidth };
  resample(source, wide, tapsOf(width, toWidth), height, rows);
  const large = new Uint8ClampedArray(toWidth * toHeight * 3);
  const columns = { pixel: 3 * toWidth, line: 3, targetPixel: 3 * toWidth, targetLine: 3 };
  resample(wide, large, tapsOf(height, toHeight), toWidth, columns);
  return new Uint8Array(large.buffer);
}
