/**
 * `publish`: signs the snapshot and the timestamp, and puts what is staged in place, in an order that shows no box a half: what is
 * named comes before what names it, the timestamp after all of it; and a new root comes last, when whatever it and the one before it
 * ask for has signed everything that is in place.
 */

import { LookdialError } from '../../device/errors.ts';
import type { Release } from '../../device/updates/release.ts';
import { releaseLines, rootLines } from './describe.ts';
import { holding } from './hold.ts';
import type { PublicKey } from './key-files.ts';
import { warningOf } from './lifetimes.ts';
import {
  bytesOf,
  daysLeft,
  inDays,
  isTrusted,
  repositoryInvalid,
  type Signed,
  sha256Of,
  snapshotOf,
  timestampOf,
} from './metadata.ts';
import { metadataPath, releasePath } from './places.ts';
import { checkFiles } from './release-files.ts';
import {
  makeRepositoryFolders,
  nextVersion,
  openRepository,
  type Published,
  putOnce,
  putTimestamp,
} from './repository.ts';
import type { Setting } from './setting.ts';
import { draftsOf, signedSoFar } from './sign.ts';
import { keysOfFolders, Signers } from './signers.ts';
import { bytesOfRelease, clearStaged, nothingStaged, readStaged, type Staged } from './staged.ts';

export interface PublishOptions {
  /** The key that is replaced is gone, or not to be used: it signs nothing any more. */
  readonly lost?: boolean;
}

/** What will be in place, and the root that is. */
interface Next {
  readonly root: Signed<'root'>;
  readonly inPlace: Signed<'root'> | undefined;
  readonly targets: Signed<'targets'>;
  readonly release: Release;
  readonly timestampVersion: number;
}

/** @throws LookdialError `release-invalid` where what is staged does not go on from what is in place */
function checkFollows(
  { folder, root, targets }: Staged,
  inPlace: Signed<'root'> | undefined,
  published?: Published,
): void {
  const before = inPlace?.signed.version ?? 0;
  if (root !== undefined && root.signed.version !== before + 1) {
    const next = `Make the change anew: remove ${folder}, then npm run bundle -- rotate.`;
    throw repositoryInvalid(folder, `root ${root.signed.version} is staged, and in place is root ${before}. ${next}`);
  }
  const last = published?.targets.signed.version ?? 0;
  if (targets !== undefined && targets.signed.version <= last) {
    throw repositoryInvalid(
      folder,
      `version ${targets.signed.version} of targets is staged, and version ${last} is published. Make the release anew: npm run bundle -- make.`,
    );
  }
}

/** @throws LookdialError `release-invalid` where what is staged is not signed by as many as must */
function checkSigned(staged: Staged, inPlace: Signed<'root'> | undefined, lost: boolean): void {
  const { lines, missing, last } = signedSoFar(draftsOf(staged, inPlace));
  const state = lines.join('. ');
  if (missing > 0) {
    throw repositoryInvalid(staged.folder, `signatures are wanting. ${state}. Sign: npm run bundle -- sign.`);
  }
  if (last === 0 || lost) return;
  throw repositoryInvalid(
    staged.folder,
    `the targets key that is replaced has not signed. ${state}. It is to sign a last time, so that no box sees the change: ` +
      'npm run bundle -- sign. Is it gone, or not to be trusted any more, say --lost.',
  );
}

/** What a publish that was cut short had put in place is no draft any more. */
function withoutPublished(staged: Staged, inPlace: Signed<'root'> | undefined, published?: Published): Staged {
  const isThere = (draft: Signed | undefined, there: Signed | undefined): boolean =>
    draft !== undefined && there !== undefined && bytesOf(draft).equals(bytesOf(there));
  return {
    ...staged,
    root: isThere(staged.root, inPlace) ? undefined : staged.root,
    ...(isThere(staged.targets, published?.targets) && { targets: undefined, release: undefined }),
  };
}

