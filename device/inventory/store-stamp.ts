/** What a state folder was made from, as one text: where it has not changed, there is nothing to index. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Bundle } from '../inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue, type StoreMetadata } from './catalogue.ts';
import { INDEX_FILE } from './encodings.ts';
import { sha256 } from './picture-files.ts';

/** Grows when the same sources would give other contents. */
const FORMAT = 1;

export interface StampSource {
  /** The store's folder. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly name: string;
  readonly demonstration: boolean;
}

/** The garment’s files as they are seen without opening them: name, size, time of the last change. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
  const lines: string[] = [];
  for (const path of files.sort()) {
    const found = await stat(path).catch(() => undefined);
    lines.push(`${path}\t${found?.size}\t${found?.mtimeMs}`);
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

/** What is indexed in a state folder, where its catalogue and its index belong together; undefined where they do not. */
export async function indexedStore(data: string): Promise<StoreMetadata | undefined> {
  const bytes = await readFile(join(data, INDEX_FILE)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const catalogue = openIfUsable(join(data, CATALOGUE_DATABASE));
  try {
    const store = catalogue?.store;
    return store?.index === sha256(bytes).toString('hex') ? store : undefined;
  } finally {
    catalogue?.close();
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
