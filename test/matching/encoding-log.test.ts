import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import {
  encodeHeader,
  encodeRecord,
  LOG_HEADER_BYTES,
  type LogRecord,
  readLog,
} from '../../device/matching/encoding-log.ts';
import { IndexError } from '../../device/matching/errors.ts';
import { sha256 } from '../../device/matching/index-format.ts';
import { ENCODER, SAMPLE, sample } from './support.ts';

const written = sample('three-records.log');
const digest = (text: string): Uint8Array => sha256(Buffer.from(text));

const RECORDS: LogRecord[] = [
  {
    kind: 'put',
    sku: 'COAT-1',
    pictureSha256: digest('coat'),
    mu: Float32Array.of(0.5, -1.25),
    sigma: Float32Array.of(0.25, 0.5),
  },
  { kind: 'delete', sku: 'T-SHIRT' },
  {
    kind: 'put',
    sku: '\uff34-9',
    pictureSha256: digest('nine'),
    mu: Float32Array.of(3, 2),
    sigma: Float32Array.of(0.75, 0.0625),
  },
];

/** A record as plain values, to compare. */
const plain = (record: LogRecord): unknown =>
  record.kind === 'put'
    ? {
        ...record,
        pictureSha256: [...record.pictureSha256],
        mu: [...Array.from(record.mu)],
        sigma: [...Array.from(record.sigma)],
      }
    : { ...record };

const join = (records: readonly LogRecord[], header = encodeHeader(SAMPLE)): Uint8Array =>
  new Uint8Array(Buffer.concat([header, ...records.map(encodeRecord)]));

/** Where each record of a log ends, its header's end first. */
function ends(records: readonly LogRecord[]): number[] {
  let end = LOG_HEADER_BYTES;
  return [end, ...records.map(record => (end += encodeRecord(record).length))];
}

test('the sample log reads as it was written, and writing it again gives its bytes', () => {
  const { records, validBytes, lostRecords } = readLog(written, SAMPLE);
  assert.deepEqual(records.map(plain), RECORDS.map(plain));
  assert.equal(validBytes, written.length);
  assert.equal(lostRecords, 0);
  assert.deepEqual(Buffer.from(join(RECORDS)), Buffer.from(written));
  assert.deepEqual(Buffer.from(encodeHeader(SAMPLE)), Buffer.from(sample('empty.log')));
});

const logs = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('put' as const),
      sku: fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter(sku => sku.isWellFormed()),
      pictureSha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      mu: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 2 }),
      sigma: fc.array(fc.float({ min: Math.fround(1e-4), max: 100, noNaN: true }), { minLength: 2, maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('delete' as const), sku: fc.string({ minLength: 1, maxLength: 8 }) }),
  ),
  { maxLength: 5 },
);

test('any log, cut at any byte, gives the records that were whole there and where to cut', () => {
  fc.assert(
    fc.property(logs, records => {
      const bytes = join(records);
      const places = ends(records);
      for (let length = 0; length <= bytes.length; length += 1) {
        const whole = places.filter(end => end <= length).length - 1;
        const read = readLog(bytes.slice(0, length), SAMPLE);
        assert.deepEqual(read.records.map(plain), records.slice(0, Math.max(0, whole)).map(plain));
        assert.equal(read.validBytes, whole < 0 ? 0 : places[whole]);
        assert.equal(read.lostRecords, 0);
      }
    }),
    { numRuns: 40 },
  );
});

test('a torn tail of zeros or of anything else is cut as well', () => {
  for (const fill of [0, 0xff, 0x4c]) {
    // The record's last three bytes are padding: with 69 of its bytes written it is whole among zeros.
    for (let kept = 0; kept < 69; kept += 1) {
      const torn = new Uint8Array(written.length);
      torn.fill(fill);
      const start = ends(RECORDS)[2]!;
      torn.set(written.subarray(0, start + kept));
      const { records, validBytes } = readLog(torn, SAMPLE);
      assert.equal(validBytes, start);
      assert.deepEqual(records.map(plain), RECORDS.slice(0, 2).map(plain));
    }
  }
});

test('what is appended where a torn log was cut is read', () => {
  const torn = written.slice(0, -5);
  const cut = torn.slice(0, readLog(torn, SAMPLE).validBytes);
  const mended = new Uint8Array(Buffer.concat([cut, encodeRecord(RECORDS[0]!)]));
  assert.deepEqual(
    readLog(mended, SAMPLE).records.map(plain),
    [RECORDS[0], RECORDS[1], RECORDS[0]].map(record => plain(record!)),
  );
});

