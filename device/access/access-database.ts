/** The file of keys, PIN, audit and certificate: its tables, and how they are written. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type DatabaseKind, openDatabase, together } from '../database.ts';
import { isDatabaseDamaged, LookdialError } from '../errors.ts';

/** In the state folder, apart from the catalogue: making a catalogue anew loses no key. */
export const ACCESS_DATABASE = 'access.sqlite';

export const ACCESS_KIND: DatabaseKind = {
  what: 'a file of keys',
  /** "LDac". */
  applicationId: 0x4c446163,
  migrations: [
    `CREATE TABLE key (
       id TEXT PRIMARY KEY NOT NULL,
       hash BLOB NOT NULL CHECK (length(hash) = 32),
       name TEXT NOT NULL,
       scope TEXT NOT NULL CHECK (scope IN ('inventory', 'admin')),
       created INTEGER NOT NULL,
       last_used INTEGER,
       revoked INTEGER
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE staff (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       version INTEGER NOT NULL,
       salt BLOB NOT NULL,
       hash BLOB NOT NULL,
       cost INTEGER NOT NULL,
       changed INTEGER NOT NULL,
       wrong_tries INTEGER NOT NULL CHECK (wrong_tries >= 0)
     ) STRICT;
     CREATE TABLE audit (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       who TEXT NOT NULL,
       who_id TEXT,
       who_name TEXT,
       address TEXT,
       what TEXT NOT NULL,
       subject TEXT,
       outcome INTEGER,
       kept_long INTEGER NOT NULL CHECK (kept_long IN (0, 1))
     ) STRICT;
     CREATE INDEX audit_kept ON audit (kept_long, id);
     CREATE TABLE certificate (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       certificate TEXT NOT NULL,
       private_key TEXT NOT NULL
     ) STRICT;`,
    // A constraint cannot be changed: the scope `watch` needs another table.
    `CREATE TABLE key_of_any_scope (
       id TEXT PRIMARY KEY NOT NULL,
       hash BLOB NOT NULL CHECK (length(hash) = 32),
       name TEXT NOT NULL,
       scope TEXT NOT NULL CHECK (scope IN ('watch', 'inventory', 'admin')),
       created INTEGER NOT NULL,
       last_used INTEGER,
       revoked INTEGER
     ) STRICT, WITHOUT ROWID;
     INSERT INTO key_of_any_scope SELECT id, hash, name, scope, created, last_used, revoked FROM key;
     DROP TABLE key;
     ALTER TABLE key_of_any_scope RENAME TO key;`,
  ],
  code: 'access-invalid',
  whenMissing: 'Make the first key with: npm run keys -- create.',
  whenNewer: 'install the newer program',
  whenDamaged: 'If it is damaged, move it away: the PIN is then set anew at the screen, and each client paired again.',
  secret: true,
};

/** Every failure of the file itself is `access-unavailable`: what cannot be checked or written down is refused. */
export class AccessDatabase {
  readonly #database: DatabaseSync;

  /** @throws LookdialError `access-invalid` */
  constructor(path: string) {
    this.#database = openDatabase(path, true, ACCESS_KIND);
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** @throws LookdialError `access-unavailable` where the file cannot be read or written */
  attempt<T>(run: () => T): T {
    try {
      return run();
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw cause;
      throw new LookdialError(
        'access-unavailable',
        isDatabaseDamaged(cause)
          ? 'The file of keys is damaged. On the box, npm run doctor -- databases says what to do.'
          : `The file of keys cannot be used just now (${(cause as Error).message}). Look whether the disk is full, then ask again.`,
        { cause },
      );
    }
  }

  /** All of it or none, and on the disk when it returns. */
  together<T>(run: () => T): T {
    return this.attempt(() => together(this.#database, run));
  }

  /** Written, but not waited for: a killed process loses nothing, a power cut may lose this and nothing else. */
  lightly<T>(run: () => T): T {
    return this.attempt(() => {
      this.#database.exec('PRAGMA synchronous = NORMAL');
      try {
        return run();
      } finally {
        this.#database.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  close(): void {
    this.#database.close();
  }
}
