import assert from 'node:assert/strict';
import test from 'node:test';
import { FlatSearch } from '../../../../device/matching/flat-search.ts';
import { rulesFor } from '../../../../scripts/evaluate/matching-table.ts';
import type { Points } from '../../../../scripts/evaluate/queries.ts';
import { sharesOf, withShare } from '../../../../scripts/evaluate/truth/parameters.ts';
import { drawnStore, truthRow } from '../../../../scripts/evaluate/truth/truth-figures.ts';
import { Dice } from '../../../../scripts/store/atelier/dice.ts';
import { throwGarment } from '../../../../scripts/store/atelier/garment.ts';
import { indexOf } from '../../../matching/support.ts';

const coat = throwGarment(new Dice('figures'), { kind: 'coat' });
/** Coats from short to long, whose encodings are their lengths. */
const store = Array.from({ length: 40 }, (_, place) => withShare(coat, 'length', place / 39));
const entries = store.map((one, place) => ({
  sku: String(place).padStart(2, '0'),
  mu: [sharesOf(one).length!, 0],
  sigma: [0.1, 0.1],
}));
const search = new FlatSearch(indexOf(entries, 2));

const pointsAt = (lengths: readonly number[], allowed?: Uint8Array): Points => ({
  name: 'lengths',
  z: lengths.map(length => Float64Array.of(length, 0)),
  sources: undefined,
  conditions: lengths.map(() => undefined),
  allowed: lengths.map(() => allowed),
});

test('an encoder that reads the truth answers the best that is possible, by every rule', () => {
  const lengths = [0.2, 0.5, 0.81];
  const wanted = lengths.map(length => withShare(coat, 'length', length));
  const row = truthRow(search, store, pointsAt(lengths), wanted, rulesFor(0));
  for (const [rule, { all }] of Object.entries(row.rules)) {
    assert.ok(Math.abs(all - row.bestPossible.all) < 1e-9, rule);
  }
  assert.ok(row.randomGarment.all < row.bestPossible.all);
  assert.ok(row.bestPossible.apart.length! < 0.05 && row.randomGarment.apart.length! > 0.25);
});

test('a point that means another garment is answered worse, however near the store comes', () => {
  const wanted = [withShare(coat, 'length', 0.9)];
  const row = truthRow(search, store, pointsAt([0.1]), wanted, rulesFor(0));
  assert.ok(Math.abs(row.rules['tau = 0']!.apart.length! - 0.8) < 0.03);
  assert.ok(row.bestPossible.apart.length! < 0.05);
});

test('only garments of the point’s kind are matched, and are what could have been', () => {
  const short = Uint8Array.from(store, (_, place) => (place < 10 ? 1 : 0));
  const wanted = [withShare(coat, 'length', 0.9)];
  const row = truthRow(search, store, pointsAt([0.9], short), wanted, rulesFor(0));
  assert.ok(row.bestPossible.apart.length! > 0.65);
  assert.ok(Math.abs(row.rules.euclidean!.all - row.bestPossible.all) < 1e-9);
});

test('a store of which one garment was not drawn is not judged', () => {
  const garments = {
    picture: () => Promise.reject(new Error('not asked for')),
    category: () => 'Coat',
    attributes: () => ({}),
  };
  assert.equal(drawnStore(garments, 3), undefined);
  assert.deepEqual(drawnStore(garments, 0), []);
});
