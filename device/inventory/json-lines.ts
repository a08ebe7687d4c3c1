/** JSON lines: one JSON value a line, streamed. A line that is damaged costs that line alone. */
import { createReadStream } from 'node:fs';
import { fromLatin1, type TextEncoding, utf8Bytes } from './text-encoding.ts';

/** Longest line, bytes. */
const MAX_LINE_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

export type JsonLine =
  | { readonly line: number; readonly value: unknown }
  /** `reason` is a clause. */
  | { readonly line: number; readonly reason: string };

export interface JsonLinesOptions {
  /** UTF-8 unless said otherwise. */
  readonly encoding?: TextEncoding | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines without their breaks; undefined in place of one that is too long. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const end = (): Buffer | undefined => {
    const line = bytes > MAX_LINE_BYTES ? undefined : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return line;
  };
  const take = (part: Buffer): void => {
    bytes += part.length;
    // What is too long is let go as it comes, not kept to be refused at its end.
    if (bytes > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      yield end();
      from = at + 1;
    }
    take(chunk.subarray(from));
  }
  if (bytes > 0) yield end();
}

/** The values of a file of JSON lines, and in their place the lines that hold none. Empty lines are left out. */
export async function* readJsonLines(path: string, options: JsonLinesOptions = {}): AsyncGenerator<JsonLine> {
  const { encoding = 'utf-8', signal } = options;
  const latin = encoding === 'latin-1';
  const chunks = latin ? (createReadStream(path, { signal }) as AsyncIterable<Buffer>) : utf8Bytes(path, 0, signal);
  let line = 0;
  for await (const bytes of linesOf(chunks)) {
    line += 1;
    if (bytes === undefined) {
      yield { line, reason: `the line is longer than ${MAX_LINE_BYTES} bytes` };
      continue;
    }
    const text = (latin ? fromLatin1(bytes.toString('latin1')) : bytes.toString('utf8')).replace(/^\ufeff/, '').trim();
    if (text === '') continue;
    try {
      yield { line, value: JSON.parse(text) };
    } catch (error) {
      yield { line, reason: `it is not JSON: ${(error as Error).message}` };
    }
  }
}
