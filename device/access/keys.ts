/** The keys of programs: who may change what, until it is taken back. */
import { LookdialError } from '../errors.ts';
import type { AccessDatabase } from './access-database.ts';
import type { Clock } from './clock.ts';
import { hashOf, keyIdOf, makeKeyToken, sameHash } from './token.ts';
import type { Scope } from './who.ts';

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** To the hour; null where it never was. */
  readonly lastUsed: number | null;
  readonly revoked: number | null;
}

/** Keys that can be used at one time: more is a mistake, and the screen's list must stay one that a person can read. */
export const MAX_KEYS = 100;
/** Keys taken back that are still listed, the latest. */
const REVOKED_LISTED = 100;
export const MAX_NAME = 60;
/** A key that is used a thousand times a second is noted once in this time, milliseconds. */
const USE_MS = 3_600_000;
const NAME = /^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u;
/** Compared with where there is no such key, so that it takes as long. */
const NO_HASH = new Uint8Array(32);

const COLUMNS = 'id, name, scope, created, last_used AS lastUsed, revoked';

export class Keys {
  readonly #database: AccessDatabase;
  readonly #clock: Clock;
  readonly #statements;

  constructor(database: AccessDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = {
      find: database.prepare(`SELECT ${COLUMNS}, hash FROM key WHERE id = ? AND revoked IS NULL`),
      get: database.prepare(`SELECT ${COLUMNS} FROM key WHERE id = ?`),
      list: database.prepare(`SELECT ${COLUMNS} FROM key ORDER BY revoked IS NOT NULL, created DESC, id`),
      count: database.prepare('SELECT count(*) AS n FROM key WHERE revoked IS NULL'),
      add: database.prepare('INSERT INTO key (id, hash, name, scope, created) VALUES (?, ?, ?, ?, ?)'),
      used: database.prepare('UPDATE key SET last_used = ? WHERE id = ?'),
      revoke: database.prepare('UPDATE key SET revoked = ? WHERE id = ? AND revoked IS NULL'),
      forget: database.prepare(
        `DELETE FROM key WHERE revoked IS NOT NULL AND id NOT IN
           (SELECT id FROM key WHERE revoked IS NOT NULL ORDER BY revoked DESC, id LIMIT ${REVOKED_LISTED})`,
      ),
    };
  }

  /**
   * A new key, and its token: the only time that it can be had. To be called within a transaction, with its line in the audit.
   * @throws LookdialError `invalid-request` for a name that is none, `too-many-keys`
   */
  create(name: string, scope: Scope): { key: Key; token: string } {
    if (name.length > MAX_NAME || !NAME.test(name)) {
      throw new LookdialError(
        'invalid-request',
        `A key’s name has 1 to ${MAX_NAME} characters that can be seen, such as “Till 2”.`,
        { field: 'name' },
      );
    }
    if (Number(this.#statements.count.get()?.n) >= MAX_KEYS) {
      throw new LookdialError('too-many-keys', `There are ${MAX_KEYS} already. Take one back that nobody uses.`);
    }
    const { id, token } = makeKeyToken();
    const created = this.#clock.wall();
    this.#statements.add.run(id, hashOf(token), name, scope, created);
    return { key: { id, name, scope, created, lastUsed: null, revoked: null }, token };
  }

  /** The key that a token opens, and notes its use; undefined for one that is unknown or was taken back. */
  find(token: string): Key | undefined {
    const id = keyIdOf(token);
    const row = id === undefined ? undefined : this.#database.attempt(() => this.#statements.find.get(id));
    const { hash, ...key } = (row ?? { hash: NO_HASH }) as unknown as Key & { hash: Uint8Array };
    if (!sameHash(hash, hashOf(token)) || row === undefined) return undefined;
    this.#note(key);
    return key;
  }

  /** Those that can be used, the newest first, then those taken back. */
  list(): Key[] {
    return this.#database.attempt(() => this.#statements.list.all()) as unknown as Key[];
  }

  /**
   * Takes a key back: the next request with it is refused. To be called within a transaction, with its line in the audit.
   * @throws LookdialError `key-not-found` where there is none, or none any more
   */
  revoke(id: string): Key {
    const { changes } = this.#statements.revoke.run(this.#clock.wall(), id);
    if (changes === 0) {
      throw new LookdialError('key-not-found', `There is no key ${id.slice(0, 40)} that could be taken back.`);
    }
    const key = this.#statements.get.get(id) as unknown as Key;
    this.#statements.forget.run();
    return key;
  }

  #note({ id, lastUsed }: Key): void {
    const hour = Math.floor(this.#clock.wall() / USE_MS) * USE_MS;
    if (lastUsed !== null && lastUsed >= hour) return;
    try {
      this.#database.lightly(() => this.#statements.used.run(hour, id));
    } catch {
      // A full disk keeps nobody from asking; when a key was used last can wait.
    }
  }
}
