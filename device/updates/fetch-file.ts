/** Fetching a file of known length and hash onto the data disk. What is there of it already is not fetched again. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { isDiskFull } from '../errors.ts';
import { openPaced, type Pace, paced } from './paced.ts';
import { UpdateRefused } from './refusals.ts';
import { isOnTheWay, type Retries, waitForTry } from './retries.ts';
import type { Source } from './source.ts';

/** A try that brought this much, bytes, was not in vain: the count of tries starts over. So a file of b bytes takes at most tries * (1 + b / 64 KiB). */
const WORTH_WHILE = 64 * 1024;

export interface Wanted {
  /** In the repository, as `Source.open` takes it. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  /** Hex by algorithm; each must agree. At least one. */
  readonly hashes: Readonly<Record<string, string>>;
}

export interface Fetching {
  readonly pace: Pace;
  readonly retries: Retries;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file that are on the disk. */
  readonly onBytes?: (bytes: number) => void;
  /** What was thrown away, or is tried again: one sentence. */
  readonly onNotice?: (sentence: string) => void;
}

const writeFailed = (part: string, cause: unknown): UpdateRefused =>
  isDiskFull(cause)
    ? new UpdateRefused(
        'no-space',
        `${part} cannot be written: the disk is full. Free some space; what was fetched is kept.`,
        { cause },
      )
    : new UpdateRefused(
        'write-failed',
        `${part} cannot be written: ${(cause as Error).message}. Look at the data disk.`,
        { cause },
      );

const lengthOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

/** Whether a file is of these hashes. @throws UpdateRefused `metadata-invalid` for an algorithm that is not known */
export async function isOf(path: string, hashes: Wanted['hashes'], signal?: AbortSignal): Promise<boolean> {
  const digests = Object.entries(hashes).map(([algorithm, expected]) => {
    try {
      return { hash: createHash(algorithm), expected };
    } catch (cause) {
      throw new UpdateRefused('metadata-invalid', `The hash ${algorithm} is not known here: publish with sha256.`, {
        cause,
      });
    }
  });
  for await (const chunk of createReadStream(path, signal ? { signal } : {})) {
    for (const { hash } of digests) hash.update(chunk);
  }
  return digests.length > 0 && digests.every(({ hash, expected }) => hash.digest('hex') === expected);
}

/** A disk that is nearly full takes a part of a write before it refuses the rest. */
async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

/** Appends what the source has to the part. @returns its length then @throws UpdateRefused */
async function append(
  source: Source,
  wanted: Wanted,
  file: FileHandle,
  have: number,
  fetching: Fetching,
): Promise<number> {
  const { pace, signal, onBytes } = fetching;
  const { path, length } = wanted;
  const said = (got: string): UpdateRefused =>
    new UpdateRefused(
      'wrong-length',
      `${path} from ${source.name} holds ${got}, and ${length} are signed: publish it anew.`,
    );
  const reading = await openPaced(source, path, { from: have, signal }, pace);
  if (reading.total !== undefined && reading.total !== length) {
    reading.close();
    throw said(`${reading.total} bytes`);
  }
  let at = reading.from;
  // The server does not begin in the middle: what is there is fetched once more.
  if (at !== have) await file.truncate(at);
  for await (const chunk of paced(source, path, reading, pace, signal)) {
    if (at + chunk.length > length) throw said('more bytes');
    await writeAll(file, chunk, at).catch(cause => {
      throw writeFailed(wanted.path, cause);
    });
    at += chunk.length;
    onBytes?.(at);
  }
  return at;
}

/** One try: the part is of the file's length, and flushed, when it returns. @throws UpdateRefused */
async function attempt(source: Source, wanted: Wanted, part: string, fetching: Fetching): Promise<void> {
  const { path, length } = wanted;
  const file = await open(part, constants.O_RDWR | constants.O_CREAT, 0o644).catch(cause => {
    throw writeFailed(part, cause);
  });
  try {
    let have = (await file.stat()).size;
    if (have > length) {
      fetching.onNotice?.(`${path}: what was fetched before is longer than the file, and was thrown away.`);
      await file.truncate(0);
      have = 0;
    }
    fetching.onBytes?.(have);
    if (have < length) have = await append(source, wanted, file, have, fetching);
    if (have < length) {
      throw new UpdateRefused(
        'source-unreachable',
        `${path} from ${source.name} broke off after ${have} of ${length} bytes. It is tried again by itself.`,
      );
    }
    await file.sync().catch(cause => {
      throw writeFailed(part, cause);
    });
  } finally {
    await file.close();
  }
}

/**
 * Makes `part` the wanted file: of its length, of its hash, and on the disk. It goes on from what is there, in this process or
 * from one that was killed. A part that is whole and of another hash is thrown away and fetched once more, and then refused.
 * The folder's entry is left for the caller to flush.
 * @throws UpdateRefused `wrong-length`, `wrong-hash`, `no-space`, `write-failed`, and what the source throws after the last
 * try; the signal's reason
 */
export async function fetchFile(source: Source, wanted: Wanted, part: string, fetching: Fetching): Promise<void> {
  const { retries, signal, onNotice } = fetching;
  let failed = 0;
  let wrong = 0;
  for (;;) {
    const before = await lengthOf(part);
    try {
      await attempt(source, wanted, part, fetching);
      if (await isOf(part, wanted.hashes, signal)) return;
      wrong += 1;
      const resumed = before > 0;
      const message = `${wanted.path} from ${source.name} is not the file that was signed; it was thrown away.`;
      await unlink(part);
      // What was there may have been another file's beginning, or torn by a power cut: the source is asked for all of it, once.
      if (wrong > 1 || !resumed) throw new UpdateRefused('wrong-hash', `${message} Publish it anew.`);
      onNotice?.(`${message} It is fetched once more, from its beginning.`);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UpdateRefused && error.reason === 'wrong-length') await unlink(part).catch(() => undefined);
      failed = (await lengthOf(part)) - before >= WORTH_WHILE ? 1 : failed + 1;
      if (isOnTheWay(error)) onNotice?.(error.message);
      await waitForTry(error, failed, retries, signal);
    }
  }
}
