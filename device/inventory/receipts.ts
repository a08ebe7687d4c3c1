/** What orders have been carried out, so that one that comes again gets the answer it got, and changes nothing. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';
import type { Receipt } from './stock-ledger.ts';

/** The newest so many are kept, and none longer than this, milliseconds. */
export const KEPT_RECEIPTS = 10_000;
export const KEPT_MS = 24 * 3_600_000;
/** Sources that count their orders. */
export const MAX_SOURCES = 1_000;
/** Old ones looked at after each transaction. */
const PRUNED_AT_ONCE = 500;

const nameOf = (receipt: Receipt): string =>
  receipt.kind === 'key' ? receipt.key : JSON.stringify([receipt.source, receipt.epoch, receipt.sequence]);

const mismatch = (detail: string): never => {
  throw new LookdialError('sequence-mismatch', detail, { field: 'seq' });
};

export class Receipts {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #pruneCount: StatementSync;
  readonly #pruneAge: StatementSync;
  readonly #source: StatementSync;
  readonly #sources: StatementSync;
  readonly #putSource: StatementSync;
  /** The latest time that was written, and when it was, milliseconds of `performance.now()`. */
  #newest: number;
  #newestAt = performance.now();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT asked, answer FROM receipt WHERE kind = ? AND name = ?');
    this.#put = database.prepare('INSERT INTO receipt (kind, name, asked, answer, at) VALUES (?, ?, ?, ?, ?)');
    this.#pruneCount = database.prepare('DELETE FROM receipt WHERE place <= (SELECT max(place) FROM receipt) - ?');
    this.#pruneAge = database.prepare(
      'DELETE FROM receipt WHERE place IN (SELECT place FROM receipt ORDER BY place LIMIT ?) AND at < ?',
    );
    this.#source = database.prepare('SELECT epoch, sequence FROM stock_source WHERE name = ?');
    this.#sources = database.prepare('SELECT count(*) AS n FROM stock_source');
    this.#putSource = database.prepare('INSERT OR REPLACE INTO stock_source VALUES (?, ?, ?)');
    this.#newest = Number(database.prepare('SELECT coalesce(max(at), 0) AS at FROM receipt').get()?.at);
  }

  /**
   * The answer that the order got when it came before; undefined where it is its turn now.
   * @param asked a digest of all that it asks
   * @throws LookdialError `idempotency-conflict` where another was known by the same; `sequence-mismatch` where it is
   *   neither one of those that are kept nor the next
   */
  find(receipt: Receipt, asked: Uint8Array): string | undefined {
    const found = this.#find.get(receipt.kind, nameOf(receipt));
    if (found === undefined) {
      if (receipt.kind === 'sequence') this.#checkTurn(receipt);
      return undefined;
    }
    if (found.asked instanceof Uint8Array && Buffer.compare(found.asked, asked) === 0) return String(found.answer);
    const what = receipt.kind === 'key' ? 'This key' : `Seq ${receipt.sequence} of epoch ${receipt.epoch}`;
    throw new LookdialError(
      'idempotency-conflict',
      `${what} came before with another body, and was carried out as that said.`,
      {
        field: receipt.kind === 'key' ? 'idempotency-key' : 'seq',
      },
    );
  }

  put(receipt: Receipt, asked: Uint8Array, answer: string, now: number): void {
    this.#put.run(receipt.kind, nameOf(receipt), asked, answer, this.#time(now));
    if (receipt.kind === 'sequence') this.#putSource.run(receipt.source, receipt.epoch, receipt.sequence);
  }

  /** Lets go of what is too old or too much. */
  prune(now: number): void {
    this.#pruneCount.run(KEPT_RECEIPTS);
    this.#pruneAge.run(PRUNED_AT_ONCE, this.#time(now) - KEPT_MS);
  }

  /**
   * A time that does not go back: the box's clock may be set back by a year, and forward again when its time server answers. What was
   * carried out meanwhile would seem a year old then, be forgotten, and be carried out once more.
   */
  #time(now: number): number {
    const steady = performance.now();
    const time = now >= this.#newest ? now : Math.floor(this.#newest + steady - this.#newestAt);
    this.#newest = time;
    this.#newestAt = steady;
    return time;
  }

  #checkTurn({ source, epoch, sequence }: Extract<Receipt, { kind: 'sequence' }>): void {
    const last = this.#source.get(source);
    if (last === undefined) {
      if (Number(this.#sources.get()?.n) >= MAX_SOURCES) {
        throw new LookdialError(
          'invalid-request',
          `This box counts the orders of ${MAX_SOURCES} sources, and of no more.`,
          { field: 'source' },
        );
      }
      if (sequence !== 1) mismatch(`Nothing of the source “${source}” is known here: begin an epoch with seq 1.`);
      return;
    }
    const [lastEpoch, lastSequence] = [Number(last.epoch), Number(last.sequence)];
    if (epoch === lastEpoch && sequence === lastSequence + 1) return;
    if (epoch > lastEpoch && sequence === 1) return;
    const next = `The next of “${source}” is seq ${lastSequence + 1} of epoch ${lastEpoch}, or seq 1 of a later epoch`;
    mismatch(`${next}; this is seq ${sequence} of epoch ${epoch}.`);
  }
}
