/** Merges what an import has read into the catalogue, in one transaction: all of it or nothing. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { together } from '../database.ts';
import type { Part } from './catalogue-row.ts';
import { NEXT_REVISION, openCatalogue } from './catalogue-schema.ts';
import type { Garment, Pictured } from './garment.ts';
import { type GarmentChange, GarmentTable, picturedOf } from './garment-table.ts';
import type { ImportStage, RowDigests, StagedRow } from './import-stage.ts';
import { type Problem, putProblems } from './problem-table.ts';
import { putStore, type StoreMetadata, storeOf } from './store-record.ts';

export interface MergeOptions {
  /** Garments that an earlier import brought and the file no longer has are taken away. */
  readonly removeMissing: boolean;
  /** All garments that are not in the file are taken away, wherever they are from. */
  readonly removeOthers: boolean;
}

const bytesOf = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());

/** What a row changes of a garment that is there. */
function changeOf({ garment, parts, picture }: StagedRow): GarmentChange {
  const says = new Set<Part>(parts);
  const { sku, title, category, colour, priceMinor, currency, sizes, location, attributes } = garment;
  return {
    sku,
    ...(says.has('title') && { title }),
    ...(says.has('category') && { category }),
    ...(says.has('colour') && { colour }),
    ...(says.has('price') && { priceMinor }),
    ...(says.has('currency') && { currency }),
    ...(says.has('sizes') && { sizes }),
    ...(says.has('location') && { location }),
    ...(says.has('attributes') && { attributes }),
    ...(picture !== undefined && { picture }),
  };
}

export class ImportMerge {
  readonly #database: DatabaseSync;
  readonly #garments: GarmentTable;
  readonly #digests: StatementSync;

  /** @param path the catalogue's file; made where there is none */
  constructor(path: string) {
    this.#database = openCatalogue(path, true);
    this.#garments = new GarmentTable(this.#database);
    this.#digests = this.#database.prepare('SELECT described, stock, picture FROM import_row WHERE sku = ?');
  }

  get store(): StoreMetadata | undefined {
    return storeOf(this.#database);
  }

  get count(): number {
    return Number(this.#database.prepare('SELECT count(*) AS n FROM garment').get()?.n);
  }

  item(sku: string): Garment | undefined {
    return this.#garments.get(sku);
  }

  /** What the last import read of a garment that is still there. */
  digests(sku: string): RowDigests | undefined {
    const row = this.#digests.get(sku);
    if (row === undefined) return undefined;
    return { described: bytesOf(row.described), stock: bytesOf(row.stock), picture: bytesOf(row.picture) };
  }

  /** Garments whose picture is there, as they are now or, within `work` of a transaction, as they will be. */
  *pictured(): Generator<Pictured> {
    const sql = 'SELECT sku, category, picture_hash, picture_type FROM garment WHERE picture_hash IS NOT NULL';
    for (const row of this.#database.prepare(sql).iterate()) {
      const pictured = picturedOf(row);
      if (pictured !== null) yield pictured;
    }
  }

  /**
   * Merges, and takes it back again: what would come of it.
   * @param look is called while it is merged
   */
  rehearse<T>(stage: ImportStage, options: MergeOptions, look: (removed: number) => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      return look(this.#merge(stage, options));
    } finally {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    }
  }

  /**
   * Merges. `before` is called once all is merged and nobody else can write, and what it throws takes everything back.
   * @returns how many garments were taken away
   */
  commit(
    stage: ImportStage,
    options: MergeOptions,
    before: () => { store: StoreMetadata; problems: readonly Problem[] },
  ): number {
    const database = this.#database;
    return together(database, () => {
      const removed = this.#merge(stage, options);
      const { store, problems } = before();
      database.exec("DELETE FROM problem WHERE kind = 'suspicious'");
      putProblems(database, problems);
      putStore(database, store);
      database.exec(NEXT_REVISION);
      return removed;
    });
  }

  close(): void {
    this.#database.close();
  }

  #merge(stage: ImportStage, { removeMissing, removeOthers }: MergeOptions): number {
    const database = this.#database;
    const digests = database.prepare('INSERT OR REPLACE INTO import_row VALUES (?, ?, ?, ?)');
    const clear = database.prepare("DELETE FROM problem WHERE sku = ? AND kind = 'not-encoded'");
    const problems: Problem[] = [];
    for (const row of stage.rows()) {
      const { garment, picture, digests: read } = row;
      const { sku } = garment;
      if (this.#garments.has(sku)) this.#garments.update(changeOf(row));
      else this.#garments.insert({ ...garment, picture: picture ?? null });
      if (row.problem !== undefined) clear.run(sku);
      if (row.problem) problems.push({ sku, kind: 'not-encoded', ...row.problem });
      digests.run(sku, read.described, read.stock, read.picture);
    }
    putProblems(database, problems);
    if (!removeMissing && !removeOthers) return 0;
    const sql = removeOthers ? 'SELECT sku FROM garment' : 'SELECT sku FROM import_row';
    const missing = database
      .prepare(sql)
      .all()
      .map(row => String(row.sku))
      .filter(sku => !stage.has(sku));
    const remove = database.prepare('DELETE FROM garment WHERE sku = ?');
    for (const sku of missing) remove.run(sku);
    return missing.length;
  }
}
