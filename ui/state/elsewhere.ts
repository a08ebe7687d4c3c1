import type { ChainMatch, Hold } from '../../device/api/chain-schemas.ts';
import type { Asked, Question } from '../lib/api.ts';
import { ApiError, DaemonGone } from '../lib/api.ts';
import { Latest } from '../lib/latest.ts';

/** Garments on the strip. */
const MATCHES = 12;

/** How it went with asking the chain: nothing yet, an answer, or that this store alone could be asked. */
export type ElsewhereState = 'nothing-yet' | 'answered' | 'store-alone';

/** A garment that is to be held, and how that went. */
export type Holding =
  | { readonly state: 'asking'; readonly sku: string; readonly store: string }
  | { readonly state: 'held'; readonly sku: string; readonly store: string; readonly hold: Hold }
  | { readonly state: 'refused'; readonly sku: string; readonly store: string; readonly code: string };

/**
 * What the other stores of the chain have of what is dialled. It is asked beside the store's own matches and after them: whatever
 * becomes of it, they are not touched.
 */
export class Elsewhere {
  readonly #api: Pick<Asked, 'elsewhere' | 'hold'>;
  readonly #changed: () => void;
  readonly #latest: Latest<Question, readonly ChainMatch[] | undefined>;

  #asked = false;
  /** The hold asked for last: what becomes of an earlier one, or of one for a shopper who has gone, is not for whoever stands here. */
  #holds = 0;

  state: ElsewhereState = 'nothing-yet';
  /** Nearest first. */
  matches: readonly ChainMatch[] = [];
  /** The one that is looked at. */
  looked: ChainMatch | undefined;
  holding: Holding | undefined;

  constructor(api: Pick<Asked, 'elsewhere' | 'hold'>, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
    this.#latest = new Latest(
      question => this.#find(question),
      found => {
        // Another question waits: its answer is the one to show. Or whoever asked has gone.
        if (this.#latest.behind || !this.#asked) return;
        this.state = found === undefined ? 'store-alone' : 'answered';
        this.matches = found ?? [];
        changed();
      },
      error => {
        throw error;
      },
    );
  }

  /** The hand rests: asks for what is dialled now. */
  ask(question: Question): void {
    this.#asked = true;
    this.#latest.put({ ...question, k: MATCHES });
  }

  look(sku: string): void {
    this.looked = this.matches.find(match => match.sku === sku);
    this.#changed();
  }

  /** Asks a store to hold a garment. */
  async hold(sku: string, store: string, size?: string): Promise<void> {
    const number = ++this.#holds;
    this.#hold({ state: 'asking', sku, store });
    let holding: Holding;
    try {
      const hold = await this.#api.hold({ sku, store, ...(size === undefined ? {} : { size }) });
      holding = { state: 'held', sku, store, hold };
    } catch (error) {
      holding = { state: 'refused', sku, store, code: codeOf(error) };
    }
    if (number === this.#holds) this.#hold(holding);
  }

  /** The garment was put away, and with it what was said of its hold. */
  forget(): void {
    this.looked = undefined;
    this.holding = undefined;
    this.#changed();
  }

  /** The shopper has gone. */
  leave(): void {
    this.#asked = false;
    this.#holds += 1;
    this.looked = undefined;
    this.state = 'nothing-yet';
    this.matches = [];
    this.holding = undefined;
  }

  #hold(holding: Holding): void {
    this.holding = holding;
    this.#changed();
  }

  /** Undefined where only this store could be asked: nobody at the screen can do anything about why. */
  async #find(question: Question): Promise<readonly ChainMatch[] | undefined> {
    try {
      return (await this.#api.elsewhere(question)).matches;
    } catch (error) {
      codeOf(error);
      return undefined;
    }
  }
}

/** The code of what the API threw; anything else is thrown again. */
function codeOf(error: unknown): string {
  if (error instanceof ApiError) return error.code;
  if (error instanceof DaemonGone) return 'not-ready';
  throw error;
}
