import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { type GarmentRecord, minorScale } from '../../device/inventory/garment.ts';
import { garment, storeMetadata } from '../support/store.ts';

const KINDS = ['Shirt', 'Skirt', "Men's", 'Ärmel'];
const COLOURS = ['navy', 'red', 'off white'];
const SIZES = ['S', 'M', '38'];
const CURRENCIES = ['EUR', 'JPY', 'KWD', null];

const someOf = (words: string[]) => fc.option(fc.subarray(words, { minLength: 1 }), { nil: undefined });
const price = fc.option(
  fc.integer({ min: 0, max: 400 }).map(n => n / 100),
  { nil: undefined },
);

const garments = fc
  .array(
    fc.record({
      category: fc.constantFrom(...KINDS, null),
      colour: fc.constantFrom(...COLOURS, null),
      currency: fc.constantFrom(...CURRENCIES),
      priceMinor: fc.option(fc.integer({ min: 0, max: 500 }), { nil: null }),
      sizes: fc.option(
        fc
          .subarray(SIZES)
          .chain(names => fc.tuple(...names.map(name => fc.record({ name: fc.constant(name), quantity: fc.nat(2) })))),
        { nil: null },
      ),
    }),
    { maxLength: 12 },
  )
  .map(all => all.map((fields, place) => garment(`sku-${place}`, fields)));

const filters = fc.record({
  categories: someOf(KINDS),
  sizes: someOf(SIZES),
  colours: someOf(COLOURS),
  priceMin: price,
  priceMax: price,
  inStock: fc.option(fc.boolean(), { nil: undefined }),
});

/** What the words of the filter say, garment by garment. */
function passes(one: GarmentRecord, filter: GarmentFilter): boolean {
  const inStock = filter.inStock ?? true;
  const units = one.priceMinor === null ? null : one.priceMinor / minorScale(one.currency);
  if (filter.categories && !filter.categories.includes(one.category ?? '')) return false;
  if (filter.colours && !filter.colours.includes(one.colour ?? '')) return false;
  if (filter.priceMin !== undefined && (units === null || units < filter.priceMin)) return false;
  if (filter.priceMax !== undefined && (units === null || units > filter.priceMax)) return false;
  const wanted = one.sizes?.filter(({ name }) => filter.sizes?.includes(name) ?? true);
  if (wanted === undefined) return filter.sizes === undefined;
  return inStock ? wanted.some(({ quantity }) => quantity > 0) : filter.sizes === undefined || wanted.length > 0;
}

test('whatever the stock and the filter, the rows allowed are those that pass', () => {
  const catalogue = Catalogue.open(':memory:', { create: true });
  fc.assert(
    fc.property(garments, fc.array(filters, { minLength: 1, maxLength: 4 }), (stock, asked) => {
      catalogue.replace(storeMetadata, stock);
      const skus = stock.map(({ sku }) => sku).toReversed();
      const rows = { count: skus.length, sku: (row: number) => skus[row] ?? '' };
      for (const filter of [...asked, ...asked]) {
        const expected = stock.toReversed().map(one => (passes(one, filter) ? 1 : 0));
        const { mask, count } = catalogue.allowed(filter, rows);
        assert.deepEqual([...mask], expected);
        assert.equal(
          count,
          expected.reduce<number>((a, b) => a + b, 0),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('the filters used lately are kept, and the one longest unused goes first', () => {
  const catalogue = Catalogue.open(':memory:', { create: true });
  catalogue.replace(storeMetadata, [garment('a', { priceMinor: 1_000 })]);
  const rows = { count: 1, sku: () => 'a' };
  const ask = (priceMin: number) => catalogue.allowed({ priceMin }, rows).mask;
  const [first, second] = [ask(0), ask(1)];
  for (let priceMin = 2; priceMin < 64; priceMin++) ask(priceMin);
  assert.equal(ask(0), first, 'kept, and used again');
  ask(64);
  assert.equal(ask(0), first, 'kept, since it was used lately');
  assert.notEqual(ask(1), second, 'let go');
});

test('whatever garments change to, a prepared filter is the one that would be made anew', async () => {
  const catalogue = Catalogue.open(':memory:', { create: true });
  await fc.assert(
    fc.asyncProperty(
      garments,
      garments,
      fc.array(filters, { minLength: 1, maxLength: 5 }),
      async (stock, changed, asked) => {
        catalogue.replace(storeMetadata, stock);
        const skus = stock.map(({ sku }) => sku);
        const rows = {
          count: skus.length,
          sku: (row: number) => skus[row] ?? '',
          rowOf: (sku: string) => skus.indexOf(sku),
        };
        const kept = asked.map(filter => catalogue.allowed(filter, rows));
        for (const { picture: _picture, ...item } of changed) await catalogue.write({ kind: 'item', item });
        const fresh = { ...rows };
        for (const [place, filter] of asked.entries()) {
          assert.equal(catalogue.allowed(filter, rows), kept[place]);
          assert.deepEqual(
            [[...(kept[place]?.mask ?? [])], kept[place]?.count],
            [[...catalogue.allowed(filter, fresh).mask], catalogue.allowed(filter, fresh).count],
          );
        }
      },
    ),
    { numRuns: 150 },
  );
});
