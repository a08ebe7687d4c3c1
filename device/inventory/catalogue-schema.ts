/** The catalogue's tables, and how an older file becomes one of today. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';

/** "LDct": says whose file this is, to `file` and to us. */
const APPLICATION_ID = 0x4c446374;

/** Each takes the file from the version that is its place in the list to the next. Never edited once shipped. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE garment (
     sku TEXT PRIMARY KEY NOT NULL,
     title TEXT NOT NULL,
     category TEXT,
     colour TEXT,
     price_minor INTEGER CHECK (price_minor >= 0),
     price_scale INTEGER NOT NULL CHECK (price_scale > 0),
     currency TEXT,
     location TEXT,
     stock_known INTEGER NOT NULL CHECK (stock_known IN (0, 1)),
     picture_hash TEXT,
     picture_type TEXT,
     attributes TEXT NOT NULL,
     folded TEXT NOT NULL,
     CHECK ((picture_hash IS NULL) = (picture_type IS NULL))
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE size (
     sku TEXT NOT NULL REFERENCES garment (sku) ON DELETE CASCADE,
     place INTEGER NOT NULL,
     name TEXT NOT NULL,
     quantity INTEGER NOT NULL CHECK (quantity >= 0),
     PRIMARY KEY (sku, place),
     UNIQUE (sku, name)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE problem (
     sku TEXT NOT NULL REFERENCES garment (sku) ON DELETE CASCADE,
     kind TEXT NOT NULL CHECK (kind IN ('not-encoded', 'suspicious')),
     reason TEXT NOT NULL,
     PRIMARY KEY (sku, kind)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE metadata (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  // What the last import read of each garment, so that the next one writes only what its file says anew; what is known of
  // changes that may be sent twice; and who wrote last, so that a reader knows whether it has been told.
  `CREATE TABLE import_row (
     sku TEXT PRIMARY KEY NOT NULL REFERENCES garment (sku) ON DELETE CASCADE,
     described BLOB NOT NULL,
     stock BLOB NOT NULL,
     picture BLOB NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE receipt (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     kind TEXT NOT NULL CHECK (kind IN ('key', 'sequence')),
     name TEXT NOT NULL,
     asked BLOB NOT NULL,
     answer TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (kind, name)
   ) STRICT;
   CREATE TABLE stock_source (
     name TEXT PRIMARY KEY NOT NULL,
     epoch INTEGER NOT NULL,
     sequence INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE revision (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     number INTEGER NOT NULL,
     writer TEXT NOT NULL
   ) STRICT;
   INSERT INTO revision VALUES (1, 0, '');`,
];

/** Says to every reader of the catalogue that more has changed than it will be told garment by garment. */
export const NEXT_REVISION = 'UPDATE revision SET number = number + 1';

const number = (database: DatabaseSync, pragma: string): number => {
  const row = database.prepare(`PRAGMA ${pragma}`).get();
  return Number(Object.values(row ?? {})[0] ?? 0);
};

function migrate(database: DatabaseSync, path: string): void {
  const version = number(database, 'user_version');
  const owner = number(database, 'application_id');
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (owner !== APPLICATION_ID && (owner !== 0 || version !== 0 || tables !== 0)) {
    throw new LookdialError('store-invalid', `${path} is a database, but not a catalogue: move it out of the way.`);
  }
  if (version > MIGRATIONS.length) {
    throw new LookdialError(
      'store-invalid',
      `${path} is a catalogue of version ${version}, and this program knows up to ${MIGRATIONS.length}: ` +
        'install the newer program, or index the store into another state folder.',
    );
  }
  for (let from = version; from < MIGRATIONS.length; from++) {
    database.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS[from]}
       PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${from + 1}; COMMIT;`,
    );
  }
}

/**
 * Opens a catalogue file and brings it up to date.
 * @param path the file, or `:memory:`.
 * @throws LookdialError `store-invalid` where there is none and `create` is false, or where it is not a catalogue.
 */
export function openDatabase(path: string, create: boolean): DatabaseSync {
  if (!create && path !== ':memory:' && !existsSync(path)) {
    throw new LookdialError(
      'store-invalid',
      `There is no catalogue at ${path}. Make one with: npm run index -- --store FOLDER (or npm start).`,
    );
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof LookdialError) throw cause;
    throw new LookdialError(
      'store-invalid',
      `The catalogue ${path} cannot be opened: ${(cause as Error).message}. ` +
        'If it is damaged, delete it and index the store again.',
      { cause },
    );
  }
}
