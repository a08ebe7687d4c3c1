/** `make`: puts a bundle's files into the repository and stages the release that lists them. Nobody is told of it yet. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { openBundle } from '../../device/inference/bundle.ts';
import { confine } from '../../device/inference/members.ts';
import { makeFolderDurably } from '../../device/inventory/durable.ts';
import { parseRelease, RELEASE_TARGET, type Release } from '../../device/updates/release.ts';
import { Progress } from '../store/progress.ts';
import { type Blob, type OnBytes, putBlob, sweepBlobs } from './blobs.ts';
import { releaseLines } from './describe.ts';
import { holding } from './hold.ts';
import { inDays } from './metadata.ts';
import { type BundleFacts, bundleFacts, checkIndex, type Decisions, draftRelease } from './release-document.ts';
import { makeRepositoryFolders, nextVersion, openRepository } from './repository.ts';
import type { Setting } from './setting.ts';
import { bytesOfRelease, draftTargets, readStagedRelease, readStagedRoot, stageTargets } from './staged.ts';

export interface MakeOptions {
  /** The bundle's folder; left out, the last release's files are released again with other decisions, or for longer. */
  readonly bundle?: string | undefined;
  /** A ready index of the chain's common catalogue. */
  readonly index?: string | undefined;
  readonly decisions: Decisions;
}

interface Source {
  readonly facts: BundleFacts;
  readonly index: Blob | undefined;
  /** Copies what is not in place. @returns how many files were written */
  copy(onBytes: OnBytes): Promise<number>;
}

async function sourceOf(
  setting: Setting,
  { bundle: folder, index: path }: MakeOptions,
  last: Release | undefined,
): Promise<Source> {
  const { repository, signal } = setting;
  if (folder === undefined) {
    if (last === undefined || path !== undefined) {
      throw new LookdialError('invalid-request', 'Say which bundle: npm run bundle -- make FOLDER.');
    }
    const { id, version, latentDim, encoderDigest, indexVersion, members, runtime } = last;
    const facts = { id, version, latentDim, encoderDigest, indexVersion, members, opset: runtime.opset };
    return { facts, index: last.index, copy: async () => 0 };
  }
  const bundle = await openBundle(folder);
  const facts = await bundleFacts(bundle);
  const index = path === undefined ? undefined : await checkIndex(path, facts);
  return {
    facts,
    index,
    async copy(onBytes) {
      let written = 0;
      const put = async (from: string, blob: Blob): Promise<void> => {
        if (await putBlob(repository, from, blob, { onBytes, signal })) written += 1;
      };
      for (const member of facts.members) await put(await confine(bundle.folder, member.path), member);
      if (path !== undefined && index !== undefined) await put(path, index);
      return written;
    },
  };
}

/** Copies with a bar. @returns how many files are new */
async function copyIn({ repository, terminal }: Setting, source: Source): Promise<number> {
  await sweepBlobs(repository);
  const { facts, index } = source;
  const total = facts.members.reduce((sum, member) => sum + member.bytes, index?.bytes ?? 0);
  const progress = new Progress({ terminal, label: 'Copying', unit: 'bytes' });
  let done = 0;
  try {
    return await source.copy(count => {
      done += count;
      progress.update(Math.min(done, total), total);
    });
  } finally {
    progress.end();
  }
}

async function makeHeld(setting: Setting, options: MakeOptions): Promise<void> {
  const { repository, staged: folder, lifetimes, now, say } = setting;
  const { root, published } = await openRepository(repository, await readStagedRoot(folder));
  const last = published?.release;
  const source = await sourceOf(setting, options, last);
  const { facts, index } = source;
  const before = await readStagedRelease(folder);
  const again = JSON.stringify(before?.members) === JSON.stringify(facts.members) ? before : undefined;
  const salt = (): string => again?.rollout.salt ?? randomBytes(8).toString('hex');
  const release = await draftRelease({ facts, decisions: options.decisions, index, last, salt });
  parseRelease(bytesOfRelease(release), join(folder, RELEASE_TARGET));
  const written = await copyIn(setting, source);
  const targets = draftTargets(release, await nextVersion(repository, 'targets'), inDays(lifetimes.targets, now));
  await stageTargets(folder, release, targets, root);
  for (const line of releaseLines(release)) say(line);
  if (written > 0) say(`${written} of the files are new in ${repository}; nobody is told of them yet.`);
  if (before !== undefined) say('It stands in the place of the release that was staged before.');
  if (release === last) say(`It is published already, and will be good for longer: until ${targets.signed.expires}.`);
  else if (last !== undefined) say(`Published is release ${last.release}, ${last.id}@${last.version}.`);
  if (last !== undefined && last.id !== facts.id) {
    say(
      `BEWARE: every box that follows ${last.id} refuses ${facts.id}. A repository is of one line of models: make another for ${facts.id}.`,
    );
  }
  say(`It waits in ${folder} for the targets key: npm run bundle -- sign.`);
}

export async function make(setting: Setting, options: MakeOptions): Promise<void> {
  const { repository, staged, patienceMs } = setting;
  const next = await readStagedRoot(staged);
  if (next === undefined && (await openRepository(repository)).root === undefined) {
    const words = 'it is no repository yet. Make one: npm run bundle -- init.';
    throw new LookdialError('release-invalid', `${repository}: ${words}`);
  }
  await makeRepositoryFolders(repository);
  await makeFolderDurably(staged);
  await holding([repository, staged], () => makeHeld(setting, options), patienceMs);
}
