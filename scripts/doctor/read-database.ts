/**
 * A SQLite file read as it is, whether the daemon has it open or not: no lock that a writer would wait for, and nothing written, not
 * even the files that SQLite puts beside one that it reads.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** How long a writer that is just coming or going is waited for, milliseconds. */
const BUSY_MS = 2_000;

const hasLog = (path: string): boolean => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

function open(path: string): DatabaseSync {
  const options = { readOnly: true, timeout: BUSY_MS };
  // With a log of changes somebody has it open, or was cut off: what both share is there already, or must be made to read it.
  if (hasLog(path)) return new DatabaseSync(path, options);
  const address = pathToFileURL(path);
  address.searchParams.set('immutable', '1');
  return new DatabaseSync(address, options);
}

/**
 * @param path of a file that is there
 * @throws what SQLite does for one that is damaged or none
 */
export function readDatabase<T>(path: string, read: (database: DatabaseSync) => T): T {
  statSync(path);
  const before = hasLog(path);
  try {
    return readOnce(path, read);
  } catch (error) {
    // A daemon has begun to write meanwhile: it is read again, with its log.
    if (before || !hasLog(path)) throw error;
    return readOnce(path, read);
  }
}

function readOnce<T>(path: string, read: (database: DatabaseSync) => T): T {
  const database = open(path);
  try {
    return read(database);
  } finally {
    database.close();
  }
}
