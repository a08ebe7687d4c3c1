/** Where the update stands, written down before it is acted on, and what became of each release. */
import { UpdateRefused } from './refusals.ts';
import { parseRelease, type Release } from './release.ts';
import type { UpdateDatabase } from './update-database.ts';
import { MOST_TRANSITIONS, NEXT, type UpdateStateName } from './update-state.ts';

/** A release that this box has met. */
export interface ReleaseRecord {
  readonly release: number;
  /** The document as it was signed, and its SHA-256 in hex. */
  readonly document: Release;
  readonly sha256: string;
  /** Number of its folder in `editions/`; undefined until it was made. */
  readonly edition: number | undefined;
  readonly transitions: number;
  readonly verdict: 'bad' | 'committed' | undefined;
  /** Why it is bad; one sentence. */
  readonly reason: string | undefined;
  /** Whether the store was encoded by it, and it has passed its trial: its hours were over by then. */
  readonly isEncoded: boolean;
  /** Milliseconds since 1970, by the box's own clock: for people to read. */
  readonly firstSeen: number;
  readonly changed: number;
}

export interface UpdateState {
  readonly state: UpdateStateName;
  /** Of which release; in `idle`, the one whose files wait to be fetched further, if any. */
  readonly release: ReleaseRecord | undefined;
  readonly since: number;
}

interface Row {
  release: number;
  sha256: string;
  document: Uint8Array;
  edition: number | null;
  transitions: number;
  verdict: 'bad' | 'committed' | null;
  reason: string | null;
  encoded: 0 | 1;
  first_seen: number;
  changed: number;
}

interface ProgressRow {
  state: UpdateStateName;
  release: number | null;
  since: number;
  current: number | null;
  previous: number | null;
}

const START: ProgressRow = { state: 'idle', release: null, since: 0, current: null, previous: null };

const recordOf = (row: Row): ReleaseRecord => ({
  release: row.release,
  document: parseRelease(row.document, `the release ${row.release} of the file of updates`),
  sha256: row.sha256,
  edition: row.edition ?? undefined,
  transitions: row.transitions,
  verdict: row.verdict ?? undefined,
  reason: row.reason ?? undefined,
  isEncoded: row.encoded === 1,
  firstSeen: row.first_seen,
  changed: row.changed,
});

export class UpdateProgress {
  readonly #database: UpdateDatabase;
  readonly #now: () => number;

