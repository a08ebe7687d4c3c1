import assert from 'node:assert/strict';
import test from 'node:test';
import { jeffreys } from '../../device/matching/divergence.ts';
import { medoidOf } from '../../device/matching/medoid.ts';
import { Random } from '../../device/matching/random.ts';
import { clusterStyles } from '../../device/matching/style-families.ts';
import { indexOf, madeUpStore } from './support.ts';

/** Clumps far apart, `size` garments each. */
function clumps(families: number, size: number) {
  const random = new Random(8);
  return Array.from({ length: families }, (_, family) =>
    Array.from({ length: size }, (_, place) => ({
      sku: `F${String(family).padStart(2, '0')}-${String(place).padStart(3, '0')}`,
      mu: [6 * (family % 3) + 0.4 * random.normal(), 6 * Math.floor(family / 3) + 0.4 * random.normal()],
      sigma: [0.3, 0.3 * Math.exp(0.2 * random.normal())],
    })),
  ).flat();
}

test('families that are plainly there are found, and BIC counts them', () => {
  const index = indexOf(clumps(7, 40), 2);
  const { families } = clusterStyles(index, { seed: 1 });
  assert.equal(families.length, 7);
  for (const family of families) {
    const names = new Set(family.rows.map(row => index.sku(row).slice(0, 3)));
    assert.equal(names.size, 1);
    assert.equal(family.rows.length, 40);
  }
});

test('the same seed gives the same families, each garment in one, the largest first', () => {
  const index = indexOf(madeUpStore(6, 300, 4), 4);
  const styles = clusterStyles(index, { seed: 3, families: 6 });
  assert.deepEqual(clusterStyles(index, { seed: 3, families: 6 }), styles);
  const rows = styles.families.flatMap(family => family.rows).sort((a, b) => a - b);
  assert.deepEqual(
    rows,
    Array.from({ length: 300 }, (_, row) => row),
  );
  const sizes = styles.families.map(family => family.rows.length);
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
  styles.trace.reduce((before, after) => {
    assert.ok(after <= before + 1e-9 * before);
    return after;
  });
  assert.equal(styles.trace.at(-1), styles.objective);
});

test('only the rows asked for are clustered', () => {
  const index = indexOf(madeUpStore(6, 60, 4), 4);
  const { families } = clusterStyles(index, { seed: 3, families: 3, rows: [5, 9, 11, 30, 41, 59] });
  assert.deepEqual(
    families.flatMap(family => family.rows).sort((a, b) => a - b),
    [5, 9, 11, 30, 41, 59],
  );
});

test('there are never more families than garments, and none without garments', () => {
  const index = indexOf(madeUpStore(6, 3, 2), 2);
  assert.equal(clusterStyles(index, { seed: 1, families: 9 }).families.length, 3);
  assert.equal(clusterStyles(index, { seed: 1 }).families.length, 3);
  assert.deepEqual(clusterStyles(indexOf([], 2), { seed: 1 }).families, []);
  assert.throws(() => clusterStyles(index, { seed: 1, families: 0 }), /families is 0; expected a whole number/);
});

test('garments that are all the same still make families of one at least', () => {
  const index = indexOf(
    Array.from({ length: 8 }, (_, place) => ({ sku: `S${place}`, mu: [1, 2], sigma: [0.5, 0.5] })),
    2,
  );
  const { families } = clusterStyles(index, { seed: 2, families: 4 });
  assert.equal(families.length, 4);
  assert.equal(families.flatMap(family => family.rows).length, 8);
});

test('the medoid is the member with the least sum of Jeffreys divergences to the others', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const index = indexOf(madeUpStore(seed, 40, 3), 3);
    const rows = Array.from({ length: 40 }, (_, row) => row).filter(row => row % 3 !== seed % 3);
    const sumOf = (row: number): number =>
      rows.reduce((sum, other) => sum + jeffreys(index.posterior(row), index.posterior(other)), 0);
    const wanted = rows.reduce((best, row) => (sumOf(row) < sumOf(best) ? row : best));
    assert.equal(medoidOf(index, rows), wanted);
  }
});
