/**
 * What the store sells: garments, sizes, stock, and what could not be encoded. SQLite; a change is on the disk when
 * the call that made it returns.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';
import { NEXT_REVISION, openCatalogue } from './catalogue-schema.ts';
import { type Carried, CatalogueWriter } from './catalogue-writer.ts';
import { folded, type Garment, type GarmentPicture, type GarmentRecord, type Pictured } from './garment.ts';
import { GARMENT_COLUMNS, GarmentTable, garmentOf, picturedOf, pictureOf } from './garment-table.ts';
import { type AllowedRows, type IndexRows, PreparedFilters, type StockFilter } from './stock-filter.ts';
import type { Order } from './stock-ledger.ts';

/** The catalogue's file in the state folder. */
export const CATALOGUE_DATABASE = 'catalogue.sqlite';

export interface ItemsQuery {
  /** Part of a title or of a SKU; case and accents do not matter. */
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Garments a page, 1 to 200; 50 unless said otherwise. */
  readonly limit?: number | undefined;
}

export interface ItemsPage {
  /** In the order of their SKUs. */
  readonly items: Garment[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export interface Facet {
  readonly name: string;
  readonly garments: number;
}

/** What filters can offer: garments in stock that could be encoded, most first. */
export interface Facets {
  readonly categories: Facet[];
  /** A size counts where a garment has it in stock. */
  readonly sizes: Facet[];
  readonly colours: Facet[];
}

export interface StoreMetadata {
  readonly name: string;
  /** True for a collection that is made up. */
  readonly demonstration: boolean;
  /** The folder the garments came from. */
  readonly source: string;
  /** What the index and the catalogue were made from; equal stamps need no second run. */
  readonly stamp: string;
  /** SHA-256 in hex of the index file that belongs to these garments. */
  readonly index: string;
  /** Set where garments have been imported since: then the folder is not all there is, and is not indexed over them unasked. */
  readonly imported?: boolean;
  /** The model that the index is of, where an update brought one; left out: the one of the settings. */
  readonly model?: StoreModel | undefined;
  /** The one before, whose encodings are kept; null: that of the settings; left out: there was none. */
  readonly modelBefore?: StoreModel | null | undefined;
}

/** Another model serves. */
export interface ModelChanged {
  /** Undefined: the one of the settings. */
  readonly model: StoreModel | undefined;
  /** What is left is not to be gone back to. */
  readonly goesBack?: boolean;
  readonly problems: readonly Problem[];
}

/** What is to be known of the model that a run encodes by. */
export interface RunModel {
  /** What the catalogue said when the run began; undefined: the model of the settings. */
  readonly model?: StoreModel | undefined;
}

/**
 * What the catalogue is to say of the model after a run.
 * @param id of the bundle of the settings
 * @throws LookdialError `store-invalid` where the store has gone over to another model since the run began
 */
export function modelAfter(
  store: StoreMetadata | undefined,
  { model }: RunModel,
  id: string,
): Pick<StoreMetadata, 'model' | 'modelBefore'> {
  const now = store?.model?.of === id ? store.model : undefined;
  if (now?.edition !== model?.edition) {
    throw new LookdialError('store-invalid', 'The store has gone over to another model meanwhile. Run it again.');
  }
  return now === undefined ? {} : { model: now, modelBefore: store?.modelBefore };
}

/** A model that an update brought. */
export interface StoreModel {
  /** Name of its folder among the editions. */
  readonly edition: string;
  /** SHA-256 in hex. */
  readonly encoderDigest: string;
  /** Id of the bundle that it is an update of: in the place of another it is not taken. */
  readonly of: string;
}

/** A garment and the picture that it is to have from now on. */
export interface PictureChange {
  readonly sku: string;
  readonly picture: GarmentPicture;
}

/** What is known against a garment: it could not be encoded, or its encoding is unlike all others. */
export interface Problem {
  readonly sku: string;
  readonly kind: 'not-encoded' | 'suspicious';
  /** A sentence. */
  readonly reason: string;
}

/** How long an answer to “has another process written?” holds, milliseconds. */
const LOOK_MS = 20;
const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

const IN_STOCK = `NOT EXISTS (SELECT 1 FROM problem WHERE problem.sku = garment.sku AND kind = 'not-encoded')
  AND (stock_known = 0 OR EXISTS (SELECT 1 FROM size WHERE size.sku = garment.sku AND quantity > 0))`;

export function putStore(database: DatabaseSync, store: StoreMetadata): void {
  database.prepare("INSERT OR REPLACE INTO metadata VALUES ('store', ?)").run(JSON.stringify(store));
}

export function storeOf(database: DatabaseSync): StoreMetadata | undefined {
  const value = database.prepare("SELECT value FROM metadata WHERE name = 'store'").get()?.value;
  return typeof value === 'string' ? (JSON.parse(value) as StoreMetadata) : undefined;
}

const writeCursor = (sku: string): string => Buffer.from(JSON.stringify([sku])).toString('base64url');

function readCursor(cursor: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') return value[0];
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new LookdialError('invalid-request', 'cursor must be the nextCursor of an answer of this list.', {
    field: 'cursor',
  });
}

export class Catalogue {
  readonly #database: DatabaseSync;
  readonly #filters: PreparedFilters;
  readonly #writer: CatalogueWriter;
  readonly #dataVersion: StatementSync;
  readonly #revision: StatementSync;
  readonly #garments: GarmentTable;
  readonly #items = new Map<string, Garment>();
  /** Whether `#items` has every garment. */
  #hasAll = false;
  /** Changes on this connection; `data_version` tells of the others alone. */
  #own = 0;
  #seenOwn = -1;
  #version = -1;
  #seenRevision = -1;
  #changes = 0;
  #looked = Number.NEGATIVE_INFINITY;

  /**
   * Opens the catalogue at `path` (`:memory:` for one that is gone when closed).
   * @throws LookdialError `store-invalid` where there is none and `create` is not set, or where it cannot be used.
   */
  static open(path: string, { create = false } = {}): Catalogue {
    const database = openCatalogue(path, create);
    // A catalogue in memory has one connection, and no other thread can open it.
    return new Catalogue(database, path === ':memory:' ? database : path);
  }

  private constructor(database: DatabaseSync, where: string | DatabaseSync) {
    this.#writer = new CatalogueWriter(where, () => {
      const revision = this.#seenRevision;
      return garments => this.#tell(garments, revision);
    });
    this.#database = database;
    this.#filters = new PreparedFilters(database);
    this.#dataVersion = database.prepare('PRAGMA data_version');
    this.#revision = database.prepare('SELECT number, writer FROM revision');
    this.#garments = new GarmentTable(database);
  }

