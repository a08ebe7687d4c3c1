import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MapError } from '../../../device/matching/errors.ts';
import { readMap, writeMap } from '../../../device/matching/map/map-file.ts';
import { makeMap } from '../../../device/matching/map/store-map.ts';
import { indexOf, madeUpStore } from '../support.ts';

const map = makeMap(indexOf(madeUpStore(2, 40, 4), 4), 'ab'.repeat(32));
const bytes = writeMap(map);

describe('a map as bytes', () => {
  it('is read as it was written, from wherever it lies in memory', () => {
    assert.deepEqual(readMap(bytes), map);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    assert.deepEqual(readMap(shifted.subarray(3)), map);
    const empty = makeMap(indexOf([], 4), 'ab'.repeat(32));
    assert.deepEqual(readMap(writeMap(empty)), empty);
  });

  it('is refused at every length it may have been cut to', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      assert.throws(() => readMap(bytes.subarray(0, length)), MapError, `${length} of ${bytes.length} bytes`);
    }
  });

  it('is refused with any one bit turned', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const wrong = Uint8Array.from(bytes);
      wrong[at] = wrong[at]! ^ (1 << (at % 8));
      assert.throws(() => readMap(wrong), MapError, `byte ${at}`);
    }
  });

  it('says what is wrong with it', () => {
    assert.throws(() => readMap(new Uint8Array(4)), /has 4 bytes; expected a header of 56/);
    assert.throws(() => readMap(new Uint8Array(80)), /begins with .*; expected "LDLSTMAP"/);
    assert.throws(() => readMap(Buffer.concat([bytes, Buffer.alloc(1)])), /has SHA-256 [0-9a-f]{64}; expected/);
  });
});
