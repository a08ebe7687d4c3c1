/** The statements that write and read garments, for whoever has the catalogue open: the daemon, its writer, an import. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import {
  folded,
  type Garment,
  type GarmentPicture,
  type GarmentRecord,
  type GarmentSize,
  minorScale,
  type Pictured,
} from './garment.ts';

/** A garment's row with its sizes and what is known against it. */
export const GARMENT_COLUMNS = `garment.*,
  (SELECT json_group_array(json_object('name', size.name, 'quantity', size.quantity) ORDER BY size.place)
     FROM size WHERE size.sku = garment.sku) AS sizes,
  (SELECT reason FROM problem WHERE problem.sku = garment.sku AND kind = 'not-encoded') AS problem`;

const textOrNull = (value: SQLOutputValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** Of a row that has the garment's own columns. */
export const pictureOf = (row: Record<string, SQLOutputValue>): GarmentPicture | null => {
  const hash = textOrNull(row.picture_hash);
  const type = textOrNull(row.picture_type);
  return hash !== null && type !== null ? { hash, type } : null;
};

/** A row of `sku, category, picture_hash, picture_type`; null where it has no picture. */
export function picturedOf(row: Record<string, SQLOutputValue>): Pictured | null {
  const picture = pictureOf(row);
  return picture && { sku: String(row.sku), category: textOrNull(row.category), picture };
}

/** A row of `GARMENT_COLUMNS`. */
export function garmentOf(row: Record<string, SQLOutputValue>): Garment {
  return {
    sku: String(row.sku),
    title: String(row.title),
    category: textOrNull(row.category),
    colour: textOrNull(row.colour),
    price: row.price_minor === null ? null : Number(row.price_minor) / Number(row.price_scale),
    currency: textOrNull(row.currency),
    sizes: row.stock_known === 1 ? (JSON.parse(String(row.sizes)) as Garment['sizes']) : null,
    location: textOrNull(row.location),
    picture: pictureOf(row),
    attributes: JSON.parse(String(row.attributes)) as Garment['attributes'],
    problem: textOrNull(row.problem),
  };
}

/** What of a garment is written; what is left out stays as it is. */
export type GarmentChange = { readonly sku: string } & Partial<Omit<GarmentRecord, 'sku'>>;

type Value = string | number | null;

/** The columns that a change sets, and to what. */
function assignments(change: GarmentChange): Map<string, Value> {
  const set = new Map<string, Value>();
  const { title, category, colour, priceMinor, currency, location, sizes, picture, attributes } = change;
  if (title !== undefined) {
    set.set('title', title);
    // The line break keeps a search from matching across the two.
    set.set('folded', `${folded(title)}\n${folded(change.sku)}`);
  }
  if (category !== undefined) set.set('category', category);
  if (colour !== undefined) set.set('colour', colour);
  if (priceMinor !== undefined) {
    set.set('price_minor', priceMinor);
    set.set('price_scale', minorScale(currency ?? null));
  }
  if (currency !== undefined) set.set('currency', currency);
  if (location !== undefined) set.set('location', location);
  if (sizes !== undefined) set.set('stock_known', sizes === null ? 0 : 1);
  if (picture !== undefined) {
    set.set('picture_hash', picture?.hash ?? null);
    set.set('picture_type', picture?.type ?? null);
  }
  if (attributes !== undefined) set.set('attributes', JSON.stringify(attributes));
  return set;
}

export class GarmentTable {
  readonly #database: DatabaseSync;
  readonly #has: StatementSync;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #insertSize: StatementSync;
  readonly #clearSizes: StatementSync;
  readonly #updates = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#has = database.prepare('SELECT 1 FROM garment WHERE sku = ?');
    this.#read = database.prepare(`SELECT ${GARMENT_COLUMNS} FROM garment WHERE sku = ?`);
    this.#insert = database.prepare('INSERT INTO garment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertSize = database.prepare('INSERT INTO size VALUES (?, ?, ?, ?)');
    this.#clearSizes = database.prepare('DELETE FROM size WHERE sku = ?');
  }

  has(sku: string): boolean {
    return this.#has.get(sku) !== undefined;
  }

  get(sku: string): Garment | undefined {
    const row = this.#read.get(sku);
    return row === undefined ? undefined : garmentOf(row);
  }

  /** Every garment, one after the other. */
  *all(): Generator<Garment> {
    for (const row of this.#database.prepare(`SELECT ${GARMENT_COLUMNS} FROM garment`).iterate()) yield garmentOf(row);
  }

  /** A garment that is not there yet. */
  insert(one: GarmentRecord): void {
    this.#insert.run(
      one.sku,
      one.title,
      one.category,
      one.colour,
      one.priceMinor,
      minorScale(one.currency),
      one.currency,
      one.location,
      one.sizes === null ? 0 : 1,
      one.picture?.hash ?? null,
      one.picture?.type ?? null,
      JSON.stringify(one.attributes),
      `${folded(one.title)}\n${folded(one.sku)}`,
    );
    this.#putSizes(one.sku, one.sizes);
  }

  /** Changes a garment that is there. */
  update(change: GarmentChange): void {
    const set = assignments(change);
    if (set.size > 0) {
      const sql = `UPDATE garment SET ${[...set.keys()].map(column => `${column} = ?`).join(', ')} WHERE sku = ?`;
      const statement = this.#updates.get(sql) ?? this.#database.prepare(sql);
      this.#updates.set(sql, statement);
      statement.run(...set.values(), change.sku);
    }
    if (change.sizes === undefined) return;
    this.#clearSizes.run(change.sku);
    this.#putSizes(change.sku, change.sizes);
  }

  #putSizes(sku: string, sizes: readonly GarmentSize[] | null): void {
    for (const [place, { name, quantity }] of (sizes ?? []).entries()) this.#insertSize.run(sku, place, name, quantity);
  }
}
