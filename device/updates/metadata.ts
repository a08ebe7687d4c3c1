/** The repository's signed metadata, brought up to date: what is trusted, and what that says of the release. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { TargetFile } from '@tufjs/models';
import { isDiskFull } from '../errors.ts';
import type { KnownTime } from './known-time.ts';
import { type Files, MetadataFolder } from './metadata-folder.ts';
import type { Pace } from './paced.ts';
import { UpdateRefused } from './refusals.ts';
import type { Retries } from './retries.ts';
import type { Source } from './source.ts';
import type { Trust, TrustMemory } from './trust-memory.ts';
import { TrustedSource } from './trusted-source.ts';
import { freshnessKeys, TufClient } from './tuf-client.ts';

/** All of it must be read within this, milliseconds: no file of it is large, and each may be sent at the least speed. */
const WHOLE_MS = 30 * 60_000;

export interface MetadataOptions {
  /** Folder of the metadata's own. */
  readonly folder: string;
  /** The first root: a file that comes with the box. */
  readonly root: string;
  readonly memory: TrustMemory;
  readonly time: KnownTime;
  readonly pace: Pace;
  readonly retries: Retries;
  /** Where metadata are in the source. Default `metadata/`. */
  readonly prefix?: string;
}

export interface Refreshed {
  /** What the metadata say of the targets that were asked for, in that order; undefined for one that they do not know. */
  readonly targets: readonly (TargetFile | undefined)[];
  /** By role; top-level roles alone. */
  readonly versions: Readonly<Record<'root' | 'timestamp' | 'snapshot' | 'targets', number>>;
}

/** What a client has accepted, as it is remembered. */
function trustOf(client: TufClient): Trust {
  const { root, timestamp, snapshot } = client;
  const versions = new Map<string, number>();
  if (timestamp) {
    versions.set('timestamp', timestamp.signed.version);
    versions.set('snapshot', timestamp.signed.snapshotMeta.version);
  }
  // By the names of their files: no role that is delegated to can pass for one of the two above.
  for (const [name, { version }] of Object.entries(snapshot?.signed.meta ?? {})) versions.set(name, version);
  return { root: root.signed.version, freshnessKeys: freshnessKeys(root), versions };
}

/** The roles that are behind what is remembered, in words. */
function behind(known: Trust, now: Trust): string[] {
  const roles = [...now.versions].flatMap(([role, version]) => {
    const seen = known.versions.get(role) ?? 0;
    return version < seen ? [`${role} ${version}, seen ${seen}`] : [];
  });
  return now.root < known.root ? [`root ${now.root}, seen ${known.root}`] : roles;
}

/** Whether a newer root has changed the keys: what the old ones signed of versions no longer counts. */
const isRotated = (known: Trust, now: Trust): boolean =>
  now.root > known.root && now.freshnessKeys !== known.freshnessKeys;

/** The highest versions of both. */
function joined(known: Trust | undefined, now: Trust): Trust {
  if (known === undefined || isRotated(known, now)) return now;
  const versions = new Map(known.versions);
  for (const [role, version] of now.versions) versions.set(role, Math.max(version, versions.get(role) ?? 0));
  return { ...now, versions };
}

export class RepositoryMetadata {
  readonly #options: MetadataOptions;
  readonly #folder: MetadataFolder;

  constructor(options: MetadataOptions) {
    this.#options = options;
    this.#folder = new MetadataFolder(options.folder);
  }

  /** The files that are trusted now, by name, as they were signed. */
  trusted(): Promise<Files> {
    return this.#folder.current();
  }

  /** Whether what is trusted has expired: nobody has shown this box anything newer since. */
  async hasExpired(): Promise<boolean> {
    const timestamp = (await this.trusted()).get('timestamp.json');
    if (timestamp === undefined) return false;
    const { signed } = JSON.parse(timestamp.toString('utf8')) as { signed: { expires: string } };
    return Date.parse(signed.expires) <= this.#options.time.now();
  }

