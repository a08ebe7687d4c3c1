import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { floatAbove, floatBelow } from '../../../device/matching/scan/query-block.ts';

describe('the float32 numbers next to a number', () => {
  it('enclose it, with no other float32 number between', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), z => {
        const [low, high] = [floatBelow(z), floatAbove(z)];
        assert.ok(low <= z && z <= high);
        assert.ok(Math.fround(low) === low && Math.fround(high) === high);
        assert.ok(low === high || floatBelow(high - (high - low) / 2) === low);
      }),
    );
  });

  it('are the number itself where it is one', () => {
    for (const z of [0, 1, -2.5, 0.1].map(Math.fround)) assert.deepEqual([floatBelow(z), floatAbove(z)], [z, z]);
  });

  it('enclose what is too small for float32', () => {
    assert.deepEqual([floatBelow(1e-60), floatAbove(1e-60)], [0, 2 ** -149]);
    assert.deepEqual([floatBelow(-1e-60), floatAbove(-1e-60)], [-(2 ** -149), -0]);
  });
});
