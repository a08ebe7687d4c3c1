/** Where in its picture a garment is, each a part of the picture's width or height from that side, 0..1. */
export interface ContentBox {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
  /** True where the picture has no alpha of its own: a photograph on a white ground. */
  readonly opaque: boolean;
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
