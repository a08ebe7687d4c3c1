import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fitTransform,
  formLength,
  garmentVector,
  linearForm,
  pointForm,
  pointVector,
  vectorLength,
} from '../../device/chain/transform.ts';
import { logLikelihood } from '../../device/matching/likelihood.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { Random } from '../../device/matching/random.ts';

const N = 6;

function garments(count: number, seed: number): Posterior[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => ({
    mu: Float64Array.from({ length: N }, () => random.normal()),
    sigma: Float64Array.from({ length: N }, () => 0.05 + 0.6 * random.uniform()),
  }));
}

const points = (count: number, seed: number): Float64Array[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: N }, () => 2 * random.normal()));
};

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0));

describe('the linear form', () => {
  it('is the likelihood as a dot product, with and without a tolerance', () => {
    for (const tolerance of [0, 0.5]) {
      for (const posterior of garments(20, 1)) {
        for (const z of points(5, 2)) {
          const expected = logLikelihood(z, posterior, { tolerance });
          const got = dot(pointForm(z), linearForm(posterior, tolerance));
          assert.ok(Math.abs(got - expected) <= 1e-9 * Math.abs(expected), `${got} for ${expected}`);
        }
      }
    }
  });
});

describe('the transform', () => {
  const store = garments(400, 3);
  const transform = fitTransform(store, points(300, 4), N, 0);

  it('keeps the order of the likelihood, as an order of distances', () => {
    for (const z of points(20, 5)) {
      const point = pointVector(z, transform);
      const byDistance = store
        .map((posterior, row) => ({ row, value: distance(garmentVector(posterior, transform), point) }))
        .sort((a, b) => a.value - b.value);
      const byLikelihood = store
        .map((posterior, row) => ({ row, value: logLikelihood(z, posterior) }))
        .sort((a, b) => b.value - a.value);
      assert.deepEqual(
        byDistance.map(({ row }) => row),
        byLikelihood.map(({ row }) => row),
      );
    }
  });

  it('centres the garments, and gives both sides the same spread in every column', () => {
    const vectors = store.map(posterior => garmentVector(posterior, transform));
    const asked = points(300, 4).map(z => pointVector(z, transform));
    for (let j = 0; j < formLength(N); j += 1) {
      const mean = vectors.reduce((sum, vector) => sum + vector[j]!, 0) / vectors.length;
      const spread = Math.sqrt(vectors.reduce((sum, vector) => sum + (vector[j]! - mean) ** 2, 0) / vectors.length);
      const rms = Math.sqrt(asked.reduce((sum, vector) => sum + vector[j]! ** 2, 0) / asked.length);
      assert.ok(Math.abs(mean) < 1e-6 * spread, `column ${j} has the mean ${mean}`);
      assert.ok(Math.abs(spread / rms - 1) < 1e-6, `column ${j}: ${spread} against ${rms}`);
    }
  });

  it('lifts every garment to the same distance from the middle', () => {
    for (const posterior of store) {
      const vector = garmentVector(posterior, transform);
      assert.equal(vector.length, vectorLength(N));
      assert.ok(Math.abs(Math.sqrt(dot(vector, vector)) - transform.radius) < 1e-9 * transform.radius);
    }
    assert.equal(pointVector(points(1, 6)[0]!, transform).at(-1), 0);
  });

  it('takes a garment that lies farther out than any it was fitted to', () => {
    const far = { mu: new Float64Array(N).fill(40), sigma: new Float64Array(N).fill(0.02) };
    const vector = garmentVector(far, transform);
    assert.ok(vector.every(Number.isFinite));
    assert.equal(vector.at(-1), 0);
  });

  it('leaves alone a column in which all are the same', () => {
    const same = Array.from({ length: 10 }, () => ({ mu: new Float64Array(N), sigma: new Float64Array(N).fill(1) }));
    const flat = fitTransform(same, points(10, 7), N, 0);
    assert.ok(flat.scale.every(value => value === 1));
    assert.ok(garmentVector(same[0]!, flat).every(Number.isFinite));
  });
});
