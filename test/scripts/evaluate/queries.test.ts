import assert from 'node:assert/strict';
import test from 'node:test';
import { PointSource } from '../../../scripts/evaluate/queries.ts';
import { indexOf, madeUpStore } from '../../matching/support.ts';
import { bundleOf } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';

const { manifest } = bundleOf(ownModel());
const index = indexOf(madeUpStore(1, 50, 6), 6);
const source = new PointSource({ manifest }, index, 3);
const spread = (d: number): number => 1 + 0.1 * d;
const mean = (d: number): number => 0.1 * d;

test('the same seed draws the same points, another seed others', () => {
  const again = new PointSource({ manifest }, index, 3);
  const other = new PointSource({ manifest }, index, 4);
  for (const kind of ['posterior', 'turned', 'normal', 'uniform'] as const) {
    assert.deepEqual(source[kind](20), again[kind](20));
    assert.notDeepEqual(source[kind](20).z, other[kind](20).z);
  }
});

test('points drawn from a posterior lie around the mu they started from', () => {
  const { z, sources } = source.posterior(4000);
  let squares = 0;
  z.forEach((point, place) => {
    const { mu, sigma } = index.posterior(sources![place]!);
    squares += point.reduce((sum, value, d) => sum + ((value - mu[d]!) / sigma[d]!) ** 2, 0) / 6;
  });
  assert.ok(Math.abs(squares / z.length - 1) < 0.05);
});

test('turned points differ from their garment in two dials, by 1.5 spreads', () => {
  const { z, sources } = source.turned(200);
  const sides = new Set<number>();
  z.forEach((point, place) => {
    const { mu } = index.posterior(sources![place]!);
    const turns = [...point].map((value, d) => (value - mu[d]!) / spread(d)).filter(turn => turn !== 0);
    assert.equal(turns.length, 2);
    for (const turn of turns) {
      assert.ok(Math.abs(Math.abs(turn) - 1.5) < 1e-9);
      sides.add(Math.sign(turn));
    }
  });
  assert.deepEqual([...sides].sort(), [-1, 1]);
});

test('one dial alone can be turned, and of some dials alone', () => {
  const { z, sources } = source.turned(100, 1, [1, 4]);
  const turned = z.map((point, place) => {
    const { mu } = index.posterior(sources![place]!);
    return [...point.keys()].filter(d => point[d] !== mu[d]).join();
  });
  assert.deepEqual([...new Set(turned)].sort(), ['1', '4']);
});

test('uniform points fill the range of every dial, and no more', () => {
  const { z, sources } = source.uniform(2000);
  assert.equal(sources, undefined);
  for (let d = 0; d < 6; d += 1) {
    const values = z.map(point => (point[d]! - mean(d)) / spread(d));
    assert.ok(Math.max(...values) <= 2 && Math.max(...values) > 1.95);
    assert.ok(Math.min(...values) >= -2 && Math.min(...values) < -1.95);
  }
});

test('standard normal points have the mean and the spread of the dials', () => {
  const { z } = source.normal(5000);
  for (let d = 0; d < 6; d += 1) {
    const values = z.map(point => (point[d]! - mean(d)) / spread(d));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    assert.ok(Math.abs(average) < 0.06 && Math.abs(variance - 1) < 0.1);
  }
});

test('every mu is taken once', () => {
  const { z, sources } = source.mu(500);
  assert.deepEqual(
    sources,
    Array.from({ length: 50 }, (_, row) => row),
  );
  z.forEach((point, row) => {
    assert.deepEqual([...point], [...index.posterior(row).mu]);
  });
});
