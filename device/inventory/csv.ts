/**
 * CSV by RFC 4180, streamed. A damaged row costs that row alone: the parser is begun again on the line after it, since
 * one stray quote would otherwise take the rest of the file with it.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, type Options, parse } from 'csv-parse';
import { LookdialError } from '../errors.ts';
import { fromLatin1, type TextEncoding, utf8Bytes } from './text-encoding.ts';

export interface CsvRecord {
  /** Line of the file the record begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvDamage {
  readonly line: number;
  /** A clause. */
  readonly reason: string;
}

interface Parsed {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly bytes_records: number };
}

export type Delimiter = ',' | ';';

export interface CsvOptions {
  /** UTF-8 unless said otherwise. */
  readonly encoding?: TextEncoding | undefined;
  /** What stands between fields; the one that the first line has more of unless said otherwise. */
  readonly delimiter?: Delimiter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Longest record, bytes: what an open quote can swallow before it is called one. */
const MAX_RECORD_BYTES = 256 * 1024;
/** Damaged rows after which the file is taken for something else. */
const MAX_DAMAGED = 1_000;
const LINE_BREAK = /\r\n|\n|\r/g;

const REASONS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote: a quote inside a quoted field is written twice ("")',
  INVALID_OPENING_QUOTE:
    'a quote stands inside an unquoted field: quote the whole field, and write the quote twice ("")',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: `a quote is opened and not closed within ${MAX_RECORD_BYTES} bytes`,
};

/** Where the text begins (after a byte order mark), and what stands between fields in its first line. */
export async function lookAt(path: string): Promise<{ start: number; delimiter: Delimiter }> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const unquoted = bytes.toString('utf8', start).replace(/"[^"]*"/g, '');
    const [first = ''] = unquoted.split(/\r\n|\n|\r/, 1);
    const count = (mark: Delimiter): number => first.split(mark).length - 1;
    return { start, delimiter: count(';') > count(',') ? ';' : ',' };
  } finally {
    await handle.close();
  }
}

/** Bytes from `from` to behind the next line break; undefined where there is none. */
async function nextLine(path: string, from: number, signal?: AbortSignal): Promise<number | undefined> {
  let at = from;
  let afterReturn = false;
  for await (const chunk of createReadStream(path, { start: from, signal }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (afterReturn) return byte === 0x0a ? at + 1 : at;
      at++;
      if (byte === 0x0a) return at;
      afterReturn = byte === 0x0d;
    }
  }
  return undefined;
}

/** Records from byte `start` until the end or the first damage, which is returned with the byte its record began at. */
async function* stretch(
  path: string,
  start: number,
  { encoding = 'utf-8', delimiter = ',', signal }: CsvOptions,
): AsyncGenerator<Parsed, { at: number; code: string } | undefined> {
  let ready: Parsed[] = [];
  let behind = 0;
  const latin = encoding === 'latin-1';
  const options: Options = {
    encoding: latin ? 'latin1' : 'utf8',
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    info: true,
    raw: true,
    max_record_size: MAX_RECORD_BYTES,
    // Taken here and not as a stream: a stream that fails throws away the good records it still holds.
    on_record: (record: unknown) => {
      const parsed = record as Parsed;
      ready.push(parsed);
      behind = parsed.info.bytes_records;
      return null;
    },
  };
  const parser = parse(options);
  parser.on('error', () => undefined);
  parser.resume();
  const feed = (chunk: Buffer): Promise<void> =>
    new Promise((done, failed) => parser.write(chunk, error => (error ? failed(error) : done())));
  const finish = (): Promise<void> =>
    new Promise((done, failed) => {
      parser.once('error', failed);
      parser.end(done);
    });
  const take = (): Parsed[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  try {
    const chunks = latin
      ? (createReadStream(path, { start, signal }) as AsyncIterable<Buffer>)
      : utf8Bytes(path, start, signal);
    for await (const chunk of chunks) {
      await feed(chunk);
      yield* take();
    }
    await finish();
    yield* take();
    return undefined;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield* take();
    return { at: start + behind, code: error.code };
  } finally {
    parser.destroy();
  }
}

/**
 * The records of a CSV file, and in their place the rows that are damaged. Empty lines are left out.
 * @throws LookdialError `store-invalid` where the file is not UTF-8, or is damaged all over.
 */
export async function* readCsv(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRecord | CsvDamage> {
  const { start, delimiter: seen } = await lookAt(path);
  const { encoding, delimiter = seen, signal } = options;
  const textOf = encoding === 'latin-1' ? (fields: string[]) => fields.map(fromLatin1) : (fields: string[]) => fields;
  let from: number | undefined = start;
  let line = 1;
  for (let damaged = 0; from !== undefined; damaged++) {
    if (damaged > MAX_DAMAGED) {
      throw new LookdialError('store-invalid', `${path} has more than ${MAX_DAMAGED} damaged rows: is it a CSV file?`);
    }
    const records = stretch(path, from, { encoding, delimiter, signal });
    let next = await records.next();
    for (; !next.done; next = await records.next()) {
      const { record, raw } = next.value;
      if (record.length > 1 || record[0] !== '') yield { line, fields: textOf(record) };
      line += record.length === 1 && record[0] === '' ? 1 : breaks(raw) + 1;
    }
    if (next.value === undefined) return;
    yield { line, reason: REASONS[next.value.code] ?? 'the row is not CSV' };
    from = await nextLine(path, next.value.at, signal);
    line++;
  }
}

/** Line breaks inside a record, the one that ends it left out. */
const breaks = (raw: string): number => (raw.replace(/[\r\n]$/, '').match(LINE_BREAK) ?? []).length;
