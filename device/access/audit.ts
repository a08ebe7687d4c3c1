/** The book of changes: who changed what, when, and how it ended. Bounded: the oldest lines go first. */
import type { AccessDatabase } from './access-database.ts';
import type { Clock } from './clock.ts';
import type { Who } from './who.ts';

export interface Entry {
  readonly who: Who;
  /** Where the request came from; null for what is done on the box. */
  readonly address: string | null;
  /** The call, as the document spells it, or the command. */
  readonly what: string;
  /** What it was done to: a SKU, a key's name. */
  readonly subject: string | null;
  /** Of those that are kept longest: keys, PIN, pairing, updates. */
  readonly keptLong: boolean;
}

export interface Line {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: Who['kind'];
  readonly whoId: string | null;
  readonly whoName: string | null;
  readonly address: string | null;
  readonly what: string;
  readonly subject: string | null;
  /** The answer's HTTP status; null where the box stopped before there was one. */
  readonly outcome: number | null;
}

/**
 * Lines kept of stock and garments, and of everything else. Apart, so that a till that pushes stock all day (or a stolen key for
 * stock) cannot drive the making of keys out of the book.
 */
export const KEPT = { stock: 50_000, access: 10_000 } as const;
/** How far over its bound the book may be before the oldest lines are taken out. */
const SLACK = 500;
const LONGEST = 200;

const short = (text: string | null): string | null => (text === null ? null : text.slice(0, LONGEST));

export class Audit {
  readonly #database: AccessDatabase;
  readonly #clock: Clock;
  readonly #kept: { readonly stock: number; readonly access: number };
  readonly #statements;
  #sinceTrim = 0;

  constructor(database: AccessDatabase, clock: Clock, kept: { stock: number; access: number } = KEPT) {
    this.#database = database;
    this.#clock = clock;
    this.#kept = kept;
    this.#statements = {
      add: database.prepare(
        `INSERT INTO audit (at, who, who_id, who_name, address, what, subject, outcome, kept_long)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      end: database.prepare('UPDATE audit SET outcome = ? WHERE id = ?'),
      trim: database.prepare(
        `DELETE FROM audit WHERE kept_long = ?1 AND id <=
           (SELECT id FROM audit WHERE kept_long = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      ),
      page: database.prepare(
        `SELECT id, at, who, who_id AS whoId, who_name AS whoName, address, what, subject, outcome
         FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?`,
      ),
    };
  }

  /**
   * Writes down, before a change is made, that it is about to be; on the disk when it returns.
   * So a change that was made is in the book even where the power failed before its answer.
   * @returns the line's number, for `end`
   * @throws LookdialError `access-unavailable`: then the change must not be made
   */
  begin(entry: Entry): number {
    return this.#database.attempt(() => this.#add(entry, null));
  }

  /** How it ended. */
  end(line: number, outcome: number): void {
    this.#database.lightly(() => this.#statements.end.run(outcome, line));
  }

  /** A change and its line in one: to be called within the transaction that makes it. */
  record(entry: Entry, outcome = 200): void {
    this.#add(entry, outcome);
  }

  /** The latest lines first, those before the line `before` where it is given. */
  page(limit: number, before = Number.MAX_SAFE_INTEGER): Line[] {
    return this.#database.attempt(() => this.#statements.page.all(before, limit)) as unknown as Line[];
  }

  #add({ who, address, what, subject, keptLong }: Entry, outcome: number | null): number {
    const [id, name] = who.kind === 'key' ? [who.id, who.name] : [null, null];
    const { lastInsertRowid } = this.#statements.add.run(
      this.#clock.wall(),
      who.kind,
      id,
      name,
      address,
      short(what),
      short(subject),
      outcome,
      Number(keptLong),
    );
    if (this.#sinceTrim++ % SLACK === 0) this.#trim();
    return Number(lastInsertRowid);
  }

  #trim(): void {
    this.#statements.trim.run(0, this.#kept.stock);
    this.#statements.trim.run(1, this.#kept.access);
  }
}
