/**
 * The state folder of a store as the daemon writes to it: the lock that keeps other writers out, the log of encodings, the
 * index and the pictures. docs/arrivals.md has the order that things are written in, and why.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import { CATALOGUE_DATABASE, type Catalogue } from '../inventory/catalogue.ts';
import { EncodingLogFile, readLogFile, writeFailed } from '../inventory/encoding-log-file.ts';
import { INDEX_FILE, LOG_FILE, replaceIndex, settleIndex } from '../inventory/encodings.ts';
import { LOCK_FILE, tryHold } from '../inventory/exclusive.ts';
import type { GarmentPicture, PictureChange } from '../inventory/garment.ts';
import { PictureFiles, sha256 } from '../inventory/picture-files.ts';
import type { ModelChanged } from '../inventory/store-record.ts';
import type { LogExpectation, LogRecord } from '../matching/encoding-log.ts';
import { readIndexFile } from './edition.ts';

/** Garments read from the catalogue at once: about a millisecond of the event loop. */
const PAGE = 500;
/** A run that ends while the folder is read ends once. */
const TRIES = 3;

/** What the folder holds at one moment. */
export interface StoreReading {
  readonly indexBytes: Uint8Array;
  readonly records: readonly LogRecord[];
  /** Of every garment; null where it has none. */
  readonly pictures: ReadonlyMap<string, GarmentPicture | null>;
  /** Another one once another process has written the index. */
  readonly identity: string;
  readonly notices: readonly string[];
}

export class StoreDisk {
  readonly #data: string;
  #expected: LogExpectation;
  readonly #catalogue: Catalogue;
  readonly #pictures: PictureFiles;
  #log: EncodingLogFile | undefined;
  /** Pictures that may be no garment's any more, by their hashes. */
  readonly #orphans = new Map<string, GarmentPicture>();

  constructor(data: string, bundle: Bundle, catalogue: Catalogue) {
    this.#data = data;
    this.#expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
    this.#catalogue = catalogue;
    this.#pictures = new PictureFiles(data);
  }

