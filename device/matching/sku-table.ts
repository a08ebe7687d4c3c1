/** The SKUs of an index: UTF-8 one after another, in ascending order of their UTF-16 code units (models/INDEX.md). */
import { isUtf8 } from 'node:buffer';
import { IndexError } from './errors.ts';

export const MAX_SKU_BYTES = 512;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * A SKU as bytes.
 * @throws IndexError for an empty one, one that is too long, or one with half a surrogate pair
 */
export function encodeSku(sku: string): Uint8Array {
  if (!sku.isWellFormed()) {
    throw new IndexError('content', `SKU ${JSON.stringify(sku)} holds half a surrogate pair; expected Unicode text.`);
  }
  const bytes = encoder.encode(sku);
  if (bytes.length < 1 || bytes.length > MAX_SKU_BYTES) {
    throw new IndexError(
      'content',
      `SKU ${JSON.stringify(sku.slice(0, 40))} has ${bytes.length} bytes; expected 1 to ${MAX_SKU_BYTES}.`,
    );
  }
  return bytes;
}

/**
 * Compares as JavaScript's `<` compares the texts. UTF-8 sorts by code point, UTF-16 by code unit; they differ only in
 * that code points above U+FFFF (lead bytes from 0xF0) are surrogates, before U+E000 (lead bytes 0xEE and 0xEF).
 */
export const compareAsUtf16 = (a: Uint8Array, b: Uint8Array): number => compareParts(a, 0, a.length, b, 0, b.length);

/** The same of parts of a and b, without a view of each: for sorting. */
export function compareParts(
  a: Uint8Array,
  startA: number,
  endA: number,
  b: Uint8Array,
  startB: number,
  endB: number,
): number {
  const shared = Math.min(endA - startA, endB - startB);
  for (let place = 0; place < shared; place += 1) {
    const x = a[startA + place]!;
    const y = b[startB + place]!;
    if (x !== y) return x >= 0xee && y >= 0xee && x >= 0xf0 !== y >= 0xf0 ? y - x : x - y;
  }
  return endA - startA - (endB - startB);
}

export class SkuTable {
  readonly #offsets: Uint32Array;
  readonly #bytes: Uint8Array;

  /** @throws IndexError `content` where the table is not as models/INDEX.md says */
  constructor(offsets: Uint32Array, bytes: Uint8Array) {
    this.#offsets = offsets;
    this.#bytes = bytes;
    const count = offsets.length - 1;
    if (offsets[0] !== 0 || offsets[count] !== bytes.length) {
      throw new IndexError(
        'content',
        `The SKU offsets run from ${offsets[0]} to ${offsets[count]}; expected 0 to ${bytes.length}.`,
      );
    }
    if (!isUtf8(bytes)) throw new IndexError('content', 'The SKUs hold bytes that are not UTF-8; expected text.');
    for (let row = 0; row < count; row += 1) {
      const length = offsets[row + 1]! - offsets[row]!;
      if (length < 1 || length > MAX_SKU_BYTES || offsets[row + 1]! > bytes.length) {
        throw new IndexError('content', `The SKU of row ${row} has ${length} bytes; expected 1 to ${MAX_SKU_BYTES}.`);
      }
      if ((bytes[offsets[row]!]! & 0xc0) === 0x80) {
        throw new IndexError('content', `The SKU of row ${row} begins inside a character; expected a whole one.`);
      }
      if (row > 0 && compareAsUtf16(this.#slice(row - 1), this.#slice(row)) >= 0) {
        throw new IndexError(
          'content',
          `SKU ${JSON.stringify(this.sku(row))} comes after ${JSON.stringify(this.sku(row - 1))}; expected ascending order.`,
        );
      }
    }
  }

  get count(): number {
    return this.#offsets.length - 1;
  }

  #slice(row: number): Uint8Array {
    return this.#bytes.subarray(this.#offsets[row], this.#offsets[row + 1]);
  }

  /** @throws RangeError for a row the table has not */
  sku(row: number): string {
    if (!Number.isInteger(row) || row < 0 || row >= this.count) {
      throw new RangeError(`The index has rows 0 to ${this.count - 1}, and no row ${row}.`);
    }
    return decoder.decode(this.#slice(row));
  }

  /** The row of a SKU, or -1. */
  rowOf(sku: string): number {
    if (!sku.isWellFormed()) return -1;
    const wanted = encoder.encode(sku);
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareAsUtf16(this.#slice(middle), wanted);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
