/**
 * A decoder's output tensors as straight RGBA bytes: any layout, channel count, colour order and range the manifest
 * names. Colour smaller than alpha is scaled up to it bilinearly, pixel centres at half-integers.
 */
import type { Manifest } from './manifest.ts';
import type { Channels } from './shapes.ts';
import { CHANNELS } from './shapes.ts';

type Outputs = Manifest['decoder']['outputs'];

/** How to read channel c of pixel p: `data[c * channelStep + p * pixelStep]`. */
interface Strides {
  readonly channelStep: number;
  readonly pixelStep: number;
}

const strides = (layout: 'NCHW' | 'NHWC', channels: number, pixels: number): Strides =>
  layout === 'NCHW' ? { channelStep: pixels, pixelStep: 1 } : { channelStep: 1, pixelStep: channels };

/** Which of the net's channels give red, green and blue. */
const SOURCES = {
  grey: { RGB: [0, 0, 0], BGR: [0, 0, 0] },
  rgb: { RGB: [0, 1, 2], BGR: [2, 1, 0] },
  rgba: { RGB: [0, 1, 2], BGR: [2, 1, 0] },
} as const satisfies Record<Channels, Record<'RGB' | 'BGR', readonly number[]>>;

/** For each place of a line scaled from `from` to `to` samples: the left neighbour, and the right one's weight. */
function taps(from: number, to: number): { left: Int32Array; weight: Float32Array } {
  const left = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let i = 0; i < to; i += 1) {
    const place = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    left[i] = Math.min(from - 2, Math.floor(place));
    weight[i] = place - left[i]!;
  }
  return { left, weight };
}

/** Beyond this logit alpha is 0 or 255 to the byte. */
const LOGIT_LIMIT = 8;
const STEPS_PER_LOGIT = 512;
/** 255 * logistic(logit) in steps of 1/512, within 0.07 of exact before rounding: an exponential a pixel takes longer than the rest. */
const LOGISTIC = Uint8Array.from({ length: 2 * LOGIT_LIMIT * STEPS_PER_LOGIT + 1 }, (_, i) =>
  Math.round(255 / (1 + Math.exp(LOGIT_LIMIT - i / STEPS_PER_LOGIT))),
);

/** Straight alpha byte of a coverage map's value. */
const ALPHA_BYTE = {
  logit: (value: number) =>
    LOGISTIC[Math.round((Math.min(LOGIT_LIMIT, Math.max(-LOGIT_LIMIT, value)) + LOGIT_LIMIT) * STEPS_PER_LOGIT)]!,
  unit: (value: number) => 255 * value,
};

/** Turns output tensors into bytes; made once a session, holds its scratch rows. */
export class PictureReader {
  readonly width: number;
  readonly height: number;
  readonly #outputs: Outputs;
  readonly #columns: ReturnType<typeof taps>;
  readonly #rows: ReturnType<typeof taps>;

  constructor(outputs: Outputs) {
    const { width, height } = outputs.alpha ?? outputs.colour;
    this.width = width;
    this.height = height;
    this.#outputs = outputs;
    this.#columns = taps(outputs.colour.width, width);
    this.#rows = taps(outputs.colour.height, height);
  }

  /**
   * @param colour the colour tensor's values, of the manifest's shape
   * @param alpha the coverage tensor's values, where the manifest has one
   * @returns width * height * 4 bytes; undefined where a value is not finite
   */
  read(colour: Float32Array, alpha: Float32Array | undefined): Uint8Array<ArrayBuffer> | undefined {
    if (!isFinite32(colour) || (alpha !== undefined && !isFinite32(alpha))) return undefined;
    const rgba = new Uint8ClampedArray(this.width * this.height * 4);
    const { channels, colourOrder, range } = this.#outputs.colour;
    const source = SOURCES[channels][colourOrder ?? 'RGB'];
    const scale = 255 / (range[1] - range[0]);
    const offset = -range[0] * scale;
    for (let to = 0; to < 3; to += 1) this.#channel(rgba, to, colour, source[to]!, scale, offset);
    if (channels === 'rgba') this.#channel(rgba, 3, colour, 3, scale, offset);
    else if (alpha !== undefined && this.#outputs.alpha !== undefined) {
      const toByte = ALPHA_BYTE[this.#outputs.alpha.scale];
      for (let p = 0; p < alpha.length; p += 1) rgba[4 * p + 3] = toByte(alpha[p]!);
    } else for (let p = 3; p < rgba.length; p += 4) rgba[p] = 255;
    return new Uint8Array(rgba.buffer);
  }

  /** Scales one channel to the picture's size and stores it as bytes `value * scale + offset`, clamped. */
  #channel(rgba: Uint8ClampedArray, to: number, data: Float32Array, from: number, scale: number, offset: number): void {
    const { layout, width, height, channels } = this.#outputs.colour;
    const { channelStep, pixelStep } = strides(layout, CHANNELS[channels], width * height);
    const base = from * channelStep;
    if (width === this.width) {
      for (let p = 0; p < width * height; p += 1) rgba[4 * p + to] = data[base + p * pixelStep]! * scale + offset;
      return;
    }
    const line = new Float32Array(width);
    for (let y = 0; y < this.height; y += 1) {
      const above = base + this.#rows.left[y]! * width * pixelStep;
      const below = above + width * pixelStep;
      const weightBelow = this.#rows.weight[y]!;
      for (let x = 0; x < width; x += 1) {
        const top = clampByte(data[above + x * pixelStep]! * scale + offset);
        line[x] = top + (clampByte(data[below + x * pixelStep]! * scale + offset) - top) * weightBelow;
      }
      for (let x = 0, out = 4 * y * this.width + to; x < this.width; x += 1, out += 4) {
        const left = this.#columns.left[x]!;
        rgba[out] = line[left]! + (line[left + 1]! - line[left]!) * this.#columns.weight[x]!;
      }
    }
  }
}

/** To 0..255, so that one value far outside the range does not bleed into its neighbours. */
const clampByte = (value: number): number => Math.min(255, Math.max(0, value));

/** v - v is NaN for every value that is not finite, and NaN stays. */
function isFinite32(values: Float32Array): boolean {
  let poison = 0;
  for (let i = 0; i < values.length; i += 1) poison += values[i]! - values[i]!;
  return poison === 0;
}
