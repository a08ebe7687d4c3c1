/**
 * What an import has read and not yet written: kept in a file of its own that nobody else sees, so that a catalogue of any
 * length takes no memory, and that is gone when the run ends, however it ends.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Part } from './catalogue-row.ts';
import type { GarmentPicture, GarmentRecord } from './garment.ts';
import type { Fault } from './problem-table.ts';

/** What the last import read of a garment, as digests; the picture's is empty where there was none that could be read. */
export interface RowDigests {
  /** Everything but the stock and the picture. */
  readonly described: Uint8Array;
  readonly stock: Uint8Array;
  readonly picture: Uint8Array;
}

/** A garment that an import adds or changes. */
export interface StagedRow {
  /** Its picture is the one of `picture`. */
  readonly garment: Omit<GarmentRecord, 'picture'>;
  /** What the file says of it, and says anew; the rest stays as it is. */
  readonly parts: readonly Part[];
  /** Left out where the picture that is there stays. */
  readonly picture?: GarmentPicture;
  /** Why there is no encoding; null where there is one, left out where that stays as it is. */
  readonly problem?: Fault | null;
  readonly digests: RowDigests;
}

const asJson = (digests: RowDigests): string =>
  JSON.stringify([digests.described, digests.stock, digests.picture].map(one => Buffer.from(one).toString('base64')));

function fromJson(text: string): RowDigests {
  const [described, stock, picture] = (JSON.parse(text) as string[]).map(one => Buffer.from(one, 'base64'));
  const none = Buffer.alloc(0);
  return { described: described ?? none, stock: stock ?? none, picture: picture ?? none };
}

export class ImportStage {
  readonly #database: DatabaseSync;
  readonly #line: StatementSync;
  readonly #see: StatementSync;
  readonly #put: StatementSync;

  constructor() {
    // The empty name is a temporary file of SQLite's that has no name in any folder.
    this.#database = new DatabaseSync('');
    this.#database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
      CREATE TABLE seen (sku TEXT PRIMARY KEY NOT NULL, line INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE staged (place INTEGER PRIMARY KEY, row TEXT NOT NULL, digests TEXT NOT NULL) STRICT;`);
    this.#line = this.#database.prepare('SELECT line FROM seen WHERE sku = ?');
    this.#see = this.#database.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)');
    this.#put = this.#database.prepare('INSERT INTO staged (row, digests) VALUES (?, ?)');
  }

  /** Notes that the file has a garment. @returns the line it was on before, where it was */
  see(sku: string, line: number): number | undefined {
    const before = this.#line.get(sku)?.line;
    if (before !== undefined) return Number(before);
    this.#see.run(sku, line);
    return undefined;
  }

  has(sku: string): boolean {
    return this.#line.get(sku) !== undefined;
  }

  put({ digests, ...row }: StagedRow): void {
    this.#put.run(JSON.stringify(row), asJson(digests));
  }

  /** In the order they were put. */
  *rows(): Generator<StagedRow> {
    for (const { row, digests } of this.#database.prepare('SELECT row, digests FROM staged ORDER BY place').iterate()) {
      yield { ...(JSON.parse(String(row)) as Omit<StagedRow, 'digests'>), digests: fromJson(String(digests)) };
    }
  }

  close(): void {
    this.#database.close();
  }
}
