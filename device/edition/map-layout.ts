/** Where the garments of an edition lie on a map, those too that have come since it was made: they are put among their neighbours. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Placing, type StoreMap } from '../matching/map/store-map.ts';
import type { Edition } from './edition.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly place: number;
}

export class MapLayout {
  readonly edition: Edition;
  readonly map: StoreMap;
  /** The map's garment of each row of the index, -1 where it has none. */
  readonly #known: Int32Array;
  /** Of rows the map does not have. */
  readonly #placed = new Map<number, Spot>();
  #placing: Placing | undefined;

  constructor(edition: Edition, map: StoreMap) {
    this.edition = edition;
    this.map = map;
    const { index } = edition;
    const own = map.indexDigest === edition.indexDigest;
    const bySku = own ? undefined : new Map(map.skus.map((sku, at) => [sku, at]));
    this.#known = Int32Array.from({ length: index.count }, (_, row) => bySku?.get(index.sku(row)) ?? (own ? row : -1));
  }

  /** Puts those of these rows on the map that it does not have, one a turn of the event loop. */
  async place(rows: readonly number[]): Promise<void> {
    for (const row of rows) {
      if (this.#knownAt(row) >= 0 || this.#placed.has(row)) continue;
      this.#placed.set(row, this.#among().of(this.edition.garments.posterior(row)));
      await nextTurn();
    }
  }

  /** Undefined where the row has not been placed. */
  of(row: number): Spot | undefined {
    const at = this.#knownAt(row);
    if (at < 0) return this.#placed.get(row);
    const { xy, place } = this.map;
    return { x: xy[2 * at]!, y: xy[2 * at + 1]!, place: place[at]! };
  }

  #knownAt(row: number): number {
    return this.#known[row] ?? -1;
  }

  #among(): Placing {
    this.#placing ??= this.#newPlacing();
    return this.#placing;
  }

  #newPlacing(): Placing {
    const { index } = this.edition;
    const { xy, places } = this.map;
    const rows = [...this.#known.keys()].filter(row => this.#knownAt(row) >= 0);
    const positions = new Float64Array(2 * index.count);
    for (const row of rows) {
      const at = this.#knownAt(row);
      positions.set(xy.subarray(2 * at, 2 * at + 2), 2 * row);
    }
    return new Placing(index, rows, positions, places, index.tolerance);
  }
}
