/**
 * Merges a retailer's file and pictures into a state folder. Only what the file says anew is written, so that what the till
 * has said since stays. It may be stopped at any moment and by any means: until its end nothing has changed, and the next run
 * finds every picture encoded that was.
 */
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import { buildIndex } from '../matching/index-file.ts';
import { CATALOGUE_DATABASE, type Problem } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { encodeKept } from './encode-kept.ts';
import { Encodings, settleIndex } from './encodings.ts';
import type { Pictured } from './garment.ts';
import { ImportMerge, type MergeOptions } from './import-merge.ts';
import { type ImportReport, type ImportSource, readRows } from './import-read.ts';
import type { TakenPicture } from './import-rows.ts';
import { ImportStage } from './import-stage.ts';
import { checkSomeTaken } from './index-store.ts';
import { AT_ONCE, type EncodeOptions, type Entry, PictureEncoder } from './picture-encoder.ts';
import { PictureFiles, sha256 } from './picture-files.ts';
import { modelAfter, type RunModel, type StoreMetadata } from './store-record.ts';
import { lastStore } from './store-stamp.ts';
import { unusualSigmas } from './unusual-sigma.ts';
import { holdStateFolder } from './work-folder.ts';

export interface ImportOptions
  extends ImportSource,
    RunModel,
    Pick<EncodeOptions, 'bundle' | 'inference' | 'maxPicturePixels'> {
  /** The bundle of the settings, where an update has brought another in its place. */
  readonly settings?: Bundle;

  /** The store's name on the screen; what it was, or the pictures' folder's, unless said otherwise. */
  readonly name?: string | undefined;
}

/** Somebody else changed the catalogue while the index was made for it. */
class Moved extends Error {}

/** How often the index is made anew for that. */
const MOST_TRIES = 5;

/**
 * Imports a file.
 * @returns what was done, and what was found wrong on the way
 * @throws LookdialError `store-invalid` where the file cannot be read, the state folder cannot be written, or another run is
 * under way; the signal's reason where it was stopped. Then nothing has changed, and what was encoded is kept.
 */
export async function importStore(options: ImportOptions): Promise<ImportReport> {
  const [data, pictures] = [resolve(options.data), resolve(options.pictures)];
  return await holdStateFolder(data, 'importing', async () => {
    const { encoderDigest, manifest } = options.bundle;
    const last = lastStore(data);
    modelAfter(last, options, (options.settings ?? options.bundle).manifest.id);
    await settleIndex(data, last?.index);
    const encodings = await Encodings.open(data, { encoderDigest, latentDim: manifest.latentDim });
    const merge = new ImportMerge(join(data, CATALOGUE_DATABASE));
    const stage = new ImportStage();
    try {
      return await new StoreImport({ ...options, data, pictures }, encodings, merge, stage).run();
    } finally {
      stage.close();
      merge.close();
      await encodings.close();
    }
  });
}

class StoreImport {
  readonly #options: ImportOptions;
  readonly #encodings: Encodings;
  readonly #merge: ImportMerge;
  readonly #stage: ImportStage;
  readonly #files: PictureFiles;
  readonly #encoder: PictureEncoder;

  constructor(options: ImportOptions, encodings: Encodings, merge: ImportMerge, stage: ImportStage) {
    const { pictures, bundle, inference, maxPictureBytes, maxPicturePixels, signal } = options;
    const limits = { maxPictureBytes, maxPicturePixels };
    this.#options = options;
    this.#encodings = encodings;
    this.#merge = merge;
    this.#stage = stage;
    this.#files = new PictureFiles(options.data);
    const encoding = { folder: pictures, bundle, inference, ...limits, ...(signal && { signal }) };
    this.#encoder = new PictureEncoder(encoding, encodings, this.#files);
  }

