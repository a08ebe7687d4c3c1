/** The catalogue's tables, and how an older file becomes one of today. */
import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseKind, openDatabase } from '../database.ts';

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
  // What is wrong with a picture, for whoever says it in another language, and where it was looked for, to look there again;
  // and what staff call the dials of a model, which is known by its encoder.
  `ALTER TABLE problem ADD COLUMN fault TEXT;
   ALTER TABLE problem ADD COLUMN folder TEXT;
   ALTER TABLE problem ADD COLUMN image TEXT;
   CREATE TABLE dial_words (
     encoder TEXT NOT NULL,
     dial INTEGER NOT NULL CHECK (dial >= 0),
     words TEXT NOT NULL,
     PRIMARY KEY (encoder, dial)
   ) STRICT, WITHOUT ROWID;`,
];

/** Says to every reader of the catalogue that more has changed than it will be told garment by garment. */
export const NEXT_REVISION = 'UPDATE revision SET number = number + 1';

const CATALOGUE: DatabaseKind = {
  what: 'a catalogue',
  applicationId: APPLICATION_ID,
  migrations: MIGRATIONS,
  code: 'store-invalid',
  whenMissing: 'Make one with: npm run index -- --store FOLDER (or npm start).',
  whenNewer: 'install the newer program, or index the store into another state folder',
  whenDamaged: 'If it is damaged, delete it and index the store again.',
};

/**
 * Opens a catalogue file and brings it up to date.
 * @param path the file, or `:memory:`.
 * @throws LookdialError `store-invalid` where there is none and `create` is false, or where it is not a catalogue.
 */
export const openCatalogue = (path: string, create: boolean): DatabaseSync => openDatabase(path, create, CATALOGUE);
