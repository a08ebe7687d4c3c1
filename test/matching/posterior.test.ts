import assert from 'node:assert/strict';
import test from 'node:test';
import { PosteriorError } from '../../device/matching/errors.ts';
import { type Parametrisation, toMu, toSigma } from '../../device/matching/posterior.ts';
import { relativeError, vectors } from './support.ts';

const WIDE = [1e-9, 1e9] as const;

for (const [parametrisation, field] of [
  ['logvar', 'logvar'],
  ['logsigma', 'logsigma'],
  ['variance', 'variance'],
  ['sigma', 'sigma'],
  ['softplus', 'softplusPreimage'],
] as const satisfies [Parametrisation, string][]) {
  test(`${parametrisation} gives the sigma of every vector to 1e-9`, () => {
    for (const line of vectors.parametrisations) {
      const [sigma] = toSigma([line[field]], parametrisation, WIDE);
      assert.ok(relativeError(sigma!, line.sigma) <= 1e-9, `${line[field]} gave ${sigma}, not ${line.sigma}`);
    }
  });
}

test('sigma is clamped to the range, and a zero variance is its smallest', () => {
  assert.deepEqual([...toSigma([-50, 0, 50], 'logsigma', [1e-4, 1e2])], [1e-4, 1, 1e2]);
  assert.deepEqual([...toSigma([0], 'variance', [1e-4, 1e2])], [1e-4]);
  assert.deepEqual([...toSigma([800, -800], 'softplus', [1e-4, 1e3])], [800, 1e-4]);
});

test('a number that is not finite is refused by its dimension, whatever it means', () => {
  for (const parametrisation of ['logvar', 'logsigma', 'variance', 'sigma', 'softplus'] as const) {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.throws(() => toSigma([0.5, wrong], parametrisation, WIDE), {
        name: 'PosteriorError',
        message: new RegExp(`gave ${wrong} as ${parametrisation} of dimension 1; expected a finite number`),
      });
    }
  }
  assert.throws(() => toMu([0, Number.NaN]), PosteriorError);
});

test('a negative number is refused where it stands for a variance or a sigma, and only there', () => {
  for (const parametrisation of ['variance', 'sigma'] as const) {
    assert.throws(() => toSigma([-1e-9], parametrisation, WIDE), /gave -1e-9 as .* that is not negative/);
  }
  for (const parametrisation of ['logvar', 'logsigma', 'softplus'] as const) {
    assert.equal(toSigma([-1], parametrisation, WIDE).length, 1);
  }
});
