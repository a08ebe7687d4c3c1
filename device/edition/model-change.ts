/**
 * The encodings of a whole store by another model, made beside the one that is served. What has been encoded is kept as it
 * goes, so that a run that was cut off is gone on with.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { PictureReader } from '../inference/picture-reader.ts';
import type { Catalogue, Problem } from '../inventory/catalogue.ts';
import { makeFolderDurably } from '../inventory/durable.ts';
import { encodeKept } from '../inventory/encode-kept.ts';
import { Encodings } from '../inventory/encodings.ts';
import type { Pictured } from '../inventory/garment.ts';
import type { IndexedRows } from '../inventory/live-encodings.ts';
import { conditionOf, encodedFrom } from '../inventory/picture-digest.ts';
import { type Entry, PictureEncoder } from '../inventory/picture-encoder.ts';
import { PictureFiles } from '../inventory/picture-files.ts';
import type { StoreModel } from '../inventory/store-record.ts';
import { unusualSigmas } from '../inventory/unusual-sigma.ts';
import type { PutRecord } from '../matching/encoding-log.ts';
import { buildIndex } from '../matching/index-file.ts';
import type { Edition, EditionParts } from './edition.ts';
import { encoderFolder, keepEncodersOnly, keepIndex, seedIndex } from './kept-encodings.ts';
import { LiveEdition } from './live-edition.ts';
import { buildNextIndex } from './next-index.ts';
import type { StoreDisk } from './store-disk.ts';

/** A model, and the nets that run it. */
export type Model = Pick<EditionParts, 'bundle' | 'inference'>;

/** A model to go over to. */
export interface NextModel extends Model, Pick<ModelChangeOptions, 'onProgress' | 'pace' | 'signal'> {
  /** What the catalogue is to say of it; undefined: it is the one of the settings. */
  readonly model: StoreModel | undefined;
  /** What is left is not to be gone back to. */
  readonly goesBack?: boolean;
  /** An index that its encoder made elsewhere: what it has of this store's pictures is not encoded again. */
  readonly ready?: Uint8Array | undefined;
  /** Encodes the store, where that is not to be done by the nets that are to serve. */
  readonly encodes?: Pick<Inference, 'encode' | 'state'>;
  /**
   * Looks at the edition before it is served; what it throws is the end of it.
   * @param failed pictures that the model does not take
   */
  readonly check?: (edition: Edition, failed: readonly Problem[]) => Promise<void>;
  /** It is about to be served. */
  readonly aboutToServe?: () => Promise<void>;
}

/** What of a store that lives this needs. */
export interface ChangingStore extends Pick<ModelChangeOptions, 'data' | 'catalogue' | 'maxPicturePixels'> {
  readonly disk: StoreDisk;
  readonly log: { warn(text: string): void };
  /** What is served. */
  now(): { readonly model: Model; readonly live: LiveEdition };
  /** With the folder to itself, and nothing else arriving. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Makes an edition of an index of the next model's. */
  open(indexBytes: Uint8Array): Promise<Edition>;
  serve(live: LiveEdition): Promise<void>;
}

/** Garments that may be encoded while nothing else can arrive. */
const MOST_AT_THE_END = 8;

/** One: whoever dials has the other cores. */
const LANES = 1;
/** Garments read from the catalogue at once: about a millisecond of the event loop. */
const PAGE = 500;

export interface ModelChangeOptions {
  /** The state folder. */
  readonly data: string;
  readonly catalogue: Catalogue;
  readonly bundle: Bundle;
  /** Encodes; it need not be the one that is to serve. */
  readonly inference: Pick<Inference, 'encode' | 'state'>;
  readonly maxPicturePixels: number;
  /** Of the pictures that the model has not seen yet. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly pace?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Prepared {
  /** The index of every garment that could be encoded. */
  readonly indexBytes: Uint8Array;
  /** Encoded, with a sigma far outside the usual. */
  readonly suspicious: readonly Problem[];
}

export class ModelChange {
  readonly #options: ModelChangeOptions;
  readonly #encodings: Encodings;
  readonly #encoder: PictureEncoder;
  readonly #reader = new PictureReader();
  /** Pictures that this model does not take, by SKU: they are not tried again. */
  readonly #failed = new Map<string, { readonly picture: string; readonly problem: Problem }>();

  /** @throws LookdialError where the folder of its encodings cannot be used */
  static async open(options: ModelChangeOptions): Promise<ModelChange> {
    const { encoderDigest, manifest } = options.bundle;
    const folder = encoderFolder(options.data, encoderDigest);
    await makeFolderDurably(folder);
    return new ModelChange(options, await Encodings.open(folder, { encoderDigest, latentDim: manifest.latentDim }));
  }

  private constructor(options: ModelChangeOptions, encodings: Encodings) {
    const { data, bundle, inference, maxPicturePixels, signal } = options;
    this.#options = options;
    this.#encodings = encodings;
    // Pictures are read from the state folder alone, where they were kept as small as they had to be when they came.
    const maxPictureBytes = Number.MAX_SAFE_INTEGER;
    const read: PictureReader['read'] = (...asked) => this.#reader.read(...asked);
    const limits = { maxPicturePixels, maxPictureBytes };
    const encoding = { folder: data, bundle, inference, read, ...limits, ...(signal && { signal }) };
    this.#encoder = new PictureEncoder(encoding, encodings, new PictureFiles(data));
  }

