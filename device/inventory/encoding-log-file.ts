/**
 * The log of encodings as a file that a daemon keeps open: a record is on the disk when `append` returns, and what could not
 * be written whole is taken back. Whoever opens or changes it holds the state folder's lock.
 */
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
import { LookdialError } from '../errors.ts';
import {
  encodeHeader,
  encodeRecord,
  LOG_HEADER_BYTES,
  type LogExpectation,
  type LogRecord,
  readLog,
} from '../matching/encoding-log.ts';
import { IndexError } from '../matching/errors.ts';
import { type DurableFile, type DurableFs, replaceDurably } from './durable.ts';

export interface LogHandle extends DurableFile {
  appendFile(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  stat(): Promise<{ readonly ino: number; readonly size: number }>;
}

/** What of the file system the log needs; the tests bring a disk that fails. */
export interface LogFs extends DurableFs {
  open(path: string, flags: string): Promise<LogHandle>;
  readFile(path: string): Promise<Uint8Array>;
  stat(path: string): Promise<{ readonly ino: number; readonly size: number }>;
}

const NODE: LogFs = {
  open: async (path, flags) => {
    const handle: FileHandle = await open(path, flags);
    return {
      writeFile: bytes => handle.writeFile(bytes),
      appendFile: bytes => handle.appendFile(bytes),
      truncate: length => handle.truncate(length),
      sync: () => handle.sync(),
      stat: () => handle.stat(),
      close: () => handle.close(),
    };
  },
  rename,
  readFile,
  stat,
};

export interface LogReading {
  /** In the order they were written; none of a log that is missing, damaged or of another model. */
  readonly records: readonly LogRecord[];
  /** How many bytes of it are whole records; 0 where a new log is to be begun. */
  readonly validBytes: number;
  readonly bytes: number;
  /** What was found wrong, one sentence each. */
  readonly notices: readonly string[];
}

/** Reads a log as it is, and changes nothing: another process may be writing it. */
export async function readLogFile(path: string, expected: LogExpectation, fs: LogFs = NODE): Promise<LogReading> {
  const bytes = await fs.readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array();
    throw error;
  });
  try {
    const { records, validBytes, lostRecords } = readLog(bytes, expected);
    const torn = bytes.length - validBytes;
    const notices = torn > 0 ? [`${torn} bytes of a record cut short are at the end of the log of encodings.`] : [];
    if (lostRecords > 0) {
      notices.push(`The disk lost part of the log of encodings: ${lostRecords} records behind it are not used.`);
    }
    return { records, validBytes, bytes: bytes.length, notices };
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    const notice = `${error.message} A new log is begun, and what it held is encoded again.`;
    return { records: [], validBytes: 0, bytes: bytes.length, notices: [notice] };
  }
}

export class EncodingLogFile {
  readonly #path: string;
  readonly #expected: LogExpectation;
  readonly #fs: LogFs;
  #handle: LogHandle;
  /** How long it is: every byte of it is on the disk. */
  #length: number;
  /** Bytes behind `#length` that could not be taken back. */
  #torn = false;

  /** Opens the log to append to; a torn tail is cut off, and a log that cannot be used is replaced by an empty one. */
  static async open(path: string, expected: LogExpectation, fs: LogFs = NODE): Promise<EncodingLogFile> {
    const { validBytes, bytes } = await readLogFile(path, expected, fs);
    if (validBytes < LOG_HEADER_BYTES) await replaceDurably(path, encodeHeader(expected), fs);
    const handle = await fs.open(path, 'a');
    const length = Math.max(validBytes, LOG_HEADER_BYTES);
    const log = new EncodingLogFile(path, expected, fs, handle, length);
    try {
      if (validBytes >= LOG_HEADER_BYTES && bytes > validBytes) await log.#cut();
      return log;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(path: string, expected: LogExpectation, fs: LogFs, handle: LogHandle, length: number) {
    this.#path = path;
    this.#expected = expected;
    this.#fs = fs;
    this.#handle = handle;
    this.#length = length;
  }

  /** Bytes, the header with them. */
  get length(): number {
    return this.#length;
  }

  /** Whether the file is still the one that is open here, and nobody else has written to it. */
  async isOurs(): Promise<boolean> {
    const [named, held] = await Promise.all([this.#fs.stat(this.#path).catch(() => undefined), this.#handle.stat()]);
    return named?.ino === held.ino && (this.#torn || held.size === this.#length);
  }

  /**
   * Appends records, all of them or none; they are on the disk when it returns.
   * @throws LookdialError `write-failed` where the disk does not take them
   */
  async append(records: readonly LogRecord[]): Promise<void> {
    const bytes = Buffer.concat(records.map(encodeRecord));
    try {
      if (this.#torn) await this.#cut();
      await this.#handle.appendFile(bytes);
      await this.#handle.sync();
      this.#length += bytes.length;
    } catch (cause) {
      // Behind half a record nothing may follow: it is cut off now, or else before the next is written.
      this.#torn = true;
      await this.#cut().catch(() => undefined);
      throw writeFailed(this.#path, cause);
    }
  }

  /** Begins the log anew with these records alone. @throws LookdialError `write-failed` */
  async replace(records: readonly LogRecord[]): Promise<void> {
    const bytes = Buffer.concat([encodeHeader(this.#expected), ...records.map(encodeRecord)]);
    try {
      await replaceDurably(this.#path, bytes, this.#fs);
      const handle = await this.#fs.open(this.#path, 'a');
      await this.#handle.close().catch(() => undefined);
      this.#handle = handle;
      this.#length = bytes.length;
      this.#torn = false;
    } catch (cause) {
      throw writeFailed(this.#path, cause);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cut(): Promise<void> {
    await this.#handle.truncate(this.#length);
    await this.#handle.sync();
    this.#torn = false;
  }
}

/** A file of the state folder that the disk did not take. */
export const writeFailed = (path: string, cause: unknown): LookdialError =>
  cause instanceof LookdialError
    ? cause
    : new LookdialError(
        'write-failed',
        `${path} cannot be written: ${(cause as Error).message}. Nothing was changed. Free some space, and send it again.`,
        { cause },
      );
