import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../device/matching/random.ts';
import { drawPoint, kindProbability, kindsOf, logDensity, TRUNCATION } from '../../scripts/store/kind-sampler.ts';
import { ownModel } from '../support/bundles.ts';

/** Covariance [[4, 1.2], [1.2, 1]] about (1, -2). */
const SLANTED = { name: 'Shirt', share: 0.5, mean: [1, -2], factor: [2, 0.6, 0.8] };

test('points drawn have the kind’s mean and covariance, less what the truncation takes', () => {
  const random = new Random(1);
  const points = Array.from({ length: 20_000 }, () => drawPoint(SLANTED, random));
  const mean = (of: (z: readonly number[]) => number): number => points.reduce((a, z) => a + of(z), 0) / points.length;
  const [mx, my] = [mean(([x = 0]) => x), mean(([, y = 0]) => y)];
  assert.ok(Math.abs(mx - 1) < 0.05 && Math.abs(my + 2) < 0.03, `mean ${mx}, ${my}`);
  const xy = mean(([x = 0, y = 0]) => (x - mx) * (y - my));
  const xx = mean(([x = 0]) => (x - mx) ** 2);
  // A standard normal cut off at 2.5 keeps 0.91 of its variance.
  assert.ok(Math.abs(xx / (4 * 0.911) - 1) < 0.04 && Math.abs(xy / (1.2 * 0.911) - 1) < 0.06, `${xx}, ${xy}`);
  assert.ok(points.every(([x = 0]) => Math.abs(x - 1) <= 2 * TRUNCATION));
});

test('the density is that of the Gaussian with the covariance L L^T', () => {
  const [x, y] = [0.5, 1];
  const [dx, dy, determinant] = [x - 1, y + 2, 4 * 1 - 1.2 * 1.2];
  const quadratic = (dx * dx * 1 - 2 * dx * dy * 1.2 + dy * dy * 4) / determinant;
  const expected = -quadratic / 2 - Math.log(determinant) / 2;
  assert.ok(Math.abs(logDensity(SLANTED, [x, y]) - expected) < 1e-12);
});

test('a point is of the kind it lies in', () => {
  const other = { ...SLANTED, name: 'Skirt', mean: [9, -2] };
  const kinds = [SLANTED, other];
  assert.ok(kindProbability(SLANTED, kinds, [1, -2]) > 0.999);
  assert.ok(kindProbability(other, kinds, [1, -2]) < 0.001);
  const [a, b] = [kindProbability(SLANTED, kinds, [5, -2]), kindProbability(other, kinds, [5, -2])];
  assert.ok(Math.abs(a - 0.5) < 1e-9 && Math.abs(a + b - 1) < 1e-12);
  const rare = [SLANTED, { ...other, share: 0.125 }];
  assert.ok(Math.abs(kindProbability(SLANTED, rare, [5, -2]) - 0.8) < 1e-9, 'a rare kind must be the plainer');
  assert.equal(kindProbability(SLANTED, [SLANTED, { ...other, share: 0 }], [9, -2]), 1);
});

test('a bundle without kinds is sampled over its dials, and one without dials over the standard normal', () => {
  const { described } = ownModel();
  const manifest = { ...described, files: [], golden: { encoder: [], decoder: [] } };
  const [overDials, ...more] = kindsOf(manifest);
  assert.equal(more.length, 0);
  assert.equal(overDials?.name, null);
  assert.deepEqual(
    overDials?.mean,
    described.dials?.map(({ mean }) => mean),
  );
  const diagonal = described.dials?.map((_, d) => overDials?.factor[(d * (d + 3)) / 2]);
  assert.deepEqual(
    diagonal,
    described.dials?.map(({ spread }) => spread),
  );
  assert.equal(overDials?.factor.filter(value => value !== 0).length, 6);
  const { dials: _, ...plain } = manifest;
  assert.deepEqual(kindsOf(plain)[0]?.mean, [0, 0, 0, 0, 0, 0]);
});
