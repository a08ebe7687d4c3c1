import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unusualSigmas } from '../../device/inventory/unusual-sigma.ts';
import { Random } from '../../device/matching/random.ts';

const random = new Random(3);
const entry = (sku: string, scale: number) => ({
  sku,
  mu: new Float32Array(8),
  sigma: Float32Array.from({ length: 8 }, () => scale * Math.exp(0.2 * random.normal())),
});
const usual = Array.from({ length: 200 }, (_, i) => entry(`u${i}`, 0.3));

test('a garment the encoder is far more or less sure of than of the others is named', () => {
  const found = unusualSigmas([...usual, entry('blurred', 2), entry('needle', 0.03)]);
  assert.deepEqual(
    found.map(({ sku }) => sku),
    ['blurred', 'needle'],
  );
  assert.match(found[0]?.reason ?? '', /[67]\.\d times as unsure/);
  assert.match(found[1]?.reason ?? '', /(9|10)\.\d times as sure/);
});

test('a store like any other has none, nor has one of equals or one too small to tell', () => {
  assert.deepEqual(unusualSigmas(usual), []);
  const equals = Array.from({ length: 50 }, (_, i) => ({
    sku: `e${i}`,
    mu: new Float32Array(2),
    sigma: Float32Array.of(0.1, 0.1 + 1e-6 * i),
  }));
  assert.deepEqual(unusualSigmas(equals), []);
  assert.deepEqual(unusualSigmas([entry('a', 1), entry('b', 100)]), []);
  assert.deepEqual(unusualSigmas([]), []);
});
