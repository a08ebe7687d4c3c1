/** Encodes the pictures that no encoding was made from: what a damaged log, or a run that knew less, left behind. */

import { readFile } from 'node:fs/promises';
import { sentenceOf } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { readPicture } from '../inference/pictures.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { conditionOf } from '../inventory/picture-digest.ts';
import { picturePath } from '../inventory/picture-files.ts';
import type { Arrival } from './live-commit.ts';

export interface MendOptions {
  readonly data: string;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'encode'>;
  readonly catalogue: Catalogue;
  readonly maxPicturePixels: number;
  readonly log: { info(text: string): void; warn(text: string): void };
  readonly signal: AbortSignal;
  /** Whether a garment is matched. */
  has(sku: string): boolean;
  put(arrival: Arrival): Promise<void>;
}

/** Encodes these garments' own pictures, one after another, beside what is served. Never rejects: what fails is in the log. */
export async function encodeAgain(skus: readonly string[], options: MendOptions): Promise<void> {
  const { log, signal } = options;
  for (const sku of skus) {
    if (signal.aborted) return;
    try {
      const arrival = await arrivalOf(options, sku);
      if (arrival === undefined || options.has(sku)) continue;
      await options.put(arrival);
      log.info(`The garment ${sku} had a picture and no encoding: it was encoded again.`);
    } catch (error) {
      const why = sentenceOf(error);
      log.warn(`The garment ${sku} has a picture and no encoding, and cannot be encoded again: ${why}`);
    }
  }
}

/**
 * What the encoder makes of a garment's own picture.
 * @returns undefined where the garment has left, has no picture, or is known not to be encoded
 * @throws LookdialError as `readPicture` and `encode`; the file system's errors
 */
async function arrivalOf(options: MendOptions, sku: string): Promise<Arrival | undefined> {
  const { data, catalogue } = options;
  const garment = catalogue.item(sku);
  if (garment === undefined || garment.picture === null || garment.problem !== null) return undefined;
  const { picture } = garment;
  const bytes = await readFile(picturePath(data, picture));
  return await encodeArrival({ sku, picture, bytes }, options);
}

/** @throws LookdialError as `readPicture` and `encode` */
export async function encodeArrival(
  { sku, picture, bytes }: Pick<Arrival, 'sku' | 'picture' | 'bytes'>,
  { bundle, inference, catalogue, maxPicturePixels }: Omit<MendOptions, 'data' | 'log' | 'signal' | 'has' | 'put'>,
): Promise<Arrival> {
  const condition = conditionOf(bundle.manifest, catalogue.item(sku)?.category ?? null);
  const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: maxPicturePixels });
  const posterior = await inference.encode(input, condition);
  return { sku, picture, bytes, posterior, condition, encoderDigest: bundle.encoderDigest };
}
