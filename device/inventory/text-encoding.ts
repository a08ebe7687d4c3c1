/** What the bytes of a catalogue mean: UTF-8, or the Latin-1 that tills and older spreadsheets write. */
import { createReadStream } from 'node:fs';
import { LookdialError } from '../errors.ts';

export const ENCODINGS = ['utf-8', 'latin-1'] as const;
export type TextEncoding = (typeof ENCODINGS)[number];

/**
 * The bytes 0x80 to 0x9F as Windows writes them, for what calls itself Latin-1 and holds a euro sign or a dash is
 * Windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels takes one for the other, too).
 */
const WINDOWS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const C1 = /[\u0080-\u009f]/g;

/** A text that was read byte for byte, with Windows' signs in it. */
export const fromLatin1 = (text: string): string =>
  text.replace(C1, sign => WINDOWS[sign.charCodeAt(0) - 0x80] ?? sign);

/** Letters of western Europe in UTF-8, whose two bytes are next to impossible side by side in Latin-1 (Ã¤). */
const UTF8_LETTER = /\xc3[\x80-\xbf]/;

/** The chunks of a file from byte `start`, refused where they are not UTF-8. @throws LookdialError `store-invalid` */
export async function* utf8Bytes(path: string, start: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (chunk?: Buffer): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new LookdialError('store-invalid', `${path} is not UTF-8: save it again as “CSV UTF-8”.`, { cause });
    }
  };
  for await (const chunk of createReadStream(path, { start, signal }) as AsyncIterable<Buffer>) {
    check(chunk);
    yield chunk;
  }
  check();
}

/**
 * The encoding of a whole file: UTF-8 where every byte of it is, else Latin-1.
 * @throws LookdialError `store-invalid` for UTF-16, and for a file that is UTF-8 in one place and not in another: read as
 *   either, half of its words would be wrong
 */
export async function detectEncoding(path: string, signal?: AbortSignal): Promise<TextEncoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let hasLetters = false;
  let last = '';
  let first = true;
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    if (first && ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff))) {
      throw new LookdialError('store-invalid', `${path} is UTF-16: save it again as “CSV UTF-8”.`);
    }
    first = false;
    try {
      if (isUtf8) decoder.decode(chunk, { stream: true });
    } catch {
      isUtf8 = false;
    }
    const text = last + chunk.toString('latin1');
    hasLetters ||= UTF8_LETTER.test(text);
    last = text.slice(-1);
  }
  try {
    if (isUtf8) decoder.decode();
  } catch {
    isUtf8 = false;
  }
  if (isUtf8) return 'utf-8';
  if (!hasLetters) return 'latin-1';
  throw new LookdialError(
    'store-invalid',
    `${path} is UTF-8 in some places and not in others: save it again as “CSV UTF-8”, or say with --encoding how it is to be read.`,
  );
}
