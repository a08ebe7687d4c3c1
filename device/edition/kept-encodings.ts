/**
 * What each encoder has made of this store, kept beside the encodings that are served: of a model that is being made ready,
 * and of the one before, so that going back to it needs nothing encoded anew. One folder an encoder, in the state folder's
 * own format: an index and a log.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, replaceDurably, syncFolder } from '../inventory/durable.ts';
import { INDEX_FILE } from '../inventory/encodings.ts';

export const ENCODERS_FOLDER = 'encoders';

/** @param encoderDigest SHA-256 in hex */
export const encoderFolder = (data: string, encoderDigest: string): string =>
  join(data, ENCODERS_FOLDER, encoderDigest);

/** Keeps an index of an encoder's, durably. */
export async function keepIndex(data: string, encoderDigest: string, bytes: Uint8Array): Promise<void> {
  const folder = encoderFolder(data, encoderDigest);
  await makeFolderDurably(folder);
  await replaceDurably(join(folder, INDEX_FILE), bytes);
}

/**
 * Begins what an encoder has made with an index that it made elsewhere, durably: encodings are found in it by the picture that
 * they were made from. Where this store has an index of its own already, that stays.
 */
export async function seedIndex(data: string, encoderDigest: string, bytes: Uint8Array): Promise<void> {
  const found = await stat(join(encoderFolder(data, encoderDigest), INDEX_FILE)).catch(() => undefined);
  if (found === undefined) await keepIndex(data, encoderDigest, bytes);
}

/** Lets all go but what these encoders made. */
export async function keepEncodersOnly(data: string, encoderDigests: ReadonlySet<string>): Promise<void> {
  const folder = join(data, ENCODERS_FOLDER);
  const names = await readdir(folder).catch(() => []);
  const gone = names.filter(name => !encoderDigests.has(name));
  for (const name of gone) await rm(join(folder, name), { recursive: true, force: true });
  if (gone.length > 0) await syncFolder(folder);
}
