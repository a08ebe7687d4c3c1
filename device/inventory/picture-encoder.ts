/** The pictures of a store, each encoded once: what is known from before is taken, what is new goes into the log at once. */
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { formatOf, readPicture } from '../inference/pictures.ts';
import type { Posterior } from '../matching/posterior.ts';
import type { Problem } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import type { Encodings } from './encodings.ts';
import type { GarmentPicture, GarmentRecord } from './garment.ts';
import { inLanes } from './lanes.ts';
import { conditionOf, encodedFrom } from './picture-digest.ts';
import { type PictureFiles, sha256 } from './picture-files.ts';
import { type Fault, PICTURE_FAULTS } from './problem-table.ts';
import { StorePictures } from './store-folder.ts';

/** Pictures under way at once: as many as libuv has threads to decode them, and two being read or encoded. */
export const AT_ONCE = 6;
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

export interface EncodeOptions {
  /** The store's folder. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'encode' | 'state'>;
  /** Reads the pictures; the daemon's own threads unless said otherwise. */
  readonly read?: typeof readPicture;
  readonly maxPicturePixels: number;
  readonly maxPictureBytes: number;
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly signal?: AbortSignal;
}

/** A row of the index to be. */
export interface Entry extends Posterior {
  readonly sku: string;
  readonly pictureSha256: Uint8Array;
}

/** What of a garment its encoding depends on, beside the picture. */
export type EncodedAs = Pick<CatalogueRow, 'sku' | 'category'>;

/** What became of the garments, in no order. */
export interface Work {
  readonly garments: GarmentRecord[];
  readonly entries: Entry[];
  readonly failed: Problem[];
}

export class PictureEncoder {
  readonly #options: EncodeOptions;
  readonly #encodings: Encodings;
  readonly #source: StorePictures;
  readonly #files: PictureFiles;
  #encoded = 0;
  #reused = 0;

  constructor(options: EncodeOptions, encodings: Encodings, files: PictureFiles) {
    this.#options = options;
    this.#encodings = encodings;
    this.#source = new StorePictures(options.folder, options.maxPictureBytes);
    this.#files = files;
  }

  /** Pictures that the encoder has been asked about, and those it had been asked about before. */
  get counts(): { readonly encoded: number; readonly reused: number } {
    return { encoded: this.#encoded, reused: this.#reused };
  }

  /** Encodes the garments of a store. */
  async run(rows: readonly CatalogueRow[]): Promise<Work> {
    const { onProgress, signal } = this.#options;
    const work: Work = { garments: [], entries: [], failed: [] };
    const tell = (): void => {
      const { garments, failed } = work;
      onProgress?.({ total: rows.length, done: garments.length, ...this.counts, failed: failed.length });
    };
    const settle = async (row: CatalogueRow): Promise<void> => {
      const { image, ...described } = row;
      let picture: GarmentPicture | null = null;
      try {
        const encoded = await this.encode(row, await this.read(image));
        picture = encoded.picture;
        work.entries.push(encoded.entry);
      } catch (error) {
        const source = { folder: this.#options.folder, image };
        work.failed.push({ sku: row.sku, kind: 'not-encoded', ...this.faultOf(image, error), source });
      }
      work.garments.push({ ...described, picture });
      tell();
    };
    tell();
    await inLanes(rows, AT_ONCE, settle, signal);
    return work;
  }

  /** The bytes of a picture of the store's folder. @throws LookdialError as `StorePictures.read` */
  read(image: string): Promise<Buffer> {
    return this.#source.read(image, this.#options.signal);
  }

  /** What is wrong with a picture, with a sentence. @throws the error itself where it is about anything else */
  faultOf(image: string, error: unknown): Fault {
    if (!(error instanceof LookdialError)) throw error;
    const fault = PICTURE_FAULTS.find(code => code === error.code);
    if (fault === undefined || (fault === 'inference-failed' && this.#options.inference.state === 'down')) throw error;
    return { fault, reason: `${image}: ${error.message}` };
  }

  /** The encoding of a picture that is known; undefined where it has to be encoded. */
  entryOf({ sku, category }: EncodedAs, digest: Uint8Array): Entry | undefined {
    const pictureSha256 = this.#digestOf(digest, category);
    const posterior = this.#encodings.find(pictureSha256);
    return posterior === undefined ? undefined : { sku, pictureSha256, ...posterior };
  }

  /** Encodes a picture that is not known yet, and keeps it and its encoding. @throws LookdialError see `faultOf` */
  async encode({ sku, category }: EncodedAs, bytes: Buffer): Promise<{ picture: GarmentPicture; entry: Entry }> {
    const digest = sha256(bytes);
    let entry = this.entryOf({ sku, category }, digest);
    if (entry === undefined) {
      const posterior = await this.#ask(bytes, conditionOf(this.#options.bundle.manifest, category));
      entry = { sku, pictureSha256: this.#digestOf(digest, category), ...posterior };
      await this.#encodings.append({ kind: 'put', ...entry });
      this.#encoded++;
    } else {
      this.#reused++;
    }
    const picture = { hash: digest.toString('hex'), type: `image/${formatOf(bytes)}` };
    await this.#files.put(picture, bytes);
    return { picture, entry };
  }

  /** What an encoding is known by: its picture, and the kind that a conditional encoder was told (models/INDEX.md). */
  #digestOf(digest: Uint8Array, category: string | null): Uint8Array {
    return encodedFrom(digest, conditionOf(this.#options.bundle.manifest, category));
  }

  async #ask(bytes: Uint8Array, condition: string | undefined): ReturnType<Inference['encode']> {
    const { bundle, inference, maxPicturePixels, read = readPicture } = this.#options;
    const input = await read(bytes, bundle.manifest.encoder.input, { maxPixels: maxPicturePixels });
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
