/** A repository's blobs: files named by their SHA-256, put in place whole and once. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { syncFolder } from '../../device/inventory/durable.ts';
import { BLOBS, blobPath } from './places.ts';

export interface Blob {
  readonly sha256: string;
  readonly bytes: number;
}

/** Bytes that have gone by since the last call. */
export type OnBytes = (count: number) => void;

const CHUNK_BYTES = 2 ** 20;
const ASIDE = '.new';

interface Reading {
  readonly onBytes?: OnBytes | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a file is: its digest and its length. */
export async function blobOf(path: string, { onBytes, signal }: Reading = {}): Promise<Blob> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(chunk.length);
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Whether a blob is in place, whole. A file of another length is not read. */
export async function isInPlace(repository: string, blob: Blob, reading: Reading = {}): Promise<boolean> {
  const path = blobPath(repository, blob.sha256);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === blob.bytes && (await blobOf(path, reading)).sha256 === blob.sha256;
}

/**
 * Copies a file into the repository, under the name of what it holds; one that is there whole stays as it is.
 * @returns whether it was written
 * @throws LookdialError `bundle-invalid` where the file is not what it is said to be
 */
export async function putBlob(repository: string, from: string, blob: Blob, reading: Reading = {}): Promise<boolean> {
  const { onBytes, signal } = reading;
  if (await isInPlace(repository, blob, reading)) return false;
  const path = blobPath(repository, blob.sha256);
  const aside = path + ASIDE;
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(aside, 'w');
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
      onBytes?.(chunk.length);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (bytes !== blob.bytes || hash.digest('hex') !== blob.sha256) {
    await rm(aside);
    throw new LookdialError(
      'bundle-invalid',
      `${from}: it has changed since it was checked. Nothing of it was taken: give the command again when nobody writes it.`,
    );
  }
  await rename(aside, path);
  await syncFolder(dirname(path));
  return true;
}

/** Takes away what a copying that was cut short has left. */
export async function sweepBlobs(repository: string): Promise<void> {
  const folder = join(repository, BLOBS);
  const left = (await readdir(folder)).filter(name => name.endsWith(ASIDE));
  for (const name of left) await rm(join(folder, name));
}
