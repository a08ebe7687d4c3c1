/** A store's garments as they are now: the rows of its index, then those that came since. A filter has a byte for each. */
import type { Garments } from '../matching/garments.ts';
import type { EncodingIndex } from '../matching/index-file.ts';
import type { Posterior } from '../matching/posterior.ts';
import type { SharedStore } from '../matching/scan/shared-store.ts';

export class LiveGarments implements Garments {
  readonly #index: () => EncodingIndex;
  readonly #shared: () => SharedStore | undefined;
  readonly #capacity: number;
  #changes = 0;

  /**
   * @param shared undefined while nothing has changed since the index was built, and nothing is shared
   * @param capacity encodings that may be added to an index
   */
  constructor(index: () => EncodingIndex, shared: () => SharedStore | undefined, capacity: number) {
    this.#capacity = capacity;
    this.#index = index;
    this.#shared = shared;
  }

  get count(): number {
    return this.#shared()?.rows ?? this.#index().count;
  }

  /** Grows whenever a garment comes, goes or gets another encoding. */
  get changes(): number {
    return this.#changes;
  }

  /** To be called by whoever changed the store. */
  changed(): void {
    this.#changes += 1;
  }

  /** How many encodings more it takes before the index must be built anew. */
  get room(): number {
    const shared = this.#shared();
    return shared === undefined ? this.#capacity : shared.layout.tailCapacity + shared.layout.count - shared.rows;
  }

  sku(row: number): string {
    return (this.#shared() ?? this.#index()).sku(row);
  }

  rowOf(sku: string): number {
    return (this.#shared() ?? this.#index()).rowOf(sku);
  }

  posterior(row: number): Posterior {
    return (this.#shared() ?? this.#index()).posterior(row);
  }

  muAt(row: number, dimension: number): number {
    const index = this.#index();
    return row < index.count ? index.muAt(row, dimension) : this.posterior(row).mu[dimension]!;
  }

  /** False of a row whose garment is gone, or has another row by now. */
  isAlive(row: number): boolean {
    return this.#shared()?.isAlive(row) ?? true;
  }
}
