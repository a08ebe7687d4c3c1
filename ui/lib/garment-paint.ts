import type { GarmentField } from './garment-field.ts';
import { resample } from './resample.ts';

/**
 * How a garment lies on the paper: light from the upper left, a tight shadow where it touches and a wide one around it.
 * Lengths are parts of the padded picture's side. The stage's shader is written from the same numbers.
 */
export const LIGHT = {
  /** Colour of the shadow, sRGB bytes: a warm brown, as on warm paper. */
  shadow: [74, 52, 30],
  near: { strength: 0.34, x: 0.004, y: 0.01 },
  wide: { strength: 0.3, x: 0.012, y: 0.036 },
  /** How much the cloth darkens as it rounds off towards its rim, and how far it is lit from one side. */
  rounding: 0.16,
  slant: 0.22,
  slantReach: 0.012,
} as const;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** A garment drawn size x size in plain code: the shader's twin, for screens without WebGL, swatches and tests. */
export interface Painted {
  readonly size: number;
  /** Straight alpha, rows from the top. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

function channel(field: GarmentField, bytes: Uint8Array, stride: number, offset: number, size: number): Float32Array {
  const single = new Float32Array(field.width * field.height);
  for (let at = 0; at < single.length; at++) single[at] = bytes[at * stride + offset]!;
  return resample(single, field.width, field.height, size);
}

/** A sampler of a scaled map at a place moved by (dx, dy), parts of the side; nothing lies outside. */
const moved =
  (map: Float32Array, size: number) =>
  (x: number, y: number, dx: number, dy: number): number => {
    const column = Math.round(x + dx * size);
    const row = Math.round(y + dy * size);
    return column < 0 || row < 0 || column >= size || row >= size ? 0 : map[row * size + column]! / 255;
  };

/** How light falls on the cloth (a factor) and how dark the paper under it is (0..1), at each place. */
function lightOf(shade: Uint8Array, field: GarmentField, size: number): (x: number, y: number) => [number, number] {
  const near = moved(channel(field, shade, 2, 0, size), size);
  const wide = moved(channel(field, shade, 2, 1, size), size);
  return (x, y) => {
    const inside = Math.min(1, Math.max(0, near(x, y, 0, 0) * 2 - 1));
    const reach = LIGHT.slantReach;
    const slant = near(x, y, reach, reach) - near(x, y, -reach, -reach);
    const light = 1 - LIGHT.rounding * (1 - inside) ** 2 + LIGHT.slant * slant * 0.5;
    const tight = LIGHT.near.strength * near(x, y, -LIGHT.near.x, -LIGHT.near.y);
    const soft = LIGHT.wide.strength * wide(x, y, -LIGHT.wide.x, -LIGHT.wide.y);
    return [light, 1 - (1 - tight) * (1 - soft)];
  };
}

const flat = (): [number, number] => [1, 0];

/** Draws the field size x size pixels. */
export function paint(field: GarmentField, size: number, sharpen: number): Painted {
  const logit = resample(field.logit, field.width, field.height, size);
  const colours = [0, 1, 2].map(index => channel(field, field.colour, 4, index, size));
  const lit = field.shade === undefined ? flat : lightOf(field.shade, field, size);
  const rgba = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const cover = logistic(sharpen * logit[at]!);
      const [light, shadow] = lit(x, y);
      const paper = shadow * (1 - cover);
      const alpha = cover + paper;
      for (let index = 0; index < 3; index++) {
        const cloth = Math.min(255, colours[index]![at]! * light);
        rgba[at * 4 + index] = alpha > 0 ? (cloth * cover + LIGHT.shadow[index]! * paper) / alpha : 0;
      }
      rgba[at * 4 + 3] = alpha * 255;
    }
  }
  return { size, rgba };
}
