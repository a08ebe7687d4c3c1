import assert from 'node:assert/strict';
import test from 'node:test';
import { askedFor, isNamedTruly } from '../../../../scripts/evaluate/truth/asked-for.ts';
import { sharesOf, withDye, withShare } from '../../../../scripts/evaluate/truth/parameters.ts';
import { Dice } from '../../../../scripts/store/atelier/dice.ts';
import { throwGarment } from '../../../../scripts/store/atelier/garment.ts';

const thrown = throwGarment(new Dice('asked'), { kind: 'trousers' });
const trousers = withDye(withShare(thrown, 'leg', 0.5), { l: 50, a: 0, b: 0 });
const rail = Array.from({ length: 101 }, (_, l) => withDye(trousers, { l, a: 0, b: 0 }));

test('a dial that is turned by so many spreads moves its percentile by as many normal scores', () => {
  const wider = askedFor(trousers, 'hem', 1.5, rail);
  assert.ok(Math.abs(sharesOf(wider).leg! - 0.9332) < 1e-3);
  assert.deepEqual({ ...sharesOf(wider), leg: 0 }, { ...sharesOf(trousers), leg: 0 }, 'and nothing else');
  const back = askedFor(wider, 'hem', -1.5, rail);
  assert.ok(Math.abs(sharesOf(back).leg! - 0.5) < 1e-3);
});

test('a dye goes to the percentile among the garments of its kind', () => {
  const { colour } = askedFor(trousers, 'lightness', 1.5, rail).fabric;
  assert.ok(Math.abs(colour.l - 93.7) < 1, String(colour.l));
  assert.deepEqual([colour.a, colour.b], [0, 0]);
});

test('a dial of what the kind has not leaves the garment as it is', () => {
  assert.equal(askedFor(trousers, 'sleeve', 1.5, rail), trousers);
});

test('only dials that are called after a parameter say what they ask for', () => {
  for (const name of ['lightness', 'length', 'sleeve', 'hem']) assert.ok(isNamedTruly(name), name);
  for (const name of ['', 'fullness', 'taper']) assert.ok(!isNamedTruly(name), name);
});
