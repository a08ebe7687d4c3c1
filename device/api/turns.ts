/**
 * A bounded queue for work that a box can do only so much of at once. What waits and is no longer wanted is dropped before it starts;
 * what does not fit is refused at once, so that a flood costs the flooder an answer and the box nothing.
 */
import { LookdialError } from '../errors.ts';

interface Waiting {
  readonly start: () => void;
}

export class Turns {
  readonly #what: string;
  readonly #running: number;
  readonly #waiting: number;
  readonly #queue = new Set<Waiting>();
  #active = 0;

  /**
   * @param what names the work in messages, e.g. "pictures to decode"
   * @param running how many run at once
   * @param waiting how many more may wait
   */
  constructor(what: string, running: number, waiting: number) {
    this.#what = what;
    this.#running = running;
    this.#waiting = waiting;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Waits for a turn, first come first served; call the answer when done. More calls of it do nothing.
   * @throws LookdialError `busy` where too many wait already; the signal's reason where it aborts before the turn comes
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#take()) await this.#wait(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  /** Runs `work` in its turn: at once, before this returns, where a place is free. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return this.#take() ? this.#finish(work) : this.#wait(signal).then(() => this.#finish(work));
  }

  #take(): boolean {
    if (this.#active >= this.#running) return false;
    this.#active += 1;
    return true;
  }

  async #finish<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#queue.size >= this.#waiting) {
      const text = `There are already ${this.#waiting} ${this.#what} waiting. Ask again in a second.`;
      return Promise.reject(new LookdialError('busy', text));
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#queue.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.add(waiting);
    });
  }

  /** Hands the turn to the one who waited longest; `active` stays as it is then. */
  #leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#active -= 1;
      return;
    }
    this.#queue.delete(next);
    next.start();
  }
}
