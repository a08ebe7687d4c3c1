/** SQLite files of the house: opened the same way, and brought from any older version to today's. */
import { accessSync, closeSync, constants, existsSync, fchmodSync, fchownSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, isDiskFull, LookdialError } from './errors.ts';

/** What kind of file it is, and the words for a person when it is not one. */
export interface DatabaseKind {
  /** With its article, e.g. `a catalogue`. */
  readonly what: string;
  /** Says whose file this is, to `file` and to us. */
  readonly applicationId: number;
  /** Each takes the file from the version that is its place in the list to the next. Never edited once shipped. */
  readonly migrations: readonly string[];
  readonly code: ErrorCode;
  /** What to do where there is none; one sentence. */
  readonly whenMissing: string;
  /** What to do where the file is of a newer program; an infinitive with its colon before it. */
  readonly whenNewer: string;
  /** What to do where it cannot be opened; one sentence. */
  readonly whenDamaged: string;
  /** For its owner alone: made with mode 0600, and kept so. SQLite gives the files beside it the same mode. */
  readonly secret?: boolean;
}

/** How long another process is waited for. */
const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;
/** SQLite's words, and the system's, where something may be read and not written: READONLY, CANTOPEN. */
const UNWRITABLE: readonly (number | string)[] = [8, 14, 'EROFS', 'EACCES', 'EPERM'];

const number = (database: DatabaseSync, pragma: string): number => {
  const row = database.prepare(`PRAGMA ${pragma}`).get();
  return Number(Object.values(row ?? {})[0] ?? 0);
};

/** The name without its article. */
const bare = ({ what }: DatabaseKind): string => what.replace(/^an? /, '');

function check(database: DatabaseSync, path: string, kind: DatabaseKind): number {
  const version = number(database, 'user_version');
  const owner = number(database, 'application_id');
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (owner !== kind.applicationId && (owner !== 0 || version !== 0 || tables !== 0)) {
    throw new LookdialError(kind.code, `${path} is a database, but not ${kind.what}: move it out of the way.`);
  }
  if (version > kind.migrations.length) {
    throw new LookdialError(
      kind.code,
      `${path} is ${kind.what} of version ${version}, and this program knows up to ${kind.migrations.length}: ${kind.whenNewer}.`,
    );
  }
  return version;
}

/** In one transaction: another process may be making the file, and what it has half told would pass for somebody else’s. */
function versionOf(database: DatabaseSync, path: string, kind: DatabaseKind): number {
  database.exec('BEGIN');
  try {
    return check(database, path, kind);
  } finally {
    database.exec('COMMIT');
  }
}

function migrate(database: DatabaseSync, path: string, kind: DatabaseKind): void {
  while (versionOf(database, path, kind) < kind.migrations.length) {
    database.exec('BEGIN IMMEDIATE');
    // Looked at again under the lock: another process may just have done it.
    const from = check(database, path, kind);
    const step = kind.migrations[from];
    if (step !== undefined) {
      database.exec(`${step}
        PRAGMA application_id = ${kind.applicationId}; PRAGMA user_version = ${from + 1};`);
    }
    database.exec('COMMIT');
  }
}

/** Nobody but its owner may look; where root makes it, it belongs to whoever owns the folder: the daemon must be able to open it. */
function makeSecret(path: string): void {
  const isNew = !existsSync(path);
  const file = openSync(path, 'a', 0o600);
  try {
    fchmodSync(file, 0o600);
    if (isNew && process.getuid?.() === 0) {
      const { uid, gid } = statSync(dirname(path));
      fchownSync(file, uid, gid);
    }
  } finally {
    closeSync(file);
  }
}

/** Another process makes the file, or goes over to WAL, at this moment: SQLite refuses that at once, whatever time it was given. */
function patiently<T>(open: () => T): T {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return open();
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Why a file, or what SQLite puts beside it, cannot be written, with what to do; undefined where it can, or that is not what failed. */
function whyNotWritten(path: string, cause: unknown): string | undefined {
  const { errcode, code } = cause as { errcode?: number; code?: string };
  const isSo = UNWRITABLE.includes((errcode ?? 0) % 256) || UNWRITABLE.includes(code ?? '');
  if (!isSo || path === ':memory:') return undefined;
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
      ? 'its disk can only be read. Look for errors of the disk (dmesg), have it checked, and start the box again.'
      : `this user may not write it and in its folder. Start it as the user that owns ${dirname(path)}.`;
  }
}

function openNow(path: string, kind: DatabaseKind): DatabaseSync {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: BUSY_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, path, kind);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Does some work in one transaction: all of it or none, and on the disk when it returns.
 * @throws what the work throws; what SQLite throws where it cannot write
 */
export function together<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens a database file and brings it up to date: WAL, and every commit on the disk when it returns. Where another process holds
 * the file, it waits, and holds the event loop: up to some seconds.
 * @param path the file, or `:memory:`
 * @throws LookdialError of the kind's code where there is none and `create` is false, or where it is not of this kind
 */
export function openDatabase(path: string, create: boolean, kind: DatabaseKind): DatabaseSync {
  if (!create && path !== ':memory:' && !existsSync(path)) {
    throw new LookdialError(kind.code, `There is no ${bare(kind)} at ${path}. ${kind.whenMissing}`);
  }
  try {
    if (kind.secret && path !== ':memory:') makeSecret(path);
    return patiently(() => openNow(path, kind));
  } catch (cause) {
    if (cause instanceof LookdialError) throw cause;
    if (isDiskFull(cause)) {
      throw new LookdialError(
        'disk-full',
        `The ${bare(kind)} ${path} cannot be opened: the disk is full, and it needs 100 kB to work in. Free some space, and start again.`,
        { cause },
      );
    }
    const refused = whyNotWritten(path, cause);
    if (refused !== undefined) {
      throw new LookdialError(kind.code, `The ${bare(kind)} ${path} cannot be opened: ${refused}`, { cause });
    }
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw new LookdialError(
        kind.code,
        `The ${bare(kind)} ${path} is held by another program, and was not let go in ${BUSY_MS / 1_000} seconds. Try again.`,
        { cause },
      );
    }
    throw new LookdialError(
      kind.code,
      `The ${bare(kind)} ${path} cannot be opened: ${(cause as Error).message}. ${kind.whenDamaged}`,
      { cause },
    );
  }
}
