/**
 * Updates as far as the disk: looks for a release, decides whether it is for this box, fetches it and checks it. What it ends in
 * is a bundle's folder that is whole, signed and agrees with itself; nothing that serves is touched. docs/updates.md has the order.
 */

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../access/clock.ts';
import { makeFolderDurably } from '../inventory/durable.ts';
import { tryHold } from '../inventory/exclusive.ts';
import { admit, admitSpace, freeBytes } from './admission.ts';
import { Blobs, blobsOf, type Kept, seedsOf } from './blobs.ts';
import type { Box } from './box.ts';
import { type CheckOutcome, outcomeOf, refusedAs, type Verified } from './check-outcome.ts';
import { fetchFile } from './fetch-file.ts';
import { KnownTime } from './known-time.ts';
import { RepositoryMetadata } from './metadata.ts';
import { type Pace, USUAL_PACE } from './paced.ts';
import { type RefusalReason, UpdateRefused } from './refusals.ts';
import { RELEASE_TARGET, type Release } from './release.ts';
import { isOnTheWay, type Retries, USUAL_RETRIES } from './retries.ts';
import { readSignedRelease } from './signed-release.ts';
import type { Source } from './source.ts';
import { TrustMemory } from './trust-memory.ts';
import type { UpdateDatabase } from './update-database.ts';
import { UpdateProgress } from './update-progress.ts';
import { verifyEdition } from './verify-edition.ts';

export type { CheckOutcome, Verified };

export interface UpdaterOptions {
  /** The updates folder, on the data disk: `metadata/`, `blobs/`, `editions/`. */
  readonly folder: string;
  readonly database: UpdateDatabase;
  readonly source: Source;
  /** The first root: a file that comes with the box. */
  readonly root: string;
  readonly box: Box;
  /** Folders of bundles that are on the box anyway: what a release has in common with them is not fetched. */
  readonly seeds?: readonly string[];
  readonly clock?: Clock;
  readonly pace?: Pace;
  readonly retries?: Retries;
  /** Free bytes of a folder's disk. */
  readonly free?: (folder: string) => Promise<number>;
  /** What was thrown away, or is tried again: one sentence each. */
  readonly onNotice?: (sentence: string) => void;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  /** Bytes of the release that are on the disk, of how many. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Faults that are not the release's: what was fetched waits, and nothing counts against it. */
const NOT_ITS_FAULT: ReadonlySet<RefusalReason> = new Set([
  'source-unreachable',
  'source-slow',
  'source-incomplete',
  'no-space',
  'write-failed',
]);
const LOCK_FILE = 'updates.lock';

export class Updater {
  readonly #options: UpdaterOptions;
  readonly #metadata: RepositoryMetadata;
  readonly #pace: Pace;
  readonly #retries: Retries;
  readonly blobs: Blobs;
  readonly progress: UpdateProgress;

  constructor(options: UpdaterOptions) {
    const { folder, database, root, clock = systemClock, pace = USUAL_PACE, retries = USUAL_RETRIES } = options;
    const memory = new TrustMemory(database);
    const time = new KnownTime(memory, clock);
    this.#options = options;
    this.#pace = pace;
    this.#retries = retries;
    this.#metadata = new RepositoryMetadata({ folder: join(folder, 'metadata'), root, memory, time, pace, retries });
    this.blobs = new Blobs(folder);
    this.progress = new UpdateProgress(database, () => clock.wall());
  }

