/**
 * Makes a state folder out of a store's folder: every picture encoded once, the index, the catalogue. It may be stopped
 * at any moment and by any means; the next run goes on where it was.
 */
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import { buildIndex } from '../matching/index-file.ts';
import { CATALOGUE_DATABASE, Catalogue, type Problem } from './catalogue.ts';
import type { RowProblem } from './catalogue-file.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { Encodings, settleIndex } from './encodings.ts';
import { type EncodeOptions, PictureEncoder } from './picture-encoder.ts';
import { PictureFiles, sha256 } from './picture-files.ts';
import { cataloguePath, readStoreFolder } from './store-folder.ts';
import { modelAfter, type RunModel } from './store-record.ts';
import { lastStore, storeStamp } from './store-stamp.ts';
import { unusualSigmas } from './unusual-sigma.ts';
import { holdStateFolder } from './work-folder.ts';

export type { IndexProgress } from './picture-encoder.ts';

export interface IndexStoreOptions extends EncodeOptions, RunModel {
  /** The state folder; made where it is missing. */
  readonly data: string;
  /** The store's name on the screen; its folder's unless said otherwise. */
  readonly name?: string;
  /** Says that the collection is made up. */
  readonly demonstration?: boolean;
  /** The bundle of the settings, where an update has brought another in its place. */
  readonly settings?: Bundle;
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
  const folder = resolve(options.folder);
  return await holdStateFolder(data, 'indexing', () => indexHeld({ ...options, data, folder }));
}

/**
 * Pictures that are missing all at once are a folder that is not mounted: what was indexed before stays as it is.
 * @param taken how many could be read
 */
export function checkSomeTaken(taken: number, failed: readonly Problem[], folder: string): void {
  const [first] = failed;
  if (taken > 0 || first === undefined) return;
  throw new LookdialError(
    'store-invalid',
    `None of the ${failed.length} pictures of ${folder} could be encoded, so nothing was changed. ` +
      `The first, of ${first.sku}: ${first.reason}`,
  );
}

async function indexHeld(options: IndexStoreOptions): Promise<IndexReport> {
  const { folder, data, bundle, signal, name = basename(folder), demonstration = false } = options;
  const { settings = bundle } = options;
  const { encoderDigest, manifest } = bundle;
  const { latentDim, tolerance } = manifest;
  await cataloguePath(folder);
  // Taken before anything is read: what changes meanwhile makes another stamp, and so another run.
  const stamp = await storeStamp({ folder, bundle: settings, name, demonstration });
  const { garments: rows, problems } = await readRows(folder, signal);
  const last = lastStore(data);
  const model = modelAfter(last, options, settings.manifest.id);
  await settleIndex(data, last?.index);
  const encodings = await Encodings.open(data, { encoderDigest, latentDim });
  try {
    const files = new PictureFiles(data);
    const encoder = new PictureEncoder(options, encodings, files);
    const { garments, entries, failed } = await encoder.run(rows);
    signal?.throwIfAborted();
    checkSomeTaken(entries.length, failed, folder);
    const suspicious = unusualSigmas(entries).map(one => ({ ...one, kind: 'suspicious' as const }));
    const index = buildIndex({ encoderDigest, latentDim, tolerance, entries });
    await files.flush();
    const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE), { create: true });
    try {
      const store = { name, demonstration, source: folder, stamp, index: sha256(index).toString('hex'), ...model };
      await encodings.replaceIndex(index, () => catalogue.replace(store, garments, [...failed, ...suspicious]));
    } finally {
      catalogue.close();
    }
    await encodings.empty();
    await files.keepOnly(garments.flatMap(({ picture }) => picture ?? []));
    const { encoded, reused } = encoder.counts;
    const found = { failed, suspicious, rows: problems, notices: encodings.notices };
    return { garments: garments.length, encoded, reused, ...found, indexBytes: index.length };
  } finally {
    await encodings.close();
  }
}
