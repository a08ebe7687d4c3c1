/**
 * Makes a state folder out of a store's folder: every picture encoded once, the index, the catalogue. It may be stopped
 * at any moment and by any means; the next run goes on where it was.
 */
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { formatOf, readPicture } from '../inference/pictures.ts';
import { buildIndex } from '../matching/index-file.ts';
import type { Posterior } from '../matching/posterior.ts';
import { CATALOGUE_DATABASE, Catalogue, type Problem } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { Encodings } from './encodings.ts';
import { holdExclusively } from './exclusive.ts';
import type { GarmentPicture, GarmentRecord } from './garment.ts';
import { inLanes } from './lanes.ts';
import { PictureFiles, sha256 } from './picture-files.ts';
import { cataloguePath, type RowProblem, readStoreFolder, StorePictures } from './store-folder.ts';
import { storeStamp } from './store-stamp.ts';
import { unusualSigmas } from './unusual-sigma.ts';

/** Pictures under way at once: as many as libuv has threads to decode them, and two being read or encoded. */
const AT_ONCE = 6;
/** A net that fails once may have been restarting; one that fails again on the same picture will not take it. */
const ENCODE_TRIES = 2;

export interface IndexProgress {
  readonly total: number;
  /** Garments settled: encoded now, encoded before, or impossible. */
  readonly done: number;
  readonly encoded: number;
  readonly reused: number;
  readonly failed: number;
}

export interface IndexStoreOptions {
  /** The store: a folder with catalogue.csv and pictures. */
  readonly folder: string;
  /** The state folder; made where it is missing. */
  readonly data: string;
  /** The store's name on the screen; its folder's unless said otherwise. */
  readonly name?: string;
  /** Says that the collection is made up. */
  readonly demonstration?: boolean;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'encode' | 'state'>;
  readonly maxPicturePixels: number;
  readonly maxPictureBytes: number;
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly signal?: AbortSignal;
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

interface Entry extends Posterior {
  readonly sku: string;
  readonly pictureSha256: Uint8Array;
}

interface Work {
  readonly garments: GarmentRecord[];
  readonly entries: Entry[];
  readonly failed: Problem[];
}

/** Encodes what is new and leaves what is not; the catalogue and the index change together, at the end. */
class StoreIndexer {
  readonly #options: IndexStoreOptions;
  readonly #encodings: Encodings;
  readonly #source: StorePictures;
  readonly #files: PictureFiles;
  readonly #total: number;
  #encoded = 0;
  #reused = 0;
  readonly #work: Work = { garments: [], entries: [], failed: [] };

  constructor(options: IndexStoreOptions, encodings: Encodings, files: PictureFiles, total: number) {
    this.#options = options;
    this.#encodings = encodings;
    this.#source = new StorePictures(options.folder, options.maxPictureBytes);
    this.#files = files;
    this.#total = total;
  }

  get progress(): IndexProgress {
    const { failed, garments } = this.#work;
    const counts = { encoded: this.#encoded, reused: this.#reused, failed: failed.length };
    return { total: this.#total, done: garments.length, ...counts };
  }

  async run(rows: readonly CatalogueRow[]): Promise<Work> {
    this.#options.onProgress?.(this.progress);
    await inLanes(rows, AT_ONCE, row => this.#settle(row), this.#options.signal);
    return this.#work;
  }

  async #settle(row: CatalogueRow): Promise<void> {
    const { image, ...described } = row;
    let picture: GarmentPicture | null = null;
    try {
      picture = await this.#encode(row);
    } catch (error) {
      if (!(error instanceof LookdialError) || !this.#isAboutThePicture(error)) throw error;
      this.#work.failed.push({ sku: row.sku, kind: 'not-encoded', reason: `${image}: ${error.message}` });
    }
    this.#work.garments.push({ ...described, picture });
    this.#options.onProgress?.(this.progress);
  }

  #isAboutThePicture({ code }: LookdialError): boolean {
    if (code === 'inference-failed') return this.#options.inference.state !== 'down';
    return code === 'picture-unreadable' || code === 'picture-too-large';
  }

  async #encode({ sku, image, category }: CatalogueRow): Promise<GarmentPicture> {
    const bytes = await this.#source.read(image, this.#options.signal);
    const digest = sha256(bytes);
    const condition = this.#conditionOf(category);
    const pictureSha256 = condition === undefined ? digest : sha256(Buffer.concat([digest, Buffer.from(condition)]));
    let posterior = this.#encodings.find(pictureSha256);
    if (posterior === undefined) {
      posterior = await this.#ask(bytes, condition);
      await this.#encodings.append({ kind: 'put', sku, pictureSha256, ...posterior });
      this.#encoded++;
    } else {
      this.#reused++;
    }
    const picture = { hash: digest.toString('hex'), type: `image/${formatOf(bytes)}` };
    await this.#files.put(picture, bytes);
    this.#work.entries.push({ sku, pictureSha256, ...posterior });
    return picture;
  }

  /** The category a conditional encoder is asked with: the garment's where it knows it, else its default. */
  #conditionOf(category: string | null): string | undefined {
    const { conditions, encoder } = this.#options.bundle.manifest;
    if (conditions === undefined || encoder.conditionInput === undefined) return undefined;
    return category !== null && conditions.categories.includes(category) ? category : conditions.default;
  }

  async #ask(bytes: Uint8Array, condition: string | undefined): ReturnType<Inference['encode']> {
    const { bundle, inference, maxPicturePixels } = this.#options;
    const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: maxPicturePixels });
    for (let tries = 1; ; tries++) {
      try {
        return await inference.encode(input, condition);
      } catch (error) {
        const again = error instanceof LookdialError && error.code === 'inference-failed' && inference.state !== 'down';
        if (!again || tries === ENCODE_TRIES) throw error;
      }
    }
  }
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
    await mkdir(data, { recursive: true });
    const hold = holdExclusively(join(data, 'indexing.lock'), 'indexing');
    try {
      return await indexHeld({ ...options, data, folder: resolve(options.folder) });
    } finally {
      hold.release();
    }
  } catch (cause) {
    if (typeof (cause as NodeJS.ErrnoException).syscall !== 'string') throw cause;
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
  const encodings = await Encodings.open(data, { encoderDigest, latentDim });
  try {
    const files = new PictureFiles(data);
    const indexer = new StoreIndexer(options, encodings, files, rows.length);
    const { garments, entries, failed } = await indexer.run(rows);
    signal?.throwIfAborted();
    checkSomeEncoded(entries, failed, folder);
    const suspicious = unusualSigmas(entries).map(one => ({ ...one, kind: 'suspicious' as const }));
    const index = buildIndex({ encoderDigest, latentDim, tolerance, entries });
    await files.flush();
    const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE), { create: true });
    try {
      await encodings.replaceIndex(index);
      const store = { name, demonstration, source: folder, stamp, index: sha256(index).toString('hex') };
      catalogue.replace(store, garments, [...failed, ...suspicious]);
    } finally {
      catalogue.close();
    }
    await encodings.empty();
    await files.keepOnly(garments.flatMap(({ picture }) => picture ?? []));
    const { encoded, reused } = indexer.progress;
    const found = { failed, suspicious, rows: problems, notices: encodings.notices };
    return { garments: garments.length, encoded, reused, ...found, indexBytes: index.length };
  } finally {
    await encodings.close();
  }
}
