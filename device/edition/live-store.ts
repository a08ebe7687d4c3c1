/**
 * A store that lives: what arrives and leaves is on the disk and in the search before it is answered, and the index is built
 * anew beside them. What is written in which order is in docs/arrivals.md: the catalogue's row decides, so that a crash at any
 * moment leaves a garment as it was or as it is to be.
 */
import { LookdialError, sentenceOf } from '../errors.ts';
import type { EventHub } from '../events.ts';
import { InTurn } from '../in-turn.ts';
import type { Catalogue, Problem } from '../inventory/catalogue.ts';
import { Compaction } from './compaction.ts';
import type { Edition } from './edition.ts';
import type { EditionHolder } from './holder.ts';
import { type Arrival, changeOf, type Job, notThere, OtherEncoder, refusalOf, WaitingJobs } from './live-commit.ts';
import { type Change, LiveEdition, openerOf } from './live-edition.ts';
import { encodeAgain, encodeArrival } from './mend.ts';
import { changeModel, type Model, type NextModel } from './model-change.ts';
import { StoreDisk, type StoreReading } from './store-disk.ts';

export interface LiveStoreOptions extends Model {
  /** The state folder. */
  readonly data: string;
  readonly catalogue: Catalogue;
  readonly editions: EditionHolder;
  readonly events: EventHub;
  readonly log: { info(text: string): void; warn(text: string): void };
  readonly maxPicturePixels: number;
  /** How long after a change the index is built anew, milliseconds. */
  readonly compactAfterMs?: number;
  /** How often it is looked for an index that another process made, milliseconds. */
  readonly pollMs?: number;
  /** Encodings that may come before the index must be built anew; 1,024 unless given. */
  readonly tailCapacity?: number;
}

const POLL_MS = 2_000;
/** Changes that are flushed together. */
const MOST_TOGETHER = 64;
/** SKUs that an event names. */
const MOST_NAMED = 200;

export class LiveStore {
  readonly #options: LiveStoreOptions;
  readonly #disk: StoreDisk;
  readonly #closing = new AbortController();
  #model: Model;
  #live: LiveEdition;
  /** Of the index that `#live` was made of. */
  #identity: string;
  /** Of an index that could not be used: it is said once. */
  #refused: string | undefined;
  /** Commits, new indices, and the last step of a compaction. */
  readonly #turns = new InTurn();
  readonly #jobs = new WaitingJobs();
  /** What has been committed since the compaction under way began. */
  #since: Change[] = [];
  readonly #compaction: Compaction;
  #poll: NodeJS.Timeout | undefined;
  readonly #mending = new InTurn();

  /**
   * Opens the store that a state folder holds, and serves it: the holder has an edition when this returns.
   * @throws LookdialError `index-invalid` where there is no index, or it cannot be used with the bundle
   */
  static async open(options: LiveStoreOptions): Promise<LiveStore> {
    const { data, bundle, catalogue, editions, log, pollMs = POLL_MS } = options;
    const disk = new StoreDisk(data, bundle, catalogue);
    const reading = await disk.read();
    for (const notice of reading.notices) log.warn(notice);
    const live = await LiveEdition.of(reading, openerOf({ ...options, disk }));
    const store = new LiveStore(options, disk, live, reading.identity);
    // Another process at work here, or a disk that takes nothing, is no reason not to serve.
    await disk.ifFree(() => disk.tidy(reading.pictures.values())).catch(error => log.warn(sentenceOf(error)));
    editions.swap(store.#live.edition);
    if (store.#live.changes > 0) store.#compaction.soon();
    const look = (): void =>
      void store.refresh().catch(error => log.warn(`The new index is not served: ${sentenceOf(error)}`));
    store.#poll = setInterval(look, pollMs).unref();
    store.#mend(reading);
    return store;
  }

  private constructor(options: LiveStoreOptions, disk: StoreDisk, live: LiveEdition, identity: string) {
    this.#options = options;
    this.#model = options;
    this.#disk = disk;
    this.#live = live;
    this.#identity = identity;
    this.#compaction = new Compaction({
      build: () => this.#compact(),
      afterMs: options.compactAfterMs,
      closing: this.#closing.signal,
      log: options.log,
    });
  }