  /**
   * Looks for a release, and fetches it. It never throws: whatever happens is an outcome, and is written down. What an earlier
   * check began and did not end is gone on with.
   */
  async check(options: CheckOptions = {}): Promise<CheckOutcome> {
    try {
      await makeFolderDurably(this.#options.folder);
      const hold = tryHold(join(this.#options.folder, LOCK_FILE));
      if (hold === undefined)
        return refusedAs('under-way', 'Another process looks for updates already: wait for it to end.');
      try {
        return await this.#check(options);
      } catch (error) {
        return await this.#settle(error, options.signal);
      } finally {
        hold.release();
      }
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async #check({ signal, onProgress }: CheckOptions): Promise<CheckOutcome> {
    const { progress } = this;
    const { state } = progress.state;
    if (!['idle', 'checking', 'fetching', 'verified'].includes(state)) {
      return refusedAs('under-way', `An update is under way (${state}): it ends by itself.`);
    }
    if (state === 'checking' || state === 'fetching') progress.settle();
    if (state !== 'verified') progress.checking();
    const { bytes, sha256, release } = await readSignedRelease(this.#metadata, this.#options.source, {
      pace: this.#pace,
      retries: this.#retries,
      signal,
    });
    const current = progress.current?.release ?? 0;
    const under = progress.state.release;
    // What the repository no longer names is not gone on with.
    if (under !== undefined && (under.release !== release.release || under.sha256 !== sha256)) progress.drop();
    if (release.release === current) {
      progress.end();
      if (progress.current?.sha256 !== sha256) {
        const message = `Release ${current} is in use, and the repository has another of that number: publish it under a higher one.`;
        throw new UpdateRefused('release-invalid', message);
      }
      return { kind: 'up-to-date', release: current };
    }
    try {
      this.#admit(release);
    } catch (error) {
      progress.drop();
      throw error;
    }
    const verified = await this.#verified();
    if (verified !== undefined) return verified;
    progress.meet(bytes, sha256);
    await this.#fetch(release, signal, onProgress);
    return this.#verify(release);
  }

  /** @throws UpdateRefused */
  #admit(release: Release): void {
    const { progress } = this;
    const { box, database } = this.#options;
    const current = progress.current?.release ?? 0;
    admit(release, { box, boxId: database.boxId, current, known: progress.find(release.release) });
  }

  /** The release that an earlier check verified, while the source is away; undefined where the box may not go by that any more. */
  async #ready(signal: AbortSignal | undefined): Promise<Verified | undefined> {
    const { state, release: record } = this.progress.state;
    if (state !== 'verified' || record === undefined) return undefined;
    try {
      const [target] = (await this.#metadata.held([RELEASE_TARGET], signal)).targets;
      if (target?.hashes.sha256 !== record.sha256) return undefined;
      this.#admit(record.document);
      return await this.#verified();
    } catch (error) {
      if (error instanceof UpdateRefused) return undefined;
      throw error;
    }
  }

  /** The release that an earlier check verified, where it is still under way. */
  async #verified(): Promise<Verified | undefined> {
    const { state, release: record } = this.progress.state;
    if (state !== 'verified' || record?.edition === undefined) return undefined;
    const folder = this.blobs.editionFolder(record.edition);
    const isThere = await access(folder).then(
      () => true,
      () => false,
    );
    if (isThere) return this.#verifiedAs(record.document, record.edition);
    // Somebody took it away: it is made anew.
    this.progress.drop();
    return undefined;
  }

  async #fetch(
    release: Release,
    signal: AbortSignal | undefined,
    onProgress: CheckOptions['onProgress'],
  ): Promise<void> {
    const { source, free = freeBytes, folder, onNotice } = this.#options;
    await this.blobs.prepare();
    const wanted = blobsOf(release);
    const missing: Kept[] = [];
    for (const kept of wanted) if (!(await this.blobs.holds(kept, signal))) missing.push(kept);
    const there = await Promise.all(missing.map(kept => this.blobs.bytesThere(kept)));
    const all = total(wanted);
    admitSpace(release, total(missing) - there.reduce((sum, bytes) => sum + bytes, 0), await free(folder));
    this.progress.advance('fetching', release.release);
    let done = all - total(missing);
    onProgress?.(done, all);
    const seeds = new Map<string, string>();
    for (const seed of this.#options.seeds ?? [])
      for (const [sha256, path] of await seedsOf(seed)) seeds.set(sha256, path);
    for (const kept of missing) {
      const { sha256, bytes } = kept;
      const from = seeds.get(sha256);
      if (from === undefined || !(await this.blobs.seed(kept, from, signal))) {
        const wants = { path: `blobs/sha256/${sha256}`, length: bytes, hashes: { sha256 } };
        await fetchFile(source, wants, this.blobs.partPath(sha256), {
          pace: this.#pace,
          retries: this.#retries,
          signal,
          onBytes: fetched => onProgress?.(done + fetched, all),
          ...(onNotice && { onNotice }),
        });
        await this.blobs.admit(kept);
      }
      done += bytes;
      onProgress?.(done, all);
    }
  }

  async #verify(release: Release): Promise<CheckOutcome> {
    const { progress, blobs } = this;
    const edition = progress.numberEdition(release.release, (await blobs.editions()).at(-1) ?? 0);
    const folder = await blobs.makeEdition(edition, release.members);
    const verified = this.#verifiedAs(release, edition);
    await verifyEdition(folder, release, verified.index);
    progress.advance('verified', release.release);
    await this.collect();
    return verified;
  }

  #verifiedAs(release: Release, edition: number): Verified {
    const { blobs } = this;
    const index = release.index && blobs.path(release.index.sha256);
    return { kind: 'verified', release, edition, folder: blobs.editionFolder(edition), index };
  }

  /** Removes the files of releases that are not kept: neither the one that serves, nor the one before it, nor the one under way. */
  async collect(): Promise<void> {
    const kept = this.progress.kept();
    const editions = kept.map(({ edition }) => edition).filter(edition => edition !== undefined);
    await this.blobs.collect(
      kept.flatMap(({ document }) => blobsOf(document)),
      editions,
    );
  }

  /** Writes down how a check ended that did not end well. */
  async #settle(error: unknown, signal: AbortSignal | undefined): Promise<CheckOutcome> {
    const { progress } = this;
    const { state, release } = progress.state;
    const reason = error instanceof UpdateRefused ? error.reason : 'failed';
    const ready = isOnTheWay(error) && !signal?.aborted ? await this.#ready(signal) : undefined;
    if (reason === 'members-disagree' && release !== undefined) {
      progress.giveUp(release.release, (error as Error).message);
      await this.collect();
    } else if (signal?.aborted || NOT_ITS_FAULT.has(reason)) progress.pause();
    else if (state !== 'verified') progress.settle();
    if (signal?.aborted) return { kind: 'cancelled' };
    const outcome = { ...outcomeOf(error), ...(ready && { ready }) };
    // Whoever keeps a box from its repository for so long is no ordinary course of things.
    return outcome.alarm || !(await this.#metadata.hasExpired()) ? outcome : { ...outcome, alarm: true };
  }
}

const total = (files: readonly Kept[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
