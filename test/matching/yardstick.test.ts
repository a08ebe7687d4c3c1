import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mahalanobisSquared } from '../../device/matching/likelihood.ts';
import { Random } from '../../device/matching/random.ts';
import { LONE, NEARNESS, nearnessOf, VERY_ONE, yardstickOf } from '../../device/matching/yardstick.ts';
import { indexOf } from './support.ts';

const random = new Random(3);
const entries = Array.from({ length: 60 }, (_, at) => ({
  sku: `g${at}`,
  mu: [random.normal(), random.normal(), 40 * random.normal()],
  sigma: [0.1, 0.1, 0.1],
}));
const index = indexOf(entries, 3);
const every = entries.map((_, row) => row);

describe('how near garments of a kind are to each other', () => {
  it('is the median and the last centile of the way from each to its likeliest neighbour', () => {
    const nearest = every.map(row => {
      const { mu } = index.posterior(row);
      const ways = every
        .filter(other => other !== row)
        .map(other => mahalanobisSquared(mu, index.posterior(other), { on: [0, 1] }) / 2);
      return Math.min(...ways);
    });
    nearest.sort((a, b) => a - b);
    const { close, far } = yardstickOf(index, every, [0, 1], 0);
    assert.ok(Math.abs(close - Math.max(VERY_ONE, nearest[30]!)) < 1e-9);
    assert.ok(Math.abs(far - nearest[58]!) < 1e-9);
  });

  it('looks at the dimensions that count alone, and at the garments of the kind alone', () => {
    const wide = yardstickOf(index, every, [2], 0);
    const narrow = yardstickOf(index, every, [0], 0);
    assert.ok(wide.far > narrow.far);
    const few = yardstickOf(index, [0, 1, 2, 3], [0, 1, 2], 0);
    assert.ok(few.close > yardstickOf(index, every, [0, 1, 2], 0).close, 'few garments are far from each other');
  });

  it('is the same whatever the order the garments came in', () => {
    const mirrored = indexOf(entries.toReversed(), 3);
    assert.deepEqual(yardstickOf(index, every, [0, 1, 2], 0), yardstickOf(mirrored, every, [0, 1, 2], 0));
  });

  it('is a fixed one where a garment has no other of its kind', () => {
    assert.deepEqual(yardstickOf(index, [5], [0, 1, 2], 0), LONE);
    assert.deepEqual(yardstickOf(index, [], [0, 1, 2], 0), LONE);
  });

  it('judges in four words, nearer never worse', () => {
    const yardstick = { close: 10, far: 50 };
    const words = [1, VERY_ONE, 2.1, 10, 10.1, 50, 50.1, Number.POSITIVE_INFINITY].map(distance =>
      nearnessOf(distance, yardstick),
    );
    assert.deepEqual(
      words,
      [0, 0, 1, 1, 2, 2, 3, 3].map(at => NEARNESS[at]),
    );
  });
});
