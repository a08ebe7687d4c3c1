/** `updates.sqlite`: who this box is, what it has seen of its repository, where its update stands, and what became of each release. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type DatabaseKind, openDatabase, together } from '../database.ts';
import { isDiskFull } from '../errors.ts';
import { UpdateRefused } from './refusals.ts';

/** In the state folder, apart from the updates folder: losing either loses no memory of what was seen. */
export const UPDATE_DATABASE = 'updates.sqlite';

const SQLITE_CORRUPT = 11;

const KIND: DatabaseKind = {
  what: 'a file of updates',
  /** "LDup". */
  applicationId: 0x4c447570,
  migrations: [
    `CREATE TABLE box (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       id BLOB NOT NULL CHECK (length(id) = 16)
     ) STRICT;
     CREATE TABLE trust (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       root INTEGER NOT NULL,
       freshness_keys TEXT NOT NULL,
       time INTEGER
     ) STRICT;
     CREATE TABLE seen (
       role TEXT PRIMARY KEY NOT NULL,
       version INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE release (
       release INTEGER PRIMARY KEY,
       sha256 TEXT NOT NULL,
       document BLOB NOT NULL,
       edition INTEGER UNIQUE,
       transitions INTEGER NOT NULL DEFAULT 0,
       verdict TEXT CHECK (verdict IN ('bad', 'committed')),
       reason TEXT,
       first_seen INTEGER NOT NULL,
       changed INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE progress (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       state TEXT NOT NULL,
       release INTEGER REFERENCES release (release),
       since INTEGER NOT NULL,
       current INTEGER REFERENCES release (release),
       previous INTEGER REFERENCES release (release)
     ) STRICT;
     CREATE TABLE probation (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       release INTEGER NOT NULL REFERENCES release (release),
       starts INTEGER NOT NULL
     ) STRICT;`,
    'ALTER TABLE release ADD COLUMN encoded INTEGER NOT NULL DEFAULT 0 CHECK (encoded IN (0, 1));',
  ],
  code: 'updates-invalid',
  whenMissing: 'It is made by the daemon when it first looks for updates.',
  whenNewer: 'install the newer program',
  whenDamaged:
    'If it is damaged, move it away: the box then takes up its repository anew, and forgets which releases were bad here.',
};

export class UpdateDatabase {
  readonly #database: DatabaseSync;
  /** 128 random bits, made once: a box's place in every rollout comes of it, and nothing else does. */
  readonly boxId: Buffer;

  /** @param path the file, or `:memory:` @throws LookdialError `updates-invalid` */
  constructor(path: string) {
    this.#database = openDatabase(path, true, KIND);
    this.#database.prepare('INSERT OR IGNORE INTO box VALUES (1, ?)').run(randomBytes(16));
    const row = this.#database.prepare('SELECT id FROM box').get() as { id: Uint8Array };
    this.boxId = Buffer.from(row.id);
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** All of it or none, and on the disk when it returns. @throws UpdateRefused `no-space` or `write-failed` */
  together<T>(run: () => T): T {
    try {
      return together(this.#database, run);
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw cause;
      const reason = isDiskFull(cause) ? 'no-space' : 'write-failed';
      const message = `The file of updates did not take a change (${(cause as Error).message}). Look whether the disk is full.`;
      throw new UpdateRefused(reason, message, { cause });
    }
  }

  /** Looks at every page. @throws what SQLite throws of a damaged database, where one is not as it was written */
  check(): void {
    const [found] = this.#database.prepare('PRAGMA quick_check(1)').all();
    const said = String(found?.quick_check);
    if (said !== 'ok') throw Object.assign(new Error(said), { code: 'ERR_SQLITE_ERROR', errcode: SQLITE_CORRUPT });
  }

  close(): void {
    this.#database.close();
  }
}