  /**
   * Encodes what the model has not seen, and builds the index of all there is.
   * @throws LookdialError where the encoder is down or the disk takes nothing; the signal's reason
   */
  async prepare(): Promise<Prepared> {
    const { bundle, signal } = this.#options;
    const { encoderDigest, manifest } = bundle;
    const { latentDim, tolerance } = manifest;
    const entries = await this.encode(await this.#garments());
    const bytes = buildIndex({ encoderDigest, latentDim, tolerance, entries: [] });
    const added = entries.map((entry): PutRecord => ({ kind: 'put', ...entry }));
    const job = { bytes, encoderDigest, latentDim, tolerance, replaced: [], added };
    const indexBytes = await buildNextIndex(job, signal);
    return { indexBytes, suspicious: unusualSigmas(entries).map(one => ({ ...one, kind: 'suspicious' })) };
  }

  /** Pictures that the model does not take. */
  get failed(): Problem[] {
    return [...this.#failed.values()].map(({ problem }) => problem);
  }

  /** The garments that an index has not, or has by another picture. */
  async stale(index: IndexedRows & { rowOf(sku: string): number }): Promise<Pictured[]> {
    const { manifest } = this.#options.bundle;
    return (await this.#garments()).filter(({ sku, category, picture }) => {
      const row = index.rowOf(sku);
      const digest = row < 0 ? undefined : index.pictureSha256(row);
      const right = encodedFrom(Buffer.from(picture.hash, 'hex'), conditionOf(manifest, category));
      return digest === undefined || Buffer.compare(digest, right) !== 0;
    });
  }

  /** The garments' encodings, without those that cannot be made. What the model has not seen is encoded. */
  async encode(garments: readonly Pictured[]): Promise<Entry[]> {
    const { data, onProgress, signal, pace } = this.#options;
    const options = { data, encoder: this.#encoder, lanes: LANES, onProgress, signal, pace };
    const { entries, failed } = await encodeKept(garments, options);
    const pictures = new Map(garments.map(({ sku, picture }) => [sku, picture.hash]));
    for (const problem of failed) {
      this.#failed.set(problem.sku, { picture: pictures.get(problem.sku) ?? '', problem });
    }
    return entries;
  }

  /** What has been encoded stays. */
  async close(): Promise<void> {
    await this.#reader.close();
    await this.#encodings.close();
  }

  /** All that have a picture, without those whose picture the model does not take. */
  async #garments(): Promise<Pictured[]> {
    const found: Pictured[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page = this.#options.catalogue.pictured(after, PAGE);
      found.push(...page.filter(({ sku, picture }) => this.#failed.get(sku)?.picture !== picture.hash));
      after = page.length < PAGE ? undefined : page.at(-1)?.sku;
      await nextTurn();
    }
    return found;
  }
}

/**
 * Goes over to another model: see `LiveStore.changeModel`.
 * @returns the pictures that the model does not take
 */
export async function changeModel(next: NextModel, store: ChangingStore): Promise<readonly Problem[]> {
  const { bundle } = store.now().model;
  if (next.bundle.encoderDigest === bundle.encoderDigest) await keep(store, next.signal);
  if (next.ready !== undefined) await seedIndex(store.data, next.bundle.encoderDigest, next.ready);
  const change = await ModelChange.open({ ...store, ...next, inference: next.encodes ?? next.inference });
  try {
    for (;;) {
      const prepared = await change.prepare();
      const edition = await store.open(prepared.indexBytes);
      let moved = false;
      try {
        await edition.search.ready();
        await next.check?.(edition, change.failed);
        moved = await store.alone(() => move(change, prepared, edition, next, store));
        if (moved) return change.failed;
      } finally {
        // Not moved: it failed, or more has arrived than the store can be held up for, and little is left to encode.
        if (!moved) await edition.search.close();
      }
    }
  } finally {
    await change.close();
  }
}

/** Keeps what the store is encoded as. @returns the encoder's digest */
async function keep({ data, now }: ChangingStore, signal: AbortSignal | undefined): Promise<string> {
  const { model, live } = now();
  await keepIndex(data, model.bundle.encoderDigest, await live.buildNext(signal));
  return model.bundle.encoderDigest;
}

/** The last step. @returns false where too much has arrived meanwhile */
async function move(
  change: ModelChange,
  { indexBytes, suspicious }: Prepared,
  edition: Edition,
  next: NextModel,
  store: ChangingStore,
): Promise<boolean> {
  const { data, disk, log } = store;
  const stale = await change.stale(edition.index);
  if (stale.length > MOST_AT_THE_END) return false;
  const records = (await change.encode(stale)).map((entry): PutRecord => ({ kind: 'put', ...entry }));
  const pictures = await disk.pictures();
  const live = await LiveEdition.of({ indexBytes, records, pictures }, async () => edition);
  const before = await keep(store, next.signal);
  const problems = [...change.failed, ...suspicious];
  // What fails here fails while the disk still says the model before.
  await next.aboutToServe?.();
  await disk.changeModel(indexBytes, records, { ...next, problems });
  await store.serve(live);
  // What was kept of the new encoder is in the index now.
  await keepEncodersOnly(data, new Set([before])).catch(error => log.warn(String(error)));
  return true;
}
