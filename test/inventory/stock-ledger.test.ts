import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { KEPT_MS, KEPT_RECEIPTS } from '../../device/inventory/receipts.ts';
import { type Order, type Outcome, type StockChange, StockLedger } from '../../device/inventory/stock-ledger.ts';
import { afterwards } from '../support/afterwards.ts';
import { garment, storeMetadata, temporaryFolder } from '../support/store.ts';

const SKUS = ['a', 'b', 'c'];
const SIZES = ['S', 'M'];

function open(): {
  database: DatabaseSync;
  ledger: StockLedger;
  sizes: () => Record<string, Record<string, number> | null>;
} {
  const database = openCatalogue(':memory:', true);
  const insert = database.prepare(
    "INSERT INTO garment VALUES (?, ?, NULL, NULL, NULL, 100, NULL, NULL, 0, NULL, NULL, '{}', '')",
  );
  for (const sku of SKUS) insert.run(sku, sku);
  const sizes = (): Record<string, Record<string, number> | null> =>
    Object.fromEntries(
      SKUS.map(sku => {
        const known = database.prepare('SELECT stock_known AS known FROM garment WHERE sku = ?').get(sku)?.known === 1;
        const rows = database.prepare('SELECT name, quantity FROM size WHERE sku = ? ORDER BY name').all(sku);
        return [sku, known ? Object.fromEntries(rows.map(row => [String(row.name), Number(row.quantity)])) : null];
      }),
    );
  return { database, ledger: new StockLedger(database, 'test'), sizes };
}

const one = (ledger: StockLedger, order: Order, now?: number): Outcome => {
  const [outcome] = ledger.apply([order], now);
  return outcome ?? assert.fail('no outcome');
};
const codeOf = (outcome: Outcome): string =>
  'refused' in outcome ? outcome.refused.code : outcome.replayed ? 'replayed' : 'done';
const stock = (changes: StockChange[], receipt?: Order['receipt']): Order => ({
  kind: 'stock',
  strict: false,
  changes,
  receipt,
});
const seq = (source: string, epoch: number, sequence: number): Order['receipt'] => ({
  kind: 'sequence',
  source,
  epoch,
  sequence,
});
const key = (name: string): Order['receipt'] => ({ kind: 'key', key: name });

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

test('a catalogue on the disk is written by a thread, and every reader here knows when it is answered', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.sqlite');
  const catalogue = Catalogue.open(path, { create: true });
  const other = Catalogue.open(path);
  afterwards(t, () => {
    catalogue.close();
    other.close();
  });
  catalogue.replace(
    storeMetadata,
    SKUS.map(sku => garment(sku, { sizes: [{ name: 'S', quantity: 1 }] })),
  );
  const rows = { count: 3, sku: (row: number) => SKUS[row] ?? '', rowOf: (sku: string) => SKUS.indexOf(sku) };
  await catalogue.write(stock([{ sku: 'c', size: 'S', quantity: 3 }]));
  const before = catalogue.allowed({ sizes: ['S'] }, rows);
  const elsewhere = other.allowed({ sizes: ['S'] }, rows);
  assert.equal(before.mask.join(''), '111');
  assert.equal(elsewhere.count, 3);
  assert.equal(catalogue.item('a')?.sizes?.[0]?.quantity, 1);
  const { changes: changed } = catalogue;
  const orders = Array.from({ length: 40 }, (_, place) =>
    stock([{ sku: 'b', size: 'S', change: 1 }], key(`k${place}`)),
  );
  await Promise.all(
    [...orders, stock([{ sku: 'a', size: 'S', change: -1 }], key('sale'))].map(order => catalogue.write(order)),
  );
  assert.equal(catalogue.allowed({ sizes: ['S'] }, rows), before, 'the filter was not made anew');
  assert.deepEqual([before.mask.join(''), before.count], ['011', 2]);
  assert.equal(catalogue.item('a')?.sizes?.[0]?.quantity, 0);
  assert.equal(catalogue.item('b')?.sizes?.[0]?.quantity, 41);
  assert.ok(catalogue.changes > changed);
  assert.equal(other.allowed({ sizes: ['S'] }, rows).mask.join(''), '011', 'another process looks anew');
  await other.write(stock([{ sku: 'c', size: 'S', quantity: 0 }]));
  assert.equal(other.allowed({ sizes: ['S'] }, rows).mask.join(''), '010');
  assert.equal(catalogue.allowed({ sizes: ['S'] }, rows).mask.join(''), '010');
  await catalogue.write(stock([{ sku: 'c', size: 'S', quantity: 1 }]));
  assert.equal(catalogue.allowed({ sizes: ['S'] }, rows).mask.join(''), '011');
});

test('what was changed here while the thread wrote is not told away by what it wrote before', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.sqlite');
  const catalogue = Catalogue.open(path, { create: true });
  afterwards(t, () => catalogue.close());
  catalogue.replace(
    storeMetadata,
    SKUS.map(sku => garment(sku)),
  );
  const picture = { hash: 'ab'.repeat(32), type: 'image/png' };
  const direct = openCatalogue(path, false);
  afterwards(t, () => direct.close());
  const isSold = (): boolean =>
    direct.prepare("SELECT 1 FROM size WHERE sku = 'a' AND quantity = 7").get() !== undefined;
  const written = catalogue.write(stock([{ sku: 'a', size: 'S', quantity: 7 }]));
  // The thread's message waits for this turn of the event loop to end: what it wrote is on the disk, and not told yet.
  for (const late = performance.now() + 20_000; !isSold() && performance.now() < late; );
  catalogue.change([{ sku: 'a', picture }], []);
  assert.deepEqual(catalogue.item('a')?.picture, picture);
  await written;
  const { sizes, picture: shown } = catalogue.item('a') ?? assert.fail();
  assert.deepEqual([shown, sizes], [picture, [{ name: 'S', quantity: 7 }]]);
});

test('what one process changes is seen by another that wrote last', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.sqlite');
  const [one, other] = [Catalogue.open(path, { create: true }), Catalogue.open(path)];
  afterwards(t, () => {
    one.close();
    other.close();
  });
  one.replace(
    storeMetadata,
    SKUS.map(sku => garment(sku)),
  );
  await other.write(stock([{ sku: 'a', size: 'S', quantity: 7 }]));
  const { changes: before } = other;
  const picture = { hash: 'ab'.repeat(32), type: 'image/png' };
  assert.notDeepEqual(other.item('a')?.picture, picture);
  one.change([{ sku: 'a', picture }], []);
  assert.ok(other.changes > before);
  assert.deepEqual(other.item('a')?.picture, picture);
});
