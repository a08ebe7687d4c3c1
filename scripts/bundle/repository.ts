/** An update repository as it lies in its folder: read whole and checked as a box does, but for what has expired. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type DurableFs, makeFolderDurably, replaceDurably } from '../../device/inventory/durable.ts';
import { MAX_RELEASE_BYTES, parseRelease, RELEASE_TARGET, type Release } from '../../device/updates/release.ts';
import { bytesOf, isTrusted, type Role, readSigned, repositoryInvalid, type Signed, sha256Of } from './metadata.ts';
import { BLOBS, METADATA, metadataPath, releasePath, TARGETS } from './places.ts';

/** What is published. */
export interface Published {
  readonly timestamp: Signed<'timestamp'>;
  readonly snapshot: Signed<'snapshot'>;
  readonly targets: Signed<'targets'>;
  readonly release: Release;
}

export interface Repository {
  readonly folder: string;
  /** The newest root, reached from the first; undefined before there is one. */
  readonly root: Signed<'root'> | undefined;
  /** Undefined before the first release is in place. */
  readonly published: Published | undefined;
}

/** @returns undefined where there is no such file */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const FROM_COPY = 'Take the repository from a copy, or from the web server: what is published there is the truth.';

/** Follows the roots from the first, each signed as the one before and it itself ask. */
async function newestRoot(folder: string): Promise<Signed<'root'> | undefined> {
  let trusted: Signed<'root'> | undefined;
  for (let version = 1; ; version += 1) {
    const path = metadataPath(folder, 'root', version);
    const bytes = await readIfThere(path);
    if (bytes === undefined) return trusted;
    const root = readSigned('root', bytes, path);
    for (const judge of trusted === undefined ? [root] : [trusted, root]) {
      if (root.signed.version === version && isTrusted(judge, 'root', root)) continue;
      throw repositoryInvalid(
        path,
        `it is not the root ${version} that root ${judge.signed.version} allows. ${FROM_COPY}`,
      );
    }
    trusted = root;
  }
}

/** Reads a signed file that another one names by version, length and digest. */
async function readNamed<R extends Role>(
  folder: string,
  role: R,
  version: number,
  { length, hashes }: { length?: number | undefined; hashes?: Record<string, string> | undefined },
): Promise<Signed<R>> {
  const path = metadataPath(folder, role, version);
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw repositoryInvalid(path, `it is missing, and what is published names it. ${FROM_COPY}`);
  if ((length !== undefined && bytes.length !== length) || (hashes?.sha256 ?? sha256Of(bytes)) !== sha256Of(bytes)) {
    throw repositoryInvalid(path, `its ${bytes.length} bytes are not those that were published. ${FROM_COPY}`);
  }
  const signed = readSigned(role, bytes, path);
  if (signed.signed.version === version) return signed;
  throw repositoryInvalid(path, `it is of version ${signed.signed.version}, expected ${version}. ${FROM_COPY}`);
}

/**
 * The release that a targets file lists.
 * @param next what to do where it is not there as it is listed
 */
export async function readRelease(
  targets: Signed<'targets'>,
  pathOf: (sha256: string) => string,
  next = FROM_COPY,
): Promise<Release> {
  const target = targets.signed.targets[RELEASE_TARGET];
  const sha256 = target?.hashes.sha256;
  if (target === undefined || sha256 === undefined) {
    throw repositoryInvalid(RELEASE_TARGET, `version ${targets.signed.version} of targets lists none. ${next}`);
  }
  const path = pathOf(sha256);
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw repositoryInvalid(path, `it is missing, and the targets list it. ${next}`);
  if (bytes.length > MAX_RELEASE_BYTES || bytes.length !== target.length || sha256Of(bytes) !== sha256) {
    throw repositoryInvalid(path, `its ${bytes.length} bytes are not those that the targets list. ${next}`);
  }
  return parseRelease(bytes, path);
}

async function readPublished(
  folder: string,
  inPlace: Signed<'root'> | undefined,
  next: Signed<'root'> | undefined,
): Promise<Published | undefined> {
  const path = metadataPath(folder, 'timestamp', 0);
  const bytes = await readIfThere(path);
  if (bytes === undefined) {
    // The first root comes after the first timestamp, so that a box never meets one without the other.
    if (inPlace === undefined) return undefined;
    throw repositoryInvalid(path, `it is missing, and a box refuses a new one that counts from 1 again. ${FROM_COPY}`);
  }
  const judges = [inPlace, next].filter(root => root !== undefined);
  if (judges.length === 0) {
    throw repositoryInvalid(
      path,
      'it is there, and no root: a first publish was cut short. Give it again: npm run bundle -- publish.',
    );
  }
  const check = <R extends Role>(role: R, signed: Signed<R>): Signed<R> => {
    if (judges.some(root => isTrusted(root, role, signed))) return signed;
    const shown = relative(folder, metadataPath(folder, role, signed.signed.version));
    throw repositoryInvalid(
      join(folder, shown),
      `it is not signed by the ${role} key that the newest root names. ${FROM_COPY} Was a publish cut short, give it again.`,
    );
  };
  const timestamp = check('timestamp', readSigned('timestamp', bytes, path));
  const { snapshotMeta } = timestamp.signed;
  const snapshot = check('snapshot', await readNamed(folder, 'snapshot', snapshotMeta.version, snapshotMeta));
  const listed = snapshot.signed.meta['targets.json'];
  if (listed === undefined) throw repositoryInvalid(folder, `the snapshot lists no targets.json. ${FROM_COPY}`);
  const targets = check('targets', await readNamed(folder, 'targets', listed.version, listed));
  const release = await readRelease(targets, sha256 => releasePath(folder, sha256));
  return { timestamp, snapshot, targets, release };
}

/**
 * Opens a repository.
 * @param next a root that is about to be put in place: what it trusts is trusted as well
 * @throws LookdialError `release-invalid` naming the file that is not what it should be
 */
export async function openRepository(folder: string, next?: Signed<'root'>): Promise<Repository> {
  const root = await newestRoot(folder);
  return { folder, root, published: await readPublished(folder, root, next) };
}

/** The version that a role's next file takes: above all there are, though one of them was never published. */
export async function nextVersion(folder: string, role: Exclude<Role, 'root' | 'timestamp'>): Promise<number> {
  const names = await readdir(join(folder, METADATA)).catch(() => []);
  const taken = names.map(name => new RegExp(`^(\\d+)\\.${role}\\.json$`).exec(name)?.[1] ?? '0');
  return 1 + Math.max(0, ...taken.map(Number));
}

/** The folders of a repository, where they are missing. */
export async function makeRepositoryFolders(folder: string): Promise<void> {
  for (const part of [METADATA, TARGETS, BLOBS]) await makeFolderDurably(join(folder, part));
}

/**
 * Puts a file in place that never changes once it is there.
 * @throws LookdialError `release-invalid` where another file has its name
 */
export async function putOnce(path: string, bytes: Uint8Array, fs?: DurableFs): Promise<void> {
  const there = await readIfThere(path);
  if (there === undefined) return await replaceDurably(path, bytes, fs);
  if (there.equals(bytes)) return;
  throw repositoryInvalid(
    path,
    'another file of that name is there already, and is not written over. Make the release anew: npm run bundle -- make.',
  );
}

export const putTimestamp = (folder: string, timestamp: Signed<'timestamp'>, fs?: DurableFs): Promise<void> =>
  replaceDurably(metadataPath(folder, 'timestamp', 0), bytesOf(timestamp), fs);
