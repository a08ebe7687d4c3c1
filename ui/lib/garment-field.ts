import { blur } from './blur.ts';
import type { Picture } from './dial-answer.ts';
import { type Light, lightOn } from './garment-light.ts';
import { Room } from './room.ts';

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
/** Of the map at half the size. */
const NEAR_BLUR = 1;
const FAR_BLUR = 1 / 20;

/** Colour from inside the rim, at half the size: it is smooth, and so a quarter of the work. */
interface Carried {
  readonly width: number;
  /** RGB in turn, 0..255, one map each. */
  readonly rgb: readonly Float32Array[];
}

const sumOf = (values: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum;
};

/**
 * Each channel, weighted by how far inside it lies, spread near and far; what neither reaches gets the mean.
 * @param weight 0..1. @param weighted The channels times the weight.
 */
function carry(weight: Float32Array, weighted: readonly Float32Array[], width: number, room: Room): Carried {
  const spread = (name: string, values: Float32Array, radius: number): Float32Array => {
    const map = room.copy(name, values);
    blur(map, width, values.length / width, { radius, rounds: 2 }, room);
    return map;
  };
  const far = Math.max(2, Math.round(width * FAR_BLUR));
  const nearWeight = spread('near weight', weight, NEAR_BLUR);
  const farWeight = spread('far weight', weight, far);
  const total = sumOf(weight) + 1e-9;
  const rgb = weighted.map((channel, index) => {
    const mean = sumOf(channel) / total;
    const colour = spread(`colour ${index}`, channel, NEAR_BLUR);
    const farColour = spread('far colour', channel, far);
    for (let at = 0; at < colour.length; at++) {
      const beyond = (farColour[at]! + mean * 1e-4) / (farWeight[at]! + 1e-4);
      const reached = nearWeight[at]!;
      const beside = reached > 1e-6 ? colour[at]! / reached : beyond;
      colour[at] = beyond + (beside - beyond) * Math.min(1, reached * 2.5);
    }
    return colour;
  });
  return { width, rgb };
}

/**
 * @param sharpen How much steeper the logit will be drawn: light and shadow belong to the outline that is seen.
 * @param how `flat`: neither lit nor throwing a shadow, as on a swatch.
 * @param room where the field is made and stays, until the next one is made there
 */
export function fieldOf(picture: Picture, sharpen: number, how: 'lying' | 'flat', room = new Room()): GarmentField {
  const pad = Math.round(Math.max(picture.width, picture.height) * PADDING);
  const width = picture.width + 2 * pad;
  const height = picture.height + 2 * pad;
  const half = Math.ceil(width / 2);
  const logit = room.floats('logit', width * height).fill(OUTSIDE);
  const coverage = room.zeros('coverage', width * height);
  const weight = room.zeros('weight', half * Math.ceil(height / 2));
  const weighted = [0, 1, 2].map(index => room.zeros(`weighted ${index}`, weight.length));
  const sharp = LOGIT.map(value => 1 / (1 + Math.exp(-sharpen * value)));
  let opaque = true;
  for (let y = 0, from = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, from += 4) {
      const to = (y + pad) * width + x + pad;
      const alpha = picture.rgba[from + 3]!;
      opaque &&= alpha >= 254;
      logit[to] = LOGIT[alpha]!;
      coverage[to] = sharp[alpha]!;
      const inside = INSIDE[alpha]! / 4;
      const block = ((y + pad) >> 1) * half + ((x + pad) >> 1);
      weight[block]! += inside;
      for (let index = 0; index < 3; index++) weighted[index]![block]! += inside * picture.rgba[from + index]!;
    }
  }
  const light = how === 'lying' && !opaque ? lightOn(coverage, width, height, room) : undefined;
  const cloth = clothOf(picture, pad, carry(weight, weighted, half, room), light);
  return { width, height, logit, cloth, opaque };
}

/** The decoder's own colour deep inside, the carried one towards the rim and beyond, and the light on both. */
function clothOf(picture: Picture, pad: number, carried: Carried, light: Light | undefined): Uint8Array {
  const width = picture.width + 2 * pad;
  const height = picture.height + 2 * pad;
  const cloth = new Uint8Array(width * height * 4);
  const [red, green, blue] = carried.rgb as [Float32Array, Float32Array, Float32Array];
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      const block = (y >> 1) * carried.width + (x >> 1);
      const [column, row] = [x - pad, y - pad];
      const within = column >= 0 && row >= 0 && column < picture.width && row < picture.height;
      const from = (row * picture.width + column) * 4;
      const own = within ? INSIDE[picture.rgba[from + 3]!]! ** 2 : 0;
      const lit = light === undefined ? 1 : light.cloth[to >> 2]!;
      cloth[to] = tone(red[block]!, picture.rgba[from], own, lit);
      cloth[to + 1] = tone(green[block]!, picture.rgba[from + 1], own, lit);
      cloth[to + 2] = tone(blue[block]!, picture.rgba[from + 2], own, lit);
      if (light !== undefined) cloth[to + 3] = light.shadow[to >> 2]! * 255 + 0.5;
    }
  }
  return cloth;
}

const tone = (carried: number, decoded: number | undefined, own: number, light: number): number =>
  Math.min(255, (own > 0 ? carried + (decoded! - carried) * own : carried) * light + 0.5);
