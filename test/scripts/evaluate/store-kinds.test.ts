import assert from 'node:assert/strict';
import test from 'node:test';
import { FlatSearch } from '../../../device/matching/flat-search.ts';
import { winnersOf } from '../../../scripts/evaluate/matching-table.ts';
import { PointSource } from '../../../scripts/evaluate/queries.ts';
import { StoreKinds } from '../../../scripts/evaluate/store-kinds.ts';
import { indexOf, madeUpStore } from '../../matching/support.ts';
import { bundleOf } from '../../support/bundle.ts';
import { conditionalModel, ownModel } from '../../support/bundles.ts';

const COUNT = 60;
const index = indexOf(madeUpStore(3, COUNT, 3), 3);
/** A dress in four, skirts, and hats, which the bundle does not know and takes for its default. */
const categories = ['Dress', 'Skirt', 'Skirt', 'Hat'] as const;
const wanted = ['Dress', 'Skirt', 'Skirt', 'Shirt'] as const;
const garments = { category: (row: number) => categories[row % 4]! };
const bundle = bundleOf(conditionalModel());
const kinds = new StoreKinds(bundle, garments, COUNT);
const source = new PointSource(bundle, index, 1, kinds);

test('a garment is asked for as its kind, or as the default where the bundle does not know it', () => {
  for (let row = 0; row < COUNT; row += 1) assert.equal(kinds.of(row), wanted[row % 4]);
  assert.deepEqual([...kinds.allowed('Dress')!.subarray(0, 8)], [1, 0, 0, 0, 1, 0, 0, 0]);
  assert.equal(kinds.allowed(undefined), undefined);
});

test('points that started from a garment are of its kind, and are matched with that kind alone', () => {
  for (const points of [source.posterior(200), source.turned(200), source.mu(COUNT)]) {
    const winners = winnersOf(new FlatSearch(index), points, { name: '', metric: 'log-likelihood', tolerance: 0 });
    points.sources!.forEach((row, place) => {
      assert.equal(points.conditions[place], wanted[row % 4]);
      assert.equal(kinds.of(winners[place]!), points.conditions[place]);
    });
  }
});

test('points that started from none are of each kind as often as the store is', () => {
  for (const { conditions, allowed } of [source.normal(4000), source.uniform(4000)]) {
    const share = (kind: string): number => conditions.filter(one => one === kind).length / conditions.length;
    for (const [kind, part] of [
      ['Dress', 0.25],
      ['Skirt', 0.5],
      ['Shirt', 0.25],
    ] as const) {
      assert.ok(Math.abs(share(kind) - part) < 0.03, kind);
    }
    conditions.forEach((kind, place) => {
      assert.equal(allowed[place], kinds.allowed(kind));
    });
  }
});

test('a bundle without conditions is asked for no kind, and matched with all', () => {
  const own = bundleOf(ownModel());
  const six = indexOf(madeUpStore(3, COUNT, 6), 6);
  const { conditions, allowed } = new PointSource(own, six, 1, new StoreKinds(own, garments, COUNT)).uniform(50);
  assert.ok(conditions.every(one => one === undefined) && allowed.every(one => one === undefined));
});

test('a dial that a kind lacks stays where its garments have it, unless all dials are asked for', () => {
  const share = 1 / 3;
  const whole = [1, 0, 1, 0, 0, 1];
  const { conditions, ...rest } = bundle.manifest;
  const manifest = {
    ...rest,
    ...(conditions && { conditions }),
    kinds: [
      { name: 'Dress', share, mean: [0, 0, 0], factor: whole },
      { name: 'Shirt', share, mean: [0, 0, 0], factor: whole },
      // A skirt has no sleeves: mu of the second dial hardly differs among skirts.
      { name: 'Skirt', share, mean: [0, 0, 0], factor: [1, 0, 0.1, 0, 0, 1] },
    ],
  };
  const sleeves = new PointSource({ manifest }, index, 1, kinds);
  const skirts = Array.from({ length: COUNT }, (_, row) => row).filter(row => kinds.of(row) === 'Skirt');
  const middle = skirts.reduce((sum, row) => sum + index.posterior(row).mu[1]!, 0) / skirts.length;
  assert.ok(sleeves.somethingLacks && !source.somethingLacks);
  const [uniform, anywhere] = [sleeves.uniform(300), sleeves.anywhere(300)];
  assert.deepEqual(uniform.conditions, anywhere.conditions);
  uniform.conditions.forEach((kind, place) => {
    const wanted = Float64Array.from(anywhere.z[place]!);
    assert.notEqual(wanted[1], middle);
    if (kind === 'Skirt') wanted[1] = middle;
    assert.deepEqual(uniform.z[place]!.map(Math.fround), wanted.map(Math.fround));
  });
  const normal = sleeves.normal(300);
  const seconds = normal.z
    .filter((_, place) => normal.conditions[place] === 'Skirt')
    .map(point => Math.fround(point[1]!));
  assert.ok(seconds.length > 50);
  assert.deepEqual([...new Set(seconds)], [Math.fround(middle)]);
  const { z, sources, conditions: of } = sleeves.turned(300);
  z.forEach((point, place) => {
    const { mu } = index.posterior(sources![place]!);
    const turned = [...point.keys()].filter(d => point[d] !== mu[d]);
    assert.equal(turned.length, 2);
    if (of[place] === 'Skirt') assert.deepEqual(turned, [0, 2]);
  });
});
