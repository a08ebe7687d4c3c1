import assert from 'node:assert/strict';
import test from 'node:test';
import { agreement, meanAgreement } from '../../../../scripts/evaluate/truth/agreement.ts';
import { measuresOf, withDye, withShare } from '../../../../scripts/evaluate/truth/parameters.ts';
import { Dice } from '../../../../scripts/store/atelier/dice.ts';
import { throwGarment } from '../../../../scripts/store/atelier/garment.ts';

const shirt = withShare(throwGarment(new Dice('agreement'), { kind: 'shirt' }), 'length', 0.2);
const skirt = throwGarment(new Dice('agreement'), { kind: 'skirt' });

test('a garment agrees with itself in everything', () => {
  const { all, kind, cut, dye, pattern, deltaE, apart } = agreement(shirt, shirt);
  assert.deepEqual([all, kind, cut, dye, pattern, deltaE], [1, 1, 1, 1, 1, 0]);
  assert.deepEqual(Object.keys(apart), measuresOf(shirt));
});

test('cut counts percentiles, dye the distance in Lab, each a quarter', () => {
  const longer = agreement(shirt, withShare(shirt, 'length', 0.9));
  assert.ok(Math.abs(longer.apart.length! - 0.7) < 1e-9);
  assert.ok(Math.abs(longer.cut - (1 - 0.7 / measuresOf(shirt).length)) < 1e-9);
  assert.ok(Math.abs(longer.all - (3 + longer.cut) / 4) < 1e-9);
  const { colour } = shirt.fabric;
  const redder = agreement(shirt, withDye(shirt, { ...colour, a: colour.a + 30, b: colour.b + 40 }));
  assert.ok(Math.abs(redder.deltaE - 50) < 1e-9 && redder.dye < 1e-9);
  const half = agreement(shirt, withDye(shirt, { ...colour, l: colour.l + 25 }));
  assert.ok(Math.abs(half.dye - 0.5) < 1e-9);
});

test('another kind has no cut in common, whatever its measures', () => {
  const { kind, cut, apart } = agreement(shirt, skirt);
  assert.deepEqual([kind, cut, apart], [0, 0, {}]);
});

test('the mean of a measure is over those that have it', () => {
  const mean = meanAgreement([agreement(shirt, withShare(shirt, 'length', 0.6)), agreement(shirt, skirt)]);
  assert.ok(Math.abs(mean.apart.length! - 0.4) < 1e-9);
  assert.equal(mean.kind, 0.5);
  assert.ok(!('rise' in mean.apart));
});
