/** The threads that search one shared store: a query goes to all of them, and each answers with its part. */
import { Worker } from 'node:worker_threads';
import { LookdialError } from '../errors.ts';
import type { SearchAnswer, SearchQuery } from '../matching/flat-search.ts';
import { clearQuery, joinParts } from '../matching/scan/answer.ts';
import type { StoreLayout } from '../matching/scan/layout.ts';
import { type Part, SearchCancelled } from '../matching/scan/scan-part.ts';
import type { SharedStore } from '../matching/scan/shared-store.ts';

export interface WorkerStart {
  readonly kernel: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly layout: StoreLayout;
  readonly thread: number;
}

export interface WorkerQuestion {
  readonly query: SearchQuery;
  readonly warm: boolean;
}

export type WorkerAnswer = { readonly part: Part } | { readonly cancelled: true } | { readonly failure: string };

/** A thread ended with a query under way. */
class ThreadEnded extends LookdialError {
  constructor(cause: unknown) {
    super('internal', 'A search thread ended while it searched.', { cause });
  }
}

/** What a worker sends back, or that it ended without. */
function ask(worker: Worker, question: WorkerQuestion): Promise<WorkerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
  const ended = (reason: unknown): void => reject(new ThreadEnded(reason));
  worker.once('message', resolve).once('error', ended).once('exit', ended);
  worker.postMessage(question);
  return promise.finally(() => worker.off('message', resolve).off('error', ended).off('exit', ended));
}

/** What a thread needs beside the shared memory, with room: its own garbage is a few kilobytes a query. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 } as const;

export class SearchPool {
  readonly #store: SharedStore;
  readonly #kernel: WebAssembly.Module;
  #workers: Worker[] = [];
  /** A thread has ended, asked or not: all are started anew before the next query. */
  #broken = false;
  readonly #onRestart: () => void;

  /** @param onRestart called whenever the threads are started anew because one has ended */
  constructor(store: SharedStore, kernel: WebAssembly.Module, onRestart: () => void = () => undefined) {
    this.#onRestart = onRestart;
    this.#store = store;
    this.#kernel = kernel;
    this.#start();
  }

  /**
   * Answers one query; the next may be asked when the promise has settled. Where a thread ends meanwhile, all are started anew and
   * asked once more.
   * @param warm whether the threads may start from their last answer
   * @throws SearchCancelled after `cancelQuery`; LookdialError `internal` where a thread failed
   */
  async search(query: SearchQuery, warm: boolean): Promise<SearchAnswer> {
    try {
      return await this.#answer(query, warm);
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error;
      this.#broken = true;
      return await this.#answer(query, warm);
    }
  }

  async #answer(query: SearchQuery, warm: boolean): Promise<SearchAnswer> {
    if (this.#broken) await this.#restart();
    clearQuery(this.#store);
    // Threads keep the process alive only while somebody waits for them.
    for (const worker of this.#workers) worker.ref();
    const asked = await Promise.allSettled(this.#workers.map(worker => ask(worker, { query, warm })));
    for (const worker of this.#workers) worker.unref();
    const parts: Part[] = [];
    for (const one of asked) {
      if (one.status === 'rejected') throw one.reason;
      if ('failure' in one.value) throw new LookdialError('internal', `A search thread failed: ${one.value.failure}`);
      if ('part' in one.value) parts.push(one.value.part);
    }
    if (parts.length < asked.length) throw new SearchCancelled();
    return joinParts(this.#store, query, parts);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map(worker => worker.terminate()));
  }

  #start(): void {
    const { memory, layout } = this.#store;
    this.#workers = layout.work.map((_, thread) => {
      const workerData: WorkerStart = { kernel: this.#kernel, memory, layout, thread };
      const worker = new Worker(new URL('./search-worker.ts', import.meta.url), { workerData, resourceLimits: LIMITS });
      worker.unref();
      worker.on('error', () => undefined);
      worker.once('exit', () => {
        this.#broken ||= this.#workers.includes(worker);
      });
      return worker;
    });
  }

  async #restart(): Promise<void> {
    await this.close();
    this.#broken = false;
    this.#start();
    this.#onRestart();
  }
}
