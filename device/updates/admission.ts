/** Whether a release is for this box, now: asked before a byte of it is fetched. */
import { statfs } from 'node:fs/promises';
import type { Box } from './box.ts';
import { type RefusalReason, UpdateRefused } from './refusals.ts';
import { compareVersions, type Release } from './release.ts';
import { rolloutPlace } from './rollout.ts';
import type { ReleaseRecord } from './update-progress.ts';

export interface Situation {
  readonly box: Box;
  readonly boxId: Uint8Array;
  /** Counter of the release that serves; 0 for the bundle that came with the program. */
  readonly current: number;
  /** What is known of this very release. */
  readonly known: ReleaseRecord | undefined;
}

const refuse = (reason: RefusalReason, { release }: Release, message: string): UpdateRefused =>
  new UpdateRefused(reason, `Release ${release} ${message}`);

/**
 * Everything but the room on the disk.
 * @throws UpdateRefused, the first reason of: another line of models, older than what serves, bad on this box before, other hardware, other ONNX Runtime,
 * another index file, a latent space too large, not this box's turn
 */
export function admit(release: Release, { box, boxId, current, known }: Situation): void {
  if (release.id !== box.line) {
    throw refuse(
      'other-line',
      release,
      `is of ${release.id}, and this box’s models are of ${box.line}: give the box the repository of ${box.line}, or set its bundle to one of ${release.id}.`,
    );
  }
  if (release.release < current) {
    throw refuse(
      'release-behind',
      release,
      `is older than ${current}, which is in use: publish under a higher number, even to go back.`,
    );
  }
  if (known?.verdict === 'bad')
    throw refuse('release-bad', release, `was bad on this box: ${known.reason} Publish a newer one.`);
  if (!release.hardware.some(id => box.hardware.includes(id))) {
    throw refuse(
      'hardware-unsupported',
      release,
      `is for ${release.hardware.join(', ')}, and this box is ${box.hardware.join(', ')}.`,
    );
  }
  admitRuntime(release, box);
  if (release.indexVersion !== box.indexVersion) {
    const message = `goes with version ${release.indexVersion} of the index file, and the program reads ${box.indexVersion}: update the program.`;
    throw refuse('index-unsupported', release, message);
  }
  if (release.latentDim > box.mostLatentDim) {
    throw refuse(
      'latent-unsupported',
      release,
      `has ${release.latentDim} dimensions, and the program takes ${box.mostLatentDim}.`,
    );
  }
  const place = rolloutPlace(boxId, release.rollout.salt);
  if (place >= release.rollout.percent) {
    const message = `is for ${release.rollout.percent} % of the boxes so far, and this one’s place is ${place.toFixed(2)}: it waits.`;
    throw refuse('not-in-rollout', release, message);
  }
}

function admitRuntime(release: Release, { runtime }: Box): void {
  const { opset, from, below } = release.runtime;
  if (runtime === undefined)
    throw refuse('runtime-unsupported', release, 'needs ONNX Runtime, and the binding of this box cannot be loaded.');
  // A build's own ending, as in 1.23.0-dev, says nothing of the range.
  const version = /^\d+\.\d+\.\d+/.exec(runtime.version)?.[0] ?? '0.0.0';
  if (compareVersions(version, from) < 0 || compareVersions(version, below) >= 0) {
    throw refuse(
      'runtime-unsupported',
      release,
      `is for ONNX Runtime from ${from} and below ${below}, and this box has ${runtime.version}.`,
    );
  }
  if (opset > runtime.opset) {
    throw refuse(
      'runtime-unsupported',
      release,
      `uses operator set ${opset}, and this box’s ONNX Runtime takes up to ${runtime.opset}.`,
    );
  }
}

/** Free room of the disk that a folder is on, bytes. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Whether there is room.
 * @param missing bytes still to be fetched
 * @param free bytes
 * @throws UpdateRefused `no-space`
 */
export function admitSpace(release: Release, missing: number, free: number): void {
  const needed = missing + release.freeBytes;
  if (free >= needed) return;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  throw refuse(
    'no-space',
    release,
    `needs ${megabytes(needed)} MB free on the data disk, and ${megabytes(free)} MB are: free some space.`,
  );
}
