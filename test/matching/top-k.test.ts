import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { logSumExp } from '../../device/matching/log-sum-exp.ts';
import { TopK } from '../../device/matching/top-k.ts';

test('the kept rows are the first k of a stable sort', () => {
  const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NEGATIVE_INFINITY)));
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 12 }), (scores, k) => {
      const best = new TopK(k);
      scores.forEach((score, row) => {
        best.offer(score, row);
      });
      const wanted = scores
        .map((score, row) => ({ score, row }))
        .sort((a, b) => (a.score === b.score ? a.row - b.row : b.score - a.score))
        .slice(0, k)
        .map(({ row }) => row);
      assert.deepEqual(best.rows(), wanted);
    }),
    { numRuns: 500 },
  );
});

test('log-sum-exp neither overflows nor vanishes', () => {
  assert.ok(Math.abs(logSumExp(Float64Array.of(1000, 1000)) - (1000 + Math.log(2))) < 1e-12);
  assert.ok(Math.abs(logSumExp(Float64Array.of(-5000, -5000)) - (-5000 + Math.log(2))) < 1e-12);
  assert.equal(logSumExp(Float64Array.of(3, 900), Uint8Array.of(1, 0)), 3);
  assert.equal(logSumExp(Float64Array.of(3), Uint8Array.of(0)), -Infinity);
  assert.equal(logSumExp(new Float64Array()), -Infinity);
  assert.equal(logSumExp(Float64Array.of(-Infinity)), -Infinity);
});
