import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from '../../../device/matching/random.ts';
import { PictureSet } from '../../../scripts/evaluate/picture-set.ts';
import { SMALL } from '../../../scripts/evaluate/small-picture.ts';

const random = new Random(1);
const picture = (): Float32Array => Float32Array.from({ length: SMALL }, () => random.uniform());
const pictures = Array.from({ length: 40 }, picture);
const set = new PictureSet(pictures);
const errorOf = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, place) => sum + (value - b[place]!) ** 2, 0) / SMALL;

test('the error is the mean squared error, the least that of the likest, the mean that of all', () => {
  for (let trial = 0; trial < 10; trial += 1) {
    const drawn = picture();
    const errors = pictures.map(other => errorOf(drawn, other));
    errors.forEach((error, row) => {
      assert.ok(Math.abs(set.error(drawn, row) - error) < 1e-9);
    });
    for (const guess of [0, 17, 39]) assert.ok(Math.abs(set.least(drawn, guess) - Math.min(...errors)) < 1e-9);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    assert.ok(Math.abs(set.mean(drawn) - mean) < 1e-6);
  }
});

test('a picture of the store is its own likest', () => {
  assert.equal(set.least(pictures[7]!, 3), 0);
});

test('an error that is sure to be above the least is not worked out', () => {
  const drawn = picture();
  assert.equal(set.error(drawn, 0, 1e-6), Number.POSITIVE_INFINITY);
});

test('of a kind, the least and the mean are over its garments alone', () => {
  const allowed = Uint8Array.from(pictures, (_, row) => (row % 4 === 0 ? 1 : 0));
  const drawn = picture();
  const errors = pictures.filter((_, row) => row % 4 === 0).map(other => errorOf(drawn, other));
  assert.ok(Math.abs(set.least(drawn, 4, allowed) - Math.min(...errors)) < 1e-7);
  assert.ok(Math.abs(set.mean(drawn, allowed) - errors.reduce((sum, error) => sum + error, 0) / errors.length) < 1e-7);
});