  /**
   * Gives a garment of the catalogue another picture, and the encoding made of it. When it returns, both are on the disk and
   * the garment is matched by it.
   * @throws LookdialError `item-not-found`, `indexing-under-way`, `write-failed`, `index-invalid`, `not-ready`
   */
  async put(arrival: Arrival): Promise<void> {
    try {
      await this.#commit({ sku: arrival.sku, arrival });
    } catch (error) {
      if (!(error instanceof OtherEncoder)) throw error;
      // It was under way while the model was changed: nobody has to send it again for that.
      const again = await encodeArrival(arrival, { ...this.#options, ...this.#model });
      await this.#commit({ sku: arrival.sku, arrival: again });
    }
  }

  /** Takes a garment out of the store, for good. @throws LookdialError as `put` */
  remove(sku: string): Promise<void> {
    return this.#commit({ sku });
  }

  /**
   * Looks whether another process has made an index, and serves it.
   * @returns whether there was one
   * @throws LookdialError `index-invalid` for one of another model; it is said once, and the old one is served on
   */
  refresh(): Promise<boolean> {
    return this.#turns.do(async () => {
      const identity = await this.#disk.identity();
      if (identity === this.#identity || identity === this.#refused) return false;
      // While it is being written it is not looked at: the next time it is whole.
      return (await this.#disk.ifFree(() => this.#reload())) !== undefined;
    });
  }

  /** Builds the index anew of all that is there, beside what is served, and serves it. Nothing where nothing has changed. */
  compact(): Promise<void> {
    return this.#compaction.now();
  }

  /**
   * Goes over to another model: the whole store is encoded by it beside what is served, and then the index and the model are
   * changed in one moment, on the disk and here. What the store was encoded as before is kept, to go back to.
   * @returns the pictures that the model does not take
   * @throws what `check` throws; LookdialError where the encoder is down, the disk takes nothing or the store is being closed;
   * the signal's reason. Then the store is served as it was.
   */
  changeModel(next: NextModel): Promise<readonly Problem[]> {
    const signal = next.signal ? AbortSignal.any([next.signal, this.#closing.signal]) : this.#closing.signal;
    return changeModel(
      { ...next, signal },
      {
        ...this.#options,
        disk: this.#disk,
        now: () => ({ model: this.#model, live: this.#live }),
        alone: work => this.#turns.do(() => this.#held(work)),
        open: this.#openerOf(next),
        serve: async live => {
          this.#model = next;
          this.#serve(live, await this.#disk.identity());
          if (live.changes > 0) this.#compaction.soon();
        },
      },
    );
  }

  /** Arrivals and departures that wait to be written. */
  get waiting(): number {
    return this.#jobs.size;
  }

  /** Resolves when the pictures that had no encoding have been gone through. */
  get mended(): Promise<void> {
    return this.#mending.ended();
  }

  /** Ends what is under way; what waits to be committed is committed. */
  async close(): Promise<void> {
    this.#closing.abort(new LookdialError('not-ready', 'The store is being closed.'));
    clearInterval(this.#poll);
    await this.#compaction.close();
    await this.#mending.ended();
    await this.#turns.do(() => this.#disk.close());
  }

  /** Makes editions of indices for a model. */
  #openerOf(model: Model, names?: Edition['names']): (indexBytes: Uint8Array) => Promise<Edition> {
    return openerOf({ ...this.#options, ...model, disk: this.#disk, names });
  }

  /** With the folder to itself, and with what others have written meanwhile taken in. */
  #held<T>(work: () => Promise<T>): Promise<T> {
    return this.#disk.held(async () => {
      if ((await this.#disk.identity()) !== this.#identity) await this.#reload();
      return work();
    });
  }

  async #reload(): Promise<void> {
    const { events, log } = this.#options;
    const reading = await this.#disk.read();
    try {
      const next = await LiveEdition.of(reading, this.#openerOf(this.#model));
      await next.edition.search.ready();
      this.#serve(next, reading.identity);
    } catch (error) {
      this.#refused = reading.identity;
      throw error;
    }
    for (const notice of reading.notices) log.warn(notice);
    log.info(`The store was indexed anew, and is served: ${this.#live.edition.id}.`);
    events.publish({ type: 'inventory', data: { skus: [], more: true } });
    this.#mend(reading);
  }

  #serve(live: LiveEdition, identity: string): void {
    this.#live = live;
    this.#identity = identity;
    this.#options.editions.swap(live.edition);
    this.#options.events.publish({ type: 'edition', data: { edition: live.edition.id } });
  }

  #commit(job: Omit<Job, 'settle'>): Promise<void> {
    const done = this.#jobs.add(job);
    void this.#turns.do(() => this.#commitWaiting());
    return done;
  }

  async #commitWaiting(): Promise<void> {
    const jobs = this.#jobs.take(Math.min(MOST_TOGETHER, this.#options.tailCapacity ?? MOST_TOGETHER));
    if (jobs.length === 0) return;
    try {
      await this.#held(() => this.#write(jobs));
    } catch (error) {
      for (const { settle } of jobs) settle.reject(error);
    }
  }

  async #write(jobs: readonly Job[]): Promise<void> {
    const { events } = this.#options;
    const taken = jobs.filter(job => this.#isTaken(job));
    if (taken.length === 0) return;
    if (this.#live.edition.garments.room < taken.length)
      await this.#adopt(await this.#live.buildNext(this.#closing.signal), []);
    const arrivals = taken.flatMap(({ arrival }) => arrival ?? []);
    const changes = taken.map(changeOf);
    for (const { picture, bytes } of arrivals) await this.#disk.keepPicture(picture, bytes);
    await this.#disk.append(changes);
    const removed = taken.flatMap(({ sku, arrival }) => (arrival === undefined ? [sku] : []));
    const found = this.#disk.change(arrivals, removed);
    const made = changes.filter(({ sku }) => found.has(sku));
    await this.#live.apply(made);
    if (this.#compaction.isUnderWay) this.#since.push(...made);
    for (const { sku, settle } of taken) if (found.has(sku)) settle.resolve();
    for (const { sku, settle } of taken) if (!found.has(sku)) settle.reject(notThere(sku));
    const skus = made.slice(0, MOST_NAMED).map(({ sku }) => sku);
    if (skus.length > 0) events.publish({ type: 'inventory', data: { skus, more: made.length > skus.length } });
    this.#compaction.soon(this.#live.isLow ? 0 : undefined);
  }

  /** Whether a change can be made; who asked for one that cannot is told. */
  #isTaken(job: Job): boolean {
    const refusal = refusalOf(job, { ...this.#options, ...this.#model });
    if (refusal !== undefined) job.settle.reject(refusal);
    return refusal === undefined;
  }

  async #compact(): Promise<void> {
    const live = this.#live;
    if (live.changes === 0 && !this.#disk.hasOrphans) return;
    this.#since = [];
    const bytes = await live.buildNext(this.#closing.signal);
    await this.#turns.do(() =>
      this.#held(async () => {
        // Another process's index may have come meanwhile: it has all that is in the catalogue.
        if (this.#live === live) await this.#adopt(bytes, this.#since);
      }),
    );
  }

  /** Puts an index in place of the one that is served, on the disk and here. The folder must be held. */
  async #adopt(bytes: Uint8Array, since: readonly Change[]): Promise<void> {
    const { names } = this.#live.edition;
    const next = new LiveEdition(await this.#openerOf(this.#model, names)(bytes));
    try {
      await next.edition.search.ready();
      await next.apply(since);
      await this.#disk.replaceIndex(bytes, since);
    } catch (error) {
      await next.edition.search.close();
      throw error;
    }
    this.#serve(next, await this.#disk.identity());
    await this.#disk.forgetOrphans();
  }

  /** Encodes what has a picture and no encoding, one after another, beside what is served. */
  #mend({ pictures }: StoreReading): void {
    const has = (sku: string): boolean => this.#live.edition.garments.rowOf(sku) >= 0;
    const missing = [...pictures].flatMap(([sku, picture]) => (picture !== null && !has(sku) ? [sku] : []));
    const { signal } = this.#closing;
    const ways = { has, put: (arrival: Arrival) => this.put(arrival), signal };
    void this.#mending.do(() => encodeAgain(missing, { ...this.#options, ...this.#model, ...ways }));
  }
}
