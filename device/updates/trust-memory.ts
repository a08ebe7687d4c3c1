/** What the box remembers of its repository beside the metadata themselves, so that losing or restoring their folder winds nothing back. */
import type { UpdateDatabase } from './update-database.ts';

export interface Trust {
  /** Version of the newest root seen. */
  readonly root: number;
  /** Digest of the keys that signed timestamp and snapshot by that root. */
  readonly freshnessKeys: string;
  /** Highest version seen of each other role since those keys came. */
  readonly versions: ReadonlyMap<string, number>;
}

export class TrustMemory {
  readonly #database: UpdateDatabase;

  constructor(database: UpdateDatabase) {
    this.#database = database;
  }

  /** undefined until the first root was seen. */
  get trust(): Trust | undefined {
    const row = this.#database.prepare('SELECT root, freshness_keys FROM trust').get();
    if (row === undefined) return undefined;
    const seen = this.#database.prepare('SELECT role, version FROM seen').all() as { role: string; version: number }[];
    return {
      root: Number(row.root),
      freshnessKeys: String(row.freshness_keys),
      versions: new Map(seen.map(({ role, version }) => [role, version])),
    };
  }

  /** Durably, all of it or none. Versions of roles that are not named are forgotten. */
  remember({ root, freshnessKeys, versions }: Trust): void {
    this.#database.together(() => {
      this.#database
        .prepare(
          `INSERT INTO trust (one, root, freshness_keys) VALUES (1, ?, ?)
           ON CONFLICT (one) DO UPDATE SET root = excluded.root, freshness_keys = excluded.freshness_keys`,
        )
        .run(root, freshnessKeys);
      this.#database.prepare('DELETE FROM seen').run();
      const add = this.#database.prepare('INSERT INTO seen VALUES (?, ?)');
      for (const [role, version] of versions) add.run(role, version);
    });
  }

  /** The greatest time ever known, milliseconds since 1970; undefined where none was. */
  get time(): number | undefined {
    const time = this.#database.prepare('SELECT time FROM trust').get()?.time;
    return typeof time === 'number' ? time : undefined;
  }

  set time(time: number) {
    this.#database.together(() => this.#database.prepare('UPDATE trust SET time = ?').run(Math.floor(time)));
  }
}
