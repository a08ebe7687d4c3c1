/** Update repositories for tests: signed as a publisher would, or as somebody else would. And the published fake of a source. */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Key, Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';
import { encoderDigest } from '../../device/inference/bundle.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import type { Release } from '../../device/updates/release.ts';
import type { Asked, Reading, Source } from '../../device/updates/source.ts';
import type { BundleParts } from './bundle.ts';

const DAY_MS = 24 * 3_600_000;
export const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type RoleName = (typeof ROLES)[number];

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export interface TestKey {
  readonly key: Key;
  readonly sign: (bytes: Uint8Array) => Signature;
}

/** The beginning of an Ed25519 private key in PKCS #8; its 32 bytes come behind. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed the same gives the same key; none gives one that nobody has seen */
export function makeKey(seed?: string): TestKey {
  const bytes = seed === undefined ? randomBytes(32) : createHash('sha256').update(seed).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, bytes]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const raw = spki.subarray(-32).toString('hex');
  const keyID = sha256(raw);
  return {
    key: new Key({ keyID, keyType: 'ed25519', scheme: 'ed25519', keyVal: { public: raw } }),
    sign: signed => new Signature({ keyID, sig: sign(undefined, signed, privateKey).toString('hex') }),
  };
}

type Signed = Root | Timestamp | Snapshot | Targets;

/** A repository in memory. Its root is signed by two of three keys, the other roles by one each. */
export class UpdateRepository {
  /** By path; what a source serves. */
  readonly files = new Map<string, Buffer>();
  readonly keys: Record<RoleName, TestKey[]>;
  readonly thresholds: Record<RoleName, number> = { root: 2, timestamp: 1, snapshot: 1, targets: 1 };
  readonly versions: Record<RoleName, number> = { root: 0, timestamp: 0, snapshot: 0, targets: 0 };
  /** Milliseconds from now until each expires. */
  readonly lifetimes: Record<RoleName, number> = {
    root: 365 * DAY_MS,
    timestamp: 7 * DAY_MS,
    snapshot: 60 * DAY_MS,
    targets: 60 * DAY_MS,
  };
  /** By name: as it is, or with another length or hash than it has. */
  readonly targets = new Map<string, { readonly length: number; readonly sha256: string }>();
  readonly #now: () => number;

  /**
   * @param now the publisher's clock, milliseconds since 1970
   * @param key makes its keys
   * @param lifetime of all metadata, milliseconds; usual ones without
   */
  constructor(now: () => number, key: () => TestKey = () => makeKey(), lifetime?: number) {
    this.#now = now;
    this.keys = { root: [key(), key(), key()], timestamp: [key()], snapshot: [key()], targets: [key()] };
    if (lifetime !== undefined) for (const role of ROLES) this.lifetimes[role] = lifetime;
    this.publishRoot();
  }

  /** The root that comes with the box. */
  get firstRoot(): Buffer {
    return this.files.get('metadata/1.root.json') as Buffer;
  }

  #common(role: RoleName): { version: number; expires: string; specVersion: string } {
    const expires = new Date(this.#now() + this.lifetimes[role]).toISOString().replace(/\.\d+Z$/, 'Z');
    return { version: this.versions[role], expires, specVersion: '1.0.31' };
  }

