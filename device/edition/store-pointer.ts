/** The store that is served, for whoever was made before it was open. */
import { LookdialError } from '../errors.ts';
import type { LiveStore } from './live-store.ts';

export class StorePointer {
  #store: LiveStore | undefined;

  set(store: LiveStore): void {
    this.#store = store;
  }

  /** @throws LookdialError `not-ready` until there is one */
  current(): LiveStore {
    if (this.#store !== undefined) return this.#store;
    throw new LookdialError('not-ready', 'The store is still being opened. Ask again in a second.');
  }

  /** Arrivals and departures that wait to be written; none before there is a store. */
  get waiting(): number {
    return this.#store?.waiting ?? 0;
  }

  /** Closes the store, where there is one. */
  async close(): Promise<void> {
    await this.#store?.close();
  }
}
