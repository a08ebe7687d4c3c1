/** Orders that come twice, late, or in another order, against a naive account of what they come to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StockChange } from '../../device/inventory/stock-ledger.ts';
import { codeOf, key, one, open, SIZES, SKUS, seq, stock } from '../support/stock-orders.ts';

const changes = fc.array(
  fc.record({
    sku: fc.constantFrom(...SKUS, 'none'),
    size: fc.constantFrom(...SIZES),
    by: fc.integer({ min: -3, max: 5 }),
    set: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);
const asChanges = (list: { sku: string; size: string; by: number; set: boolean }[]): StockChange[] =>
  list.map(({ sku, size, by, set }) => (set ? { sku, size, quantity: Math.abs(by) } : { sku, size, change: by }));

/** The stock after these orders, each carried out once, in words of its own. */
function expected(orders: StockChange[][]): Record<string, Record<string, number> | null> {
  const shelves: Record<string, Record<string, number> | null> = { a: null, b: null, c: null };
  for (const { sku, size, quantity, change } of orders.flat()) {
    if (!SKUS.includes(sku)) continue;
    shelves[sku] ??= {};
    const shelf = shelves[sku];
    shelf[size] = Math.max(0, quantity ?? (shelf[size] ?? 0) + (change ?? 0));
  }
  return shelves;
}

test('however often and in whatever order a source’s orders come, the stock is that of each carried out once, in turn', () => {
  fc.assert(
    fc.property(
      fc.array(changes, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      (lists, tries) => {
        const { database, ledger, sizes } = open();
        const orders = lists.map(asChanges);
        let done = 0;
        const answers: string[] = [];
        // A client that sends whatever it likes, at times several in one transaction, and in the end all in order.
        const sent = [...tries.map(at => at % orders.length), ...orders.keys()];
        for (let at = 0; at < sent.length; at += 1 + ((sent[at] ?? 0) % 3)) {
          const group = sent.slice(at, at + 1 + ((sent[at] ?? 0) % 3));
          const outcomes = ledger.apply(group.map(place => stock(orders[place] ?? [], seq('till', 0, place + 1))));
          for (const [within, outcome] of outcomes.entries()) {
            const place = group[within] ?? 0;
            const code = place < done ? 'replayed' : place === done ? 'done' : 'sequence-mismatch';
            assert.equal(codeOf(outcome), code, `order ${place} after ${done}`);
            if ('answer' in outcome) {
              answers[place] ??= JSON.stringify(outcome.answer);
              assert.equal(JSON.stringify(outcome.answer), answers[place], 'answered the same');
            }
            if (code === 'done') done++;
          }
        }
        assert.deepEqual(sizes(), expected(orders.slice(0, done)));
        database.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('however often orders with keys come, each counts once, in the order of their first coming', () => {
  fc.assert(
    fc.property(
      fc.array(changes, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      (lists, sent) => {
        const { database, ledger, sizes } = open();
        const orders = lists.map(asChanges);
        const first: number[] = [];
        for (const at of sent) {
          const place = at % orders.length;
          const code = codeOf(one(ledger, stock(orders[place] ?? [], key(`k${place}`))));
          assert.equal(code, first.includes(place) ? 'replayed' : 'done');
          if (!first.includes(place)) first.push(place);
        }
        assert.deepEqual(sizes(), expected(first.map(place => orders[place] ?? [])));
        database.close();
      },
    ),
    { numRuns: 150 },
  );
});
