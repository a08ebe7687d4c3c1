import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { KEPT_MS, KEPT_RECEIPTS } from '../../device/inventory/receipts.ts';
import { type Order, type Outcome, StockLedger } from '../../device/inventory/stock-ledger.ts';
import { codeOf, key, one, open, seq, stock } from '../support/stock-orders.ts';
import { garment } from '../support/store.ts';

test('the same key or number with another body is refused, and changes nothing', () => {
  const { ledger, sizes } = open();
  for (const receipt of [key('k'), seq('till', 3, 1)]) {
    one(ledger, stock([{ sku: 'a', size: 'S', quantity: 4 }], receipt));
    assert.equal(codeOf(one(ledger, stock([{ sku: 'a', size: 'S', quantity: 5 }], receipt))), 'idempotency-conflict');
  }
  assert.deepEqual(sizes().a, { S: 4 });
});

test('a source begins each epoch with its first, and an older epoch is over', () => {
  const { ledger } = open();
  const send = (epoch: number, sequence: number): string =>
    codeOf(one(ledger, stock([{ sku: 'a', size: 'S', change: 1 }], seq('till', epoch, sequence))));
  assert.equal(send(1, 2), 'sequence-mismatch');
  assert.equal(send(1, 1), 'done');
  assert.equal(send(1, 3), 'sequence-mismatch');
  assert.equal(send(2, 2), 'sequence-mismatch');
  assert.equal(send(2, 1), 'done');
  assert.equal(send(1, 2), 'sequence-mismatch');
  assert.equal(send(1, 1), 'replayed');
  assert.equal(send(2, 2), 'done');
  const outcome = one(ledger, stock([{ sku: 'a', size: 'S', change: 1 }], seq('till', 2, 9)));
  assert.ok('refused' in outcome);
  assert.match(
    outcome.refused.message,
    /The next of “till” is seq 3 of epoch 2, or seq 1 of a later epoch; this is seq 9 of epoch 2/,
  );
});

test('an order that is refused takes no number, and none of those beside it', () => {
  const { ledger, sizes } = open();
  const outcomes = ledger.apply([
    stock([{ sku: 'a', size: 'S', quantity: 1 }], seq('till', 0, 1)),
    {
      kind: 'stock',
      strict: true,
      changes: [
        { sku: 'b', size: 'S', quantity: 1 },
        { sku: 'none', size: 'S', quantity: 1 },
      ],
      receipt: seq('till', 0, 2),
    },
    stock([{ sku: 'c', size: 'S', quantity: 1 }], seq('till', 0, 2)),
  ]);
  assert.deepEqual(outcomes.map(codeOf), ['done', 'item-not-found', 'done']);
  assert.deepEqual(sizes(), { a: { S: 1 }, b: null, c: { S: 1 } });
});

test('of what there is not, none can go, and that is said', () => {
  const { ledger, sizes } = open();
  const outcome = one(
    ledger,
    stock([
      { sku: 'a', size: 'S', quantity: 2 },
      { sku: 'a', size: 'S', change: -5 },
      { sku: 'gone', size: 'S', change: 1 },
    ]),
  );
  assert.ok('answer' in outcome);
  assert.deepEqual(outcome.answer, { applied: 2, unknown: ['gone'], floored: [{ sku: 'a', size: 'S' }] });
  assert.deepEqual(sizes().a, { S: 0 });
  assert.deepEqual(
    outcome.garments.map(({ sku, sizes }) => [sku, sizes]),
    [['a', [{ name: 'S', quantity: 0 }]]],
  );
  const again = one(ledger, stock([{ sku: 'a', size: 'S', quantity: 0 }]));
  assert.deepEqual('garments' in again && again.garments, [], 'what is as it was is no news');
});

test('a garment has so many sizes and no more', () => {
  const { ledger } = open();
  const many = Array.from({ length: 101 }, (_, place) => ({ sku: 'a', size: `${place}`, quantity: 1 }));
  assert.equal(codeOf(one(ledger, stock(many))), 'invalid-request');
  assert.equal(codeOf(one(ledger, stock(many.slice(1)))), 'done');
});

