/**
 * Makes a state folder out of a store's folder: every picture encoded once, the index, the catalogue. It may be stopped
 * at any moment and by any means; the next run goes on where it was.
 */
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../errors.ts';
import { buildIndex } from '../matching/index-file.ts';
import { CATALOGUE_DATABASE, Catalogue, type Problem } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { makeFolderDurably } from './durable.ts';
import { Encodings, settleIndex } from './encodings.ts';
import { holdExclusively } from './exclusive.ts';
import { type EncodeOptions, type Entry, PictureEncoder } from './picture-encoder.ts';
import { PictureFiles, sha256 } from './picture-files.ts';
import { cataloguePath, type RowProblem, readStoreFolder } from './store-folder.ts';
import { lastStore, storeStamp } from './store-stamp.ts';
import { unusualSigmas } from './unusual-sigma.ts';

export type { IndexProgress } from './picture-encoder.ts';

export interface IndexStoreOptions extends EncodeOptions {
  /** The state folder; made where it is missing. */
  readonly data: string;
  /** The store's name on the screen; its folder's unless said otherwise. */
  readonly name?: string;
  /** Says that the collection is made up. */
  readonly demonstration?: boolean;
}

export interface IndexReport {
  /** In the catalogue, with or without an encoding. */
  readonly garments: number;
  readonly encoded: number;
  readonly reused: number;
  /** Could not be encoded: in the catalogue, never matched. */
  readonly failed: readonly Problem[];
  /** Encoded and matchable, with a sigma far outside the usual. */
  readonly suspicious: readonly Problem[];
  /** Rows of catalogue.csv that were left out. */
  readonly rows: readonly RowProblem[];
  /** What was found damaged and mended. */
  readonly notices: readonly string[];
  readonly indexBytes: number;
}

async function readRows(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<{ garments: CatalogueRow[]; problems: RowProblem[] }> {
  const garments: CatalogueRow[] = [];
  const problems: RowProblem[] = [];
  for await (const row of readStoreFolder(folder, signal)) {
    if (row.kind === 'garment') garments.push(row.garment);
    else problems.push(row.problem);
  }
  return { garments, problems };
}

/**
 * Indexes a store.
 * @returns what was done, and what was found wrong on the way
 * @throws LookdialError `store-invalid` where the store cannot be read, the state folder cannot be written, or another
 * run is under way; the signal's reason where it was stopped. What was encoded until then is kept.
 */
export async function indexStore(options: IndexStoreOptions): Promise<IndexReport> {
  const data = resolve(options.data);
  try {
    await makeFolderDurably(data);
    const hold = holdExclusively(join(data, 'indexing.lock'), 'indexing');
    try {
      return await indexHeld({ ...options, data, folder: resolve(options.folder) });
    } finally {
      hold.release();
    }
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined && code !== 'ERR_SQLITE_ERROR') throw cause;
    const { message } = cause as Error;
    throw new LookdialError('store-invalid', `Indexing into ${data} stopped: ${message}.`, { cause });
  }
}

/** Pictures that are missing all at once are a folder that is not mounted: what was indexed before stays as it is. */
function checkSomeEncoded(entries: readonly Entry[], failed: readonly Problem[], folder: string): void {
  const [first] = failed;
  if (entries.length > 0 || first === undefined) return;
  throw new LookdialError(
    'store-invalid',
    `None of the ${failed.length} pictures of ${folder} could be encoded, so nothing was changed. ` +
      `The first, of ${first.sku}: ${first.reason}`,
  );
}

async function indexHeld(options: IndexStoreOptions): Promise<IndexReport> {
  const { folder, data, bundle, signal, name = basename(folder), demonstration = false } = options;
  const { encoderDigest, manifest } = bundle;
  const { latentDim, tolerance } = manifest;
  await cataloguePath(folder);
  // Taken before anything is read: what changes meanwhile makes another stamp, and so another run.
  const stamp = await storeStamp({ folder, bundle, name, demonstration });
  const { garments: rows, problems } = await readRows(folder, signal);
  await settleIndex(data, lastStore(data)?.index);
  const encodings = await Encodings.open(data, { encoderDigest, latentDim });
  try {
    const files = new PictureFiles(data);
    const encoder = new PictureEncoder(options, encodings, files, rows.length);
    const { garments, entries, failed } = await encoder.run(rows);
    signal?.throwIfAborted();
    checkSomeEncoded(entries, failed, folder);
    const suspicious = unusualSigmas(entries).map(one => ({ ...one, kind: 'suspicious' as const }));
    const index = buildIndex({ encoderDigest, latentDim, tolerance, entries });
    await files.flush();
    const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE), { create: true });
    try {
      const store = { name, demonstration, source: folder, stamp, index: sha256(index).toString('hex') };
      await encodings.replaceIndex(index, () => catalogue.replace(store, garments, [...failed, ...suspicious]));
    } finally {
      catalogue.close();
    }
    await encodings.empty();
    await files.keepOnly(garments.flatMap(({ picture }) => picture ?? []));
    const { encoded, reused } = encoder.progress;
    const found = { failed, suspicious, rows: problems, notices: encodings.notices };
    return { garments: garments.length, encoded, reused, ...found, indexBytes: index.length };
  } finally {
    await encodings.close();
  }
}
