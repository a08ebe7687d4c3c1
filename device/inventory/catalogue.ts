/**
 * What the store sells: garments, sizes, stock, and what could not be encoded. SQLite; a change is on the disk when
 * the call that made it returns.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { together } from '../database.ts';
import { isDatabaseDamaged } from '../errors.ts';
import type { GarmentFilter } from '../garment-filter.ts';
import { NEXT_REVISION, openCatalogue } from './catalogue-schema.ts';
import { type Carried, CatalogueWriter } from './catalogue-writer.ts';
import { putStaffWords, type StaffWordsByLanguage, staffWordsOf } from './dial-word-table.ts';
import { type Facets, facetsOf } from './facets.ts';
import type { Garment, GarmentPicture, GarmentRecord, PictureChange, Pictured } from './garment.ts';
import { GarmentTable, picturedOf, pictureOf } from './garment-table.ts';
import { type ItemsPage, type ItemsQuery, pageOf } from './items-page.ts';
import { KnownGarments } from './known-garments.ts';
import { notEncoded, type Problem, problemsOf, putProblems } from './problem-table.ts';
import { type AllowedRows, type IndexRows, PreparedFilters } from './stock-filter.ts';
import type { Order } from './stock-ledger.ts';
import { type ModelChanged, putStore, type StoreMetadata, storeOf } from './store-record.ts';

export type { Problem };

/** The catalogue's file in the state folder. */
export const CATALOGUE_DATABASE = 'catalogue.sqlite';

/** How long an answer to “has another process written?” holds, milliseconds. */
const LOOK_MS = 20;

export class Catalogue {
  readonly #database: DatabaseSync;
  readonly #filters: PreparedFilters;
  readonly #writer: CatalogueWriter;
  readonly #dataVersion: StatementSync;
  readonly #revision: StatementSync;
  readonly #garments: GarmentTable;
  readonly #known = new KnownGarments();
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
    try {
      return this.#look();
    } catch (error) {
      // A file that cannot say any more whether it has changed: shoppers are served with what is known.
      if (this.#changes === 0 || !isDatabaseDamaged(error)) throw error;
      return this.#changes;
    }
  }

  #look(): number {
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
    this.#known.forget();
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
    return this.#known.get(sku, one => this.#garments.get(one));
  }

  /** Every garment; read once, and kept up with what changes. */
  everyGarment(): Iterable<Garment> {
    void this.changes;
    return this.#known.every(() => this.#garments.all());
  }

  /** @throws LookdialError `invalid-request` for a cursor that is not one. */
  items(query: ItemsQuery = {}): ItemsPage {
    return pageOf(this.#database, query);
  }

  facets(): Facets {
    return facetsOf(this.#database);
  }

  /**
   * Which rows of an index pass a filter. The answer is kept ready for each index and filter until the catalogue
   * changes, so that a drag costs a look-up. A row whose SKU has left the catalogue does not pass.
   */
  allowed(filter: GarmentFilter, rows: IndexRows): AllowedRows {
    void this.changes;
    return this.#filters.allowed(filter, rows);
  }

  /** In the order of their SKUs. */
  problems(): Problem[] {
    return problemsOf(this.#database);
  }

  /** Why a garment has no encoding; undefined where nothing is known against it. */
  notEncoded(sku: string): Problem | undefined {
    return notEncoded(this.#database, sku);
  }

  /** What staff call the dials of a model, by their dimension. @param encoder SHA-256 in hex */
  staffWords(encoder: string): Map<number, StaffWordsByLanguage> {
    return staffWordsOf(this.#database, encoder);
  }

  /** Names a dial of a model; without any words it is called what it was before staff named it. */
  setStaffWords(encoder: string, dial: number, words: StaffWordsByLanguage): void {
    this.#transaction(database => putStaffWords(database, encoder, dial, words));
  }

  /** Makes these garments the whole catalogue, in one transaction: all of it or nothing. */
  replace(store: StoreMetadata, garments: Iterable<GarmentRecord>, problems: Iterable<Problem> = []): void {
    this.#transaction(database => {
      database.exec('DELETE FROM garment');
      for (const one of garments) this.#garments.insert(one);
      putProblems(database, problems);
      putStore(database, store);
    });
  }

  /**
   * Carries out what a till or an integrator orders, off the event loop. It is on the disk, and seen by every reader here, when
   * the promise resolves.
   * @throws LookdialError what the order is refused with; `busy`; `disk-full`; `write-failed`; `store-invalid`
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
      this.#known.update(garment);
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
      putProblems(database, problems);
    });
  }

  close(): void {
    this.#writer.close();
    this.#database.close();
  }

  /** All of it or nothing, and on the disk when it returns. */
  #transaction(work: (database: DatabaseSync) => void): void {
    together(this.#database, () => {
      work(this.#database);
      this.#database.exec(NEXT_REVISION);
    });
    this.#own++;
    this.#looked = Number.NEGATIVE_INFINITY;
  }
}
