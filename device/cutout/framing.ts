/** Puts a garment into the frame that a model's training had its garments in: centred in a square, which its longer side fills but for a margin. */
import { colourFromInside } from '../inference/rim.ts';
import type { Method } from './mask.ts';

/** Share of the frame that the garment's longer side takes up: the median of the pictures the shipped model was trained on. */
export const FILL = 0.926;
/** Alpha from which on a pixel counts as the garment's. */
const SOLID = 128;
/** Below this a pixel of a plain picture is made white. As in training. */
const FAINT = 3;

export interface Layer {
  readonly width: number;
  readonly height: number;
  /** RGB, rows from the top. */
  readonly rgb: Uint8Array;
  /** One byte a pixel. */
  readonly alpha: Uint8Array;
}

export interface Framed {
  /** Of its sides, pixels. */
  readonly size: number;
  /** Straight RGBA. */
  readonly rgba: Uint8Array<ArrayBuffer>;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box around what is solid; undefined where nothing is. */
export function boxOf({ width, height, alpha }: Pick<Layer, 'width' | 'height' | 'alpha'>): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (alpha[y * width + x]! < SOLID) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * @param method on a plain ground the picture is kept as it is, and what is outside is white; else the ground is cut away
 * @returns undefined where nothing is solid
 */
export function frame(layer: Layer, method: Method): Framed | undefined {
  const box = boxOf(layer);
  if (box === undefined) return undefined;
  const size = Math.ceil(Math.max(box.width, box.height) / FILL);
  const left = Math.round(box.left + box.width / 2 - size / 2);
  const top = Math.round(box.top + box.height / 2 - size / 2);
  const plain = method === 'plain';
  const rgba = new Uint8Array(4 * size * size);
  if (plain) rgba.fill(255);
  for (let y = Math.max(0, top); y < Math.min(layer.height, top + size); y += 1) {
    for (let x = Math.max(0, left); x < Math.min(layer.width, left + size); x += 1) {
      const from = y * layer.width + x;
      const to = 4 * ((y - top) * size + x - left);
      const alpha = layer.alpha[from]!;
      if (plain && alpha < FAINT) continue;
      for (let c = 0; c < 3; c += 1) rgba[to + c] = layer.rgb[3 * from + c]!;
      rgba[to + 3] = plain ? 255 : alpha;
    }
  }
  if (!plain) takeColourFromInside(rgba, size);
  return { size, rgba };
}

/** The ground shines through along the outline: there the garment's own colour is carried outwards. */
function takeColourFromInside(rgba: Uint8Array, size: number): void {
  const rgb = colourFromInside(rgba, size, size);
  for (let p = 0; p < size * size; p += 1) for (let c = 0; c < 3; c += 1) rgba[4 * p + c] = rgb[3 * p + c]!;
}
