import { ApiError, type Asked, DaemonGone, type Point } from '../lib/api.ts';
import type { Picture } from '../lib/dial-answer.ts';
import type { Look } from './look.ts';

interface Looks {
  /** A look in sight that has no picture; undefined where all have theirs. */
  readonly undrawn: Look | undefined;
  fill(look: Look, picture: Picture): void;
}

/**
 * Looks that the shopper passed faster than they were drawn: their pictures are asked for once the hand rests and all else is
 * there, one at a time, and no more of them as soon as it moves.
 */
export class Passed {
  readonly #api: Pick<Asked, 'generate'>;
  readonly #looks: Looks;
  readonly #pointOf: (look: Look) => Point;
  #resting = false;
  #busy = false;

  constructor(api: Pick<Asked, 'generate'>, looks: Looks, pointOf: (look: Look) => Point) {
    this.#api = api;
    this.#looks = looks;
    this.#pointOf = pointOf;
  }

  /** The hand moves. */
  stop(): void {
    this.#resting = false;
  }

  /** The hand rests, and everything else is there. What does not come is asked for when it rests the next time. */
  async fetch(): Promise<void> {
    this.#resting = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#resting) {
        const look = this.#looks.undrawn;
        if (look === undefined) return;
        this.#looks.fill(look, await this.#api.generate(this.#pointOf(look)));
      }
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof DaemonGone)) throw error;
    } finally {
      this.#busy = false;
    }
  }
}
