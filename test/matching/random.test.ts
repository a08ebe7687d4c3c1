import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Random } from '../../device/matching/random.ts';
import { drawSurprise } from '../../device/matching/surprise.ts';
import { indexOf, madeUpStore } from './support.ts';

const draw = (seed: number, count: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.uniform());
};

test('a seed gives the same numbers for ever', () => {
  assert.deepEqual(draw(42, 3), [0.8495162378483098, 0.5843684078895156, 0.9220983109810045]);
  assert.deepEqual(draw(42, 50), draw(42, 50));
  assert.notDeepEqual(draw(42, 50), draw(43, 50));
  assert.notDeepEqual(draw(42, 50), draw(42 + 2 ** 32, 50));
});

test('uniform numbers fill [0, 1) evenly', () => {
  const bins = new Array<number>(10).fill(0);
  for (const value of draw(1, 20_000)) bins[Math.floor(10 * value)]! += 1;
  for (const count of bins) assert.ok(Math.abs(count - 2000) < 200, `${bins}`);
});

test('normal numbers have mean 0, variance 1 and the tails of a normal', () => {
  const random = new Random(2);
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const beyond = values.filter(value => Math.abs(value) > 1.96).length / values.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.04 && Math.abs(beyond - 0.05) < 0.006);
});

test('whole numbers are in bounds, and samples are ascending, different and of the size asked for', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 300 }), (seed, n, count) => {
      const random = new Random(seed);
      const value = random.integer(n);
      assert.ok(Number.isInteger(value) && value >= 0 && value < n);
      const sample = random.sample(count, n);
      assert.equal(sample.length, Math.min(count, n));
      sample.forEach((item, place) => {
        assert.ok(item < n && (place === 0 || item > sample[place - 1]!));
      });
    }),
  );
});

test('a surprise is a garment that passes the filters, and a point its posterior could give', () => {
  const index = indexOf(madeUpStore(1, 40, 3), 3);
  const allowed = Uint8Array.from({ length: 40 }, (_, row) => (row % 5 === 0 ? 1 : 0));
  const seen = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const surprise = drawSurprise(index, new Random(seed), allowed);
    assert.ok(surprise !== undefined && surprise.row % 5 === 0);
    const { mu, sigma } = index.posterior(surprise.row);
    assert.ok(surprise.z.every((value, d) => Math.abs(value - mu[d]!) < 6 * sigma[d]!));
    assert.deepEqual(drawSurprise(index, new Random(seed), allowed), surprise);
    seen.add(surprise.row);
  }
  assert.equal(seen.size, 8);
  assert.equal(drawSurprise(index, new Random(1), new Uint8Array(40)), undefined);
});
