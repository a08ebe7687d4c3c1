import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GarmentPicture } from '../../device/inventory/garment.ts';
import { type IndexedRows, liveChanges } from '../../device/inventory/live-encodings.ts';
import type { LogRecord, PutRecord } from '../../device/matching/encoding-log.ts';

const digest = (seed: number): Uint8Array => new Uint8Array(32).fill(seed);
const picture = (seed: number): GarmentPicture => ({
  hash: Buffer.from(digest(seed)).toString('hex'),
  type: 'image/png',
});
const put = (sku: string, seed: number): PutRecord => ({
  kind: 'put',
  sku,
  pictureSha256: digest(seed),
  mu: [seed],
  sigma: [1],
});
const belongs = (of: Uint8Array, one: GarmentPicture | null | undefined): boolean =>
  one?.hash === Buffer.from(of).toString('hex');

/** Rows of [SKU, the picture it was encoded from; 0: not known]. */
const index = (...rows: [string, number][]): IndexedRows => ({
  count: rows.length,
  sku: row => rows[row]?.[0] ?? '',
  pictureSha256: row => (rows[row]?.[1] ? digest(rows[row][1]) : undefined),
});

/** What is put and what is removed, as words. */
function changes(rows: IndexedRows, records: LogRecord[], pictures: Record<string, number | null>): string[] {
  const known = new Map(
    Object.entries(pictures).map(([sku, seed]) => [sku, seed === null ? null : picture(seed)] as const),
  );
  const found = liveChanges(rows, records, known, belongs);
  return [...found.put.map(({ sku, mu }) => `${sku}=${mu[0]}`), ...found.removed.map(sku => `-${sku}`)];
}

test('an index and a catalogue of one moment need no change', () => {
  assert.deepEqual(changes(index(['a', 1], ['b', 2]), [], { a: 1, b: 2, c: null }), []);
});

test('a garment is matched by the newest encoding of the picture that its row names', () => {
  const log = [put('a', 3), put('a', 4), put('b', 5)];
  assert.deepEqual(changes(index(['a', 1]), log, { a: 4, b: 5 }), ['a=4', 'b=5']);
  assert.deepEqual(changes(index(['a', 1]), log, { a: 3, b: 5 }), ['a=3', 'b=5']);
  assert.deepEqual(changes(index(['a', 1]), log, { a: 1, b: 6 }), []);
  assert.deepEqual(changes(index(['a', 1]), [put('a', 3), put('a', 1)], { a: 1 }), []);
});

test('a garment that has left the catalogue, or has another picture, is not matched', () => {
  assert.deepEqual(changes(index(['a', 1], ['b', 2]), [], { b: 9 }), ['-a', '-b']);
  assert.deepEqual(changes(index(['a', 1]), [], { a: null }), ['-a']);
  assert.deepEqual(changes(index(), [put('a', 1)], {}), []);
});

test('a deletion that the catalogue does not know of did not come about', () => {
  assert.deepEqual(changes(index(['a', 1]), [{ kind: 'delete', sku: 'a' }], { a: 1 }), []);
});

test('an index that does not say what it was made from is believed until the log says otherwise', () => {
  assert.deepEqual(changes(index(['a', 0], ['b', 0]), [], { a: 1, b: null }), []);
  assert.deepEqual(changes(index(['a', 0], ['b', 0]), [put('a', 1), { kind: 'delete', sku: 'b' }], { a: 1, b: 2 }), [
    'a=1',
    '-b',
  ]);
});

test('what the log has and the index has too is put nowhere', () => {
  assert.deepEqual(changes(index(['a', 1], ['b', 2]), [put('b', 2), put('a', 1)], { a: 1, b: 2 }), []);
});
