import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { DialMap, dialDensity } from '../../device/matching/dials.ts';
import { indexOf } from './support.ts';

const scales = [
  { mean: 0.5, spread: 2, reach: 1.5 },
  { mean: -1, spread: 0.5, reach: 2 },
];

test('a dial u is z = m + s u r / a', () => {
  const dials = new DialMap(2, 5, scales);
  assert.deepEqual([...dials.toZ([0, 0])], [0.5, -1]);
  assert.deepEqual([...dials.toZ([5, -5])], [3.5, -2]);
  assert.deepEqual([...dials.toDials([3.5, -2])], [5, -5]);
});

test('without a mapping the dial is z', () => {
  const dials = new DialMap(2, 5);
  assert.deepEqual([...dials.toZ([1.25, -7])], [1.25, -7]);
  assert.deepEqual([...dials.toDials([1.25, -7])], [1.25, -7]);
});

test('there and back again is where it was', () => {
  const setting = fc.double({ min: -5, max: 5, noNaN: true });
  const scale = fc.record({
    mean: fc.double({ min: -3, max: 3, noNaN: true }),
    spread: fc.double({ min: 0.05, max: 3, noNaN: true }),
    reach: fc.double({ min: 0.5, max: 2.5, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(scale, { minLength: 1, maxLength: 8 }), fc.array(setting, { minLength: 8 }), (list, u) => {
      const dials = new DialMap(list.length, 5, list);
      const back = dials.toDials(dials.toZ(u));
      assert.ok(back.every((value, d) => Math.abs(value - u[d]!) < 1e-9));
    }),
  );
});

test('nothing is clamped but by asking', () => {
  const dials = new DialMap(2, 5, scales);
  assert.deepEqual([...dials.toDials([50, -1])], [82.5, 0]);
  assert.deepEqual([...dials.clamp([82.5, -9])], [5, -5]);
  assert.deepEqual([...dials.clamp([1, -2])], [1, -2]);
});

test('a mapping of another length is refused', () => {
  assert.throws(() => new DialMap(3, 5, scales), /There are 2 dials; expected one for each of 3 dimensions/);
});

test('the density counts the garments along a dial, over the fullest bin', () => {
  const settings = [-5, -4.9, 0, 0.1, 0.2, 5, 5.1, -30];
  const dials = new DialMap(1, 5, [{ mean: 2, spread: 1, reach: 2.5 }]);
  const index = indexOf(
    settings.map((u, place) => ({ sku: `${place}`, mu: dials.toZ([u]), sigma: [0.1] })),
    1,
  );
  assert.deepEqual([...dialDensity(index, 0, dials, 5)], [2 / 3, 0, 1, 0, 1 / 3]);
  assert.deepEqual([...dialDensity(index, 0, dials, 5, Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 1))], [1, 0, 1, 0, 0]);
  assert.deepEqual([...dialDensity(index, 0, dials, 2, new Uint8Array(8))], [0, 0]);
});
