/**
 * The search of a store, off the event loop: exact, one query after another, each cancelled by a newer one of its stream. Small
 * stores are searched where they are asked, for that is faster than a thread.
 */
import { LookdialError } from '../errors.ts';
import { checkQuery, FlatSearch, type SearchAnswer, type SearchQuery } from '../matching/flat-search.ts';
import { EncodingIndex, garmentsOf, type IndexExpectation } from '../matching/index-file.ts';
import type { IndexEntry } from '../matching/index-writer.ts';
import type { Posterior } from '../matching/posterior.ts';
import { cancelQuery } from '../matching/scan/answer.ts';
import { SCAN_FROM } from '../matching/scan/choices.ts';
import { SearchCancelled } from '../matching/scan/scan-part.ts';
import { SharedStore, type SharedStoreOptions, TAIL_CAPACITY } from '../matching/scan/shared-store.ts';
import { loadKernel } from './kernel-file.ts';
import { LiveGarments } from './live-garments.ts';
import { SearchPool } from './search-pool.ts';

export { SearchCancelled } from '../matching/scan/scan-part.ts';

export interface SearchOptions {
  /** The query is dropped, or stopped at its next region. */
  readonly signal?: AbortSignal;
  /** Of one stream (a screen, a finger) only the newest query matters: it cancels those before it. */
  readonly stream?: string;
}

export interface StoreSearchOptions extends SharedStoreOptions {
  /** Searches without threads below so many garments while nothing has changed; `SCAN_FROM` unless given. */
  readonly scanFrom?: number;
}

interface Job {
  readonly query: SearchQuery;
  readonly stream: string | undefined;
  readonly settle: PromiseWithResolvers<SearchAnswer>;
  /** Nobody waits any more. */
  cancelled: boolean;
}

export class StoreSearch {
  /** The garments as they are now. */
  readonly garments: LiveGarments;
  /** The index where nothing is shared yet: as long as a small store has not changed. */
  readonly #flat: FlatSearch | undefined;
  readonly #make: () => SharedStore;
  #made: SharedStore | undefined;
  #pool: Promise<SearchPool> | undefined;
  #waiting: (Job | (() => void))[] = [];
  #running: Job | undefined;
  /** Settles when nothing waits any more. */
  #draining: Promise<void> | undefined;
  #closed = false;
  #restarts = 0;
  /** Something has come or gone, or waits to. */
  #changed = false;

  /**
   * @param bytes an index file, whole, not to be changed; that of a large store is copied into the memory the threads share
   * @throws IndexError as `EncodingIndex.open`
   */
  constructor(bytes: Uint8Array, expected: IndexExpectation, options: StoreSearchOptions = {}) {
    this.#make = () => SharedStore.of(bytes, expected, options);
    this.garments = new LiveGarments(
      () => this.index,
      () => this.#made,
      options.tailCapacity ?? TAIL_CAPACITY,
    );
    if (garmentsOf(bytes) < (options.scanFrom ?? SCAN_FROM)) {
      this.#flat = new FlatSearch(EncodingIndex.open(bytes, expected));
      return;
    }
    this.#made = this.#make();
    this.#threads().catch(() => undefined);
  }

  /** The index: of a small store a view of the bytes it was made of, else of the memory that the threads share. */
  get index(): EncodingIndex {
    return this.#flat?.index ?? this.#store.index;
  }

  /** Rows that a filter has a byte for: the index's, then those added since. */
  get rows(): number {
    return this.#made?.rows ?? this.index.count;
  }

  /** Garments that can be found. */
  get size(): number {
    return this.#made?.size ?? this.index.count;
  }

