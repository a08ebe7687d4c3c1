import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import { countFacets, priceBands } from '../../device/inventory/facet-counts.ts';
import type { Garment } from '../../device/inventory/garment.ts';
import { bySize } from '../../device/inventory/size-order.ts';
import { passes } from '../../device/inventory/stock-filter.ts';

const CATEGORIES = ['Shirt', 'Dress'];
const COLOURS = ['red', 'blue', 'green'];
const SIZES = ['S', 'M', 'L'];

const garments = fc.array(
  fc
    .record({
      category: fc.constantFrom(...CATEGORIES, null),
      colour: fc.constantFrom(...COLOURS, null),
      price: fc.constantFrom(10, 20, 30, 40, null),
      quantities: fc.option(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), { nil: null }),
    })
    .map(
      ({ quantities, ...fields }): Garment => ({
        sku: '',
        title: '',
        currency: 'EUR',
        location: null,
        picture: null,
        attributes: {},
        problem: null,
        sizes: quantities === null ? null : SIZES.map((name, at) => ({ name, quantity: quantities[at]! })),
        ...fields,
      }),
    ),
  { maxLength: 30 },
);
const some = (words: readonly string[]) => fc.option(fc.subarray([...words], { minLength: 1 }), { nil: undefined });
const filters: fc.Arbitrary<GarmentFilter> = fc.record({
  categories: some(CATEGORIES),
  colours: some(COLOURS),
  sizes: some(SIZES),
  priceMin: fc.constantFrom(undefined, 15, 20),
  priceMax: fc.constantFrom(undefined, 20, 35),
  inStock: fc.constantFrom(undefined, true, false),
});
const bands = [{ max: 19.99 }, { min: 20, max: 29.99 }, { min: 30 }];

describe('how many garments each choice would leave', () => {
  it('is what the filter itself leaves with that choice in the place of what is chosen there', () => {
    fc.assert(
      fc.property(garments, filters, (all, filter) => {
        const left = (other: GarmentFilter): number => all.filter(garment => passes(garment, other)).length;
        const counts = countFacets(all, filter, bands);
        assert.equal(counts.considered, left(filter));
        for (const name of CATEGORIES) {
          assert.equal(counts.categories.get(name) ?? 0, left({ ...filter, categories: [name] }));
        }
        for (const name of COLOURS) assert.equal(counts.colours.get(name) ?? 0, left({ ...filter, colours: [name] }));
        for (const name of SIZES) assert.equal(counts.sizes.get(name) ?? 0, left({ ...filter, sizes: [name] }));
        for (const [at, { min, max }] of bands.entries()) {
          assert.equal(counts.prices[at]!.garments, left({ ...filter, priceMin: min, priceMax: max }));
        }
      }),
    );
  });
});

describe('bands of the price', () => {
  it('are cut at round prices, touch without a gap, and each has something', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 80 }), cents => {
        const prices = cents.map(cent => cent / 100);
        const found = priceBands(prices);
        assert.ok(found.length <= 4);
        for (const price of prices) {
          const inside = found.filter(({ min = 0, max = Number.POSITIVE_INFINITY }) => price >= min && price <= max);
          assert.ok(
            found.length === 0 || inside.length === 1,
            `${price} lies in ${inside.length} of ${JSON.stringify(found)}`,
          );
        }
        for (const { min } of found.slice(1)) {
          const digits = String(Math.round(min! * 1e6)).replace(/0+$/, '');
          assert.ok(digits.length <= 2, `${min} is not round`);
        }
      }),
    );
  });

  it('are none where all cost the same, or nothing has a price', () => {
    assert.deepEqual(priceBands([]), []);
    assert.deepEqual(priceBands([20, 20, 20]), []);
  });
});

describe('the order of sizes', () => {
  it('is from small to large: letters, numbers, words', () => {
    const sorted = ['XS', 'S', 'M', 'L', 'XL', 'XXL', '3XL', '28', '30', '100', 'One size', 'Queen'];
    assert.deepEqual(sorted.toReversed().sort(bySize), sorted);
  });
});
