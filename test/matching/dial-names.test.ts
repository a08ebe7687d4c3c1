import assert from 'node:assert/strict';
import test from 'node:test';
import { nameDials } from '../../device/matching/dial-names.ts';
import { Random } from '../../device/matching/random.ts';
import { ranks, spearman } from '../../device/matching/spearman.ts';
import { indexOf } from './support.ts';

test('equal values share their rank', () => {
  assert.deepEqual([...ranks(Float64Array.of(3, 1, 3, 2, 3))], [4, 1, 4, 2, 4]);
});

test('Spearman sees order alone', () => {
  const a = Float64Array.of(1, 2, 3, 4, 5);
  assert.equal(spearman(a, a.map(Math.exp)), 1);
  assert.equal(
    spearman(
      a,
      a.map(value => -(value ** 3)),
    ),
    -1,
  );
  assert.equal(spearman(a, Float64Array.of(7, 7, 7, 7, 7)), 0);
  // By hand: rank differences 1, -1, 0, 1, -1 give 1 - 6 * 4 / (5 * 24).
  assert.ok(Math.abs(spearman(a, Float64Array.of(2, 1, 3, 5, 4)) - 0.8) < 1e-15);
});

const random = new Random(3);
const entries = Array.from({ length: 200 }, (_, place) => ({
  sku: `S${String(place).padStart(3, '0')}`,
  mu: Array.from({ length: 3 }, () => Math.fround(random.normal())),
  sigma: [1, 1, 1],
}));
const index = indexOf(entries, 3);
const along = (dimension: number, noise: number, sign = 1) =>
  entries.map(({ mu }) => sign * mu[dimension]! + noise * random.normal());

test('a dial is named after the attribute that goes along with it best, whichever way', () => {
  const names = nameDials(
    index,
    new Map([
      ['lightness', along(1, 0.2)],
      ['brightness', along(1, 0.6)],
      ['length', along(2, 0.3, -1)],
      ['noise', along(0, 20)],
    ]),
  );
  assert.equal(names[0], undefined);
  assert.equal(names[1]!.attribute, 'lightness');
  assert.ok(names[1]!.spearman > 0.9);
  assert.equal(names[2]!.attribute, 'length');
  assert.ok(names[2]!.spearman < -0.9);
});

test('an attribute names one dial only, the one it fits best', () => {
  const both = entries.map(({ mu }) => mu[0]! + 1.2 * mu[1]!);
  const names = nameDials(index, new Map([['warmth', both]]));
  assert.deepEqual(
    names.map(name => name?.attribute),
    [undefined, 'warmth', undefined],
  );
});

test('garments the catalogue says nothing about do not count, and few garments name nothing', () => {
  const known = (count: number) => along(0, 0).map((value, place) => (place < count ? value : Number.NaN));
  assert.equal(nameDials(index, new Map([['size', known(100)]]))[0]?.spearman, 1);
  assert.equal(nameDials(index, new Map([['size', known(49)]]))[0], undefined);
});
