/** Databases with a page that is not what was written. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Overwrites the root page of a table with noise. Others may have the file open, if nothing is under way in it. */
export function damagePage(path: string, table: string): void {
  const database = new DatabaseSync(path);
  const taken = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (taken?.busy !== 0) throw new Error(`The log of ${path} is in use.`);
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
  const size = Number(Object.values(database.prepare('PRAGMA page_size').get() ?? {})[0]);
  database.close();
  if (typeof row?.rootpage !== 'number') throw new Error(`${path} has no table ${table}.`);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (row.rootpage - 1) * size);
  } finally {
    closeSync(file);
  }
}