  #put(path: string, signed: Signed, signers: readonly TestKey[]): Buffer {
    const metadata = new Metadata<Signed>(signed);
    for (const signer of signers) metadata.sign(signer.sign);
    const bytes = Buffer.from(JSON.stringify(metadata.toJSON()));
    this.files.set(path, bytes);
    return bytes;
  }

  #meta(role: RoleName, path: string): MetaFile {
    const bytes = this.files.get(path);
    const known = bytes && { length: bytes.length, hashes: { sha256: sha256(bytes) } };
    return new MetaFile({ version: this.versions[role], ...known });
  }

  /** The next root, by the keys and thresholds as they are. @param signers the root's own keys unless said otherwise */
  publishRoot(signers: readonly TestKey[] = this.keys.root): void {
    this.versions.root += 1;
    const { version, expires, specVersion } = this.#common('root');
    const root = Root.fromJSON({
      _type: 'root',
      spec_version: specVersion,
      version,
      expires,
      consistent_snapshot: true,
      keys: Object.fromEntries(ROLES.flatMap(role => this.keys[role].map(({ key }) => [key.keyID, key.toJSON()]))),
      roles: Object.fromEntries(
        ROLES.map(role => {
          const keyids = this.keys[role].map(({ key }) => key.keyID);
          return [role, { keyids, threshold: this.thresholds[role] }];
        }),
      ),
    });
    this.#put(`metadata/${version}.root.json`, root, signers);
  }

  publishTargets(signers: readonly TestKey[] = this.keys.targets): void {
    this.versions.targets += 1;
    const targets = Object.fromEntries(
      [...this.targets].map(([path, { length, sha256: hash }]) => [
        path,
        new TargetFile({ path, length, hashes: { sha256: hash } }),
      ]),
    );
    const signed = new Targets({ ...this.#common('targets'), targets });
    this.#put(`metadata/${signed.version}.targets.json`, signed, signers);
  }

  publishSnapshot(signers: readonly TestKey[] = this.keys.snapshot): void {
    this.versions.snapshot += 1;
    const meta = { 'targets.json': this.#meta('targets', `metadata/${this.versions.targets}.targets.json`) };
    const signed = new Snapshot({ ...this.#common('snapshot'), meta });
    this.#put(`metadata/${signed.version}.snapshot.json`, signed, signers);
  }

  publishTimestamp(signers: readonly TestKey[] = this.keys.timestamp): void {
    this.versions.timestamp += 1;
    const snapshotMeta = this.#meta('snapshot', `metadata/${this.versions.snapshot}.snapshot.json`);
    this.#put('metadata/timestamp.json', new Timestamp({ ...this.#common('timestamp'), snapshotMeta }), signers);
  }

  publish(): void {
    this.publishTargets();
    this.publishSnapshot();
    this.publishTimestamp();
  }

  /** Puts a target there, under the name that consistent snapshots give it. */
  addTarget(name: string, bytes: Uint8Array): void {
    const hash = sha256(bytes);
    this.targets.set(name, { length: bytes.length, sha256: hash });
    this.files.set(`targets/${hash}.${name}`, Buffer.from(bytes));
  }

  /** Publishes a release with its members. */
  release(release: Release, members: ReadonlyMap<string, Uint8Array>): void {
    this.addTarget('bundle.json', Buffer.from(JSON.stringify(release)));
    for (const bytes of members.values()) this.files.set(`blobs/sha256/${sha256(bytes)}`, Buffer.from(bytes));
    this.publish();
  }

  /** What it is now, to be put back by somebody who would rather have it so. */
  snapshotOfFiles(): Map<string, Buffer> {
    return new Map(this.files);
  }

  restore(files: ReadonlyMap<string, Buffer>): void {
    this.files.clear();
    for (const [path, bytes] of files) this.files.set(path, bytes);
  }

  /** Writes it into a folder. */
  async write(folder: string): Promise<void> {
    for (const [path, bytes] of this.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  }
}

/** A bundle's members by path, its manifest among them. */
export function membersOf({ manifest, members }: BundleParts): Map<string, Uint8Array> {
  return new Map([...members, ['manifest.json', Buffer.from(JSON.stringify(manifest))]]);
}

/** The release of a bundle: for every box, unless said otherwise. */
export function releaseOf(parts: BundleParts, release: number, changes: Partial<Release> = {}): Release {
  const { manifest } = parts;
  return {
    format: 'lookdial-release/1',
    release,
    id: manifest.id,
    version: manifest.version,
    latentDim: manifest.latentDim,
    encoderDigest: encoderDigest(manifest),
    indexVersion: 1,
    runtime: { opset: 13, from: '1.17.0', below: '2.0.0' },
    hardware: ['linux-x64', 'linux-arm64'],
    freeBytes: 0,
    rollout: { salt: 'test', percent: 100 },
    limits: { decodeP95Ms: 100, encodeP95Ms: 100, residentBytes: 2 ** 30, selfRecall: 0.9 },
    members: [...membersOf(parts)].map(([path, bytes]) => ({ path, sha256: sha256(bytes), bytes: bytes.length })),
    ...changes,
  };
}

/** What a fake source does with one file. */
export type Treatment = (bytes: Buffer, asked: Asked) => Reading | Promise<Reading>;

export const readingOf = (bytes: Buffer, from = 0, total: number | undefined = bytes.length): Reading => ({
  from,
  total,
  bytes: (async function* () {
    for (let at = from; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
  })(),
  close: () => undefined,
});

/** The published fake of a source: files in memory, what was asked for, and what is done to some of them. */
export class MemorySource implements Source {
  readonly name = 'memory';
  readonly asked: { readonly path: string; readonly from: number }[] = [];
  readonly treatments = new Map<string, Treatment>();
  readonly #files: ReadonlyMap<string, Buffer>;
  #isAway = false;

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files;
  }

  /** From now on nothing answers, as of a stick that was pulled out. */
  goAway(): void {
    this.#isAway = true;
  }

  async open(path: string, asked: Asked = {}): Promise<Reading> {
    asked.signal?.throwIfAborted();
    this.asked.push({ path, from: asked.from ?? 0 });
    if (this.#isAway) throw new UpdateRefused('source-unreachable', 'memory is away.');
    const bytes = this.#files.get(path);
    if (bytes === undefined) throw new UpdateRefused('source-incomplete', `memory has no ${path}.`);
    const treatment = this.treatments.get(path);
    return treatment === undefined ? readingOf(bytes, asked.from) : treatment(bytes, asked);
  }

  close(): void {}

  /** Paths asked for that begin so. */
  paths(beginning: string): string[] {
    return this.asked.map(({ path }) => path).filter(path => path.startsWith(beginning));
  }
}