test('every single flipped bit is refused or cut there, and records beyond it are counted', () => {
  const places = ends(RECORDS);
  const bytes = new Uint8Array(written);
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
    if (bit >> 3 < LOG_HEADER_BYTES) {
      assert.throws(() => readLog(bytes, SAMPLE), IndexError);
    } else {
      const before = places.filter(end => end <= bit >> 3).length - 1;
      const { records, validBytes, lostRecords } = readLog(bytes, SAMPLE);
      assert.deepEqual(records.map(plain), RECORDS.slice(0, before).map(plain));
      assert.equal(validBytes, places[before]);
      assert.equal(lostRecords, RECORDS.length - before - 1);
    }
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  }
});

test('a header that is not this log’s is refused with what was got and expected', () => {
  const rewritten = (change: (view: DataView) => void): Uint8Array => {
    const bytes = new Uint8Array(written);
    const view = new DataView(bytes.buffer);
    change(view);
    view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
    return bytes;
  };
  const read =
    (bytes: Uint8Array, expected = SAMPLE) =>
    () =>
      readLog(bytes, expected);
  assert.throws(read(written, { ...SAMPLE, encoderDigest: ENCODER }), {
    reason: 'encoder',
    message: new RegExp(`made by encoder ${SAMPLE.encoderDigest}; expected ${ENCODER}`),
  });
  assert.throws(read(written, { ...SAMPLE, latentDim: 3 }), {
    reason: 'latent-dim',
    message: /2 dimensions; expected 3/,
  });
  assert.throws(read(rewritten(view => view.setUint32(8, 0, true))), {
    reason: 'version',
    message: /version 0; expected/,
  });
  assert.throws(read(rewritten(view => view.setUint8(0, 0x58))), {
    reason: 'magic',
    message: /begins with "XDLENLOG"/,
  });
  assert.throws(read(rewritten(view => view.setUint8(16, 1))), { reason: 'layout', message: /expected zeros/ });
});

test('a record under a right checksum that says nothing this version knows is refused', () => {
  const wrong = (change: (record: Uint8Array, view: DataView) => void, length?: number): Uint8Array => {
    const record = encodeRecord(RECORDS[0]!).slice(0, length);
    const view = new DataView(record.buffer);
    change(record, view);
    view.setUint32(8, crc32(record.subarray(12), crc32(record.subarray(0, 8))), true);
    return new Uint8Array(Buffer.concat([encodeHeader(SAMPLE), record]));
  };
  const wrongs: [RegExp, Uint8Array][] = [
    [/kind 3; expected 1 or 2/, wrong(record => record.set([3], 12))],
    [/kind 1; expected .* zero after it/, wrong(record => record.set([1], 13))],
    [/58 bytes with a SKU of 7; expected 59 bytes/, wrong((_, view) => view.setUint16(14, 7, true))],
    [/not UTF-8; expected text/, wrong(record => record.set([0xff], 16))],
    [/numbers that are none/, wrong((_, view) => view.setFloat32(54, Number.NaN, true))],
    [/numbers that are none/, wrong((_, view) => view.setFloat32(66, 0, true))],
    [/a body of 3 bytes; expected 4/, wrong((_, view) => view.setUint32(4, 3, true), 16)],
  ];
  for (const [message, bytes] of wrongs) {
    assert.throws(() => readLog(bytes, SAMPLE), { name: 'IndexError', reason: 'content', message });
  }
});

test('a record that no reader would take is refused when it is written', () => {
  const put = RECORDS[0]!;
  const write = (change: object) => () => encodeRecord({ ...put, ...change } as LogRecord);
  assert.throws(write({ sku: '' }), /SKU "" has 0 bytes/);
  assert.throws(write({ mu: [0, Number.NaN] }), /encoding of garment COAT-1/);
  assert.throws(write({ sigma: [1, 0] }), /encoding of garment COAT-1/);
  assert.throws(write({ sigma: [1] }), /has 2 means, 1 sigmas/);
  assert.throws(write({ pictureSha256: new Uint8Array(31) }), /digest of 31 bytes/);
  assert.throws(() => encodeHeader({ encoderDigest: 'no', latentDim: 2 }), /encoder is "no"/);
});