  /** How often the threads were started anew, because one had ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Queries and changes that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * @throws MatchingError for a query that cannot be answered; SearchCancelled; LookdialError `internal` where a thread failed
   */
  async search(query: SearchQuery, { signal, stream }: SearchOptions = {}): Promise<SearchAnswer> {
    if (signal?.aborted) throw new SearchCancelled();
    if (this.#flat !== undefined && !this.#changed) return this.#flat.search(query);
    checkQuery(query, this.#store.layout.latentDim, this.#rowsOf(query));
    const job: Job = { query: copyOf(query), stream, settle: Promise.withResolvers(), cancelled: false };
    if (stream !== undefined) this.#cancelStream(stream);
    const abort = (): void => this.#cancel(job);
    signal?.addEventListener('abort', abort, { once: true });
    this.#enqueue(job);
    return job.settle.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Has the threads started that a large store is searched by, or a small one once it changes: no query waits for them then. */
  async warm(): Promise<void> {
    const { latentDim } = this.#store.layout;
    const query = { z: new Float64Array(latentDim), k: 1 };
    const job: Job = { query, stream: undefined, settle: Promise.withResolvers(), cancelled: false };
    this.#enqueue(job);
    await job.settle.promise;
  }

  /** The same where threads search: a small store that has not changed is searched without. */
  async ready(): Promise<void> {
    if (this.#flat === undefined || this.#changed) await this.warm();
  }

  /**
   * Adds a garment, or replaces its encoding; queries asked after it see it.
   * @throws TailFullError where the index must be built anew first
   */
  insert(sku: string, posterior: Posterior): Promise<void> {
    return this.#change(() => this.#store.insert(sku, posterior));
  }

  /** Takes a garment away. @returns whether it was there */
  remove(sku: string): Promise<boolean> {
    return this.#change(() => this.#store.remove(sku));
  }

  /** Every garment that can be found, to build the next index from. */
  entries(): Generator<IndexEntry> {
    return this.#store.entries();
  }

  /** Ends the threads. Queries that wait are cancelled. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running !== undefined) this.#cancel(this.#running);
    for (const job of this.#waiting) if (typeof job !== 'function') this.#cancel(job);
    await this.#draining;
    const pool = await this.#pool?.catch(() => undefined);
    await pool?.close();
  }

  get #store(): SharedStore {
    this.#made ??= this.#make();
    return this.#made;
  }

  /** How many rows a query's filter should have: it may be from before some of the tail came. */
  #rowsOf({ allowed }: SearchQuery): number {
    const { rows, index } = this.#store;
    return allowed !== undefined && allowed.length >= index.count && allowed.length < rows ? allowed.length : rows;
  }

  #threads(): Promise<SearchPool> {
    this.#pool ??= loadKernel()
      .then(
        kernel =>
          new SearchPool(this.#store, kernel, () => {
            this.#restarts += 1;
          }),
      )
      .catch(error => {
        this.#pool = undefined;
        throw error;
      });
    return this.#pool;
  }

  /** Changes the store between two queries, for threads read it while they search. */
  #change<T>(change: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#changed = true;
    this.#enqueue(() => {
      try {
        resolve(change());
        this.garments.changed();
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  #enqueue(job: Job | (() => void)): void {
    if (this.#closed) throw new LookdialError('not-ready', 'The store’s search has been closed.');
    this.#waiting.push(job);
    if (this.#draining !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#draining = promise;
    void this.#drain().then(resolve);
  }

  /** Takes what waits, one after another. Never rejects: what fails is told to who asked. */
  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (typeof next === 'function') next();
      else await this.#answer(next);
    }
    this.#draining = undefined;
  }

  async #answer(job: Job): Promise<void> {
    if (job.cancelled) return;
    // From here on, so that it can be cancelled while the threads start.
    this.#running = job;
    try {
      const pool = await this.#threads();
      if (job.cancelled) throw new SearchCancelled();
      const answer = await pool.search(withRows(job.query, this.#store.rows), true);
      if (job.cancelled) throw new SearchCancelled();
      job.settle.resolve(answer);
    } catch (error) {
      job.settle.reject(error);
    } finally {
      this.#running = undefined;
    }
  }

  #cancelStream(stream: string): void {
    if (this.#running?.stream === stream) this.#cancel(this.#running);
    for (const job of this.#waiting) if (typeof job !== 'function' && job.stream === stream) this.#cancel(job);
  }

  #cancel(job: Job): void {
    job.cancelled = true;
    if (job === this.#running) cancelQuery(this.#store);
    else job.settle.reject(new SearchCancelled());
  }
}

/** Garments that came after the filter was made are none that it allows. */
function withRows(query: SearchQuery, rows: number): SearchQuery {
  if (query.allowed === undefined || query.allowed.length === rows) return query;
  const allowed = new Uint8Array(rows);
  allowed.set(query.allowed);
  return { ...query, allowed };
}

/** The query as it is now, whatever the caller does to it while it waits. */
function copyOf(query: SearchQuery): SearchQuery {
  const { z, on, allowed } = query;
  return {
    ...query,
    z: Float64Array.from(z),
    ...(on && { on: [...on] }),
    ...(allowed && { allowed: allowed.slice() }),
  };
}
