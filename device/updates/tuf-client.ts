/**
 * tuf-js, as this house needs it: over a source of ours, at a time that is given, and with the cause of a failure, which tuf-js
 * puts into words for two of the four roles. It reaches into tuf-js for that, whose version is pinned; where tuf-js has changed,
 * the first use says so.
 */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Metadata, Root, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';
import { LengthOrHashMismatchError, UnsignedMetadataError } from '@tufjs/models/dist/error.js';
import { type Fetcher, Updater } from 'tuf-js';
import {
  DownloadHTTPError,
  ExpiredMetadataError,
  PersistError,
  RepositoryError,
  RuntimeError,
} from 'tuf-js/dist/error.js';
import { sentenceOf } from '../errors.ts';
import { fetchBytes } from './fetch-bytes.ts';
import type { Pace } from './paced.ts';
import { type RefusalReason, UpdateRefused } from './refusals.ts';
import { type Retries, withRetries } from './retries.ts';
import type { Source } from './source.ts';

/** Longest files read, bytes, and how far they may lead. */
const LIMITS = {
  maxRootRotations: 256,
  maxDelegations: 32,
  rootMaxLength: 512_000,
  timestampMaxLength: 16_384,
  snapshotMaxLength: 2_000_000,
  targetsMaxLength: 5_000_000,
};
/** Whatever length the metadata themselves announce. */
const LONGEST = 5_000_000;

/** What tuf-js joins names to; only what is behind it is asked of the source. */
const BASE = 'http://repository/';

const STEPS = ['updateRoot', 'updateTimestamp', 'updateSnapshot', 'updateDelegatedTargets'] as const;
type Step = (typeof STEPS)[number];

/** What tuf-js holds to be true: `TrustedMetadataStore`. */
interface TrustedSet {
  referenceTime: Date;
  readonly root: Metadata<Root>;
  readonly timestamp: Metadata<Timestamp> | undefined;
  readonly snapshot: Metadata<Snapshot> | undefined;
  readonly targets: Metadata<Targets> | undefined;
}

export interface TufClientOptions {
  /** Where tuf-js works: `root.json` must be in it. */
  readonly folder: string;
  readonly source: Source;
  /** Where metadata are in the source: `metadata/`, or empty. */
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly pace: Pace;
  readonly retries: Retries;
  readonly signal?: AbortSignal | undefined;
}

/** Digest of the keys that may sign timestamp and snapshot by a root, with their thresholds. */
export function freshnessKeys({ signed }: Metadata<Root>): string {
  const roles = ['timestamp', 'snapshot'].map(name => {
    const role = signed.roles[name];
    return { keys: [...(role?.keyIDs ?? [])].sort(), threshold: role?.threshold };
  });
  return createHash('sha256').update(JSON.stringify(roles)).digest('hex');
}

function trustedSetOf(updater: Updater): TrustedSet {
  const set: unknown = Reflect.get(updater, 'trustedSet');
  const isSet =
    typeof set === 'object' &&
    set !== null &&
    Reflect.get(set, 'referenceTime') instanceof Date &&
    STEPS.every(step => typeof Reflect.get(set, step) === 'function');
  if (!isSet) throw new Error('tuf-js is not of the version that this program knows: install the locked one.');
  return set as TrustedSet;
}

export class TufClient {
  readonly #options: TufClientOptions;
  readonly #updater: Updater;
  readonly #set: TrustedSet;
  #keys: string;
  /** What failed last: tuf-js goes on after some failures, and what it throws in the end is this or a sentence about it. */
  #failure: { readonly step: Step | 'fetch'; readonly error: unknown; readonly taken: boolean } | undefined;

