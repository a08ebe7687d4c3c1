/** Pictures at the size they are compared at: what can be told apart at a glance, not pixel by pixel. */
import sharp from 'sharp';
import type { DecodedPicture } from '../../device/inference/inference.ts';

/** Pixels a side. */
export const SIDE = 16;
/** Numbers in a small picture: red, green, blue of each pixel, 0 to 1, rows from the top. */
export const SMALL = SIDE * SIDE * 3;

const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** Of each of SIDE cells along a line of `length` samples: the first sample in it, and how much of each lies there. */
interface Cell {
  readonly first: number;
  readonly weights: readonly number[];
}

const cells = (length: number): Cell[] =>
  Array.from({ length: SIDE }, (_, cell) => {
    const [from, to] = [(cell * length) / SIDE, ((cell + 1) * length) / SIDE];
    const first = Math.floor(from);
    const last = Math.min(length - 1, Math.ceil(to) - 1);
    const weights = Array.from({ length: last - first + 1 }, (_, place) => {
      const sample = first + place;
      return (Math.min(to, sample + 1) - Math.max(from, sample)) / (to - from);
    });
    return { first, weights };
  });

/** Each of some lines of `width` pixels averaged to SIDE pixels. */
function shrinkLines(rgb: ArrayLike<number>, width: number, lines: number): Float32Array {
  const narrow = new Float32Array(lines * SIDE * 3);
  const columns = cells(width);
  for (let y = 0, to = 0; y < lines; y += 1) {
    for (const { first, weights } of columns) {
      let at = 3 * (y * width + first);
      for (let place = 0; place < weights.length; place += 1, at += 3) {
        const weight = weights[place]!;
        narrow[to] = narrow[to]! + weight * rgb[at]!;
        narrow[to + 1] = narrow[to + 1]! + weight * rgb[at + 1]!;
        narrow[to + 2] = narrow[to + 2]! + weight * rgb[at + 2]!;
      }
      to += 3;
    }
  }
  return narrow;
}

/**
 * The mean over each cell's area.
 * @param rgb width * height * 3 numbers, 0 to 1
 * @param grey whether only the luma counts, as for a model that draws in grey
 */
export function shrink(rgb: ArrayLike<number>, width: number, height: number, grey: boolean): Float32Array {
  const narrow = shrinkLines(rgb, width, height);
  const small = new Float32Array(SMALL);
  cells(height).forEach(({ first, weights }, y) => {
    weights.forEach((weight, place) => {
      const from = 3 * SIDE * (first + place);
      for (let x = 0; x < 3 * SIDE; x += 1) small[3 * SIDE * y + x]! += weight * narrow[from + x]!;
    });
  });
  if (!grey) return small;
  for (let at = 0; at < SMALL; at += 3) {
    small.fill(LUMA[0] * small[at]! + LUMA[1] * small[at + 1]! + LUMA[2] * small[at + 2]!, at, at + 3);
  }
  return small;
}

/** A decoded picture over white, width * height * 3 numbers from 0 to 1. */
export function overWhite({ rgba, width, height }: DecodedPicture): Float32Array {
  const rgb = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const alpha = rgba[4 * pixel + 3]! / 255;
    for (let c = 0; c < 3; c += 1) rgb[3 * pixel + c] = 1 - alpha + (alpha * rgba[4 * pixel + c]!) / 255;
  }
  return rgb;
}

/** A picture file over white, whole in a box of the decoder's own shape, small. @param bytes JPEG, PNG or WebP */
export async function smallFromFile(
  bytes: Uint8Array,
  box: { readonly width: number; readonly height: number; readonly grey: boolean },
): Promise<Float32Array> {
  const { width, height, grey } = box;
  const pixels = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: 'white' })
    .resize(width, height, { fit: 'contain', background: 'white' })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  return shrink(
    Float32Array.from(pixels, byte => byte / 255),
    width,
    height,
    grey,
  );
}
