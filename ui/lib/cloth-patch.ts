import { boxOf, type Silhouette, silhouetteOf } from './content-box.ts';

/** A square piece of a picture, parts of its width and height. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Part of the garment's own box that is cut out, at most. */
const LARGEST = 0.34;
/** Where in that box it is looked for first: a little off the middle, for there the buttons are. */
const WISHED = { x: 0.4, y: 0.5 } as const;

/** How many pixels of the garment lie above and to the left of each corner of a pixel; (width + 1) x (height + 1). */
function summed({ inside, width, height }: Silhouette): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += inside[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}

/**
 * The piece of cloth to be cut out of a garment's picture: the largest square, up to a third of the garment, that is cloth all
 * over, and of those the one nearest to the garment's middle.
 */
export function clothPatch(rgba: ArrayLike<number>, width: number, height: number): Patch {
  const silhouette = silhouetteOf(rgba, width, height);
  const box = boxOf(silhouette);
  const [across, down] = [(1 - box.left - box.right) * width, (1 - box.top - box.bottom) * height];
  const middle = { x: box.left * width + across * WISHED.x, y: box.top * height + down * WISHED.y };
  const sums = summed(silhouette);
  const at = (x: number, y: number): number => sums[y * (width + 1) + x]!;
  const largest = Math.max(1, Math.round(Math.min(across, down) * LARGEST));
  for (let side = largest; side > 0; side--) {
    let best: { x: number; y: number; far: number } | undefined;
    for (let y = 0; y + side <= height; y++) {
      for (let x = 0; x + side <= width; x++) {
        if (at(x + side, y + side) - at(x, y + side) - at(x + side, y) + at(x, y) < side * side) continue;
        const far = Math.hypot(x + side / 2 - middle.x, y + side / 2 - middle.y);
        if (best === undefined || far < best.far) best = { x, y, far };
      }
    }
    if (best !== undefined) {
      return { left: best.x / width, top: best.y / height, width: side / width, height: side / height };
    }
  }
  // Nothing of it is to be told from its ground: the middle of the picture.
  return {
    left: (middle.x - largest / 2) / width,
    top: (middle.y - largest / 2) / height,
    width: largest / width,
    height: largest / height,
  };
}