/** @throws LookdialError `release-invalid` where no box would take it */
function nextOf(
  staged: Staged,
  inPlace: Signed<'root'> | undefined,
  published: Published | undefined,
  setting: Setting,
): Next {
  const root = staged.root ?? inPlace;
  const targets = staged.targets ?? published?.targets;
  const release = staged.targets === undefined ? published?.release : staged.release;
  if (root === undefined || targets === undefined || release === undefined) {
    const next = 'Make one: npm run bundle -- make FOLDER.';
    throw repositoryInvalid(staged.folder, `a root is staged, and no release yet. ${next}`);
  }
  if (!isTrusted(root, 'targets', targets)) {
    const words = `root ${root.signed.version} names another targets key than has signed version ${targets.signed.version}`;
    throw repositoryInvalid(staged.folder, `${words}. Stage the release again: npm run bundle -- make.`);
  }
  const { lifetimes, now } = setting;
  for (const [role, signed] of [
    ['root', root],
    ['targets', targets],
  ] as const) {
    if (daysLeft(signed, now) > 0) continue;
    throw new LookdialError('release-invalid', warningOf(signed, role, lifetimes, now) ?? `${role} has expired.`);
  }
  return { root, inPlace, targets, release, timestampVersion: (published?.timestamp.signed.version ?? 0) + 1 };
}

interface Online {
  readonly snapshot: Signed<'snapshot'>;
  readonly timestamp: Signed<'timestamp'>;
}

async function signOnline(setting: Setting, keys: readonly PublicKey[], next: Next, lost: boolean): Promise<Online> {
  const { repository, lifetimes, now } = setting;
  const { root, inPlace, targets, timestampVersion } = next;
  const judges = [root, ...(inPlace === undefined || inPlace === root ? [] : [inPlace])];
  const signers = new Signers(keys, setting);
  const snapshot = snapshotOf(targets, await nextVersion(repository, 'snapshot'), inDays(lifetimes.snapshot, now));
  await signers.sign(snapshot, 'snapshot', judges, lost);
  // It names the snapshot by its digest, signatures and all.
  const timestamp = timestampOf(snapshot, timestampVersion, inDays(lifetimes.timestamp, now));
  await signers.sign(timestamp, 'timestamp', judges, lost);
  return { snapshot, timestamp };
}

/** The order is what keeps every box out of a half: see models/RELEASE.md. */
async function putInPlace({ repository, fs }: Setting, next: Next, { snapshot, timestamp }: Online): Promise<void> {
  const { root, inPlace, targets, release } = next;
  const document = bytesOfRelease(release);
  await putOnce(releasePath(repository, sha256Of(document)), document, fs);
  await putOnce(metadataPath(repository, 'targets', targets.signed.version), bytesOf(targets), fs);
  await putOnce(metadataPath(repository, 'snapshot', snapshot.signed.version), bytesOf(snapshot), fs);
  await putTimestamp(repository, timestamp, fs);
  if (root !== inPlace) await putOnce(metadataPath(repository, 'root', root.signed.version), bytesOf(root), fs);
}

function report({ repository, say }: Setting, { root, inPlace, release }: Next, { timestamp }: Online): void {
  if (root !== inPlace) for (const line of rootLines(root, inPlace)) say(line);
  for (const line of releaseLines(release)) say(line);
  if (inPlace === undefined) {
    const first = metadataPath(repository, 'root', root.signed.version);
    say(`A box is given ${first}, and takes from then on what follows from it. Its SHA-256:`);
    say(`  ${sha256Of(bytesOf(root))}`);
  }
  const until = timestamp.signed.expires;
  say(`It is published in ${repository}, and good until ${until}: npm run bundle -- refresh before that.`);
}

async function publishHeld(setting: Setting, keys: readonly PublicKey[], lost: boolean): Promise<void> {
  const { repository, staged: folder, say } = setting;
  const all = await readStaged(folder);
  const { root: inPlace, published } = await openRepository(repository, all.root);
  const staged = withoutPublished(all, inPlace, published);
  if (draftsOf(staged).length === 0) {
    await clearStaged(folder);
    say('What was staged is in place already.');
    return;
  }
  checkFollows(staged, inPlace, published);
  checkSigned(staged, inPlace, lost);
  const next = nextOf(staged, inPlace, published, setting);
  const mend = 'Put it there again: npm run bundle -- make FOLDER, with the bundle that has it.';
  await checkFiles(setting, next.release, mend);
  const online = await signOnline(setting, keys, next, lost);
  await putInPlace(setting, next, online);
  await clearStaged(folder);
  report(setting, next, online);
}

export async function publish(setting: Setting, { lost = false }: PublishOptions = {}): Promise<void> {
  const { repository, staged, patienceMs } = setting;
  const keys = await keysOfFolders(setting.keys);
  if (draftsOf(await readStaged(staged)).length === 0) throw nothingStaged(staged);
  await makeRepositoryFolders(repository);
  await holding([repository, staged], () => publishHeld(setting, keys, lost), patienceMs);
}
