/** Where in its picture a garment is, each a part of the picture's width or height from that side, 0..1. */
export interface ContentBox {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
  /** True where the picture has no alpha of its own: a photograph on a white ground. */
  readonly opaque: boolean;
}

/** A picture's pixels, as a canvas hands them over. */
export interface Rgba {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

const WHOLE = { top: 0, right: 0, bottom: 0, left: 0 } as const;
const NEAR_WHITE = 238;
/** Alpha from which a rim counts as garment. */
const SEEN = 20;

/** Which pixels of a picture are of the garment, 1 each. */
export interface Silhouette {
  readonly inside: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** See ContentBox. */
  readonly opaque: boolean;
}

/** Finds the garment's pixels in a picture with alpha, or on a white ground; all where the ground is another. */
export function silhouetteOf(rgba: ArrayLike<number>, width: number, height: number): Silhouette {
  let opaque = true;
  for (let at = 3; at < width * height * 4 && opaque; at += 4) opaque = rgba[at]! >= 250;
  const inside = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < inside.length; pixel++, at += 4) {
    const isGround = opaque ? Math.min(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!) >= NEAR_WHITE : rgba[at + 3]! < SEEN;
    inside[pixel] = isGround ? 0 : 1;
  }
  return { inside, width, height, opaque };
}

/**
 * A picture with pixels that are each the mean of those they stand for, or the one they stand in where it has fewer: a speck of dust
 * in a large one is none in a small one.
 * @returns RGBA of side x side
 */
export function shrunk({ data, width, height }: Rgba, side: number): Uint8ClampedArray {
  const small = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    const [top, bottom] = span(y, side, height);
    for (let x = 0; x < side; x++) {
      const [left, right] = span(x, side, width);
      const sums = [0, 0, 0, 0];
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 4, end = (row * width + right) * 4; at < end; at += 4) {
          for (let channel = 0; channel < 4; channel++) sums[channel]! += data[at + channel]!;
        }
      }
      const pixels = (bottom - top) * (right - left);
      for (let channel = 0; channel < 4; channel++) small[(y * side + x) * 4 + channel] = sums[channel]! / pixels;
    }
  }
  return small;
}

/** First and one past the last of so many pixels that a place of fewer stands for: one at least. */
function span(place: number, places: number, pixels: number): [number, number] {
  const from = Math.floor((place * pixels) / places);
  return [from, Math.max(from + 1, Math.floor(((place + 1) * pixels) / places))];
}

/** Finds the garment in a picture with alpha, or on a white ground; the whole picture where there is no such ground. */
export const contentBox = (rgba: ArrayLike<number>, width: number, height: number): ContentBox =>
  boxOf(silhouetteOf(rgba, width, height));

export function boxOf({ inside, width, height, opaque }: Silhouette): ContentBox {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside[y * width + x] === 0) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return { ...WHOLE, opaque };
  // A pixel of air on each side: the soft rim of a small picture is wider than what was found.
  return {
    top: Math.max(0, top - 1) / height,
    right: Math.max(0, width - 2 - right) / width,
    bottom: Math.max(0, height - 2 - bottom) / height,
    left: Math.max(0, left - 1) / width,
    opaque,
  };
}
