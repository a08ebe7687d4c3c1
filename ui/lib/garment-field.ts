import { blur } from './blur.ts';
import type { Picture } from './dial-answer.ts';
import { lightOn } from './garment-light.ts';

/**
 * A decoded garment made ready to be drawn at any size: everything here is smooth, so that it may be scaled up, and padded,
 * so that nothing is cut off. The stage's shader and its twin in plain code draw nothing but this.
 */
export interface GarmentField {
  readonly width: number;
  readonly height: number;
  /** The outline: alpha's logit, in the decoder's units. Above 0 lies the garment. */
  readonly logit: Float32Array;
  /**
   * RGBA bytes. RGB: the cloth's colour as the light falls on it, carried outwards from inside the rim, where the decoder's
   * own colour fades into its background. A: how dark the paper under it is.
   */
  readonly cloth: Uint8Array;
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
const NEAR_BLUR = 2;
const FAR_BLUR = 1 / 20;

/** A channel weighted by how far inside it lies, spread near and far; what neither reaches gets the mean. */
class Carrier {
  readonly #weight: Float32Array;
  readonly #width: number;
  readonly #height: number;
  readonly #near: Float32Array;
  readonly #far: Float32Array;
  readonly #farRadius: number;

  constructor(weight: Float32Array, width: number, height: number) {
    this.#weight = weight;
    this.#width = width;
    this.#height = height;
    this.#farRadius = Math.max(2, Math.round(width * FAR_BLUR));
    this.#near = this.#spread(weight, NEAR_BLUR);
    this.#far = this.#spread(weight, this.#farRadius);
  }

  #spread(values: Float32Array, radius: number): Float32Array {
    const spread = Float32Array.from(values);
    blur(spread, this.#width, this.#height, radius, 2);
    return spread;
  }

  carry(channel: Float32Array): Float32Array {
    const weighted = new Float32Array(channel.length);
    let [sum, total] = [0, 1e-9];
    for (let at = 0; at < channel.length; at++) {
      const weight = this.#weight[at]!;
      weighted[at] = channel[at]! * weight;
      sum += weighted[at]!;
      total += weight;
    }
    const near = this.#spread(weighted, NEAR_BLUR);
    const far = this.#spread(weighted, this.#farRadius);
    const carried = new Float32Array(channel.length);
    for (let at = 0; at < channel.length; at++) {
      const beyond = (far[at]! + (sum / total) * 1e-4) / (this.#far[at]! + 1e-4);
      const reached = this.#near[at]!;
      const beside = reached > 1e-6 ? near[at]! / reached : beyond;
      const around = beyond + (beside - beyond) * Math.min(1, reached * 2.5);
      const own = this.#weight[at]! ** 2;
      carried[at] = around + (channel[at]! - around) * own;
    }
    return carried;
  }
}

/**
 * @param sharpen How much steeper the logit will be drawn: light and shadow belong to the outline that is seen.
 * @param how `flat`: neither lit nor throwing a shadow, as on a swatch.
 */
export function fieldOf(picture: Picture, sharpen: number, how: 'lying' | 'flat'): GarmentField {
  const pad = Math.round(Math.max(picture.width, picture.height) * PADDING);
  const width = picture.width + 2 * pad;
  const height = picture.height + 2 * pad;
  const logit = new Float32Array(width * height).fill(OUTSIDE);
  const weight = new Float32Array(width * height);
  const coverage = new Float32Array(width * height);
  const rgb = [0, 1, 2].map(() => new Float32Array(width * height));
  const sharp = LOGIT.map(value => 1 / (1 + Math.exp(-sharpen * value)));
  let opaque = true;
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
  const light = how === 'lying' && !opaque ? lightOn(coverage, width, height) : undefined;
  const carrier = new Carrier(weight, width, height);
  const cloth = new Uint8Array(width * height * 4);
  for (const [index, channel] of rgb.entries()) {
    const carried = carrier.carry(channel);
    for (let at = 0; at < carried.length; at++) {
      cloth[at * 4 + index] = Math.min(255, carried[at]! * (light?.cloth[at] ?? 1) + 0.5);
    }
  }
  if (light !== undefined)
    for (let at = 0; at < width * height; at++) cloth[at * 4 + 3] = light.shadow[at]! * 255 + 0.5;
  return { width, height, logit, cloth, opaque };
}
