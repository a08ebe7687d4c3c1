import type { GarmentField } from './garment-field.ts';
import { SHADOW } from './garment-light.ts';
import { resample } from './resample.ts';

/** A garment drawn size x size in plain code: the shader's twin, for screens without WebGL, swatches and tests. */
export interface Painted {
  readonly size: number;
  /** Straight alpha, rows from the top. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Draws the field size x size pixels: alpha is logistic(sharpen * logit), and under it the paper in its shadow. */
export function paint(field: GarmentField, size: number, sharpen: number): Painted {
  const { width, height } = field;
  const channel = (index: number): Float32Array => {
    const single = new Float32Array(width * height);
    for (let at = 0; at < single.length; at++) single[at] = field.cloth[at * 4 + index]!;
    return resample(single, width, height, size);
  };
  const logit = resample(field.logit, width, height, size);
  const [red, green, blue, shadow] = [0, 1, 2, 3].map(channel) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const rgba = new Uint8ClampedArray(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const cover = 1 / (1 + Math.exp(-sharpen * logit[at]!));
    const paper = (shadow[at]! / 255) * (1 - cover);
    const alpha = cover + paper;
    if (alpha < 1e-4) continue;
    rgba[at * 4] = (red[at]! * cover + SHADOW[0] * paper) / alpha;
    rgba[at * 4 + 1] = (green[at]! * cover + SHADOW[1] * paper) / alpha;
    rgba[at * 4 + 2] = (blue[at]! * cover + SHADOW[2] * paper) / alpha;
    rgba[at * 4 + 3] = alpha * 255;
  }
  return { size, rgba };
}
