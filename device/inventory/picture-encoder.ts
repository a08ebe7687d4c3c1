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
import { StorePictures } from './store-folder.ts';

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

export interface EncodeOptions {
  /** The store's folder. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'encode' | 'state'>;
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
  readonly #total: number;
  #encoded = 0;
  #reused = 0;
  readonly #work: Work = { garments: [], entries: [], failed: [] };

  constructor(options: EncodeOptions, encodings: Encodings, files: PictureFiles, total: number) {
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
    const condition = conditionOf(this.#options.bundle.manifest, category);
    const pictureSha256 = encodedFrom(digest, condition);
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