  /** @throws where `root.json` in the folder cannot be used */
  constructor(options: TufClientOptions) {
    this.#options = options;
    const fetcher: Fetcher = {
      downloadBytes: (url, maxLength) => this.#fetch(url, maxLength),
      downloadFile: () => Promise.reject(new Error('Targets are not fetched by tuf-js.')),
    };
    this.#updater = new Updater({
      metadataDir: options.folder,
      metadataBaseUrl: BASE,
      fetcher,
      config: LIMITS,
    });
    this.#set = trustedSetOf(this.#updater);
    this.#set.referenceTime = new Date(options.now);
    for (const step of STEPS) this.#watch(step);
    this.#keys = freshnessKeys(this.#set.root);
  }

  get root(): Metadata<Root> {
    return this.#set.root;
  }

  get timestamp(): Metadata<Timestamp> | undefined {
    return this.#set.timestamp;
  }

  get snapshot(): Metadata<Snapshot> | undefined {
    return this.#set.snapshot;
  }

  get targets(): Metadata<Targets> | undefined {
    return this.#set.targets;
  }

  /** Brings the metadata up to date. @throws UpdateRefused, or the signal's reason */
  async refresh(): Promise<void> {
    await this.#attempt(() => this.#updater.refresh());
  }

  /** What the metadata say of a target; undefined where they know none. @throws UpdateRefused, or the signal's reason */
  target(path: string): Promise<TargetFile | undefined> {
    return this.#attempt(() => this.#updater.getTargetInfo(path));
  }

  #watch(step: Step): void {
    const update = Reflect.get(this.#set, step) as (...args: unknown[]) => unknown;
    Reflect.set(this.#set, step, (...args: unknown[]) => {
      const before = this.#set.snapshot;
      try {
        const result = update.apply(this.#set, args);
        this.#failure = undefined;
        if (step === 'updateRoot') this.#forgetRotated();
        return result;
      } catch (error) {
        // A snapshot is taken before it is held against the timestamp.
        this.#failure = { step, error, taken: this.#set.snapshot !== before };
        throw error;
      }
    });
  }

  async #attempt<T>(run: () => Promise<T>): Promise<T> {
    this.#failure = undefined;
    try {
      return await run();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw this.#refusal(error);
    }
  }

  async #fetch(url: string, maxLength: number): Promise<Buffer> {
    const { source, prefix, pace, retries, signal } = this.#options;
    const path = prefix + url.slice(BASE.length);
    try {
      const maxBytes = Math.min(maxLength, LONGEST);
      return await withRetries(retries, signal, () => fetchBytes(source, path, { maxBytes, pace, signal }));
    } catch (error) {
      this.#failure = { step: 'fetch', error, taken: false };
      if (!(error instanceof UpdateRefused) || error.reason !== 'source-incomplete') throw error;
      throw new DownloadHTTPError(error.message, 404);
    }
  }

  /**
   * Where a newer root has changed the keys for timestamp or snapshot, what the old ones signed is forgotten before tuf-js reads
   * it, so that a repository recovers whose stolen keys signed versions far ahead (TUF 1.0, 5.3.11).
   */
  #forgetRotated(): void {
    const keys = freshnessKeys(this.#set.root);
    if (keys === this.#keys) return;
    this.#keys = keys;
    for (const name of ['timestamp.json', 'snapshot.json']) rmSync(join(this.#options.folder, name), { force: true });
  }

  #refusal(thrown: unknown): UpdateRefused {
    const { step, error, taken } = this.#failure ?? { step: 'fetch', error: thrown, taken: false };
    if (error instanceof UpdateRefused) return error;
    const detail = sentenceOf(error);
    const refuse = (reason: RefusalReason, message: string): UpdateRefused =>
      new UpdateRefused(reason, `${this.#options.source.name}: ${message} (${detail}).`, { cause: error });
    if (error instanceof PersistError || error instanceof RuntimeError) {
      return refuse('write-failed', 'its metadata cannot be written: look at the data disk');
    }
    if (error instanceof ExpiredMetadataError) {
      const time = new Date(this.#options.now).toISOString();
      return refuse(
        'metadata-expired',
        `by this box’s time, ${time}, its metadata are out of date: sign them anew, and look at the box’s clock`,
      );
    }
    if (error instanceof UnsignedMetadataError) {
      return refuse('metadata-unsigned', 'its metadata lack signatures: publish what the right keys have signed');
    }
    const isOlder = step === 'updateTimestamp' || (step === 'updateSnapshot' && !taken);
    if (isOlder && error instanceof RepositoryError) {
      return refuse('metadata-behind', 'it offers older metadata than this box has seen: publish newer ones');
    }
    if (error instanceof RepositoryError || error instanceof LengthOrHashMismatchError) {
      return refuse('metadata-mismatch', 'its metadata do not belong together: publish them anew, the timestamp last');
    }
    return refuse('metadata-invalid', 'its metadata cannot be read: publish them anew');
  }
}
