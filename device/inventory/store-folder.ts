/**
 * A store as a folder: `catalogue.csv`, and the pictures it names. Read row by row, so its length costs no memory; a
 * row that is wrong is told of, and the others are read all the same. docs/stores.md describes the columns.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LookdialError } from '../errors.ts';
import { type RowProblem, readCatalogue, skuTwice } from './catalogue-file.ts';
import { type CatalogueRow, COLUMNS_SENTENCE } from './catalogue-row.ts';

export const CATALOGUE_FILE = 'catalogue.csv';

export type StoreRow =
  | { readonly kind: 'garment'; readonly garment: CatalogueRow }
  | { readonly kind: 'problem'; readonly problem: RowProblem };

/**
 * Where a store's catalogue is.
 * @throws LookdialError `store-invalid` where there is none, saying which file is missing and what its columns are
 */
export async function cataloguePath(folder: string): Promise<string> {
  const path = join(folder, CATALOGUE_FILE);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    throw new LookdialError(
      'store-invalid',
      `${folder} is not a folder. A store is a folder with ${CATALOGUE_FILE} and the pictures it names.`,
    );
  }
  const file = await stat(path).catch(() => undefined);
  if (file === undefined || !file.isFile()) {
    throw new LookdialError(
      'store-invalid',
      `${folder} has no ${CATALOGUE_FILE}. Put one there, in UTF-8. ${COLUMNS_SENTENCE}`,
    );
  }
  return path;
}

/**
 * The rows of a store's catalogue, in the file's order, wrong ones as problems. A SKU that was there before is a
 * problem of the later row.
 * @param folder the store's folder.
 * @throws LookdialError `store-invalid` where there is no catalogue, or its header cannot be used.
 */
export async function* readStoreFolder(folder: string, signal?: AbortSignal): AsyncGenerator<StoreRow> {
  const lines = new Map<string, number>();
  for await (const read of readCatalogue(await cataloguePath(folder), { format: 'csv', encoding: 'utf-8', signal })) {
    if ('reason' in read) {
      yield { kind: 'problem', problem: read };
      continue;
    }
    const { line, garment } = read;
    const before = lines.get(garment.sku);
    if (before !== undefined) {
      yield { kind: 'problem', problem: { line, sku: garment.sku, reason: skuTwice(garment.sku, before) } };
      continue;
    }
    lines.set(garment.sku, line);
    yield { kind: 'garment', garment };
  }
}

/** Whether `path` is `folder` or in it; both absolute. */
const inside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

const unreadable = (message: string, cause?: unknown): LookdialError =>
  new LookdialError('picture-unreadable', message, { cause });

/** Reads the pictures of one store: a name is looked up in the folder, then in its `images`; never outside. */
export class StorePictures {
  readonly #folder: string;
  readonly #real: Promise<string>;
  readonly #maxBytes: number;

  /** @param maxBytes largest file read, in bytes. */
  constructor(folder: string, maxBytes: number) {
    this.#folder = resolve(folder);
    this.#real = realpath(this.#folder);
    // A folder that is gone is said when a picture is asked for.
    this.#real.catch(() => undefined);
    this.#maxBytes = maxBytes;
  }

  /**
   * The bytes of a picture.
   * @param image its name as the catalogue has it, relative to the store's folder.
   * @throws LookdialError `picture-unreadable` where there is none, it lies outside the folder, or cannot be read;
   * `picture-too-large` where the file is larger than allowed.
   */
  async read(image: string, signal?: AbortSignal): Promise<Buffer> {
    const path = await this.#find(image);
    const { size } = await stat(path);
    if (size > this.#maxBytes) {
      throw new LookdialError('picture-too-large', `It has ${size} bytes; the most that is read is ${this.#maxBytes}.`);
    }
    try {
      return await readFile(path, { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreadable(`It cannot be read: ${(cause as Error).message}.`, cause);
    }
  }

  async #find(image: string): Promise<string> {
    const outside = (): LookdialError =>
      unreadable('It lies outside the store’s folder, where nothing is read: put it inside.');
    for (const place of [image, join('images', image)]) {
      const path = resolve(this.#folder, place);
      if (isAbsolute(image) || !inside(this.#folder, path)) throw outside();
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) continue;
      // A link may lead out as well as a path.
      if (!inside(await this.#real, real)) throw outside();
      if ((await stat(real)).isFile()) return real;
    }
    throw unreadable('There is no such file in the store’s folder, nor in its images folder.');
  }
}
