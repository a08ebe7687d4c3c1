/** The signed files of an update repository (TUF 1.0, https://theupdateframework.github.io/specification/v1.0.31/): read, signed, and who has signed them. */
import { createHash } from 'node:crypto';
import {
  type Key,
  Metadata,
  MetadataKind,
  MetaFile,
  type Root,
  Signature,
  Snapshot,
  type Targets,
  Timestamp,
} from '@tufjs/models';
import { LookdialError } from '../../device/errors.ts';
import { canonicalJson } from '../../device/inference/canonical-json.ts';
import { isKeyName, type PublicKey, type Signer } from './key-files.ts';

export const ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type Role = (typeof ROLES)[number];
export const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);

interface Kinds {
  root: Root;
  targets: Targets;
  snapshot: Snapshot;
  timestamp: Timestamp;
}
export type Signed<R extends Role = Role> = Metadata<Kinds[R]>;

export const SPEC_VERSION = '1.0.31';
/** Names a key in the root file, for those who are to sign. */
const NAME_FIELD = 'x-lookdial-name';
const DAY_MS = 86_400_000;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const repositoryInvalid = (path: string, message: string, cause?: unknown): LookdialError =>
  new LookdialError('release-invalid', `${path}: ${message}`, cause === undefined ? {} : { cause });

/** So many days from now, as TUF writes a time: to the second, in UTC. */
export const inDays = (days: number, now: Date): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');

/** Days until a file expires; below 0 once it has. */
export const daysLeft = ({ signed }: Signed, now: Date): number =>
  (new Date(signed.expires).getTime() - now.getTime()) / DAY_MS;

/** A file as it is published. Whatever has been signed is what the reader makes of it, not these bytes. */
export const bytesOf = (metadata: Signed): Buffer =>
  Buffer.from(`${JSON.stringify(metadata.toJSON(), undefined, 1)}\n`);

function metaFileOf(metadata: Signed): MetaFile {
  const bytes = bytesOf(metadata);
  return new MetaFile({ version: metadata.signed.version, length: bytes.length, hashes: { sha256: sha256Of(bytes) } });
}

/** @throws LookdialError `release-invalid` where it is not a signed file of that role */
export function readSigned<R extends Role>(role: R, bytes: Uint8Array, path: string): Signed<R> {
  try {
    const data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // The overloads are one a kind; which of them it is, is the caller's word.
    const read = Metadata.fromJSON as (kind: MetadataKind, json: object) => unknown;
    return read(KINDS[role], data) as Signed<R>;
  } catch (cause) {
    const next = 'Take the file from a copy of the repository.';
    throw repositoryInvalid(path, `it is not a signed ${role} file: ${(cause as Error).message}. ${next}`, cause);
  }
}

const KINDS: Readonly<Record<Role, MetadataKind>> = {
  root: MetadataKind.Root,
  targets: MetadataKind.Targets,
  snapshot: MetadataKind.Snapshot,
  timestamp: MetadataKind.Timestamp,
};

export const publicValue = (key: Key): string => key.keyVal.public ?? '';

/** What should be hex, and may be anything. */
export const hexOf = (text: string): string => text.replaceAll(/[^0-9a-f]/g, '?');

/** As whoever made it calls it; a draft that has travelled may say anything, and a terminal does what it is told. */
export function nameOf(key: Key): string {
  const name = key.unrecognizedFields?.[NAME_FIELD];
  return typeof name === 'string' && isKeyName(name) ? name : hexOf(key.keyID).slice(0, 8);
}

type KeyJson = Parameters<typeof Key.fromJSON>[1];

/** A key as the root file lists it, and its id: the SHA-256 of its canonical form. */
export function listedKey({ name, value }: PublicKey): { id: string; json: KeyJson } {
  const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: value }, [NAME_FIELD]: name };
  return { id: sha256Of(Buffer.from(canonicalJson(json))), json };
}

/** The keys that a root names for a role. */
export const keysFor = ({ signed }: Signed<'root'>, role: Role): Key[] =>
  (signed.roles[role]?.keyIDs ?? []).flatMap(id => signed.keys[id] ?? []);

export const thresholdOf = ({ signed }: Signed<'root'>, role: Role): number => signed.roles[role]?.threshold ?? 1;

/** Those of a role's keys that have signed: by the root that names them. */
export function signersOf(root: Signed<'root'>, role: Role, metadata: Signed): Key[] {
  return keysFor(root, role).filter(key => {
    try {
      key.verifySignature(metadata);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether as many of a role's keys have signed as the root asks for. */
export const isTrusted = (root: Signed<'root'>, role: Role, metadata: Signed): boolean =>
  new Set(signersOf(root, role, metadata).map(publicValue)).size >= thresholdOf(root, role);

/** Adds a signature, under the id by which `root` knows the key. */
export function signWith(metadata: Signed, signer: Signer, root: Signed<'root'>, role: Role): void {
  const key = keysFor(root, role).find(one => publicValue(one) === signer.value);
  if (key === undefined) throw new Error(`${signer.name} is no ${role} key`);
  metadata.sign(bytes => new Signature({ keyID: key.keyID, sig: signer.sign(bytes) }), true);
}

/** An unsigned snapshot that names one targets file. */
export const snapshotOf = (targets: Signed<'targets'>, version: number, expires: string): Signed<'snapshot'> =>
  new Metadata(
    new Snapshot({ version, specVersion: SPEC_VERSION, expires, meta: { 'targets.json': metaFileOf(targets) } }),
  );

/** An unsigned timestamp that names one snapshot, signatures and all. */
export const timestampOf = (snapshot: Signed<'snapshot'>, version: number, expires: string): Signed<'timestamp'> =>
  new Metadata(new Timestamp({ version, specVersion: SPEC_VERSION, expires, snapshotMeta: metaFileOf(snapshot) }));
