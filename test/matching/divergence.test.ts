import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  bhattacharyya,
  type Divergence,
  jeffreys,
  kl,
  klToStandardNormal,
  mutualLikelihoodScore,
  wasserstein2Squared,
} from '../../device/matching/divergence.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { posteriorOf, relativeError, type VectorCase, vectors } from './support.ts';

const FORMULAS: [name: string, got: (a: Posterior, b: Posterior) => number, field: keyof VectorCase][] = [
  ['KL(a, b)', (a, b) => kl(a, b), 'klAB'],
  ['KL(b, a)', (a, b) => kl(b, a), 'klBA'],
  ['Jeffreys', (a, b) => jeffreys(a, b), 'jeffreys'],
  ['Bhattacharyya', (a, b) => bhattacharyya(a, b), 'bhattacharyya'],
  ['2-Wasserstein squared', (a, b) => wasserstein2Squared(a, b), 'wasserstein2Squared'],
  ['the mutual likelihood score', (a, b) => mutualLikelihoodScore(a, b), 'mutualLikelihoodScore'],
  ['KL(a, N(0, I))', a => klToStandardNormal(a), 'klAToStandardNormal'],
];

for (const [name, formula, field] of FORMULAS) {
  test(`${name} of every vector comes out to 1e-9`, () => {
    for (const line of vectors.cases) {
      const got = formula(posteriorOf(line.a), posteriorOf(line.b));
      const wanted = Number(line[field]);
      assert.ok(relativeError(got, wanted) <= 1e-9, `${got}, not ${wanted}, of a ${line.kind} case, n = ${line.n}`);
    }
  });
}

/** Two posteriors of the same length, as an index stores them: float32, sigma within the default range. */
const float = (low: number, high: number) =>
  fc.float({ min: Math.fround(low), max: Math.fround(high), noNaN: true, noDefaultInfinity: true });
const pair = fc.integer({ min: 1, max: 8 }).chain(n => {
  const posterior = fc.record({
    mu: fc.array(float(-10, 10), { minLength: n, maxLength: n }).map(values => Float32Array.from(values)),
    sigma: fc.array(float(1e-4, 100), { minLength: n, maxLength: n }).map(values => Float32Array.from(values)),
  });
  return fc.tuple(posterior, posterior);
});
const tolerance = fc.constantFrom(0, 0.25, 1);

test('KL is never negative, and 0 only between equals', () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      assert.equal(kl(a, a), 0);
      const same = a.mu.every((mu, d) => mu === b.mu[d]) && a.sigma.every((sigma, d) => sigma === b.sigma[d]);
      assert.equal(kl(a, b) > 0, !same);
      assert.ok(kl(a, b) >= 0);
    }),
    { numRuns: 1000 },
  );
});

test('KL tells sigmas apart that differ in their last float32 digit', () => {
  const mu = Float32Array.of(0);
  const next = new Float32Array(new Int32Array([new Int32Array(Float32Array.of(0.3).buffer)[0]! + 1]).buffer);
  assert.ok(kl({ mu, sigma: Float32Array.of(0.3) }, { mu, sigma: next }) > 0);
  assert.ok(kl({ mu, sigma: next }, { mu, sigma: Float32Array.of(0.3) }) > 0);
});

test('Jeffreys is symmetric to the last bit, and the sum of both KL', () => {
  fc.assert(
    fc.property(pair, tolerance, ([a, b], tau) => {
      assert.equal(jeffreys(a, b, tau), jeffreys(b, a, tau));
      const sum = kl(a, b, tau) + kl(b, a, tau);
      assert.ok(Math.abs(jeffreys(a, b, tau) - sum) <= 1e-9 * (1e-6 + sum));
    }),
  );
});

test('the other measures are symmetric, and none is better than with itself', () => {
  const distances: Divergence[] = [bhattacharyya, wasserstein2Squared];
  fc.assert(
    fc.property(pair, tolerance, ([a, b], tau) => {
      for (const distance of distances) {
        assert.equal(distance(a, b, tau), distance(b, a, tau));
        assert.equal(distance(a, a, tau), 0);
        assert.ok(distance(a, b, tau) >= 0);
      }
      assert.equal(mutualLikelihoodScore(a, b, tau), mutualLikelihoodScore(b, a, tau));
    }),
  );
});

test('a tolerance stands for posteriors that are wider by it, in every measure', () => {
  const line = vectors.cases[0]!;
  const [a, b] = [posteriorOf(line.a), posteriorOf(line.b)];
  const wider = ({ mu, sigma }: Posterior): Posterior => ({
    mu,
    sigma: Float64Array.from(sigma, value => Math.hypot(value, 0.4)),
  });
  for (const measure of [kl, jeffreys, bhattacharyya, wasserstein2Squared, mutualLikelihoodScore]) {
    assert.ok(relativeError(measure(a, b, 0.4), measure(wider(a), wider(b))) <= 1e-12);
    assert.notEqual(measure(a, b, 0.4), measure(a, b));
  }
});
