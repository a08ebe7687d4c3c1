/** What a state folder was made from, as one text: where it has not changed, there is nothing to index. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Bundle } from '../inference/bundle.ts';
import { IndexError } from '../matching/errors.ts';
import { EncodingIndex } from '../matching/index-file.ts';
import { CATALOGUE_DATABASE, Catalogue } from './catalogue.ts';
import { INDEX_FILE, settleIndex } from './encodings.ts';
import { sha256 } from './picture-files.ts';
import type { StoreMetadata } from './store-record.ts';

/** Grows when the same sources would give other contents. */
const FORMAT = 1;

export interface StampSource {
  /** The store's folder. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly name: string;
  readonly demonstration: boolean;
}

/** The store's files as they are seen without opening them: name, size, time of the last change. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
  const lines: string[] = [];
  for (const path of files.sort()) {
    const found = await stat(path).catch(() => undefined);
    lines.push(`${relative(folder, path)}\t${found?.size}\t${found?.mtimeMs}`);
  }
  return lines;
}

/** SHA-256 in hex of what the index and the catalogue of a store depend on. */
export async function storeStamp({ folder, bundle, name, demonstration }: StampSource): Promise<string> {
  const { encoderDigest, manifest } = bundle;
  const files = await filesOf(resolve(folder));
  const made = { format: FORMAT, encoderDigest, tolerance: manifest.tolerance, name, demonstration, files };
  return sha256(Buffer.from(JSON.stringify(made))).toString('hex');
}

/**
 * What is indexed in a state folder, where its index is whole and of this encoder, and its catalogue belongs to it;
 * undefined where they are not: then it is to be indexed.
 */
export async function indexedStore(data: string, bundle: Bundle): Promise<StoreMetadata | undefined> {
  const store = lastStore(data);
  await settleIndex(data, store?.index);
  const bytes = await readFile(join(data, INDEX_FILE)).catch(() => undefined);
  if (bytes === undefined || !isOf(bundle, bytes)) return undefined;
  return store?.index === sha256(bytes).toString('hex') ? store : undefined;
}

/** What a state folder was indexed from last, whatever has become of it since. */
export function lastStore(data: string): StoreMetadata | undefined {
  const catalogue = openIfUsable(join(data, CATALOGUE_DATABASE));
  try {
    return catalogue?.store;
  } finally {
    catalogue?.close();
  }
}

function isOf({ encoderDigest, manifest }: Bundle, index: Uint8Array): boolean {
  try {
    EncodingIndex.open(index, { encoderDigest, latentDim: manifest.latentDim });
    return true;
  } catch (error) {
    if (error instanceof IndexError) return false;
    throw error;
  }
}

function openIfUsable(path: string): Catalogue | undefined {
  try {
    return Catalogue.open(path);
  } catch {
    // Whatever is wrong with it, the answer is to index; indexing then says what it is.
    return undefined;
  }
}
