import type { Picture } from './dial-answer.ts';

/**
 * A decoded garment made ready to be drawn at any size: everything here is smooth, so that it may be scaled up, and padded,
 * so that nothing is cut off. The stage's shader and its twin in plain code both start from it.
 */
export interface GarmentField {
  readonly width: number;
  readonly height: number;
  /** The outline: alpha's logit, in the decoder's units. Above 0 lies the garment. */
  readonly logit: Float32Array;
  /** Colour carried outwards from inside the rim, where the decoder's own colour fades into its background. RGBA, A 255. */
  readonly colour: Uint8Array;
  /**
   * Coverage blurred a little and a lot, 0..255, two bytes a pixel: the garment's shadow on the paper, and its rounding.
   * Absent for a garment that is drawn flat, as on a swatch.
   */
  readonly shade: Uint8Array | undefined;
  /** True for a model without alpha: the picture is a rectangle, and lies on the paper as a print does. */
  readonly opaque: boolean;
}

/** Pixels of paper added on each side, a part of the picture's side. */
export const PADDING = 1 / 8;

const OUTSIDE = -8;
/** logit(byte / 255); the ends are taken half a step inside. */
const LOGIT = Float32Array.from({ length: 256 }, (_, byte) => {
  const alpha = Math.min(254.5, Math.max(0.5, byte)) / 255;
  return Math.log(alpha / (1 - alpha));
});

/** How far inside the garment a pixel lies, as its weight for colour. */
const INSIDE = Float32Array.from({ length: 256 }, (_, alpha) => (alpha / 255) ** 12);

/** Box blurs of this radius, of which three come near a Gaussian; the edge is repeated. In place. */
function blur(values: Float32Array, width: number, height: number, radius: number, rounds: number): void {
  const longest = Math.max(width, height);
  // One line with its ends repeated, so that the running sum needs no look at where it is.
  const line = new Float32Array(longest + 2 * radius + 1);
  const part = 1 / (2 * radius + 1);
  const pass = (start: number, step: number, length: number): void => {
    const last = start + (length - 1) * step;
    line.fill(values[start]!, 0, radius);
    for (let index = 0, at = start; index < length; index++, at += step) line[radius + index] = values[at]!;
    line.fill(values[last]!, radius + length, length + 2 * radius + 1);
    let sum = 0;
    for (let index = 0; index <= 2 * radius; index++) sum += line[index]!;
    for (let index = 0, at = start; index < length; index++, at += step) {
      values[at] = sum * part;
      sum += line[index + 2 * radius + 1]! - line[index]!;
    }
  };
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) pass(y * width, 1, width);
    for (let x = 0; x < width; x++) pass(x, width, height);
  }
}

/** Colour weighted by how far inside it lies, spread near and far; what neither reaches gets the mean. */
function carriedColour(rgb: Float32Array[], weight: Float32Array, width: number, height: number): Uint8Array {
  const count = width * height;
  const colour = new Uint8Array(count * 4).fill(255);
  const spread = (radius: number): { by: Float32Array; channels: Float32Array[] } => {
    const by = Float32Array.from(weight);
    blur(by, width, height, radius, 2);
    const channels = rgb.map(channel => {
      const weighted = new Float32Array(count);
      for (let at = 0; at < count; at++) weighted[at] = channel[at]! * weight[at]!;
      blur(weighted, width, height, radius, 2);
      return weighted;
    });
    return { by, channels };
  };
  const near = spread(2);
  const far = spread(Math.max(2, Math.round(width / 20)));
  let total = 1e-9;
  for (let at = 0; at < count; at++) total += weight[at]!;
  for (const [index, channel] of rgb.entries()) {
    let mean = 0;
    for (let at = 0; at < count; at++) mean += (channel[at]! * weight[at]!) / total;
    const [farColour, nearColour] = [far.channels[index]!, near.channels[index]!];
    for (let at = 0; at < count; at++) {
      const reachedFar = far.by[at]!;
      const beyond = (farColour[at]! + mean * 1e-4) / (reachedFar + 1e-4);
      const reachedNear = near.by[at]!;
      const inside = Math.min(1, reachedNear * 2.5);
      const beside = reachedNear > 1e-6 ? nearColour[at]! / reachedNear : beyond;
      const own = weight[at]! * weight[at]!;
      const carried = beyond + (beside - beyond) * inside;
      colour[at * 4 + index] = Math.round(carried + (channel[at]! - carried) * own);
    }
  }
  return colour;
}

function shadeOf(coverage: Float32Array, width: number, height: number): Uint8Array {
  const wide = Float32Array.from(coverage);
  blur(coverage, width, height, Math.max(1, Math.round(width / 100)), 3);
  blur(wide, width, height, Math.max(2, Math.round(width / 40)), 3);
  const shade = new Uint8Array(width * height * 2);
  for (let at = 0; at < width * height; at++) {
    shade[at * 2] = Math.round(coverage[at]!);
    shade[at * 2 + 1] = Math.round(wide[at]!);
  }
  return shade;
}

/** @param sharpen How much steeper the logit will be drawn: the shadow belongs to the outline that is seen. */
export function fieldOf(picture: Picture, sharpen: number, how: 'lying' | 'flat'): GarmentField {
  const pad = Math.round(Math.max(picture.width, picture.height) * PADDING);
  const width = picture.width + 2 * pad;
  const height = picture.height + 2 * pad;
  const logit = new Float32Array(width * height).fill(OUTSIDE);
  const weight = new Float32Array(width * height);
  const coverage = new Float32Array(width * height);
  const rgb = [0, 1, 2].map(() => new Float32Array(width * height));
  let opaque = true;
  const sharp = LOGIT.map(value => 255 / (1 + Math.exp(-sharpen * value)));
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = (y * picture.width + x) * 4;
      const to = (y + pad) * width + x + pad;
      const alpha = picture.rgba[from + 3]!;
      opaque &&= alpha >= 254;
      logit[to] = LOGIT[alpha]!;
      coverage[to] = sharp[alpha]!;
      weight[to] = INSIDE[alpha]!;
      for (let index = 0; index < 3; index++) rgb[index]![to] = picture.rgba[from + index]!;
    }
  }
  const colour = carriedColour(rgb, weight, width, height);
  const shade = how === 'lying' && !opaque ? shadeOf(coverage, width, height) : undefined;
  return { width, height, logit, colour, shade, opaque };
}
