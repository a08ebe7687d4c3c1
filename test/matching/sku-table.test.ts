import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { compareAsUtf16, encodeSku } from '../../device/matching/sku-table.ts';

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter(sku => sku.isWellFormed());

/** Texts on both sides of where UTF-8 and UTF-16 disagree: surrogates come before U+E000 in UTF-16 alone. */
const border = fc
  .array(fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f9e5}', '\u{10ffff}'), {
    minLength: 1,
    maxLength: 4,
  })
  .map(parts => parts.join(''));

test('SKUs as UTF-8 compare as their texts do', () => {
  fc.assert(
    fc.property(fc.oneof(text, border), fc.oneof(text, border), (a, b) => {
      const wanted = a < b ? -1 : a > b ? 1 : 0;
      assert.equal(Math.sign(compareAsUtf16(encodeSku(a), encodeSku(b))), wanted);
    }),
    { numRuns: 2000 },
  );
});
