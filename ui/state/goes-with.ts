import type { GoesWithRequest } from '../../device/api/choice-schemas.ts';
import type { Match } from '../../device/api/match-schemas.ts';
import { ApiError, type Asked, DaemonGone } from '../lib/api.ts';
import { Latest } from '../lib/latest.ts';

/** Garments on the shelf. */
const MATCHES = 8;
const NONE: readonly Match[] = [];

/** Garments of other kinds that go with a point. It is asked after the store's own matches; whatever becomes of it, they are not touched. */
export class GoesWith {
  readonly #api: Pick<Asked, 'goesWith'>;
  readonly #latest: Latest<GoesWithRequest, readonly Match[]>;
  #asked: GoesWithRequest | undefined;

  /** Best first. */
  matches: readonly Match[] = NONE;

  constructor(api: Pick<Asked, 'goesWith'>, changed: () => void) {
    this.#api = api;
    this.#latest = new Latest(
      question => this.#find(question),
      found => {
        // Another question waits, or nobody looks any more: it is not for them.
        if (this.#latest.behind || this.#asked === undefined) return;
        this.matches = found;
        changed();
      },
      error => {
        throw error;
      },
    );
  }

  ask(question: Omit<GoesWithRequest, 'k'>): void {
    this.#asked = { ...question, k: MATCHES };
    this.#latest.put(this.#asked);
  }

  /** The stock has changed: the same again. */
  askAgain(): void {
    if (this.#asked !== undefined) this.#latest.put(this.#asked);
  }

  forget(): void {
    this.#asked = undefined;
    this.matches = NONE;
  }

  async #find(question: GoesWithRequest): Promise<readonly Match[]> {
    try {
      return (await this.#api.goesWith(question)).matches;
    } catch (error) {
      if (error instanceof ApiError || error instanceof DaemonGone) return NONE;
      throw error;
    }
  }
}
