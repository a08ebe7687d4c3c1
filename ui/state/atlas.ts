import { ApiError, type Asked, DaemonGone } from '../lib/api.ts';
import { type Filters, filterOf, NO_FILTERS } from '../lib/filters.ts';
import type { Sheet } from '../lib/map-answer.ts';
import { type Clock, clock } from '../lib/rest.ts';

/** A map that is being drawn is asked for again after so long, milliseconds. */
const AGAIN_MS = 2_000;

/** The map of the store, while somebody looks at it. Says `change` whenever something to be seen has changed. */
export class Atlas extends EventTarget {
  readonly #api: Pick<Asked, 'map'>;
  readonly #clock: Clock;
  /** What is asked last counts. */
  #question = 0;
  #looking = false;
  #loading = false;
  /** The store has changed since the map was asked for. */
  #stale = false;

  sheet: Sheet | undefined;
  /** The map is being drawn: there is none to show yet. */
  drawing = false;
  /** The kind that is shown alone; undefined shows every kind. */
  kind: string | undefined;
  /** What the shopper wants beside the kind: what does not pass is there, and steps back. */
  filters: Filters = NO_FILTERS;

  constructor(api: Pick<Asked, 'map'>, time: Clock = clock) {
    super();
    this.#api = api;
    this.#clock = time;
  }

  /** Somebody looks at the map. */
  async open(kind: string | undefined, filters: Filters): Promise<void> {
    this.#looking = true;
    if (this.#want(kind, filters)) this.sheet = undefined;
    await this.#load();
  }

  /** Shows other garments alone. */
  async show(kind: string | undefined, filters: Filters): Promise<void> {
    if (this.#want(kind, filters)) await this.#load();
  }

  /** @returns whether that is anything else than before */
  #want(kind: string | undefined, filters: Filters): boolean {
    if (kind === this.kind && filters === this.filters) return false;
    this.kind = kind;
    this.filters = filters;
    return true;
  }

  /** The store is not what it was. However often that is said, one question is under way. */
  async lookAgain(): Promise<void> {
    if (!this.#looking) return;
    this.#stale = true;
    if (this.#loading) return;
    await this.#load();
  }

  close(): void {
    this.#looking = false;
    this.#question += 1;
    this.#loading = false;
    this.drawing = false;
  }

  async #load(): Promise<void> {
    const question = ++this.#question;
    this.#loading = true;
    this.#stale = false;
    try {
      const sheet = await this.#api.map(filterOf(this.kind, this.filters));
      if (question !== this.#question) return;
      this.#loading = false;
      this.drawing = false;
      // Most of what is sold changes nothing here: what has been laid out stays.
      if (this.sheet === undefined || !isSame(sheet, this.sheet)) this.sheet = sheet;
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof DaemonGone)) throw error;
      if (question !== this.#question) return;
      this.#loading = false;
      this.drawing = this.sheet === undefined;
      this.#clock.after(AGAIN_MS, () => {
        if (this.#looking && question === this.#question) void this.#load();
      });
    }
    this.dispatchEvent(new Event('change'));
    if (this.#stale) await this.lookAgain();
  }
}

/** Whether everything lies where it lay, and the same garments pass. */
const isSame = (one: Sheet, other: Sheet): boolean =>
  one.edition === other.edition &&
  one.skus.length === other.skus.length &&
  one.skus.every((sku, at) => sku === other.skus[at] && one.passes[at] === other.passes[at]);
