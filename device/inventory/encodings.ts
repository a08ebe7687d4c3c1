/**
 * The encodings of the state folder: `encodings.index` and the log beside it. Looked up by what they were made from, so
 * that nothing is encoded twice; a new one is in the log when `append` returns.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../errors.ts';
import { encodeHeader, encodeRecord, LOG_HEADER_BYTES, type PutRecord, readLog } from '../matching/encoding-log.ts';
import { IndexError } from '../matching/errors.ts';
import { EncodingIndex, type IndexExpectation } from '../matching/index-file.ts';
import type { Posterior } from '../matching/posterior.ts';
import { replaceDurably, syncFolder, writeAside } from './durable.ts';

export const INDEX_FILE = 'encodings.index';
/** An index that is whole, and becomes the index in the moment that the catalogue names it as its own. */
const NEXT_INDEX_FILE = `${INDEX_FILE}.next`;
export const LOG_FILE = 'encodings.log';

/** Longest time that what was appended is not flushed, milliseconds: a bulk run may lose that much to a power cut. */
const FLUSH_MS = 250;

const hex = (digest: Uint8Array): string => Buffer.from(digest).toString('hex');
const isKnown = (digest: Uint8Array): boolean => digest.some(byte => byte !== 0);

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the next index into its place; who comes second finds it moved. */
async function moveIndex(data: string): Promise<void> {
  try {
    await rename(join(data, NEXT_INDEX_FILE), join(data, INDEX_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await syncFolder(data);
}

/**
 * Finishes what a crash left between the catalogue and its index: where the catalogue names the next index, that is the
 * index. To be called before the index is read.
 * @param digest SHA-256 in hex of the index that the catalogue names
 */
export async function settleIndex(data: string, digest: string | undefined): Promise<void> {
  const next = await readIfThere(join(data, NEXT_INDEX_FILE));
  if (next === undefined || createHash('sha256').update(next).digest('hex') !== digest) return;
  await moveIndex(data);
}

/**
 * Makes `bytes` the index in the moment that `commit` makes a catalogue durable that names it: a crash before leaves the old
 * catalogue with the old index, one after it the new with the new.
 */
export async function replaceIndex(data: string, bytes: Uint8Array, commit: () => void): Promise<void> {
  await writeAside(join(data, NEXT_INDEX_FILE), bytes);
  await syncFolder(data);
  commit();
  await moveIndex(data);
}

export class Encodings {
  /** What was found wrong and mended when it was opened, one sentence each. */
  readonly notices: readonly string[];
  readonly #data: string;
  readonly #expected: IndexExpectation;
  readonly #known: Map<string, Posterior>;
  readonly #log: FileHandle;
  #queue: Promise<void> = Promise.resolve();
  #flushed = performance.now();

  /**
   * Reads what is there. An index or a log of another encoder, or a damaged one, gives nothing: its garments are encoded
   * again. What a power cut or a kill left of a record is cut off the log.
   * @param expected the encoder in use
   */
  static async open(data: string, expected: IndexExpectation): Promise<Encodings> {
    const known = new Map<string, Posterior>();
    const notices: string[] = [];
    const attempt = (what: string, read: () => void): boolean => {
      try {
        read();
        return true;
      } catch (error) {
        if (!(error instanceof IndexError)) throw error;
        const other = error.reason === 'encoder' || error.reason === 'latent-dim';
        notices.push(
          other
            ? `${what} is of another model: all is encoded anew.`
            : `${error.message} What it held is encoded anew.`,
        );
        return false;
      }
    };
    const indexBytes = await readIfThere(join(data, INDEX_FILE));
    if (indexBytes !== undefined) {
      attempt('The index', () => {
        const index = EncodingIndex.open(indexBytes, expected);
        for (let row = 0; row < index.count; row++) {
          const digest = index.pictureSha256(row);
          if (digest !== undefined) known.set(hex(digest), index.posterior(row));
        }
      });
    }
    const logPath = join(data, LOG_FILE);
    const logBytes = (await readIfThere(logPath)) ?? Buffer.alloc(0);
    let length = 0;
    attempt('The log of encodings', () => {
      const { records, validBytes, lostRecords } = readLog(logBytes, expected);
      for (const record of records) {
        if (record.kind === 'put' && isKnown(record.pictureSha256)) {
          known.set(hex(record.pictureSha256), {
            mu: Float32Array.from(record.mu),
            sigma: Float32Array.from(record.sigma),
          });
        }
      }
      const torn = logBytes.length - validBytes;
      if (torn > 0) notices.push(`${torn} bytes of a record cut short were taken off the log of encodings.`);
      if (lostRecords > 0)
        notices.push(`The disk lost part of the log: ${lostRecords} encodings behind it are made anew.`);
      length = validBytes;
    });
    if (length < LOG_HEADER_BYTES) await replaceDurably(logPath, encodeHeader(expected));
    const log = await open(logPath, 'a');
    try {
      if (length >= LOG_HEADER_BYTES && length < logBytes.length) {
        await log.truncate(length);
        await log.sync();
      }
      return new Encodings(data, expected, known, notices, log);
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  private constructor(
    data: string,
    expected: IndexExpectation,
    known: Map<string, Posterior>,
    notices: string[],
    log: FileHandle,
  ) {
    this.#data = data;
    this.#expected = expected;
    this.#known = known;
    this.notices = notices;
    this.#log = log;
  }

  /** What the encoder made of these bytes; undefined where it has not seen them. @param digest 32 bytes */
  find(digest: Uint8Array): Posterior | undefined {
    return this.#known.get(hex(digest));
  }

  /**
   * Writes one encoding to the log, in the order of the calls.
   * @throws LookdialError `store-invalid` where the disk does not take it
   */
  append(record: PutRecord): Promise<void> {
    const bytes = encodeRecord(record);
    const { pictureSha256, mu, sigma } = record;
    const written = this.#queue.then(async () => {
      await this.#write(bytes);
      const posterior = { mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) };
      if (isKnown(pictureSha256)) this.#known.set(hex(pictureSha256), posterior);
    });
    // Behind a record that is only half there nothing may follow: the first failure is everyone's.
    this.#queue = written;
    return written;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#log.appendFile(bytes);
      const now = performance.now();
      if (now - this.#flushed < FLUSH_MS) return;
      this.#flushed = now;
      await this.#log.sync();
    } catch (cause) {
      throw new LookdialError(
        'store-invalid',
        `${join(this.#data, LOG_FILE)} cannot be written: ${(cause as Error).message}. ` +
          'Free some space and run it again: what has been encoded is kept.',
        { cause },
      );
    }
  }

  /** Makes `bytes` the index, as `replaceIndex` does. The log stays until `empty`: read over this index again it changes nothing. */
  async replaceIndex(bytes: Uint8Array, commit: () => void): Promise<void> {
    await replaceIndex(this.#data, bytes, commit);
  }

  /** Empties the log, once the index and the catalogue hold all it says. */
  async empty(): Promise<void> {
    await replaceDurably(join(this.#data, LOG_FILE), encodeHeader(this.#expected));
  }

  /** Flushes the log and closes it. */
  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    try {
      await this.#log.sync();
    } finally {
      await this.#log.close();
    }
  }
}
