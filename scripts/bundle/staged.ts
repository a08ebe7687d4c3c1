/** What waits to be signed and published: drafts in a folder of their own, which may travel to whoever signs them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Metadata, MetadataKind, type Root, TargetFile, Targets } from '@tufjs/models';
import { LookdialError } from '../../device/errors.ts';
import { makeFolderDurably, replaceDurably, syncFolder } from '../../device/inventory/durable.ts';
import { RELEASE_TARGET, type Release } from '../../device/updates/release.ts';
import { bytesOf, readSigned, type Signed, SPEC_VERSION, sha256Of } from './metadata.ts';
import { STAGED } from './places.ts';
import { readIfThere, readRelease } from './repository.ts';

export interface Staged {
  readonly folder: string;
  /** The root in place when the draft was made: it travels with it. */
  readonly trusted: Signed<'root'> | undefined;
  readonly root: Signed<'root'> | undefined;
  readonly targets: Signed<'targets'> | undefined;
  /** What the staged targets list. */
  readonly release: Release | undefined;
}

async function draft<R extends 'root' | 'targets'>(
  folder: string,
  role: R,
  name: string,
): Promise<Signed<R> | undefined> {
  const path = join(folder, name);
  const bytes = await readIfThere(path);
  return bytes && readSigned(role, bytes, path);
}

/** The root that is staged, whatever else is. */
export const readStagedRoot = (folder: string): Promise<Signed<'root'> | undefined> =>
  draft(folder, 'root', STAGED.root);

/**
 * Reads what is staged; nothing where nothing is.
 * @throws LookdialError `release-invalid` for a draft that cannot be read
 */
export async function readStaged(folder: string): Promise<Staged> {
  const [trusted, root, targets] = await Promise.all([
    draft(folder, 'root', STAGED.trusted),
    draft(folder, 'root', STAGED.root),
    draft(folder, 'targets', STAGED.targets),
  ]);
  const anew = 'Make the release anew: npm run bundle -- make.';
  const release = targets && (await readRelease(targets, () => join(folder, STAGED.release), anew));
  return { folder, trusted, root, targets, release };
}

/** The release that waits; one that cannot be read, as a cut may leave it, is none. */
export async function readStagedRelease(folder: string): Promise<Release | undefined> {
  try {
    return (await readStaged(folder)).release;
  } catch (error) {
    if (error instanceof LookdialError) return undefined;
    throw error;
  }
}

export const nothingStaged = (folder: string): LookdialError =>
  new LookdialError(
    'release-invalid',
    `${folder}: nothing is staged. A release: npm run bundle -- make. Another key: npm run bundle -- rotate.`,
  );

async function stageTrusted(folder: string, trusted: Signed<'root'> | undefined): Promise<void> {
  if (trusted !== undefined) await replaceDurably(join(folder, STAGED.trusted), bytesOf(trusted));
}

/** Stages a root. The one that it follows goes with it, so that whoever signs sees what changes. */
export async function stageRoot(
  folder: string,
  root: Signed<'root'>,
  trusted: Signed<'root'> | undefined,
): Promise<void> {
  await makeFolderDurably(folder);
  await stageTrusted(folder, trusted);
  await replaceDurably(join(folder, STAGED.root), bytesOf(root));
}

export const bytesOfRelease = (release: Release): Buffer => Buffer.from(`${JSON.stringify(release, undefined, 1)}\n`);

/** Unsigned targets that list one release. */
export function draftTargets(release: Release, version: number, expires: string): Signed<'targets'> {
  const bytes = bytesOfRelease(release);
  const target = new TargetFile({ path: RELEASE_TARGET, length: bytes.length, hashes: { sha256: sha256Of(bytes) } });
  return new Metadata(
    new Targets({ version, specVersion: SPEC_VERSION, expires, targets: { [RELEASE_TARGET]: target } }),
  );
}

/** Stages a release: the document, then the targets that list it. The root in place goes with them: it says who signs. */
export async function stageTargets(
  folder: string,
  release: Release,
  targets: Signed<'targets'>,
  trusted: Signed<'root'> | undefined,
): Promise<void> {
  await makeFolderDurably(folder);
  await stageTrusted(folder, trusted);
  // Between the two the targets of before list what is not there: they go first.
  await rm(join(folder, STAGED.targets), { force: true });
  await replaceDurably(join(folder, STAGED.release), bytesOfRelease(release));
  await replaceDurably(join(folder, STAGED.targets), bytesOf(targets));
}

/** Writes a draft back once it has another signature. */
export const keepDraft = (folder: string, role: 'root' | 'targets', metadata: Signed): Promise<void> =>
  replaceDurably(join(folder, STAGED[role]), bytesOf(metadata));

/** Takes the drafts away that have been published. */
export async function clearStaged(folder: string): Promise<void> {
  for (const name of [STAGED.targets, STAGED.release, STAGED.root, STAGED.trusted]) {
    await rm(join(folder, name), { force: true });
  }
  await syncFolder(folder);
}

/** A copy that may be changed, without the signatures of before. */
export function unsignedCopy(root: Signed<'root'>): Signed<'root'> {
  const copy = Metadata.fromJSON(MetadataKind.Root, structuredClone(root.toJSON()));
  copy.signatures = {};
  return copy satisfies Metadata<Root>;
}