  /** Grows whenever the catalogue changes, by this process or by another. */
  get changes(): number {
    this.#looked = performance.now();
    const version = Number(this.#dataVersion.get()?.data_version);
    if (version === this.#version && this.#own === this.#seenOwn) return this.#changes;
    this.#version = version;
    const { number, writer } = this.#revision.get() ?? {};
    const revision = Number(number);
    // What our own writer's thread commits is told garment by garment, and is no reason to forget the others.
    const told = writer === this.#writer.name && revision === this.#seenRevision;
    if (told && this.#own === this.#seenOwn) return this.#changes;
    this.#seenRevision = revision;
    this.#seenOwn = this.#own;
    this.#changes++;
    this.#filters.drop();
    this.#items.clear();
    this.#hasAll = false;
    return this.#changes;
  }

  get count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM garment').get()?.n);
  }

  /** The currency of most prices; null where there are none. */
  get currency(): string | null {
    const sql = 'SELECT currency FROM garment WHERE currency IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1';
    const value = this.#database.prepare(sql).get()?.currency;
    return typeof value === 'string' ? value : null;
  }

  /** Undefined where nothing has been indexed yet. */
  get store(): StoreMetadata | undefined {
    return storeOf(this.#database);
  }

  /**
   * One garment; undefined where no garment has that SKU. Kept ready until the catalogue changes; a change by another
   * process is seen 20 ms later at the latest.
   */
  item(sku: string): Garment | undefined {
    // Asked two dozen times a drag: whether another process wrote is looked up once for all of them.
    if (performance.now() - this.#looked > LOOK_MS) void this.changes;
    const known = this.#items.get(sku);
    if (known !== undefined) return known;
    const garment = this.#garments.get(sku);
    // Unknown SKUs come from outside and have no bound: they are not kept.
    if (garment !== undefined) this.#items.set(sku, garment);
    return garment;
  }

  /** Every garment; read once, and kept up with what changes. */
  everyGarment(): Iterable<Garment> {
    void this.changes;
    if (!this.#hasAll) {
      this.#items.clear();
      for (const row of this.#database.prepare(`SELECT ${GARMENT_COLUMNS} FROM garment`).iterate()) {
        const garment = garmentOf(row);
        this.#items.set(garment.sku, garment);
      }
      this.#hasAll = true;
    }
    return this.#items.values();
  }

  /** @throws LookdialError `invalid-request` for a cursor that is not one. */
  items(query: ItemsQuery = {}): ItemsPage {
    const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE), 1), MAX_PAGE);
    const clauses = ['TRUE'];
    const values: (string | number)[] = [];
    const add = (clause: string, value: string): void => {
      clauses.push(clause);
      values.push(value);
    };
    if (query.q !== undefined) add('instr(folded, ?) > 0', folded(query.q));
    if (query.category !== undefined) add('category = ?', query.category);
    if (query.cursor !== undefined) add('sku > ?', readCursor(query.cursor));
    const sql = `SELECT ${GARMENT_COLUMNS} FROM garment WHERE ${clauses.join(' AND ')} ORDER BY sku LIMIT ?`;
    const items = this.#database
      .prepare(sql)
      .all(...values, limit + 1)
      .map(garmentOf);
    const last = items[limit - 1];
    return items.length > limit && last !== undefined
      ? { items: items.slice(0, limit), nextCursor: writeCursor(last.sku) }
      : { items };
  }

  facets(): Facets {
    const facet = (sql: string): Facet[] =>
      this.#database
        .prepare(`${sql} GROUP BY name ORDER BY garments DESC, name`)
        .all()
        .map(row => ({ name: String(row.name), garments: Number(row.garments) }));
    const column = (name: 'category' | 'colour'): Facet[] =>
      facet(`SELECT ${name} AS name, count(*) AS garments FROM garment WHERE ${name} IS NOT NULL AND ${IN_STOCK}`);
    return {
      categories: column('category'),
      sizes: facet(`SELECT size.name AS name, count(*) AS garments FROM size JOIN garment USING (sku)
        WHERE quantity > 0 AND ${IN_STOCK}`),
      colours: column('colour'),
    };
  }

  /**
   * Which rows of an index pass a filter. The answer is kept ready for each index and filter until the catalogue
   * changes, so that a drag costs a look-up. A row whose SKU has left the catalogue does not pass.
   */
  allowed(filter: StockFilter, rows: IndexRows): AllowedRows {
    void this.changes;
    return this.#filters.allowed(filter, rows);
  }

  /** In the order of their SKUs. */
  problems(): Problem[] {
    return this.#database
      .prepare('SELECT sku, kind, reason FROM problem ORDER BY sku, kind')
      .all()
      .map(row => ({ sku: String(row.sku), kind: row.kind as Problem['kind'], reason: String(row.reason) }));
  }

  /** Makes these garments the whole catalogue, in one transaction: all of it or nothing. */
  replace(store: StoreMetadata, garments: Iterable<GarmentRecord>, problems: Iterable<Problem> = []): void {
    const database = this.#database;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec('DELETE FROM garment');
      for (const one of garments) this.#garments.insert(one);
      const problem = database.prepare('INSERT INTO problem VALUES (?, ?, ?)');
      for (const one of problems) problem.run(one.sku, one.kind, one.reason);
      putStore(database, store);
      database.exec(NEXT_REVISION);
      database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    this.#own++;
    this.#looked = Number.NEGATIVE_INFINITY;
  }

  /**
   * Carries out what a till or an integrator orders, off the event loop. It is on the disk, and seen by every reader here, when
   * the promise resolves.
   * @throws LookdialError what the order is refused with; `busy`; `disk-full`; `write-failed`
   */
  write(order: Order): Promise<Carried> {
    return this.#writer.write(order);
  }

  /**
   * Garments have changed, and are so now: what is kept ready of them is made right, and nothing else is forgotten.
   * @param revision that had been seen when the writing began
   */
  #tell(garments: readonly Garment[], revision: number): void {
    if (garments.length === 0) return;
    this.#changes++;
    if (revision !== this.#seenRevision) {
      // Somebody else has written meanwhile, and it has been read: it may be newer than what is told here.
      this.#own++;
      this.#looked = Number.NEGATIVE_INFINITY;
      return;
    }
    for (const garment of garments) {
      this.#filters.update(garment);
      if (this.#hasAll || this.#items.has(garment.sku)) this.#items.set(garment.sku, garment);
    }
  }

  /** A page of the garments' pictures, in the order of their SKUs; null where a garment has none. */
  pictures(after: string, limit: number): [sku: string, picture: GarmentPicture | null][] {
    return this.#database
      .prepare('SELECT sku, picture_hash, picture_type FROM garment WHERE sku > ? ORDER BY sku LIMIT ?')
      .all(after, limit)
      .map(row => [String(row.sku), pictureOf(row)]);
  }

  /** The garments that have a picture, in the order of their SKUs, from the one after `after`. */
  pictured(after: string, limit: number): Pictured[] {
    return this.#database
      .prepare(
        `SELECT sku, category, picture_hash, picture_type FROM garment
         WHERE sku > ? AND picture_hash IS NOT NULL ORDER BY sku LIMIT ?`,
      )
      .all(after, limit)
      .flatMap(row => picturedOf(row) ?? []);
  }

  /** Of these hashes those that are some garment's picture. */
  picturesInUse(hashes: readonly string[]): Set<string> {
    const sql = `SELECT DISTINCT picture_hash FROM garment
      WHERE picture_hash IN (SELECT value FROM json_each(?))`;
    const rows = this.#database.prepare(sql).all(JSON.stringify(hashes));
    return new Set(rows.map(row => String(row.picture_hash)));
  }

  /**
   * Gives garments other pictures, and takes garments away, in one transaction. What was known against a picture goes with it.
   * @returns of the SKUs given those that there were
   */
  change(pictures: readonly PictureChange[], removed: readonly string[]): Set<string> {
    const found = new Set<string>();
    this.#transaction(database => {
      const set = database.prepare('UPDATE garment SET picture_hash = ?, picture_type = ? WHERE sku = ?');
      const acquit = database.prepare('DELETE FROM problem WHERE sku = ?');
      for (const { sku, picture } of pictures) {
        if (set.run(picture.hash, picture.type, sku).changes === 0) continue;
        acquit.run(sku);
        found.add(sku);
      }
      const remove = database.prepare('DELETE FROM garment WHERE sku = ?');
      for (const sku of removed) if (remove.run(sku).changes > 0) found.add(sku);
    });
    return found;
  }

  /** Notes which index file belongs to the garments. @param index SHA-256 in hex */
  setIndex(index: string): void {
    const { store } = this;
    if (store === undefined) return;
    this.#transaction(database => putStore(database, { ...store, index }));
  }

  /** The same with another model, in one transaction: what was known against pictures is what this model finds. */
  setModel(index: string, { model, goesBack, problems }: ModelChanged): void {
    const { store } = this;
    if (store === undefined) return;
    const modelBefore = goesBack ? undefined : (store.model ?? null);
    this.#transaction(database => {
      putStore(database, { ...store, index, model, modelBefore });
      database.exec('DELETE FROM problem');
      const put = database.prepare(
        'INSERT OR REPLACE INTO problem SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM garment WHERE sku = ?)',
      );
      for (const { sku, kind, reason } of problems) put.run(sku, kind, reason, sku);
    });
  }

  close(): void {
    this.#writer.close();
    this.#database.close();
  }

  /** All of it or nothing, and on the disk when it returns. */
  #transaction(work: (database: DatabaseSync) => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work(this.#database);
      this.#database.exec(NEXT_REVISION);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#own++;
    this.#looked = Number.NEGATIVE_INFINITY;
  }
}
