/** The release document of a bundle: what is read from its files, and what the publisher decides. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import { IndexError } from '../../device/matching/errors.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import { INDEX_VERSION } from '../../device/matching/index-format.ts';
import type { Release, ReleaseMember } from '../../device/updates/release.ts';
import { type Blob, blobOf, type OnBytes } from './blobs.ts';
import { opsetOf } from './opset.ts';

/** What the publisher says of a release; what is left out is as in the last one, or else the default. */
export interface Decisions {
  readonly hardware?: readonly string[] | undefined;
  readonly freeBytes?: number | undefined;
  readonly runtimeFrom?: string | undefined;
  readonly runtimeBelow?: string | undefined;
  readonly decodeP95Ms?: number | undefined;
  readonly encodeP95Ms?: number | undefined;
  readonly residentBytes?: number | undefined;
  readonly selfRecall?: number | undefined;
  readonly percent?: number | undefined;
  readonly salt?: string | undefined;
}

/** Of the first release of a repository. The limits are bounds that a box worth its place keeps to, not what any was measured at. */
export const DEFAULTS = {
  hardware: ['linux-x64', 'linux-arm64'],
  freeBytes: 256_000_000,
  runtimeBelow: '2.0.0',
  decodeP95Ms: 100,
  encodeP95Ms: 1_000,
  residentBytes: 1_500_000_000,
  selfRecall: 0.95,
  percent: 100,
} as const;

/** What is read from a bundle's files. */
export type BundleFacts = Pick<
  Release,
  'id' | 'version' | 'latentDim' | 'encoderDigest' | 'indexVersion' | 'members'
> & {
  readonly opset: number;
};

/** Reads what a release says of a bundle that `openBundle` has checked. */
export async function bundleFacts({ folder, manifest, encoderDigest }: Bundle): Promise<BundleFacts> {
  const { id, version, latentDim, files } = manifest;
  const nets = files.filter(({ role }) => role !== 'golden');
  const opsets = await Promise.all(nets.map(({ path }) => opsetOf(join(folder, path))));
  const described = await blobOf(join(folder, 'manifest.json'));
  const members: ReleaseMember[] = [
    { path: 'manifest.json', ...described },
    ...files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
  ];
  return { id, version, latentDim, encoderDigest, indexVersion: INDEX_VERSION, members, opset: Math.max(...opsets) };
}

/** The version of ONNX Runtime that this project goes with. */
async function ownRuntime(): Promise<string> {
  const path = join(import.meta.dirname, '../../node_modules/onnxruntime-node/package.json');
  return JSON.parse(await readFile(path, 'utf8')).version;
}

/** @throws LookdialError `index-invalid` where a ready index is not one of this bundle's encoder */
export async function checkIndex(path: string, facts: BundleFacts, onBytes?: OnBytes): Promise<Blob> {
  const { encoderDigest, latentDim } = facts;
  try {
    const bytes = await readFile(path);
    EncodingIndex.open(bytes, { encoderDigest, latentDim });
    onBytes?.(bytes.length);
    return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  } catch (cause) {
    if (!(cause instanceof IndexError) && (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new LookdialError(
      'index-invalid',
      `${path}: ${(cause as Error).message} Make it with this very bundle: npm run index -- --store FOLDER --bundle BUNDLE.`,
      { cause },
    );
  }
}

const sameMembers = (one: Pick<Release, 'members'>, other: Pick<Release, 'members'> | undefined): boolean =>
  JSON.stringify(one.members) === JSON.stringify(other?.members);

interface Drafting {
  readonly facts: BundleFacts;
  readonly decisions: Decisions;
  readonly index: Blob | undefined;
  /** What is published. */
  readonly last: Release | undefined;
  /** A new one where the members are new: it is not always the same shops that go first. */
  readonly salt: () => string;
}

/**
 * The document of a release. It is the last one's, number and all, where nothing of it would change but the number.
 */
export async function draftRelease({ facts, decisions, index, last, salt }: Drafting): Promise<Release> {
  const { opset, members, ...described } = facts;
  const same = last !== undefined && sameMembers(facts, last) && index?.sha256 === last.index?.sha256;
  const limit = (name: keyof Release['limits']): number => decisions[name] ?? last?.limits[name] ?? DEFAULTS[name];
  const drafted: Release = {
    format: 'lookdial-release/1',
    release: (last?.release ?? 0) + 1,
    ...described,
    runtime: {
      opset,
      from: decisions.runtimeFrom ?? last?.runtime.from ?? (await ownRuntime()),
      below: decisions.runtimeBelow ?? last?.runtime.below ?? DEFAULTS.runtimeBelow,
    },
    hardware: [...(decisions.hardware ?? last?.hardware ?? DEFAULTS.hardware)],
    freeBytes: decisions.freeBytes ?? last?.freeBytes ?? DEFAULTS.freeBytes,
    rollout: {
      salt: decisions.salt ?? (same ? last.rollout.salt : salt()),
      percent: decisions.percent ?? (same ? last.rollout.percent : DEFAULTS.percent),
    },
    limits: {
      decodeP95Ms: limit('decodeP95Ms'),
      encodeP95Ms: limit('encodeP95Ms'),
      residentBytes: limit('residentBytes'),
      selfRecall: limit('selfRecall'),
    },
    members,
    ...(index && { index }),
  };
  if (last === undefined) return drafted;
  return JSON.stringify({ ...drafted, release: last.release }) === JSON.stringify(last) ? last : drafted;
}
