/** One process at a time on a state folder. The operating system lets go of the lock when a process dies, however it dies. */
import { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';

const SQLITE_BUSY = 5;

export interface Hold {
  release(): void;
}

/**
 * Takes the lock file `path` for this process; it is SQLite's lock on an empty database, since Node has none of its own.
 * @param doing for the message to whoever comes second, e.g. `indexing`
 * @throws LookdialError `store-invalid` where another process holds it
 */
export function holdExclusively(path: string, doing: string): Hold {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause;
    throw new LookdialError(
      'store-invalid',
      `Another process is ${doing} in this state folder (its lock is ${path}). Wait for it to end, then try again.`,
      { cause },
    );
  }
  return { release: () => database.close() };
}
