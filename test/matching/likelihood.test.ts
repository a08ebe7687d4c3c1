import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  euclideanSquared,
  everyDimension,
  LOG_2_PI,
  logLikelihood,
  mahalanobisSquared,
} from '../../device/matching/likelihood.ts';
import { posteriorOf, relativeError, vectors } from './support.ts';

test('the log-likelihood and the Mahalanobis distance of every vector come out to 1e-9', () => {
  for (const line of vectors.cases) {
    const a = posteriorOf(line.a);
    const likelihood = logLikelihood(line.z, a);
    const distance = mahalanobisSquared(line.z, a);
    assert.ok(relativeError(likelihood, line.logLikelihoodOfZUnderA) <= 1e-9, `${likelihood} of ${line.kind}`);
    assert.ok(relativeError(distance, line.mahalanobisSquaredOfZFromA) <= 1e-9, `${distance} of ${line.kind}`);
  }
});

test('a tolerance of 0 is the plain likelihood to the last bit', () => {
  for (const line of vectors.cases) {
    const a = posteriorOf(line.a);
    assert.equal(logLikelihood(line.z, a, { tolerance: 0 }), logLikelihood(line.z, a));
  }
});

test('a tolerance stands for a posterior that is wider by it', () => {
  for (const line of vectors.cases) {
    const { mu, sigma } = posteriorOf(line.a);
    const wider = { mu, sigma: sigma.map(value => Math.hypot(value, 0.7)) };
    const got = logLikelihood(line.z, { mu, sigma }, { tolerance: 0.7 });
    assert.ok(relativeError(got, logLikelihood(line.z, wider)) <= 1e-9);
    const distance = mahalanobisSquared(line.z, { mu, sigma }, { tolerance: 0.7 });
    assert.ok(relativeError(distance, mahalanobisSquared(line.z, wider)) <= 1e-9);
  }
});

test('the marginals of any split of the dimensions add up to the whole', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...vectors.cases),
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
      (line, tolerance, sides) => {
        const a = posteriorOf(line.a);
        const all = everyDimension(line.n);
        const parts = [all.filter(d => sides[d]), all.filter(d => !sides[d])];
        const [left, right] = parts.map(on => logLikelihood(line.z, a, { tolerance, on }));
        const whole = logLikelihood(line.z, a, { tolerance });
        assert.ok(Math.abs(left! + right! - whole) <= 1e-9 * (1 + Math.abs(left!) + Math.abs(right!)));
      },
    ),
  );
});

test('a marginal over one dimension is the normal density there', () => {
  const posterior = { mu: Float64Array.of(9, 0.5), sigma: Float64Array.of(3, 2) };
  const got = logLikelihood([0, 1.5], posterior, { on: [1] });
  assert.ok(Math.abs(got - (-0.125 - Math.log(2) - 0.5 * LOG_2_PI)) < 1e-15);
});

test('the Euclidean distance knows nothing of sigma', () => {
  const mu = Float64Array.of(1, 2, 3);
  assert.equal(euclideanSquared([2, 4, 6], { mu, sigma: Float64Array.of(1, 1, 1) }), 14);
  assert.equal(euclideanSquared([2, 4, 6], { mu, sigma: Float64Array.of(9, 9, 9) }), 14);
  assert.equal(euclideanSquared([2, 4, 6], { mu, sigma: mu }, { on: [0, 2] }), 10);
});
