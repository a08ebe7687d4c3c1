import type { Facets } from '../../device/api/choice-schemas.ts';
import type { Filter } from '../../device/api/match-schemas.ts';
import { ApiError, type Asked, DaemonGone } from '../lib/api.ts';
import { Latest } from '../lib/latest.ts';
import type { Clock } from '../lib/rest.ts';

/** Least time between two counts while the stock changes, milliseconds. */
export const COUNT_AGAIN_MS = 500;

/** What there is to choose among, with how many garments each choice would leave: kept up with the stock while somebody looks. */
export class Choosing {
  readonly #time: Clock;
  readonly #latest: Latest<Filter, Facets | undefined>;
  #filter: Filter = {};
  #pausing = false;
  #stale = false;
  #watched = false;

  /** Undefined until the daemon has counted once. */
  facets: Facets | undefined;

  constructor(api: Pick<Asked, 'facets'>, time: Clock, changed: () => void) {
    this.#time = time;
    this.#latest = new Latest(
      filter =>
        api.facets(filter).catch(error => {
          if (error instanceof ApiError || error instanceof DaemonGone) return undefined;
          throw error;
        }),
      facets => {
        // What was counted last is better than nothing while the daemon is away.
        if (facets === undefined || this.#latest.behind) return;
        this.facets = facets;
        changed();
      },
      error => {
        throw error;
      },
    );
  }

  /** Somebody looks at the choices: they are counted now, and again as the stock changes. */
  watch(filter: Filter): void {
    this.#watched = true;
    this.#filter = filter;
    this.#latest.put(filter);
  }

  unwatch(): void {
    this.#watched = false;
  }

  /** The shopper has gone. */
  forget(): void {
    this.unwatch();
    this.#filter = {};
    this.facets = undefined;
  }

  get watched(): boolean {
    return this.#watched;
  }

  /** The stock has changed. */
  heard(): void {
    if (!this.#watched) return;
    if (this.#pausing) {
      this.#stale = true;
      return;
    }
    this.#pausing = true;
    this.#latest.put(this.#filter);
    this.#time.after(COUNT_AGAIN_MS, () => {
      this.#pausing = false;
      if (!this.#stale) return;
      this.#stale = false;
      this.heard();
    });
  }
}
