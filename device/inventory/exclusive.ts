/** One process at a time on a state folder. The operating system lets go of the lock when a process dies, however it dies. */
import { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';

const SQLITE_BUSY = 5;
/** The daemon holds the lock while it puts one arrival on the disk: whoever comes to hold it for long waits that out. */
const PATIENCE_MS = 3_000;

/** Held by whoever writes the index or the log of encodings. */
export const LOCK_FILE = 'indexing.lock';

export interface Hold {
  release(): void;
}

/**
 * Takes the lock file `path` for this process; it is SQLite's lock on an empty database, since Node has none of its own.
 * @param patienceMs how long to wait for it, the event loop with it
 * @returns undefined where another holds it
 */
export function tryHold(path: string, patienceMs = 0): Hold | undefined {
  const database = new DatabaseSync(path, { timeout: patienceMs });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause;
    return undefined;
  }
  return { release: () => database.close() };
}

/**
 * The same for a run of its own, which waits a moment for the daemon.
 * @param doing for the message to whoever comes second, e.g. `indexing`
 * @throws LookdialError `store-invalid` where another process holds it
 */
export function holdExclusively(path: string, doing: string): Hold {
  const hold = tryHold(path, PATIENCE_MS);
  if (hold !== undefined) return hold;
  throw new LookdialError(
    'store-invalid',
    `Another process is ${doing} in this state folder (its lock is ${path}). Wait for it to end, then try again.`,
  );
}
