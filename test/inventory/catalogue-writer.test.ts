/** The thread that writes a catalogue, and what others see of it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { afterwards } from '../support/afterwards.ts';
import { key, SKUS, stock } from '../support/stock-orders.ts';
import { garment, storeMetadata, temporaryFolder } from '../support/store.ts';

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
