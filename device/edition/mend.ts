/** Encodes the pictures that no encoding was made from: what a damaged log, or a run that knew less, left behind. */
import { readFile } from 'node:fs/promises';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { readPicture } from '../inference/pictures.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { conditionOf } from '../inventory/picture-digest.ts';
import { picturePath } from '../inventory/picture-files.ts';
import type { Arrival } from './live-store.ts';

export interface MendOptions {
  readonly data: string;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'encode'>;
  readonly catalogue: Catalogue;
  readonly maxPicturePixels: number;
}

/**
 * What the encoder makes of a garment's own picture.
 * @returns undefined where the garment has left, has no picture, or is known not to be encoded
 * @throws LookdialError as `readPicture` and `encode`; the file system's errors
 */
export async function encodeAgain(options: MendOptions, sku: string): Promise<Arrival | undefined> {
  const { data, bundle, inference, catalogue, maxPicturePixels } = options;
  const garment = catalogue.item(sku);
  if (garment === undefined || garment.picture === null || garment.problem !== null) return undefined;
  const { picture } = garment;
  const bytes = await readFile(picturePath(data, picture));
  const condition = conditionOf(bundle.manifest, garment.category);
  const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: maxPicturePixels });
  const posterior = await inference.encode(input, condition);
  return { sku, picture, bytes, posterior, condition, encoderDigest: bundle.encoderDigest };
}
