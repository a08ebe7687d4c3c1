/**
 * A circuit breaker: after so many failures in a row nobody waits any more for what does not answer. After a pause one question
 * tries it; where that fails too, the pause is twice as long, up to a bound.
 */

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** The first pause, milliseconds. */
  readonly pauseMs: number;
  /** The longest pause, milliseconds. */
  readonly longestMs: number;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** A question that may be asked. Exactly one of the three is called when it ends. */
export interface Ticket {
  succeeded(): void;
  /** @returns whether the breaker has opened by it */
  failed(): boolean;
  /** Nobody waited for the answer: that says nothing. */
  gaveUp(): void;
}

const USUAL: BreakerOptions = { failures: 3, pauseMs: 2_000, longestMs: 60_000, now: () => performance.now() };

export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #pauseMs: number;
  /** When a question may try again; undefined while it is closed. */
  #until: number | undefined;
  /** The question that tries it. */
  #trial: Ticket | undefined;

  constructor(options: Partial<BreakerOptions> = {}) {
    this.#options = { ...USUAL, ...options };
    this.#pauseMs = this.#options.pauseMs;
  }

  get state(): BreakerState {
    if (this.#until === undefined) return 'closed';
    return this.waitMs > 0 ? 'open' : 'half-open';
  }

  /** Milliseconds until a question may try; 0 where one may now. */
  get waitMs(): number {
    return this.#until === undefined ? 0 : Math.max(0, this.#until - this.#options.now());
  }

  /** A ticket where a question may be asked now; undefined where it would wait in vain. */
  admit(): Ticket | undefined {
    if (this.#until !== undefined && (this.#trial !== undefined || this.waitMs > 0)) return undefined;
    const ticket: Ticket = {
      succeeded: () => this.#close(),
      failed: () => this.#failed(ticket),
      gaveUp: () => this.#leave(ticket),
    };
    if (this.#until !== undefined) this.#trial = ticket;
    return ticket;
  }

  #close(): void {
    this.#failures = 0;
    this.#trial = undefined;
    this.#until = undefined;
    this.#pauseMs = this.#options.pauseMs;
  }

  #failed(ticket: Ticket): boolean {
    const { failures, longestMs, now } = this.#options;
    if (ticket === this.#trial) {
      this.#trial = undefined;
      this.#pauseMs = Math.min(longestMs, 2 * this.#pauseMs);
      this.#until = now() + this.#pauseMs;
      return false;
    }
    this.#failures += 1;
    // What was under way when it opened says nothing new.
    if (this.#until !== undefined || this.#failures < failures) return false;
    this.#until = now() + this.#pauseMs;
    return true;
  }

  #leave(ticket: Ticket): void {
    if (ticket === this.#trial) this.#trial = undefined;
  }
}
