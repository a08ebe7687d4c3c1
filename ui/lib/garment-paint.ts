import type { GarmentField } from './garment-field.ts';
import { SHADOW } from './garment-light.ts';
import { resample } from './resample.ts';
import { Room } from './room.ts';

/** A logit beyond which alpha is 0 or 1 to less than half a byte. */
const SURE = 7;

/** A garment drawn size x size in plain code: the shader's twin, for screens without WebGL, swatches and tests. */
export interface Painted {
  readonly size: number;
  /** Straight alpha, rows from the top. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Draws the field size x size pixels: alpha is logistic(sharpen * logit), and under it the paper in its shadow. The outline
 * is worked out for every pixel; the cloth, which has no edges, for every second, which more than halves the time.
 * @param room what is needed on the way is made there
 */
export function paint(field: GarmentField, size: number, sharpen: number, room = new Room()): Painted {
  const { width, height } = field;
  const half = Math.ceil(size / 2);
  const channel = (index: number): Float32Array => {
    const single = room.floats('one channel', width * height);
    for (let at = 0; at < single.length; at++) single[at] = field.cloth[at * 4 + index]!;
    return resample(single, width, height, half, { room, name: `channel ${index}` });
  };
  const logit = resample(field.logit, width, height, size, { room, name: 'outline' });
  const [red, green, blue, shadow] = [0, 1, 2, 3].map(channel) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const rgba = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const from = (y >> 1) * half + (x >> 1);
      const steep = sharpen * logit[at]!;
      const cover = steep > SURE ? 1 : steep < -SURE ? 0 : 1 / (1 + Math.exp(-steep));
      const paper = (shadow[from]! / 255) * (1 - cover);
      const alpha = cover + paper;
      if (alpha < 1e-4) continue;
      rgba[at * 4] = (red[from]! * cover + SHADOW[0] * paper) / alpha;
      rgba[at * 4 + 1] = (green[from]! * cover + SHADOW[1] * paper) / alpha;
      rgba[at * 4 + 2] = (blue[from]! * cover + SHADOW[2] * paper) / alpha;
      rgba[at * 4 + 3] = alpha * 255;
    }
  }
  return { size, rgba };
}