  async run(): Promise<ImportReport> {
    const { rows, options, notices } = await readRows(this.#options, this.#merge, this.#stage, (row, before) =>
      this.#takePicture(row, before),
    );
    const { problems, failed } = rows;
    const ended = await this.#end(options, failed);
    const told = { notices: [...this.#encodings.notices, ...notices], problems, encoded: this.#encoder.counts.encoded };
    return { ...rows.counts, ...told, ...ended, failed: [...failed, ...ended.failed] };
  }

  async #takePicture(row: CatalogueRow, before: Uint8Array | undefined): Promise<TakenPicture> {
    try {
      const bytes = await this.#encoder.read(row.image);
      const digest = sha256(bytes);
      if (before !== undefined && digest.equals(before)) return { kind: 'same' };
      const { picture } = await this.#encoder.encode(row, bytes);
      return { kind: 'new', digest, picture };
    } catch (error) {
      const source = { folder: this.#options.pictures, image: row.image };
      return { kind: 'fault', fault: { ...this.#encoder.faultOf(row.image, error), source } };
    }
  }

  /** Makes the index of what the catalogue will be, and both of them durable. */
  async #end(
    options: MergeOptions,
    unread: readonly Problem[],
  ): Promise<Pick<ImportReport, 'removed' | 'garments' | 'failed' | 'suspicious' | 'indexBytes'>> {
    const merge = this.#merge;
    for (let tries = 1; ; tries++) {
      const pictured = merge.rehearse(this.#stage, options, () => [...merge.pictured()]);
      const { entries, failed } = await this.#entries(pictured);
      checkSomeTaken(entries.length, [...unread, ...failed], this.#options.pictures);
      const suspicious = unusualSigmas(entries).map(one => ({ ...one, kind: 'suspicious' as const }));
      const index = this.#indexOf(entries);
      await this.#files.flush();
      this.#options.signal?.throwIfAborted();
      try {
        let removed = 0;
        await this.#encodings.replaceIndex(index, () => {
          removed = merge.commit(this.#stage, options, () => {
            if (!sameGarments(pictured, merge.pictured())) throw new Moved();
            return { store: this.#storeOf(index), problems: [...failed, ...suspicious] };
          });
        });
        await this.#encodings.empty();
        // All others go: not only what this run replaced, but what one that was cut short had written, or could not remove.
        await this.#files.keepOnly(merge.pictured().map(({ picture }) => picture));
        return { removed, garments: merge.count, failed, suspicious, indexBytes: index.length };
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
        if (tries === MOST_TRIES) {
          throw new LookdialError(
            'store-invalid',
            'The catalogue does not keep still long enough. Import again in a quiet minute.',
          );
        }
      }
    }
  }

  #indexOf(entries: readonly Entry[]): Uint8Array {
    const { encoderDigest, manifest } = this.#options.bundle;
    const { latentDim, tolerance } = manifest;
    return buildIndex({ encoderDigest, latentDim, tolerance, entries });
  }

  /** The encodings of these garments. What this model has not seen yet is encoded from the picture that was kept. */
  #entries(pictured: readonly Pictured[]): Promise<{ entries: Entry[]; failed: Problem[] }> {
    const { data, signal, onProgress } = this.#options;
    return encodeKept(pictured, { data, encoder: this.#encoder, lanes: AT_ONCE, onProgress, signal });
  }

  #storeOf(index: Uint8Array): StoreMetadata {
    const { store } = this.#merge;
    const { pictures, catalogue } = this.#options;
    const digest = sha256(index).toString('hex');
    const { bundle, settings = bundle } = this.#options;
    const model = modelAfter(store, this.#options, settings.manifest.id);
    if (store !== undefined && (!store.demonstration || catalogue === undefined)) {
      const imported = catalogue === undefined ? {} : { imported: true };
      return {
        ...store,
        model: undefined,
        name: this.#options.name ?? store.name,
        index: digest,
        ...imported,
        ...model,
      };
    }
    const name = this.#options.name ?? basename(pictures);
    return { name, demonstration: false, source: pictures, stamp: '', index: digest, imported: true, ...model };
  }
}

/** Whether the index that was made of the one is that of the other, too. */
function sameGarments(made: readonly Pictured[], now: Iterable<Pictured>): boolean {
  const keyOf = ({ sku, category, picture }: Pictured): string => JSON.stringify([sku, category, picture.hash]);
  const expected = new Set(made.map(keyOf));
  let count = 0;
  for (const one of now) {
    if (!expected.has(keyOf(one))) return false;
    count++;
  }
  return count === expected.size;
}
