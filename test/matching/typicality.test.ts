import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FlatSearch } from '../../device/matching/flat-search.ts';
import { logLikelihood } from '../../device/matching/likelihood.ts';
import { centileOf, centilesOf, typicalityCentiles, verdictOf } from '../../device/matching/typicality.ts';
import { indexOf, madeUpStore } from './support.ts';

test('the centiles are of each garment’s mu under all other garments', () => {
  for (const tolerance of [0, 0.4]) {
    const index = indexOf(madeUpStore(3, 60, 3), 3, tolerance);
    const rows = Array.from({ length: index.count }, (_, row) => row);
    const means = rows.map(row => {
      const others = rows.filter(other => other !== row);
      const terms = others.map(other =>
        Math.exp(logLikelihood(index.posterior(row).mu, index.posterior(other), { tolerance })),
      );
      return Math.log(terms.reduce((sum, term) => sum + term, 0) / others.length);
    });
    const wanted = centilesOf(Float64Array.from(means)).map(Math.fround);
    assert.deepEqual(index.typicalityCentiles, wanted);
  }
});

test('centiles are linear between order statistics', () => {
  const centiles = centilesOf(Float64Array.of(10, 0, 30));
  assert.equal(centiles.length, 101);
  assert.deepEqual(
    [0, 25, 50, 75, 100].map(place => centiles[place]),
    [0, 5, 10, 20, 30],
  );
});

test('the centile of a centile is itself, and of what lies between, between', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 101, maxLength: 101 }),
      fc.integer({ min: 0, max: 99 }),
      (values, place) => {
        const centiles = Float64Array.from(values).sort();
        assert.equal(centileOf(centiles[place]!, centiles), place);
        const between = centileOf((centiles[place]! + centiles[place + 1]!) / 2, centiles);
        assert.ok(between > place && between < place + 1);
      },
    ),
  );
  const flat = new Float64Array(101);
  assert.equal(centileOf(-1, flat), 0);
  assert.equal(centileOf(0, flat), 0);
  assert.equal(centileOf(1, flat), 100);
  assert.equal(centileOf(-Infinity, flat), 0);
});

test('the verdicts change at the 1st and the 10th centile', () => {
  assert.equal(verdictOf(0.99), 'nothing-close');
  assert.equal(verdictOf(1), 'nearest-we-have');
  assert.equal(verdictOf(9.99), 'nearest-we-have');
  assert.equal(verdictOf(10), 'in-stock-like');
});

test('the store’s own garments are called so, and points far from all of them nothing close', () => {
  const index = indexOf(madeUpStore(5, 500, 4), 4);
  const search = new FlatSearch(index);
  const verdicts = Array.from(
    { length: 500 },
    (_, row) => search.search({ z: index.posterior(row).mu, k: 1 }).typicality.verdict,
  );
  assert.ok(verdicts.filter(verdict => verdict === 'in-stock-like').length >= 450);
  assert.ok(verdicts.filter(verdict => verdict === 'nothing-close').length <= 5);
  for (const z of [
    [9, 9, 9, 9],
    [-9, 9, -9, 9],
  ]) {
    assert.equal(search.search({ z, k: 1 }).typicality.verdict, 'nothing-close');
  }
});

test('a lone garment is measured against draws from its own posterior', () => {
  const lone = { count: 1, latentDim: 2, mu: Float32Array.of(1, 2), sigma: Float32Array.of(0.5, 0.25) };
  const centiles = typicalityCentiles(lone, 0);
  const peak = logLikelihood([1, 2], lone);
  // For n = 2 the loss of a draw is exponential with mean 1: its median is log 2.
  assert.ok(Math.abs(peak - centiles[50]! - Math.log(2)) < 0.1);
  assert.ok(centiles[100]! <= peak && centiles[0]! < peak - 4);
});

test('in a large store a sample of the garments gives nearly the centiles of all', () => {
  const { mu, sigma } = indexOf(madeUpStore(9, 3000, 2), 2);
  const all = typicalityCentiles({ count: 3000, latentDim: 2, mu, sigma }, 0.1);
  const sampled = typicalityCentiles({ count: 3000, latentDim: 2, mu, sigma }, 0.1, { mostPairs: 2_000_000 });
  assert.notDeepEqual(sampled, all);
  assert.ok(Math.abs(sampled[50]! - all[50]!) < 0.1 * (all[90]! - all[10]!));
  assert.deepEqual(
    sampled,
    typicalityCentiles({ count: 3000, latentDim: 2, mu, sigma }, 0.1, { mostPairs: 2_000_000 }),
  );
});

test('garments as far apart as float32 goes still have finite centiles', () => {
  const mu = Float32Array.of(3e38, -3e38);
  const centiles = typicalityCentiles({ count: 2, latentDim: 1, mu, sigma: Float32Array.of(1e-4, 1e-4) }, 0);
  assert.ok(centiles.every(Number.isFinite));
});
