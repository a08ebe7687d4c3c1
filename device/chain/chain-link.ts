/**
 * The chain as the daemon asks it: within a time limit, behind a circuit breaker, through a thread of its own. It never throws
 * anything but `chain-unavailable`, and what it is asked costs the store's own matching nothing.
 */
import { Worker } from 'node:worker_threads';
import { LookdialError, sentenceOf } from '../errors.ts';
import { Breaker, type BreakerOptions, type BreakerState, type Ticket } from './breaker.ts';
import type { ChainGarment } from './chain-rows.ts';
import type { Ranked, RankQuestion, SessionOptions } from './chain-session.ts';

export type Ask =
  | { readonly kind: 'warm' }
  | { readonly kind: 'rank'; readonly question: RankQuestion }
  | { readonly kind: 'garments'; readonly skus: readonly string[] }
  | { readonly kind: 'picture'; readonly sku: string };

export interface WorkerQuestion {
  readonly id: number;
  readonly ask: Ask;
}

export type WorkerAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: string };

export interface ChainMatch extends Ranked {
  readonly garment: ChainGarment;
}

export interface MatchOptions extends RankQuestion {
  readonly k: number;
  /** Whether a garment is to be left out: it hangs here. */
  readonly isHere: (sku: string) => boolean;
}

export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

/** A thread that says nothing for so long after its time limit reads something that has no end, milliseconds. */
const STUCK_MS = 700;
/** Questions at once; more are turned away. */
const MOST_AT_ONCE = 16;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (why: string) => void;
}

export class ChainLink {
  readonly #options: SessionOptions;
  readonly #log: Log;
  readonly #breaker: Breaker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;
  #down = false;

  constructor(options: SessionOptions, log: Log, breaker: Partial<BreakerOptions> = {}) {
    this.#options = options;
    this.#log = log;
    this.#breaker = new Breaker(breaker);
  }

  /** This store's name in the chain's catalogue. */
  get store(): string {
    return this.#options.store;
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  /** Connects, so that the first question does not have to. Says nothing where nobody is there. */
  warm(): void {
    this.#send({ kind: 'warm' }).catch(() => undefined);
  }

  /**
   * The nearest garments that other stores of the chain have, best first.
   * @throws LookdialError `chain-unavailable`; the signal's reason where nobody waits any more
   */
  match({ k, isHere, ...question }: MatchOptions, gone?: AbortSignal): Promise<ChainMatch[]> {
    return this.#within(async () => {
      const ranked = (await this.#send({ kind: 'rank', question })) as Ranked[];
      const nearest = ranked.filter(({ sku }) => !isHere(sku)).slice(0, k);
      if (nearest.length === 0) return [];
      const skus = nearest.map(({ sku }) => sku);
      const garments = (await this.#send({ kind: 'garments', skus })) as ChainGarment[];
      const bySku = new Map(garments.map(garment => [garment.sku, garment]));
      return nearest.flatMap(one => {
        const garment = bySku.get(one.sku);
        return garment === undefined ? [] : [{ ...one, garment }];
      });
    }, gone);
  }

  /** One garment and who has it now; undefined where the chain has none of that SKU. @throws LookdialError `chain-unavailable` */
  garment(sku: string, gone?: AbortSignal): Promise<ChainGarment | undefined> {
    return this.#within(async () => ((await this.#send({ kind: 'garments', skus: [sku] })) as ChainGarment[])[0], gone);
  }

  /** A garment's small picture, WebP; undefined where there is none. @throws LookdialError `chain-unavailable` */
  picture(sku: string, gone?: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#within(async () => (await this.#send({ kind: 'picture', sku })) as Uint8Array | undefined, gone);
  }

  /** Ends the thread; what is under way fails. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#drop('The daemon stops.');
  }

  async #within<T>(run: () => Promise<T>, gone: AbortSignal | undefined): Promise<T> {
    gone?.throwIfAborted();
    const ticket = this.#closed || this.#waiting.size >= MOST_AT_ONCE ? undefined : this.#breaker.admit();
    if (ticket === undefined) throw this.#unavailable();
    const { timeoutMs } = this.#options;
    const end = Promise.withResolvers<never>();
    const leave = (): void => end.reject(gone?.reason);
    const limit = setTimeout(
      () => end.reject(new Error(`The chain’s catalogue did not answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    gone?.addEventListener('abort', leave, { once: true });
    const running = run();
    // It may end after nobody waits for it.
    running.catch(() => undefined);
    try {
      const answer = await Promise.race([running, end.promise]);
      this.#worked(ticket);
      return answer;
    } catch (error) {
      if (gone?.aborted) {
        ticket.gaveUp();
        throw gone.reason;
      }
      this.#failed(ticket, error);
      throw this.#unavailable(error);
    } finally {
      clearTimeout(limit);
      gone?.removeEventListener('abort', leave);
    }
  }

  #worked(ticket: Ticket): void {
    ticket.succeeded();
    if (!this.#down) return;
    this.#down = false;
    this.#log.info('The chain’s catalogue answers again.');
  }

  #failed(ticket: Ticket, error: unknown): void {
    if (!ticket.failed()) return;
    this.#down = true;
    const why = sentenceOf(error);
    this.#log.warn(`${why} This store alone is asked until it answers again.`);
  }

  #unavailable(cause?: unknown): LookdialError {
    return new LookdialError('chain-unavailable', 'This store alone can be asked just now: leave scope out.', {
      cause,
      retryAfter: Math.max(1, Math.ceil(this.#breaker.waitMs / 1_000)),
    });
  }

  async #send(ask: Ask): Promise<unknown> {
    if (this.#closed) throw new Error('The daemon stops.');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject: why => reject(new Error(why)) });
    const stuck =
      ask.kind === 'warm'
        ? undefined
        : setTimeout(() => void this.#drop('The chain’s catalogue sends without an end.', worker), this.#stuckMs);
    worker.postMessage({ id, ask } satisfies WorkerQuestion);
    try {
      return await promise;
    } finally {
      clearTimeout(stuck);
      this.#waiting.delete(id);
    }
  }

  get #stuckMs(): number {
    return this.#options.timeoutMs + STUCK_MS;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./chain-worker.ts', import.meta.url), {
      workerData: this.#options,
      // Whatever the environment says of PostgreSQL, the connection's file alone counts.
      env: {},
    });
    worker.unref();
    worker.on('message', (answer: WorkerAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      if ('failure' in answer) waiting?.reject(answer.failure);
      else waiting?.resolve(answer.result);
    });
    const ended = (): void => void this.#drop('The chain’s catalogue answered with what is not PostgreSQL’s.', worker);
    worker.on('error', ended);
    worker.on('exit', ended);
    return worker;
  }

  /** Ends a thread, and fails what waits for it. */
  async #drop(why: string, worker = this.#worker): Promise<void> {
    if (worker === undefined || worker !== this.#worker) return;
    // The next one starts at once, and asks nobody until it is asked: starting takes as long as an answer may.
    this.#worker = this.#closed ? undefined : this.#start();
    for (const { reject } of this.#waiting.values()) reject(why);
    await worker.terminate();
  }
}
