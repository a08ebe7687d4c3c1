/** Chooses drawings that could hang in a store: of one kind and no other, crisp, and taken by the encoder for what they are. */
import sharp from 'sharp';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { DecodedPicture, Inference } from '../../device/inference/inference.ts';
import { type EncoderInput, toTensor } from '../../device/inference/pictures.ts';
import type { Random } from '../../device/matching/random.ts';
import { drawPoint, type KindGaussian, kindProbability, kindsOf } from './kind-sampler.ts';
import { isPlausible, outlineOf } from './outline.ts';

/** Probability of its kind from which on a dialled point is drawn at all. */
const SURE_POINT = 0.6;
/** Probability of its kind from which on the drawing, read back by the encoder, is one. */
const SURE_PICTURE = 0.7;
/** Plausible drawings that one is chosen from. */
const CHOICES = 3;
/** Most tries for one drawing that is plausible. */
const MOST_TRIES = 60;
/** Tries that tell how well the model draws a kind, and the part of them that must be plausible. */
const PROBES = 60;
const LEAST_YIELD = 0.1;

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
      let plausible = 0;
      for (let tries = 0; tries < PROBES && plausible < PROBES * LEAST_YIELD; tries++) {
        signal?.throwIfAborted();
        if ((await this.#try(kind)) !== undefined) plausible++;
      }
      if (plausible >= PROBES * LEAST_YIELD) drawable.push(kind);
    }
    return drawable;
  }

  /** The crispest of a few plausible drawings; undefined where none came out in so many tries. */
  async choose(kind: KindGaussian): Promise<DecodedPicture | undefined> {
    let best: { readonly picture: DecodedPicture; readonly softness: number } | undefined;
    for (let tries = 0, found = 0; tries < MOST_TRIES && found < CHOICES; tries++) {
      const tried = await this.#try(kind);
      if (tried === undefined) continue;
      found++;
      if (best === undefined || tried.softness < best.softness) best = tried;
    }
    return best?.picture;
  }

  /** One drawing, if it is plausible. */
  async #try(kind: KindGaussian): Promise<{ picture: DecodedPicture; softness: number } | undefined> {
    const { conditions, encoder } = this.#bundle.manifest;
    const condition = kind.name !== null && conditions?.categories.includes(kind.name) ? kind.name : undefined;
    const z = drawPoint(kind, this.#random);
    const alone = this.#kinds.length === 1;
    if (!alone && kindProbability(kind, this.#kinds, z) < SURE_POINT) return undefined;
    const picture = await this.#inference.decode(z, condition);
    const outline = outlineOf(picture);
    // A decoder without alpha has no outline to judge.
    if (outline !== undefined && !isPlausible(outline)) return undefined;
    if (!alone) {
      const { mu } = await this.#inference.encode(await asSeen(picture, encoder.input), condition);
      if (kindProbability(kind, this.#kinds, mu) < SURE_PICTURE) return undefined;
    }
    return { picture, softness: outline?.softness ?? 0 };
  }
}