test('receipts are let go when they are too many or too old', () => {
  const { database, ledger } = open();
  const count = (): number => Number(database.prepare('SELECT count(*) AS n FROM receipt').get()?.n);
  const order = (place: number): Order => stock([{ sku: 'a', size: 'S', quantity: 1 }], key(`k${place}`));
  ledger.apply(
    Array.from({ length: KEPT_RECEIPTS + 50 }, (_, place) => order(place)),
    1_000,
  );
  assert.equal(count(), KEPT_RECEIPTS);
  assert.equal(codeOf(one(ledger, order(60), 2_000)), 'replayed');
  assert.equal(codeOf(one(ledger, order(3), 2_000)), 'done', 'forgotten');
  one(ledger, order(99_999), 1_001 + KEPT_MS);
  assert.equal(count(), KEPT_RECEIPTS - 500, 'so many old ones go at a time');
});

test('an order is known again though the clock was set back by a year when it came, and forward since', () => {
  const { database, ledger, sizes } = open();
  const YEAR = 365 * 24 * 3_600_000;
  const now = Date.UTC(2026, 4, 4);
  const sold = (key: string): Order => stock([{ sku: 'a', size: 'M', change: -1 }], { kind: 'key', key });
  one(ledger, stock([{ sku: 'a', size: 'M', quantity: 10 }], { kind: 'key', key: 'first' }), now);
  assert.equal(codeOf(one(ledger, sold('before'), now)), 'done');
  assert.equal(codeOf(one(ledger, sold('before'), now - YEAR)), 'replayed');
  assert.equal(codeOf(one(ledger, sold('meanwhile'), now - YEAR + 1_000)), 'done');
  // Another process, which knows what is in the file alone.
  const restarted = new StockLedger(database, 'other');
  assert.equal(codeOf(one(restarted, sold('still'), now - YEAR + 2_000)), 'done');
  for (const key of ['before', 'meanwhile', 'still']) {
    one(restarted, stock([]), now + 60_000);
    assert.equal(codeOf(one(restarted, sold(key), now + 60_000)), 'replayed', key);
  }
  assert.deepEqual(sizes().a, { M: 7 });
});

test('a garment is described anew: its picture and untold stock stay', () => {
  const catalogue = openCatalogue(':memory:', true);
  const ledger = new StockLedger(catalogue, 'test');
  const { picture: _picture, ...described } = garment('x', { title: 'Coat', priceMinor: 900, currency: 'JPY' });
  const { sizes: _sizes, ...untold } = described;
  const put = (item: Extract<Order, { kind: 'item' }>['item']): Outcome => one(ledger, { kind: 'item', item });
  const first = put({ ...described, sizes: [{ name: 'S', quantity: 2 }] });
  assert.ok('answer' in first);
  assert.deepEqual([first.answer, first.garments[0]?.price], [{ created: true }, 900]);
  catalogue.exec("UPDATE garment SET picture_hash = 'h', picture_type = 'image/png'");
  const second = put({ ...untold, title: 'Renamed', colour: 'red' });
  assert.ok('answer' in second);
  assert.deepEqual(second.answer, { created: false });
  const [now] = second.garments;
  assert.deepEqual(
    [now?.title, now?.colour, now?.picture, now?.sizes],
    ['Renamed', 'red', { hash: 'h', type: 'image/png' }, [{ name: 'S', quantity: 2 }]],
  );
  const third = put({ ...untold, title: 'Renamed', colour: 'red' });
  assert.deepEqual('garments' in third && third.garments, []);
});

test('a transaction that cannot be written carries out nothing', () => {
  const { database, ledger, sizes } = open();
  database.exec("CREATE TRIGGER full BEFORE INSERT ON receipt BEGIN SELECT RAISE(ABORT, 'disk'); END");
  const orders = [
    stock([{ sku: 'a', size: 'S', quantity: 1 }]),
    stock([{ sku: 'b', size: 'S', quantity: 1 }], key('k')),
  ];
  assert.throws(() => ledger.apply(orders), /disk/);
  assert.deepEqual(sizes(), { a: null, b: null, c: null });
});
