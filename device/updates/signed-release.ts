/** The release document that a repository's metadata name: fetched, and of the length and hash that were signed. */
import { createHash } from 'node:crypto';
import type { TargetFile } from '@tufjs/models';
import { LookdialError } from '../errors.ts';
import { fetchBytes } from './fetch-bytes.ts';
import type { RepositoryMetadata } from './metadata.ts';
import type { Pace } from './paced.ts';
import { UpdateRefused } from './refusals.ts';
import { MAX_RELEASE_BYTES, parseRelease, RELEASE_TARGET, type Release } from './release.ts';
import { type Retries, withRetries } from './retries.ts';
import type { Source } from './source.ts';

export interface SignedRelease {
  /** As it was signed. */
  readonly bytes: Buffer;
  /** Of the bytes, hex. */
  readonly sha256: string;
  readonly release: Release;
}

/** The hash that names a release document. It makes a path: nothing but hex passes. */
function checkedHash({ hashes, length }: TargetFile, source: Source): string {
  const { sha256 } = hashes;
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) {
    const message = `${source.name}: ${RELEASE_TARGET} is signed without a SHA-256: publish it anew.`;
    throw new UpdateRefused('metadata-invalid', message);
  }
  if (!Number.isSafeInteger(length) || length > MAX_RELEASE_BYTES) {
    const message = `${source.name}: ${RELEASE_TARGET} is signed as ${length} bytes, expected at most ${MAX_RELEASE_BYTES}.`;
    throw new UpdateRefused('release-invalid', message);
  }
  return sha256;
}

/**
 * Brings the metadata up to date, and reads the release that they name.
 * @throws UpdateRefused; the signal's reason
 */
export async function readSignedRelease(
  metadata: RepositoryMetadata,
  source: Source,
  { pace, retries, signal }: { pace: Pace; retries: Retries; signal: AbortSignal | undefined },
): Promise<SignedRelease> {
  const { targets } = await metadata.refresh(source, [RELEASE_TARGET], signal);
  const [target] = targets;
  if (target === undefined) {
    throw new UpdateRefused('no-release', `${source.name} has no ${RELEASE_TARGET}: publish a release.`);
  }
  const sha256 = checkedHash(target, source);
  const path = `targets/${sha256}.${RELEASE_TARGET}`;
  const asked = { maxBytes: target.length, pace, signal };
  const bytes = await withRetries(retries, signal, () => fetchBytes(source, path, asked));
  if (bytes.length !== target.length) {
    const message = `${path} from ${source.name} holds ${bytes.length} bytes, and ${target.length} are signed: publish it anew.`;
    throw new UpdateRefused('wrong-length', message);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    const message = `${path} from ${source.name} is not the file that was signed: publish it anew.`;
    throw new UpdateRefused('wrong-hash', message);
  }
  try {
    return { bytes, sha256, release: parseRelease(bytes, `${path} from ${source.name}`) };
  } catch (cause) {
    if (!(cause instanceof LookdialError)) throw cause;
    throw new UpdateRefused('release-invalid', cause.message, { cause });
  }
}