  /**
   * Brings the metadata up to date, and looks targets up in them. What was accepted before a failure is kept: a newer root is
   * one even where its repository has nothing else.
   * @throws UpdateRefused; the signal's reason
   */
  async refresh(source: Source, targets: readonly string[], signal?: AbortSignal): Promise<Refreshed> {
    const { memory, time } = this.#options;
    const whole = AbortSignal.timeout(WHOLE_MS);
    const { client, staged } = await this.#open(source, signal ? AbortSignal.any([signal, whole]) : whole);
    const known = memory.trust;
    let found: (TargetFile | undefined)[] = [];
    let failure: unknown;
    try {
      await client.refresh();
      for (const target of targets) found.push(await client.target(target));
    } catch (error) {
      failure = error;
      found = [];
    }
    const now = trustOf(client);
    const older = known === undefined || isRotated(known, now) ? [] : behind(known, now);
    if (older.length > 0) {
      await this.#keepRootAlone(staged, known, now);
      // Who was cut off on the way has not been offered anything yet.
      if (failure !== undefined && !isOffered(failure)) throw this.#inTime(failure, source, whole, signal);
      throw new UpdateRefused(
        'metadata-behind',
        `${source.name} offers older metadata than this box has seen (${older.join('; ')}): publish newer ones.`,
      );
    }
    // First the memory: a cut between the two leaves it ahead, and the next refresh brings the files there.
    const all = joined(known, now);
    if (known === undefined || !isDeepStrictEqual(all, known)) memory.remember(all);
    await this.#onDisk(() => this.#folder.commit(staged));
    time.keep(failure === undefined ? earliestExpiry(client) : undefined);
    if (failure !== undefined) throw this.#inTime(failure, source, whole, signal);
    const { timestamp, snapshot, targets: top } = client;
    const version = (role: typeof timestamp | typeof snapshot | typeof top): number => role?.signed.version ?? 0;
    const versions = {
      root: client.root.signed.version,
      timestamp: version(timestamp),
      snapshot: version(snapshot),
      targets: version(top),
    };
    return { targets: found, versions };
  }

  /**
   * What the metadata that are trusted say of targets by themselves, while their source is away: they are held to signatures, to
   * each other and to the time as if they had just come.
   * @throws UpdateRefused where they have expired, or are only a part: a newer one of them came without the rest
   */
  async held(targets: readonly string[], signal?: AbortSignal): Promise<Refreshed> {
    const { prefix = 'metadata/' } = this.#options;
    const timestamp = (await this.trusted()).get('timestamp.json');
    return this.refresh(new TrustedSource(`${prefix}timestamp.json`, timestamp), targets, signal);
  }

  async #keepRootAlone(staged: string, known: Trust | undefined, now: Trust): Promise<void> {
    if (known === undefined || now.root < known.root) return this.#folder.drop(staged);
    for (const name of await readdir(staged)) {
      if (name !== 'root.json') await rm(join(staged, name), { force: true });
    }
    await this.#folder.commit(staged);
  }

  #inTime(failure: unknown, source: Source, whole: AbortSignal, signal: AbortSignal | undefined): unknown {
    if (!whole.aborted || signal?.aborted) return failure;
    return new UpdateRefused(
      'source-slow',
      `${source.name} took more than ${WHOLE_MS / 60_000} minutes to send its metadata: look at the line and the server.`,
    );
  }

  /** A client over a copy of what is trusted; where that is damaged or lost, over the root that came with the box. */
  async #open(source: Source, signal: AbortSignal): Promise<{ client: TufClient; staged: string }> {
    const { root, pace, retries, time, prefix = 'metadata/' } = this.#options;
    const clientIn = (folder: string): TufClient =>
      new TufClient({ folder, source, prefix, now: time.now(), pace, retries, signal });
    const trusted = await this.#folder.current();
    if (trusted.has('root.json')) {
      const staged = await this.#stage(trusted);
      try {
        return { staged, client: clientIn(staged) };
      } catch {
        // What is remembered beside the folder still holds: nothing is wound back by beginning anew.
      }
    }
    let first: Buffer;
    try {
      first = await readFile(root);
    } catch (cause) {
      const message = `The first root ${root} cannot be read: ${(cause as Error).message}. Put it back.`;
      throw new UpdateRefused('root-unusable', message, { cause });
    }
    const staged = await this.#stage(new Map([['root.json', first]]));
    try {
      return { staged, client: clientIn(staged) };
    } catch (cause) {
      const message = `The first root ${root} is none: ${(cause as Error).message}. Put the right one there.`;
      throw new UpdateRefused('root-unusable', message, { cause });
    }
  }

  #stage(files: Files): Promise<string> {
    return this.#onDisk(() => this.#folder.stage(files));
  }

  async #onDisk<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (cause) {
      const reason = isDiskFull(cause) ? 'no-space' : 'write-failed';
      const message = `${this.#options.folder} cannot be written: ${(cause as Error).message}. Look at the data disk.`;
      throw new UpdateRefused(reason, message, { cause });
    }
  }
}

/** Whether a failure is about what the repository has, rather than about the way there. */
const isOffered = (failure: unknown): boolean =>
  failure instanceof UpdateRefused &&
  (failure.reason.startsWith('metadata-') || failure.reason === 'source-incomplete');

/** When the first of the top-level roles expires, milliseconds since 1970. */
function earliestExpiry({ root, timestamp, snapshot, targets }: TufClient): number {
  const roles = [root, timestamp, snapshot, targets].filter(role => role !== undefined);
  return Math.min(...roles.map(role => Date.parse(role.signed.expires)));
}
