import { ApiError, type Asked, DaemonGone, type Garment } from '../lib/api.ts';
import { isAbout, type StoreNews } from '../lib/store-events.ts';
import type { Kept } from './kept.ts';

/** How a kept garment is now: as the store has it, or gone out of it. */
export type OnShelf = Garment | 'gone';

/** What the store says now of each garment that is kept: sizes sell while somebody makes up their mind. */
export class Shelf {
  readonly #api: Pick<Asked, 'item'>;
  readonly #kept: Kept;
  readonly #changed: () => void;
  #known = new Map<string, OnShelf>();
  /** Grows whenever something is known of a garment that was not. */
  version = 0;

  constructor(api: Pick<Asked, 'item'>, kept: Kept, changed: () => void) {
    this.#api = api;
    this.#kept = kept;
    this.#changed = changed;
  }

  /** Undefined until it has been asked for. */
  of(sku: string): OnShelf | undefined {
    return this.#known.get(sku);
  }

  /** Keeps a garment that is looked at, or lets it go. @returns false where no more can be kept */
  keep(garment: Garment): boolean {
    this.#known.set(garment.sku, garment);
    if (!this.#kept.has(garment.sku)) return this.#kept.add(garment);
    this.#kept.remove(garment.sku);
    return true;
  }

  heard(news: StoreNews): void {
    for (const garment of this.#kept.garments) if (isAbout(news, [garment])) void this.#look(garment.sku);
  }

  forget(): void {
    this.#known = new Map();
  }

  async #look(sku: string): Promise<void> {
    const known = this.#known;
    try {
      known.set(sku, await this.#api.item(sku));
    } catch (error) {
      if (error instanceof DaemonGone) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'item-not-found') known.set(sku, 'gone');
    }
    this.version += 1;
    this.#changed();
  }
}