  /** @param now milliseconds since 1970, for people to read */
  constructor(database: UpdateDatabase, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  get #row(): ProgressRow {
    const sql = 'SELECT state, release, since, current, previous FROM progress';
    return (this.#database.prepare(sql).get() as ProgressRow | undefined) ?? START;
  }

  get state(): UpdateState {
    const { state, release, since } = this.#row;
    return { state, since, release: this.find(release) };
  }

  /** The release that serves; undefined where it is the bundle that came with the program. */
  get current(): ReleaseRecord | undefined {
    return this.find(this.#row.current);
  }

  /** The release before it, which is kept. */
  get previous(): ReleaseRecord | undefined {
    return this.find(this.#row.previous);
  }

  find(release: number | null): ReleaseRecord | undefined {
    if (release === null) return undefined;
    const row = this.#database.prepare('SELECT * FROM release WHERE release = ?').get(release) as Row | undefined;
    return row && recordOf(row);
  }

  /** Every release met, the newest first. */
  history(): ReleaseRecord[] {
    const rows = this.#database.prepare('SELECT * FROM release ORDER BY release DESC').all() as unknown as Row[];
    return rows.map(recordOf);
  }

  /** Releases whose files are kept: the one that serves, the one before it, the one under way. */
  kept(): ReleaseRecord[] {
    const all = [this.current, this.previous, this.state.release].filter(record => record !== undefined);
    return [...new Map(all.map(record => [record.release, record])).values()];
  }

  /** Writes down that a release was met. Of one that is known, the document may be another. */
  meet(bytes: Uint8Array, sha256: string): ReleaseRecord {
    const { release } = parseRelease(bytes, 'the release');
    return this.#database.together(() => {
      const now = this.#now();
      this.#database
        .prepare(
          `INSERT INTO release (release, sha256, document, first_seen, changed) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (release) DO UPDATE SET sha256 = excluded.sha256, document = excluded.document, encoded = 0, changed = excluded.changed
           WHERE release.sha256 <> excluded.sha256`,
        )
        .run(release, sha256, bytes, now, now);
      return this.find(release) as ReleaseRecord;
    });
  }

  /** Writes down that the metadata are being read. What was under way stays known. */
  checking(): void {
    this.#database.together(() => this.#go('checking', this.#row.release));
  }

  /**
   * Writes down the next state of a release, which is counted.
   * @throws UpdateRefused `abandoned` where there were too many: the release is bad then, and the state `idle`
   */
  advance(to: UpdateStateName, release: number): void {
    const record = this.#database.together(() => {
      this.#change(release, 'transitions = transitions + 1');
      const counted = this.find(release);
      if (counted === undefined) throw new RangeError(`Release ${release} was never met.`);
      if (counted.transitions <= MOST_TRANSITIONS) this.#go(to, release);
      return counted;
    });
    if (record.transitions <= MOST_TRANSITIONS) return;
    const reason = `After ${MOST_TRANSITIONS} transitions it was still not done: it was abandoned.`;
    this.giveUp(release, reason);
    throw new UpdateRefused('abandoned', `Release ${release}: ${reason} Publish a newer one.`);
  }

  /** The number of the folder that the release's bundle is made in: a new one, never used before. */
  numberEdition(release: number, above = 0): number {
    return this.#database.together(() => {
      const most = this.#database.prepare('SELECT max(edition) AS most FROM release').get()?.most ?? 0;
      const edition = Math.max(Number(most), above) + 1;
      this.#change(release, 'edition = ?', edition);
      return edition;
    });
  }

  /** Back to `idle` for now: the source went away. What was fetched waits; the transition that it undid does not count. */
  pause(): void {
    this.#database.together(() => {
      const { state, release } = this.#row;
      if (state === 'verified') return;
      if (state === 'fetching' && release !== null) this.#change(release, 'transitions = max(0, transitions - 1)');
      this.#go('idle', release);
    });
  }

  /** Back to `idle`: refused for now, or the process died. What was fetched waits, and every transition counts. */
  settle(): void {
    this.#database.together(() => this.#go('idle', this.#row.release));
  }

  /** Nothing is under way any more; a check that is going on goes on. */
  drop(): void {
    this.#database.together(() => {
      const { state } = this.#row;
      this.#go(state === 'verified' ? 'idle' : state, null);
      if (state === 'verified') this.#go('checking', null);
    });
  }

  /** Back to `idle`, with nothing under way. */
  end(): void {
    this.#database.together(() => this.#go('idle', null));
  }

  /** The store is encoded by the release on trial, and its hours are over: back to `verified`, until the next ones. It is counted. */
  awaitWindow(): void {
    this.#database.together(() => {
      const { release } = this.#row;
      if (release === null) throw new RangeError('No release is under way.');
      this.#change(release, 'transitions = transitions + 1, encoded = 1');
      this.#go('verified', release);
    });
  }

  /** The release is bad on this box, and not taken again. @param reason one sentence */
  giveUp(release: number, reason: string): void {
    this.#database.together(() => {
      this.#change(release, "verdict = 'bad', reason = ?", reason);
      this.#go('idle', null);
    });
  }

  /** The release under way serves from now on, and the one that served is the one before it. */
  commit(): void {
    this.#database.together(() => {
      const { release, current } = this.#row;
      if (release === null) throw new RangeError('No release is under way.');
      this.#change(release, "transitions = transitions + 1, verdict = 'committed', reason = NULL");
      this.#go('committed', release);
      if (current === release) return;
      this.#database.prepare('UPDATE progress SET current = ?, previous = ?').run(release, current);
    });
  }

  /** The release under way is bad, and where it served already the one before it serves again. @param reason one sentence */
  rollBack(reason: string): void {
    this.#database.together(() => {
      const { release, current } = this.#row;
      if (release === null) throw new RangeError('No release is under way.');
      this.#change(release, "transitions = transitions + 1, verdict = 'bad', reason = ?", reason);
      this.#go('rolled-back', release);
      if (current === release) this.#database.prepare('UPDATE progress SET current = previous, previous = NULL').run();
    });
  }

  /** The release that serves is bad, with nothing under way, and the one before it serves again. @param reason one sentence */
  takeBack(reason: string): void {
    this.#database.together(() => {
      const { current } = this.#row;
      if (current === null) return;
      this.#change(current, "verdict = 'bad', reason = ?", reason);
      this.#database.prepare('UPDATE progress SET current = previous, previous = NULL').run();
    });
  }

  /** Counts a start of the daemon within the probation of a release. @returns how many there were with this one */
  countStart(release: number): number {
    return this.#database.together(() => {
      this.#database
        .prepare(
          `INSERT INTO probation (one, release, starts) VALUES (1, ?, 1)
           ON CONFLICT (one) DO UPDATE SET starts = iif(release = excluded.release, starts + 1, 1), release = excluded.release`,
        )
        .run(release);
      return Number(this.#database.prepare('SELECT starts FROM probation').get()?.starts);
    });
  }

  /** The daemon has run for long enough that its next start has another reason. */
  forgetStarts(): void {
    this.#database.together(() => this.#database.prepare('DELETE FROM probation').run());
  }

  #change(release: number, assignment: string, ...values: (string | number)[]): void {
    this.#database
      .prepare(`UPDATE release SET ${assignment}, changed = ? WHERE release = ?`)
      .run(...values, this.#now(), release);
  }

  #go(to: UpdateStateName, release: number | null): void {
    const { state } = this.#row;
    if (to !== state && to !== 'idle' && !NEXT[state].includes(to))
      throw new RangeError(`From ${state} there is no way to ${to}.`);
    this.#database
      .prepare(
        `INSERT INTO progress (one, state, release, since) VALUES (1, ?, ?, ?)
         ON CONFLICT (one) DO UPDATE SET state = excluded.state, release = excluded.release, since = excluded.since`,
      )
      .run(to, release, this.#now());
  }
}
