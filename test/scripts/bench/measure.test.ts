import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { quantile, time } from '../../../scripts/bench/measure.ts';

describe('a quantile', () => {
  it('is the value of the nearest rank', () => {
    const values = [10, 20, 30, 40];
    assert.equal(quantile(values, 0), 10);
    assert.equal(quantile(values, 0.5), 20);
    assert.equal(quantile(values, 0.51), 30);
    assert.equal(quantile(values, 1), 40);
  });

  it('has at least that part of the values at or under it, and less without it', () => {
    const some = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(some, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = Float64Array.from(values).sort();
        const found = quantile(sorted, q);
        assert.ok(sorted.filter(value => value <= found).length >= q * sorted.length);
        assert.ok(sorted.filter(value => value < found).length < q * sorted.length);
      }),
    );
  });
});

describe('timing', () => {
  it('warms up with other runs than it times, one after another, and sums every answer', async () => {
    const seen: number[] = [];
    let under = 0;
    const timing = await time(10, async i => {
      under += 1;
      assert.equal(under, 1);
      await Promise.resolve();
      seen.push(i);
      under -= 1;
      return i;
    });
    assert.deepEqual(
      seen,
      Array.from({ length: 12 }, (_, i) => i),
    );
    assert.equal(timing.sink, 66);
    assert.equal(timing.runs, 10);
    assert.ok(timing.min <= timing.p50 && timing.p50 <= timing.p99);
  });
});
