/**
 * The queue in front of the ledger. What comes while a transaction is being flushed goes into the next one together: the more
 * there is to write, the more of it shares a flush.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { isDatabaseDamaged, isDiskFull, LookdialError } from '../errors.ts';
import type { Garment } from './garment.ts';
import { type Order, type Outcome, StockLedger } from './stock-ledger.ts';

/** Changes in one transaction: a few milliseconds, so that nobody waits long behind a flood. */
const MOST_TOGETHER = 2_000;
/** Changes that may wait; what is more is refused at once. */
const MOST_WAITING = 20_000;
const SQLITE_BUSY = 5;

/** An order that was carried out. */
export type Carried = Exclude<Outcome, { refused: unknown }>;

/** Why nothing was written, as it can be told from one thread to another. */
interface Failure {
  readonly errcode?: number | undefined;
  readonly message: string;
  readonly isFull?: boolean;
  readonly isDamaged?: boolean;
}

export type WriterAnswer = { readonly outcomes: readonly Outcome[] } | { readonly failure: Failure };

/** What the writer's thread begins with. */
export interface WriterStart {
  readonly path: string;
  readonly name: string;
}

interface Waiting {
  readonly order: Order;
  readonly settle: PromiseWithResolvers<Carried>;
}

export function failureOf(error: unknown): Failure {
  const { errcode, message } = error as { errcode?: number; message: string };
  return { errcode, message, isFull: isDiskFull(error), isDamaged: isDatabaseDamaged(error) };
}

const weightOf = (order: Order): number => (order.kind === 'stock' ? order.changes.length : 1);

/** @param failure what SQLite or the thread said */
function writeFailed({ errcode, message, isFull, isDamaged }: Failure): LookdialError {
  if (isFull) {
    return new LookdialError(
      'disk-full',
      `The catalogue could not be written: ${message}. Free some space on the box’s disk, and send it again.`,
    );
  }
  if (isDamaged) {
    return new LookdialError(
      'store-invalid',
      `The catalogue is damaged: ${message}. On the box, npm run doctor -- databases says what to do.`,
    );
  }
  if (errcode === SQLITE_BUSY)
    return new LookdialError('busy', 'An import is being written. Send it again in a second.');
  // Nobody knows what it had done: with the same key or number it is carried out once all the same.
  return errcode === undefined
    ? new LookdialError(
        'internal',
        `The catalogue’s writer ended: ${message}. Send it again with the same key or number.`,
      )
    : new LookdialError(
        'write-failed',
        `The catalogue could not be written: ${message}. Look after the box’s disk, and send it again.`,
      );
}

/** Where the ledger runs: a thread of its own for a file, this one for a catalogue that is in memory alone. */
interface Desk {
  carryOut(orders: readonly Order[]): Promise<WriterAnswer>;
  close(): void;
}

class ThreadDesk implements Desk {
  readonly #start: WriterStart;
  #worker: Worker | undefined;

  constructor(start: WriterStart) {
    this.#start = start;
  }

  async carryOut(orders: readonly Order[]): Promise<WriterAnswer> {
    this.#worker ??= new Worker(new URL('./catalogue-writer-worker.ts', import.meta.url), { workerData: this.#start });
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<WriterAnswer>();
    const ended = (reason: unknown): void => {
      this.#worker = undefined;
      resolve({ failure: { message: reason instanceof Error ? reason.message : 'its thread ended' } });
    };
    worker.once('message', resolve).once('error', ended).once('exit', ended);
    // The thread keeps the process alive only while somebody waits for it.
    worker.ref();
    worker.postMessage(orders);
    const answer = await promise;
    worker.off('message', resolve).off('error', ended).off('exit', ended);
    worker.unref();
    return answer;
  }

  close(): void {
    void this.#worker?.terminate();
  }
}

class OwnDesk implements Desk {
  readonly #ledger: StockLedger;

  constructor(database: DatabaseSync, name: string) {
    this.#ledger = new StockLedger(database, name);
  }

  async carryOut(orders: readonly Order[]): Promise<WriterAnswer> {
    try {
      return { outcomes: this.#ledger.apply(orders) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  close(): void {
    // The connection is its owner's to close.
  }
}

export class CatalogueWriter {
  /** What the catalogue calls this writer: what it has written last, everyone here has been told of. */
  readonly name = randomUUID();
  readonly #desk: Desk;
  readonly #begin: () => (garments: readonly Garment[]) => void;
  #waiting: Waiting[] = [];
  #weight = 0;
  #writing = false;

  /**
   * @param where the catalogue's file, or the connection to one that is in memory
   * @param begin is called when orders are about to be written; what it returns is given the garments that have changed,
   *   before whoever ordered it is answered
   */
  constructor(where: string | DatabaseSync, begin: () => (garments: readonly Garment[]) => void) {
    this.#desk =
      typeof where === 'string' ? new ThreadDesk({ path: where, name: this.name }) : new OwnDesk(where, this.name);
    this.#begin = begin;
  }

  /**
   * Carries an order out; it is on the disk when the promise resolves.
   * @throws LookdialError the ledger's refusal; `busy`; `disk-full`, `write-failed` or `store-invalid`, and then nothing is changed; `internal`, where nobody knows
   */
  async write(order: Order): Promise<Carried> {
    const weight = weightOf(order);
    if (this.#weight + weight > MOST_WAITING) {
      throw new LookdialError(
        'busy',
        `There are already ${this.#weight} changes waiting to be written. Send it again in a second.`,
      );
    }
    const settle = Promise.withResolvers<Carried>();
    this.#waiting.push({ order, settle });
    this.#weight += weight;
    if (!this.#writing) void this.#drain();
    return await settle.promise;
  }

  close(): void {
    this.#desk.close();
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#take();
      const tell = this.#begin();
      const answer = await this.#desk.carryOut(group.map(({ order }) => order));
      for (const [place, { settle }] of group.entries()) {
        const outcome = 'outcomes' in answer ? answer.outcomes[place] : undefined;
        if (outcome === undefined)
          settle.reject(writeFailed('failure' in answer ? answer.failure : { message: 'it was lost' }));
        else if ('refused' in outcome) settle.reject(refusal(outcome.refused));
        else {
          tell(outcome.garments);
          settle.resolve(outcome);
        }
      }
    }
    this.#writing = false;
  }

  /** As many of those that wait as go into one transaction. */
  #take(): Waiting[] {
    let weight = 0;
    let count = 0;
    for (const { order } of this.#waiting) {
      if (count > 0 && weight + weightOf(order) > MOST_TOGETHER) break;
      weight += weightOf(order);
      count++;
    }
    this.#weight -= weight;
    return this.#waiting.splice(0, count);
  }
}

const refusal = ({ code, message, field }: Extract<Outcome, { refused: unknown }>['refused']): LookdialError =>
  new LookdialError(code, message, field === undefined ? {} : { field });
