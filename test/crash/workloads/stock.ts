/** What tills say, through the catalogue's writer and its thread: sales by sequence and by key, alone and in batches, and garments. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import type { Order, Receipt } from '../../../device/inventory/stock-ledger.ts';
import { garment, storeMetadata } from '../../support/store.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

const GARMENTS = 5;
const ORDERS = 24;
const SIZE = 'M';

const pathOf = ({ root }: Place): string => join(root, CATALOGUE_DATABASE);
const skuOf = (place: number): string => `g${place % GARMENTS}`;
const SKUS = Array.from({ length: GARMENTS }, (_, place) => skuOf(place));

/** Each seventh order is a garment that is described anew; of the others each third is a batch over all garments, which must be seen whole. */
const isItem = (number: number): boolean => number % 7 === 0;
const soldBy = (number: number): readonly string[] => (number % 3 === 0 ? SKUS : [skuOf(number)]);

/** Order `number`, from 1: each second has a key, the others are counted. */
function order(number: number): Order {
  const receipt: Receipt =
    number % 2 === 0
      ? { kind: 'key', key: `order-${number}` }
      : { kind: 'sequence', source: 'till', epoch: 1, sequence: (number + 1) / 2 };
  if (isItem(number)) {
    const { picture: _, sizes: __, ...item } = garment(skuOf(number), { title: `of order ${number}` });
    return { kind: 'item', item, receipt };
  }
  const changes = soldBy(number).map(sku => ({ sku, size: SIZE, change: 1 }));
  return { kind: 'stock', changes, strict: true, receipt };
}

/** @returns whether it had been carried out before */
const carryOut = async (catalogue: Catalogue, number: number): Promise<boolean> =>
  (await catalogue.write(order(number))).replayed;

/** Of each garment its title, and how many there are. */
type Shelf = readonly (readonly [title: string | undefined, count: number])[];

const EMPTY: Shelf = SKUS.map(sku => [sku, 0]);

/** The shelf after order `number`, from the one before. */
const after = (shelf: Shelf, number: number): Shelf =>
  shelf.map(([title, count], place) => {
    const sku = skuOf(place);
    if (isItem(number)) return [sku === skuOf(number) ? `of order ${number}` : title, count];
    return [title, count + (soldBy(number).includes(sku) ? 1 : 0)];
  });

const shelfIn = (catalogue: Catalogue): Shelf =>
  SKUS.map(sku => {
    const { title, sizes } = catalogue.item(sku) ?? {};
    return [title, sizes?.find(({ name }) => name === SIZE)?.quantity ?? Number.NaN];
  });

function openStocked(place: Place): Catalogue {
  mkdirSync(place.root, { recursive: true });
  const catalogue = Catalogue.open(pathOf(place), { create: true });
  const stocked = SKUS.map(sku => garment(sku, { sizes: [{ name: SIZE, quantity: 0 }] }));
  if (catalogue.store === undefined) catalogue.replace(storeMetadata, stocked);
  return catalogue;
}

/** How many orders have been carried out. @throws where it is no whole number of them */
function ordersIn(catalogue: Catalogue): number {
  const shelf = shelfIn(catalogue);
  const sold = (one: Shelf): number => one.reduce((sum, [, count]) => sum + count, 0);
  let [number, expected] = [0, EMPTY];
  // A garment that is described anew sells nothing.
  const isNext = (): boolean =>
    sold(expected) < sold(shelf) || (isItem(number + 1) && shelf.some(([title]) => title === `of order ${number + 1}`));
  while (isNext()) {
    number += 1;
    expected = after(expected, number);
  }
  assert.deepEqual(shelf, expected, 'an order is there in part');
  return number;
}

async function carryOutFrom(
  catalogue: Catalogue,
  first: number,
  last: number,
  acknowledge: (what: string) => void,
): Promise<void> {
  for (let number = first; number <= last; number += 1) {
    acknowledge(`begin ${number}`);
    await carryOut(catalogue, number);
    acknowledge(`done ${number}`);
  }
}

export const stock: Workload = {
  parts: 1,
  prepare: async () => undefined,
  expect: async () => undefined,

  async write(place, acknowledge) {
    const catalogue = openStocked(place);
    const before = ordersIn(catalogue);
    acknowledge(`done ${before}`);
    await carryOutFrom(catalogue, before + 1, before + ORDERS, acknowledge);
    catalogue.close();
  },

  async churn(place, acknowledge) {
    const catalogue = openStocked(place);
    await carryOutFrom(catalogue, ordersIn(catalogue) + 1, Number.POSITIVE_INFINITY, acknowledge);
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    if (done === undefined) return;
    const catalogue = Catalogue.open(pathOf(place));
    try {
      const carriedOut = ordersIn(catalogue);
      const allowed = [done, ...begun].map(Number);
      assert.ok(allowed.includes(carriedOut), `${carriedOut} orders are there, and must be ${allowed.join(' or ')}`);
      if (!recover) return;
      // Whoever had no answer sends it again: it counts once, whether it had been carried out or not.
      for (const again of begun.map(Number)) {
        assert.equal(await carryOut(catalogue, again), again <= carriedOut, `order ${again}, sent again`);
      }
      const now = Math.max(...allowed);
      assert.equal(ordersIn(catalogue), now);
      if (now > 0) assert.equal(await carryOut(catalogue, now), true, 'the last order sent again is known');
      assert.equal(ordersIn(catalogue), now);
    } finally {
      catalogue.close();
    }
  },
};
