/** Chooses drawings that could hang in a store: of one kind and no other, crisp, and taken by the encoder for what they are. */
import sharp from 'sharp';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { DecodedPicture, Inference } from '../../device/inference/inference.ts';
import { type EncoderInput, toTensor } from '../../device/inference/pictures.ts';
import type { Random } from '../../device/matching/random.ts';
import { colourOf } from './colour-word.ts';
import { drawPoint, type KindGaussian, kindProbability, kindsOf } from './kind-sampler.ts';
import { isPlausible, outlineOf } from './outline.ts';

/** Probability of its kind from which on a dialled point is drawn at all. */
const SURE_POINT = 0.5;
/** Probability of its kind from which on the drawing, read back by the encoder, is one. */
const SURE_PICTURE = 0.75;
/** Largest standard deviation of L* inside the outline: above it there is a smear in place of shade. */
const SMEARED = 9;
/** Plausible drawings that one is chosen from. */
const CHOICES = 2;
/** Points under way at once, so that one is drawn while another is looked at. */
const AT_ONCE = 3;
/** Most tries for one drawing that is plausible. */
const MOST_TRIES = 60;
/** Tries that tell how well the model draws a kind, and the part of them that must be plausible. */
const PROBES = 100;
const LEAST_YIELD = 0.06;

interface Drawing {
  readonly picture: DecodedPicture;
  readonly softness: number;
}

/** A decoded picture as the encoder would be shown it: over its background, at its size. */
export async function asSeen({ width, height, rgba }: DecodedPicture, input: EncoderInput): Promise<Float32Array> {
  const flat = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = (rgba[4 * pixel + 3] ?? 0) / 255;
    for (const [channel, behind] of input.background.entries()) {
      flat[3 * pixel + channel] = Math.round(alpha * (rgba[4 * pixel + channel] ?? 0) + (1 - alpha) * behind);
    }
  }
  if (width === input.width && height === input.height) return toTensor(flat, input);
  const { data } = await sharp(flat, { raw: { width, height, channels: 3 } })
    .resize(input.width, input.height, { fit: 'contain', background: toColour(input.background) })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return toTensor(data, input);
}

const toColour = ([r, g, b]: EncoderInput['background']) => ({ r, g, b });

export class GarmentChooser {
  readonly #bundle: Bundle;
  readonly #inference: Pick<Inference, 'decode' | 'encode'>;
  readonly #random: Random;
  readonly #kinds: readonly KindGaussian[];

  constructor(bundle: Bundle, inference: Pick<Inference, 'decode' | 'encode'>, random: Random) {
    this.#bundle = bundle;
    this.#inference = inference;
    this.#random = random;
    this.#kinds = kindsOf(bundle.manifest);
  }

  /** The kinds that the model draws well enough to be offered. */
  async drawable(signal?: AbortSignal): Promise<KindGaussian[]> {
    const drawable: KindGaussian[] = [];
    for (const kind of this.#kinds) {
      const least = Math.ceil(PROBES * LEAST_YIELD);
      if ((await this.#plausible(kind, least, PROBES, signal)).length === least) drawable.push(kind);
    }
    return drawable;
  }

  /** The crispest of a few plausible drawings; undefined where none came out in so many tries. */
  async choose(kind: KindGaussian, signal?: AbortSignal): Promise<DecodedPicture | undefined> {
    const [first, ...others] = await this.#plausible(kind, CHOICES, MOST_TRIES, signal);
    return others.reduce((best, one) => (best && one.softness < best.softness ? one : best), first)?.picture;
  }

  /** The first plausible drawings, at most `wanted`, out of at most `tries` points. */
  async #plausible(kind: KindGaussian, wanted: number, tries: number, signal?: AbortSignal): Promise<Drawing[]> {
    const drawings: Drawing[] = [];
    for (let tried = 0; tried < tries && drawings.length < wanted; ) {
      signal?.throwIfAborted();
      const points: number[][] = [];
      for (; tried < tries && points.length < AT_ONCE; tried++) {
        const z = drawPoint(kind, this.#random);
        if (this.#isLikely(kind, z, SURE_POINT)) points.push(z);
      }
      const judged = await Promise.all(points.map(z => this.#judge(kind, z)));
      drawings.push(...judged.flatMap(drawing => drawing ?? []));
    }
    return drawings.slice(0, wanted);
  }

  #isLikely(kind: KindGaussian, z: ArrayLike<number>, sure: number): boolean {
    return this.#kinds.length === 1 || kindProbability(kind, this.#kinds, z) >= sure;
  }

  /** Draws a point; undefined where it is not plausible. */
  async #judge(kind: KindGaussian, z: readonly number[]): Promise<Drawing | undefined> {
    const { conditions, encoder } = this.#bundle.manifest;
    const condition = kind.name !== null && conditions?.categories.includes(kind.name) ? kind.name : undefined;
    const picture = await this.#inference.decode(z, condition);
    const [outline, colour] = [outlineOf(picture), colourOf(picture)];
    // A decoder without alpha has no outline to judge.
    if (outline !== undefined && !isPlausible(outline)) return undefined;
    if (colour === undefined || colour.unevenness > SMEARED) return undefined;
    if (this.#kinds.length > 1) {
      const { mu } = await this.#inference.encode(await asSeen(picture, encoder.input), condition);
      if (!this.#isLikely(kind, mu, SURE_PICTURE)) return undefined;
    }
    return { picture, softness: outline?.softness ?? 0 };
  }
}