  get indexPath(): string {
    return join(this.#data, INDEX_FILE);
  }

  /** Tells one writing of the index from another: an index is renamed into place, and then noted in the catalogue. */
  async identity(): Promise<string> {
    const found = await stat(this.indexPath, { bigint: true }).catch(() => undefined);
    return `${found?.ino}/${found?.mtimeNs}/${found?.size}/${this.#catalogue.store?.index}`;
  }

  /**
   * Reads what is there. It changes nothing but what a crash left half done, so that it may be done while another process holds the folder.
   * @throws LookdialError `index-invalid` where there is no index
   */
  async read(): Promise<StoreReading> {
    for (let tries = 1; ; tries += 1) {
      await settleIndex(this.#data, this.#catalogue.store?.index);
      const identity = await this.identity();
      const indexBytes = await readIndexFile(this.indexPath);
      const { records, notices } = await readLogFile(join(this.#data, LOG_FILE), this.#expected);
      const pictures = await this.pictures();
      if (tries === TRIES || identity === (await this.identity())) {
        return { indexBytes, records, pictures, identity, notices };
      }
    }
  }

  /** Does work with the folder to itself. @returns undefined where another process holds it */
  async ifFree<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    const hold = tryHold(join(this.#data, LOCK_FILE));
    if (hold === undefined) return undefined;
    try {
      return { value: await work() };
    } finally {
      hold.release();
    }
  }

  /** The same. @throws LookdialError `indexing-under-way` where another process holds it */
  async held<T>(work: () => Promise<T>): Promise<T> {
    const done = await this.ifFree(work);
    if (done !== undefined) return done.value;
    throw new LookdialError(
      'indexing-under-way',
      'Another program is writing this store’s index. Send it again when that has ended.',
    );
  }

  /** Cuts a torn tail off the log, and removes pictures of no garment. The folder must be held. */
  async tidy(pictures: Iterable<GarmentPicture | null>): Promise<void> {
    await this.#openLog();
    await this.#pictures.keepOnly([...pictures].filter(picture => picture !== null));
  }

  /** Puts a picture on the disk, durably. The folder must be held. @throws LookdialError `write-failed` */
  async keepPicture(picture: GarmentPicture, bytes: Uint8Array): Promise<void> {
    try {
      await this.#pictures.put(picture, bytes);
      await this.#pictures.flush();
    } catch (cause) {
      throw writeFailed(`A picture in ${this.#data}`, cause);
    }
  }

  /** The folder must be held. @throws LookdialError `write-failed` */
  async append(records: readonly LogRecord[]): Promise<void> {
    await (await this.#openLog()).append(records);
  }

  /** Changes the catalogue, durably. @returns of the SKUs those that there were @throws LookdialError `write-failed` */
  change(pictures: readonly PictureChange[], removed: readonly string[]): Set<string> {
    for (const sku of [...pictures.map(one => one.sku), ...removed]) {
      const before = this.#catalogue.item(sku)?.picture;
      if (before) this.#orphans.set(before.hash, before);
    }
    try {
      return this.#catalogue.change(pictures, removed);
    } catch (cause) {
      throw writeFailed(join(this.#data, CATALOGUE_DATABASE), cause);
    }
  }

  /**
   * Makes `bytes` the index, and begins the log anew with what has come since they were built. The folder must be held.
   * @throws LookdialError `write-failed`; then the old index is there, or the new one with the old log, which changes nothing
   */
  async replaceIndex(bytes: Uint8Array, since: readonly LogRecord[]): Promise<void> {
    const log = await this.#openLog();
    const index = sha256(bytes).toString('hex');
    try {
      await replaceIndex(this.#data, bytes, () => this.#catalogue.setIndex(index));
    } catch (cause) {
      throw writeFailed(this.indexPath, cause);
    }
    await log.replace(since);
  }

  /**
   * The same with another model, which is the catalogue's in the same moment. The folder must be held.
   * @throws LookdialError `write-failed`; then all is as it was
   */
  async changeModel(
    bytes: Uint8Array,
    since: readonly LogRecord[],
    { bundle, ...change }: ModelChanged & { readonly bundle: Bundle },
  ): Promise<void> {
    const index = sha256(bytes).toString('hex');
    try {
      await replaceIndex(this.#data, bytes, () => this.#catalogue.setModel(index, change));
    } catch (cause) {
      throw writeFailed(this.indexPath, cause);
    }
    await this.close();
    this.#expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
    // It is done. A log of the other encoder is begun anew when it is opened, and what is lost of it is encoded again.
    await this.#openLog()
      .then(log => log.replace(since))
      .catch(() => undefined);
  }

  /** Whether there are pictures that may be no garment's any more. */
  get hasOrphans(): boolean {
    return this.#orphans.size > 0;
  }

  /** Removes the pictures that were garments' before changes made here, and are no garment's now. */
  async forgetOrphans(): Promise<void> {
    const pictures = [...this.#orphans.values()];
    this.#orphans.clear();
    const used = this.#catalogue.picturesInUse(pictures.map(({ hash }) => hash));
    await this.#pictures.remove(pictures.filter(({ hash }) => !used.has(hash)));
  }

  async close(): Promise<void> {
    await this.#log?.close();
    this.#log = undefined;
  }

  /** Opened when it is first written to, and again where another process has written to it. */
  async #openLog(): Promise<EncodingLogFile> {
    if (this.#log !== undefined && (await this.#log.isOurs())) return this.#log;
    await this.close();
    try {
      this.#log = await EncodingLogFile.open(join(this.#data, LOG_FILE), this.#expected);
      return this.#log;
    } catch (cause) {
      throw writeFailed(join(this.#data, LOG_FILE), cause);
    }
  }

  /** Of every garment; null where it has none. */
  async pictures(): Promise<Map<string, GarmentPicture | null>> {
    const pictures = new Map<string, GarmentPicture | null>();
    let after = '';
    for (;;) {
      const page = this.#catalogue.pictures(after, PAGE);
      for (const [sku, picture] of page) pictures.set(sku, picture);
      if (page.length < PAGE) return pictures;
      after = page.at(-1)?.[0] ?? after;
      await nextTurn();
    }
  }
}
