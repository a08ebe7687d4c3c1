/** Tells screens which garments have changed: at once where it has been quiet, and together where much happens. */
import type { EventHub } from '../events.ts';

/** Least time between two events, milliseconds. */
const PAUSE_MS = 100;
/** Garments that an event names; of more it says only that there are. */
export const MOST_NAMED = 50;

export class InventoryNews {
  readonly #events: Pick<EventHub, 'publish'>;
  readonly #skus = new Set<string>();
  #more = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(events: Pick<EventHub, 'publish'>) {
    this.#events = events;
  }

  /** These garments have changed. */
  tell(skus: Iterable<string>): void {
    for (const sku of skus) {
      if (this.#skus.size < MOST_NAMED) this.#skus.add(sku);
      else if (!this.#skus.has(sku)) this.#more = true;
    }
    if (this.#pause === undefined) this.#publish();
  }

  close(): void {
    clearTimeout(this.#pause);
  }

  #publish(): void {
    this.#pause = undefined;
    if (this.#skus.size === 0) return;
    const data = { skus: [...this.#skus], more: this.#more };
    this.#skus.clear();
    this.#more = false;
    this.#pause = setTimeout(() => this.#publish(), PAUSE_MS).unref();
    this.#events.publish({ type: 'inventory', data });
  }
}
