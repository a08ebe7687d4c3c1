/** The staff's PIN: kept as scrypt with a salt, and locked after wrong tries, longer each time. */
import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { LookdialError } from '../errors.ts';
import type { AccessDatabase } from './access-database.ts';
import type { Clock } from './clock.ts';
import { sameHash } from './token.ts';

const derive: (pin: string, salt: Uint8Array, bytes: number, options: object) => Promise<Buffer> = promisify(scrypt);

/** scrypt's cost N, with r = 8 and p = 1: 32 MB and a tenth of a second, for a few tries a minute at most. */
const COST = 2 ** 15;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PIN = /^\d{6,12}$/;
/** Wrong tries that cost nothing but the try. */
export const FREE_TRIES = 5;
/** The first lock, and the longest; each further wrong try doubles it. Milliseconds. */
export const FIRST_LOCK_MS = 30_000;
export const LONGEST_LOCK_MS = 15 * 60_000;

interface Row {
  readonly version: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly cost: number;
  readonly wrongTries: number;
}

/** How long so many wrong tries lock it, milliseconds. */
export const lockOf = (wrongTries: number): number =>
  wrongTries < FREE_TRIES ? 0 : Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** (wrongTries - FREE_TRIES));

/** One digit all along, or digits that count up or down: the first that anybody tries. */
const isObvious = (pin: string): boolean => {
  const steps = new Set(Array.from(pin.slice(1), (digit, at) => Number(digit) - Number(pin[at])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 2);
};

export class StaffPin {
  readonly #database: AccessDatabase;
  readonly #clock: Clock;
  readonly #cost: number;
  readonly #statements;
  #trying = false;
  /**
   * When the lock for so many wrong tries began. By the steady clock and in memory alone, so that setting the box's clock opens
   * nothing; the count is on the disk, and a daemon that starts anew waits the whole time again.
   */
  #lock = { wrongTries: 0, since: 0 };

  constructor(database: AccessDatabase, clock: Clock, cost = COST) {
    this.#database = database;
    this.#clock = clock;
    this.#cost = cost;
    this.#statements = {
      get: database.prepare('SELECT version, salt, hash, cost, wrong_tries AS wrongTries FROM staff'),
      set: database.prepare(
        `INSERT INTO staff (one, version, salt, hash, cost, changed, wrong_tries) VALUES (1, 1, ?1, ?2, ?3, ?4, 0)
         ON CONFLICT DO UPDATE SET version = version + 1, salt = ?1, hash = ?2, cost = ?3, changed = ?4, wrong_tries = 0`,
      ),
      tried: database.prepare('UPDATE staff SET wrong_tries = wrong_tries + 1'),
      right: database.prepare('UPDATE staff SET wrong_tries = 0 WHERE version = ?'),
    };
  }

  /** Counts the PINs there have been; 0 while there is none. A session ends where it changes. */
  get version(): number {
    return this.#row()?.version ?? 0;
  }

  /** How long nothing can be tried, milliseconds; 0 where something can. */
  get lockedMs(): number {
    const wrongTries = this.#row()?.wrongTries ?? 0;
    if (this.#lock.wrongTries !== wrongTries) this.#lock = { wrongTries, since: this.#clock.steady() };
    return Math.max(0, this.#lock.since + lockOf(wrongTries) - this.#clock.steady());
  }

  /**
   * Makes `pin` the PIN, and opens a lock. Who may is for the caller to know.
   * @param replacing false: only where there is none yet
   * @param along written in the same transaction: its line in the audit
   * @throws LookdialError `invalid-request` for a PIN that is none or is obvious, `pin-set` where there is one already
   */
  async set(pin: string, { replacing, along }: { replacing: boolean; along: () => void }): Promise<void> {
    if (!PIN.test(pin)) {
      throw new LookdialError('invalid-request', 'A PIN has 6 to 12 digits, and nothing else.', { field: 'pin' });
    }
    if (isObvious(pin)) {
      throw new LookdialError('invalid-request', 'That is the first PIN anybody tries. Choose another.', {
        field: 'pin',
      });
    }
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(pin, salt, this.#cost);
    this.#database.together(() => {
      // Looked at now and not before: somebody else may have set one while this was being derived.
      if (!replacing && this.#row() !== undefined) {
        throw new LookdialError('pin-set', 'There is a PIN already. Whoever knows it can change it on the staff page.');
      }
      this.#statements.set.run(salt, hash, this.#cost, this.#clock.wall());
      along();
    });
  }

  /**
   * Returns where `pin` is the PIN. A try is counted, on the disk, before it is looked at: pulling the plug wins no further one.
   * @returns the version of the PIN that was right
   * @throws LookdialError `pin-unset`, `pin-locked`, `pin-wrong`, `busy` while another is being looked at
   */
  async check(pin: string): Promise<number> {
    const row = this.#row();
    if (row === undefined) throw new LookdialError('pin-unset', 'There is no PIN yet. Set one at the screen.');
    this.#refuseLocked();
    if (this.#trying) throw new LookdialError('busy', 'Another try is being looked at.');
    this.#trying = true;
    try {
      this.#database.attempt(() => this.#statements.tried.run());
      const right = PIN.test(pin) && sameHash(await this.#derive(pin, row.salt, row.cost), row.hash);
      if (right) {
        this.#database.attempt(() => this.#statements.right.run(row.version));
        return row.version;
      }
    } finally {
      this.#trying = false;
    }
    this.#refuseLocked();
    const left = FREE_TRIES - (this.#row()?.wrongTries ?? 0);
    const then = left > 0 ? `${left} more, and it is locked for a while.` : 'It is locked for longer after the next.';
    throw new LookdialError('pin-wrong', `That is not the PIN. ${then}`, { field: 'pin' });
  }

  #refuseLocked(): void {
    const { lockedMs } = this;
    if (lockedMs === 0) return;
    const retryAfter = Math.ceil(lockedMs / 1000);
    throw new LookdialError('pin-locked', `There were too many wrong tries. Try again in ${retryAfter} s.`, {
      retryAfter,
    });
  }

  #row(): Row | undefined {
    return this.#database.attempt(() => this.#statements.get.get()) as unknown as Row | undefined;
  }

  #derive(pin: string, salt: Uint8Array, cost: number): Promise<Buffer> {
    return derive(pin, salt, HASH_BYTES, { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 });
  }
}
