import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readLog } from '../../device/matching/encoding-log.ts';
import { IndexError, type IndexReason } from '../../device/matching/errors.ts';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';
import { ENTRY, fromHex, HEADER, headerChecksum, sha256 } from '../../device/matching/index-format.ts';
import { Random } from '../../device/matching/random.ts';
import { ENCODER, indexOf, madeUpStore, SAMPLE, SAMPLE_ENCODER, sample, shuffled } from './support.ts';

const small = sample('four-garments.index');

/** The refusal of some bytes; fails where they are taken. */
function refusal(bytes: Uint8Array, expected = SAMPLE): IndexError {
  try {
    EncodingIndex.open(bytes, expected);
  } catch (error) {
    assert.ok(error instanceof IndexError, `${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: 'the bytes were taken for an index' });
}

/** One sentence that says what was got and what was expected. */
const SENTENCE = /^(The index file|Section \d+ of the index file|SKU|The SKU|Row \d+|Centile \d+).+; expected .+\.$/;

/** The sample with some bytes changed and every checksum put right again: what a wrong writer would write. */
function rewritten(change: (bytes: Uint8Array, view: DataView) => void, from: Uint8Array = small): Uint8Array {
  const bytes = new Uint8Array(from);
  const view = new DataView(bytes.buffer);
  change(bytes, view);
  const sections = view.getUint32(HEADER.sections, true);
  for (let entry = HEADER.bytes; entry < HEADER.bytes + ENTRY.bytes * sections; entry += ENTRY.bytes) {
    const start = Number(view.getBigUint64(entry + ENTRY.start, true));
    const length = Number(view.getBigUint64(entry + ENTRY.length, true));
    bytes.set(sha256(bytes.subarray(start, start + length)), entry + ENTRY.checksum);
  }
  bytes.set(headerChecksum(bytes, sections), HEADER.checksum);
  return bytes;
}

/** Where section `id` of the sample begins. */
const sectionStart = (id: number): number =>
  Number(new DataView(small.buffer).getBigUint64(HEADER.bytes + ENTRY.bytes * (id - 1) + ENTRY.start, true));

test('the sample file reads as it was written', () => {
  const index = EncodingIndex.open(small, SAMPLE);
  assert.equal(index.count, 4);
  assert.equal(index.latentDim, 2);
  assert.equal(index.tolerance, 0.25);
  assert.equal(index.encoderDigest, SAMPLE_ENCODER);
  const skus = [0, 1, 2, 3].map(row => index.sku(row));
  assert.deepEqual(skus, ['COAT-1', 'T-SHIRT', '\u{1f9e5}', '\uff34-9']);
  assert.deepEqual(skus, skus.toSorted());
  assert.deepEqual([...index.mu], [0.5, -1.25, -0.75, 0.125, 0.5, -1, 3, 2]);
  assert.deepEqual([...index.sigma], [0.25, 0.5, 0.125, 1, 0.5, 0.375, 0.75, 0.0625]);
  assert.deepEqual([...index.posterior(3).mu], [3, 2]);
  assert.deepEqual([...index.posterior(3).sigma], [0.75, 0.0625]);
  assert.deepEqual(index.pictureSha256(0), new Uint8Array(sha256(Buffer.from('coat'))));
  assert.equal(index.pictureSha256(2), undefined);
  assert.equal(index.typicalityCentiles.length, 101);
});

test('writing the sample again gives its bytes, whatever the order of the garments', () => {
  const digest = (text: string): Uint8Array => sha256(Buffer.from(text));
  const entries = [
    { sku: 'COAT-1', mu: [0.5, -1.25], sigma: [0.25, 0.5], pictureSha256: digest('coat') },
    { sku: 'T-SHIRT', mu: [-0.75, 0.125], sigma: [0.125, 1], pictureSha256: digest('shirt') },
    { sku: '\u{1f9e5}', mu: [0.5, -1], sigma: [0.5, 0.375] },
    { sku: '\uff34-9', mu: [3, 2], sigma: [0.75, 0.0625], pictureSha256: digest('nine') },
  ];
  for (const order of [entries, entries.toReversed()]) {
    const bytes = buildIndex({ encoderDigest: SAMPLE_ENCODER, latentDim: 2, tolerance: 0.25, entries: order });
    assert.deepEqual(Buffer.from(bytes), Buffer.from(small));
  }
  const none = buildIndex({ encoderDigest: SAMPLE_ENCODER, latentDim: 2, tolerance: 0, entries: [] });
  assert.deepEqual(Buffer.from(none), Buffer.from(sample('no-garment.index')));
});

test('every SKU is found at its row, and no other', () => {
  const index = EncodingIndex.open(small, SAMPLE);
  for (let row = 0; row < index.count; row += 1) assert.equal(index.rowOf(index.sku(row)), row);
  for (const sku of ['', 'COAT', 'COAT-10', 'coat-1', '\ud83e', 'ZZZ', '￿']) assert.equal(index.rowOf(sku), -1);
  assert.throws(() => index.sku(4), /rows 0 to 3, and no row 4/);
});

test('an index of a store without garments opens', () => {
  const index = EncodingIndex.open(sample('no-garment.index'), SAMPLE);
  assert.equal(index.count, 0);
  assert.equal(index.rowOf('COAT-1'), -1);
});

test('bytes that do not lie at a multiple of 64 read the same', () => {
  const shifted = new Uint8Array(small.length + 3).subarray(3);
  shifted.set(small);
  assert.deepEqual(EncodingIndex.open(shifted, SAMPLE).mu, EncodingIndex.open(small, SAMPLE).mu);
});

test('a Buffer, as a file is read, is opened and left as it is', () => {
  const read = Buffer.from(small);
  assert.equal(EncodingIndex.open(read, SAMPLE).count, 4);
  assert.deepEqual(read, Buffer.from(small));
  const log = Buffer.from(sample('three-records.log'));
  assert.equal(readLog(log, SAMPLE).records.length, 3);
  assert.deepEqual(log, Buffer.from(sample('three-records.log')));
});

test('every single flipped bit is refused in one sentence', () => {
  const bytes = new Uint8Array(small);
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
    assert.match(refusal(bytes).message, SENTENCE);
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  }
  assert.equal(EncodingIndex.open(bytes, SAMPLE).count, 4);
});

test('a file cut at any length is refused, and one with a byte more', () => {
  for (let length = 0; length < small.length; length += 1) {
    const { reason, message } = refusal(small.slice(0, length));
    assert.equal(reason, 'truncated');
    assert.match(message, new RegExp(`has ${length} bytes; expected`));
  }
  const longer = new Uint8Array(small.length + 1);
  longer.set(small);
  assert.equal(refusal(longer).reason, 'length');
});

test('another version is refused by its number, older or newer', () => {
  const older = refusal(sample('older.index'));
  assert.equal(older.reason, 'version');
  assert.equal(older.message, 'The index file is of version 0; expected version 1: index the store again.');
  const newer = rewritten((_, view) => view.setUint32(HEADER.version, 2, true));
  assert.match(refusal(newer).message, /is of version 2; expected version 1/);
});

test('an index of another encoder, or of other dimensions, is refused by name', () => {
  const other = refusal(small, { ...SAMPLE, encoderDigest: ENCODER });
  assert.equal(other.reason, 'encoder');
  assert.match(other.message, new RegExp(`made by encoder ${SAMPLE_ENCODER}; expected ${ENCODER}`));
  const wider = refusal(small, { ...SAMPLE, latentDim: 3 });
  assert.equal(wider.reason, 'latent-dim');
  assert.match(wider.message, /has 2 dimensions; expected 3/);
});

test('a section that is not known is refused where it is required, and passed over where it is optional', () => {
  const required = refusal(sample('required-section.index'));
  assert.equal(required.reason, 'layout');
  assert.match(required.message, /^Section 7 of the index file is not known; expected/);
  assert.equal(EncodingIndex.open(sample('optional-section.index'), SAMPLE).count, 2);
});

test('a wrong writer is refused though every checksum is right', () => {
  const mu = sectionStart(3);
  const sigma = sectionStart(4);
  const wrongs: [IndexReason, RegExp, (bytes: Uint8Array, view: DataView) => void][] = [
    ['magic', /begins with "XDLINDEX"/, bytes => bytes.set([0x58], 0)],
    ['layout', /names 5 sections; expected 6 to 64/, (_, view) => view.setUint32(HEADER.sections, 5, true)],
    ['layout', /reserved bytes in its header/, bytes => bytes.set([1], HEADER.reserved + 23)],
    ['content', /tolerance -1/, (_, view) => view.setFloat64(HEADER.tolerance, -1, true)],
    ['content', /tolerance NaN/, (_, view) => view.setFloat64(HEADER.tolerance, Number.NaN, true)],
    ['layout', /Section 1 .* 20 bytes; expected 24/, (_, view) => view.setUint32(HEADER.count, 5, true)],
    ['layout', /Section 1 .* stands twice/, (_, view) => view.setUint32(HEADER.bytes + ENTRY.bytes, 1, true)],
    ['layout', /has no section 6/, (_, view) => view.setUint32(HEADER.bytes + 5 * ENTRY.bytes, 0x8000_0001, true)],
    ['layout', /Section 3 .* padding/, bytes => bytes.set([1], mu - 1)],
    [
      'layout',
      /Section 2 .* begins at byte 640; expected 576/,
      (_, view) => view.setBigUint64(HEADER.bytes + ENTRY.bytes + ENTRY.start, 640n, true),
    ],
    ['content', /Row 1 .* mu NaN/, (_, view) => view.setFloat32(mu + 8, Number.NaN, true)],
    ['content', /Row 3 .* sigma 0/, (_, view) => view.setFloat32(sigma + 28, 0, true)],
    ['content', /Row 3 .* sigma -1/, (_, view) => view.setFloat32(sigma + 28, -1, true)],
    ['content', /Row 0 .* sigma Infinity/, (_, view) => view.setFloat32(sigma, Number.POSITIVE_INFINITY, true)],
    ['content', /Centile 100 .* is -1e\+300/, (_, view) => view.setFloat64(sectionStart(5) + 800, -1e300, true)],
    ['content', /Centile 0 .* is NaN/, (_, view) => view.setFloat64(sectionStart(5), Number.NaN, true)],
    [
      'content',
      /"T-SHIRT" comes after "zOAT-1"; expected ascending order/,
      bytes => bytes.set([0x7a], sectionStart(2)),
    ],
    ['content', /not UTF-8/, bytes => bytes.set([0xff], sectionStart(2))],
    ['content', /begins inside a character/, (_, view) => view.setUint32(sectionStart(1) + 8, 14, true)],
    ['content', /SKU of row 0 has 0 bytes/, (_, view) => view.setUint32(sectionStart(1) + 4, 0, true)],
    ['content', /SKU of row 0 has 4000000000 bytes/, (_, view) => view.setUint32(sectionStart(1) + 4, 4e9, true)],
    ['content', /offsets run from 1/, (_, view) => view.setUint32(sectionStart(1), 1, true)],
    ['content', /expected 0 to 22/, (_, view) => view.setUint32(sectionStart(1) + 16, 21, true)],
  ];
  const tail = refusal(rewritten(bytes => bytes.set([1], bytes.length - 1), sample('optional-section.index')));
  assert.match(tail.message, /^The index file has other bytes after byte 1745; expected zeros/);
  for (const [reason, message, change] of wrongs) {
    const error = refusal(rewritten(change));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    assert.match(error.message, SENTENCE);
  }
});

test('a section that claims to reach beyond the file is refused before it is read', () => {
  const bytes = new Uint8Array(small);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(HEADER.bytes + ENTRY.length, 1n << 60n, true);
  bytes.set(headerChecksum(bytes, 6), HEADER.checksum);
  assert.match(refusal(bytes).message, /Section 1 of the index file ends at .*; expected 1728 at most/);
});

test('what no reader would take is refused when it is written, by its garment', () => {
  const good = { sku: 'A', mu: [0, 0], sigma: [1, 1] };
  const write = (change: object, source: object = {}) =>
    buildIndex({ encoderDigest: ENCODER, latentDim: 2, tolerance: 0, entries: [{ ...good, ...change }], ...source });
  assert.throws(() => write({ mu: [0, Number.NaN] }), /Garment A has mu NaN and sigma 1 in dimension 1/);
  assert.throws(() => write({ sigma: [1, 0] }), /Garment A .* sigma 0 in dimension 1/);
  assert.throws(() => write({ sigma: [1e-60, 1] }), /Garment A .* sigma 1e-60/);
  assert.throws(() => write({ mu: [1e39, 0] }), /Garment A .* mu 1e\+39/);
  assert.throws(() => write({ mu: [0] }), /Garment A has 1 means and 2 sigmas; expected 2 each/);
  assert.throws(() => write({ sku: '' }), /SKU "" has 0 bytes; expected 1 to 512/);
  assert.throws(() => write({ sku: 'x'.repeat(513) }), /has 513 bytes; expected 1 to 512/);
  assert.throws(() => write({ sku: '\ud83e' }), /half a surrogate pair/);
  assert.throws(() => write({ pictureSha256: new Uint8Array(20) }), /picture digest of garment A has 20 bytes/);
  assert.throws(() => write({}, { entries: [good, good] }), /Garment A stands twice/);
  assert.throws(() => write({}, { encoderDigest: 'E5' }), /digest is "E5"/);
  assert.throws(() => write({}, { latentDim: 65 }), /latentDim is 65/);
  assert.throws(() => write({}, { tolerance: -0.1 }), /tolerance is -0.1/);
});

test('any store comes back as it went in, with the same bytes from any order', () => {
  const store = fc.uniqueArray(
    fc.record({
      sku: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter(sku => sku.isWellFormed()),
      mu: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }),
      sigma: fc.array(fc.float({ min: Math.fround(1e-4), max: 100, noNaN: true }), { minLength: 3, maxLength: 3 }),
      pictureSha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    }),
    { selector: entry => entry.sku, maxLength: 12 },
  );
  fc.assert(
    fc.property(store, fc.integer(), (entries, seed) => {
      const index = indexOf(entries, 3, 0.5);
      const sorted = entries.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
      sorted.forEach((entry, row) => {
        assert.equal(index.sku(row), entry.sku);
        assert.equal(index.rowOf(entry.sku), row);
        assert.deepEqual([...index.posterior(row).mu], entry.mu);
        assert.deepEqual([...index.posterior(row).sigma], entry.sigma);
        const known = entry.pictureSha256.some(byte => byte !== 0);
        assert.deepEqual(index.pictureSha256(row), known ? entry.pictureSha256 : undefined);
      });
      const source = { encoderDigest: ENCODER, latentDim: 3, tolerance: 0.5 };
      const again = buildIndex({ ...source, entries: shuffled(entries, new Random(seed)) });
      assert.deepEqual(again, buildIndex({ ...source, entries }));
    }),
  );
});

test('a digest is read and written in the same order of bytes', () => {
  const bytes = buildIndex({ encoderDigest: ENCODER, latentDim: 2, tolerance: 0, entries: madeUpStore(1, 3, 2) });
  assert.deepEqual(bytes.slice(HEADER.encoder, HEADER.checksum), fromHex(ENCODER));
});
