/** The shopper's filters over the stock: from {categories, sizes, ...} to one byte a row of the index. */
import type { DatabaseSync } from 'node:sqlite';
import { isDatabaseDamaged } from '../errors.ts';
import type { GarmentFilter } from '../garment-filter.ts';
import type { Garment } from './garment.ts';

/** The rows of an index, in its order; where garments come and go, those added since come after them. */
export interface IndexRows {
  readonly count: number;
  sku(row: number): string;
  /** The garment's row, below 0 where it has none. Without it a garment that changes costs all filters their answers. */
  rowOf?(sku: string): number;
  /** False of a row whose garment is gone or has another row by now. Left out where none ever is. */
  isAlive?(row: number): boolean;
  /** Grows whenever a row comes or goes. */
  readonly changes?: number;
}

export interface AllowedRows {
  /**
   * One byte a row of the index: 1 where the garment passes. Shared between callers, not to be written to, and kept up with the
   * stock: who needs it as it was, behind the next await, takes a copy.
   */
  readonly mask: Uint8Array;
  /** How many rows pass. */
  readonly count: number;
}

/** How many filters are kept prepared; a kiosk has a handful at a time. */
const KEPT_FILTERS = 64;

const sorted = (words: readonly string[] | undefined): string[] | null => (words ? [...new Set(words)].sort() : null);

/** One text for every way of writing the same filter. */
const keyOf = (filter: GarmentFilter): string =>
  JSON.stringify([
    sorted(filter.categories),
    sorted(filter.sizes),
    sorted(filter.colours),
    filter.priceMin ?? null,
    filter.priceMax ?? null,
    filter.inStock ?? true,
  ]);

function condition(filter: GarmentFilter): { sql: string; values: (string | number)[] } {
  const clauses: string[] = [];
  const values: (string | number)[] = [];
  const add = (clause: string, ...bound: (string | number)[]): void => {
    clauses.push(clause);
    values.push(...bound);
  };
  const inStock = filter.inStock ?? true;
  if (filter.categories) add('category IN (SELECT value FROM json_each(?))', JSON.stringify(filter.categories));
  if (filter.colours) add('colour IN (SELECT value FROM json_each(?))', JSON.stringify(filter.colours));
  // Minor units over their scale give the very double that the price's decimal text gives, so bounds are inclusive.
  if (filter.priceMin !== undefined) add('price_minor * 1.0 / price_scale >= ?', filter.priceMin);
  if (filter.priceMax !== undefined) add('price_minor * 1.0 / price_scale <= ?', filter.priceMax);
  const stocked = inStock ? 'AND size.quantity > 0' : '';
  if (filter.sizes) {
    add(
      `EXISTS (SELECT 1 FROM size WHERE size.sku = garment.sku ${stocked}
         AND size.name IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(filter.sizes),
    );
  } else if (inStock) {
    add(`(stock_known = 0 OR EXISTS (SELECT 1 FROM size WHERE size.sku = garment.sku ${stocked}))`);
  }
  return { sql: clauses.length === 0 ? 'TRUE' : clauses.join(' AND '), values };
}

/** SKUs that pass, straight from the tables. */
export function passingSkus(database: DatabaseSync, filter: GarmentFilter): Set<string> {
  const { sql, values } = condition(filter);
  const skus = new Set<string>();
  for (const row of database.prepare(`SELECT sku FROM garment WHERE ${sql}`).iterate(...values)) {
    skus.add(String(row.sku));
  }
  return skus;
}

/** Whether a garment passes: the same in words as `condition` in SQL. */
export function passes({ category, colour, price, sizes }: Garment, filter: GarmentFilter): boolean {
  const inStock = filter.inStock ?? true;
  if (filter.categories && (category === null || !filter.categories.includes(category))) return false;
  if (filter.colours && (colour === null || !filter.colours.includes(colour))) return false;
  if (filter.priceMin !== undefined && (price === null || price < filter.priceMin)) return false;
  if (filter.priceMax !== undefined && (price === null || price > filter.priceMax)) return false;
  const { sizes: wanted } = filter;
  if (wanted) return sizes?.some(({ name, quantity }) => wanted.includes(name) && (quantity > 0 || !inStock)) ?? false;
  return !inStock || sizes === null || sizes.some(({ quantity }) => quantity > 0);
}

interface Prepared extends AllowedRows {
  readonly filter: GarmentFilter;
  count: number;
}

interface Kept {
  /** Of the rows, when the filters were prepared. */
  readonly changes: number;
  readonly filters: Map<string, Prepared>;
}

/** Filters prepared once an index: a garment that changes costs each of them a byte, anything more all of them. */
export class PreparedFilters {
  readonly #database: DatabaseSync;
  #prepared = new WeakMap<IndexRows, Kept>();
  /** As they were before they were dropped. */
  #before = new WeakMap<IndexRows, Kept>();
  #indices: WeakRef<IndexRows>[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** They are made anew when they are asked for; where the file is damaged by then, those of before hold on. */
  drop(): void {
    if (this.#indices.length > 0) this.#before = this.#prepared;
    this.#prepared = new WeakMap();
    this.#indices = [];
  }

  /** A garment has changed, and is so now. */
  update(garment: Garment): void {
    for (const reference of this.#indices) {
      const rows = reference.deref();
      const kept = rows === undefined ? undefined : this.#prepared.get(rows);
      // Filters of rows that have come and gone since are made anew when they are asked for.
      if (rows === undefined || kept?.changes !== (rows.changes ?? 0)) continue;
      if (rows.rowOf === undefined) {
        kept.filters.clear();
        continue;
      }
      const row = rows.rowOf(garment.sku);
      if (row < 0) continue;
      for (const prepared of kept.filters.values()) {
        const now = passes(garment, prepared.filter) ? 1 : 0;
        prepared.count += now - (prepared.mask[row] ?? 0);
        prepared.mask[row] = now;
      }
    }
  }

  allowed(filter: GarmentFilter, rows: IndexRows): AllowedRows {
    const { changes = 0 } = rows;
    let found = this.#prepared.get(rows);
    if (found === undefined)
      this.#indices = [...this.#indices.filter(one => one.deref() !== undefined), new WeakRef(rows)];
    if (found?.changes !== changes) {
      found = { changes, filters: new Map() };
      this.#prepared.set(rows, found);
    }
    const kept = found.filters;
    const key = keyOf(filter);
    const known = kept.get(key);
    if (known !== undefined) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const prepared = this.#make(filter, rows, key);
    kept.set(key, prepared);
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT_FILTERS && oldest !== undefined) kept.delete(oldest);
    return prepared;
  }

  #make(filter: GarmentFilter, rows: IndexRows, key: string): Prepared {
    let passing: Set<string>;
    try {
      passing = passingSkus(this.#database, filter);
    } catch (error) {
      const before = this.#before.get(rows);
      const prepared = before?.changes === (rows.changes ?? 0) ? before.filters.get(key) : undefined;
      if (prepared === undefined || !isDatabaseDamaged(error)) throw error;
      return prepared;
    }
    const mask = new Uint8Array(rows.count);
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (passing.has(rows.sku(row)) && rows.isAlive?.(row) !== false) {
        mask[row] = 1;
        count++;
      }
    }
    return { filter, mask, count };
  }
}
