/** A store that lives beside other processes that write to it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { LOCK_FILE, tryHold } from '../../device/inventory/exclusive.ts';
import { importStore } from '../../device/inventory/import-store.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { openStore } from '../support/arrivals.ts';
import { ownModel } from '../support/bundles.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { assertHas, isCode, logBytes, rowOf } from '../support/living-store.ts';
import { ReferenceInference } from '../support/reference-inference.ts';
import { csvText, makeStoreFolder } from '../support/store.ts';

test('an index that another process made is served, and what arrives then arrives there', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  await opened.store.put(await opened.arrival('g001', 71));
  assert.equal(await opened.store.refresh(), false);
  const lease = opened.editions.current();
  const folder = await makeStoreFolder(join(at.data, '..', 'other'), 9);
  const inference = new ReferenceInference(opened.bundle, ownModel());
  const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
  await indexStore({ folder, data: at.data, bundle: opened.bundle, inference, ...limits });
  assert.equal(await opened.store.refresh(), true);
  assert.equal(opened.editions.edition?.index.count, 9);
  assert.equal(lease.edition.index.count, 6);
  lease.release();
  await opened.store.put(await opened.arrival('g008', 78));
  await assertHas(opened, 'g008', 78);
  await indexStore({ folder, data: at.data, bundle: opened.bundle, inference, ...limits, name: 'again' });
  // Nobody has looked: the next change finds the new index by itself.
  await opened.store.put(await opened.arrival('g007', 77));
  await assertHas(opened, 'g007', 77);
  await opened.close();
  await assertHas(await openStore(t, at), 'g007', 77);
});

test('what another process imports is served beside what has arrived and what was sold', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  await opened.store.put(await opened.arrival('g001', 71));
  await opened.store.remove('g003');
  const changes = [{ sku: 'g002', size: 'S', quantity: 41 }];
  await opened.catalogue.write({ kind: 'stock', changes, strict: true });
  const pictures = await makeStoreFolder(join(at.data, '..', 'other'), 8);
  const catalogue = join(pictures, 'import.csv');
  await writeFile(
    catalogue,
    csvText([
      ['sku', 'image', 'title'],
      ['g007', 'g007.png', 'New'],
      ['g002', 'g002.png', 'Renamed'],
    ]),
  );
  const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
  const inference = new ReferenceInference(opened.bundle, ownModel());
  await importStore({ catalogue, pictures, data: at.data, bundle: opened.bundle, inference, ...limits });
  assert.equal(await opened.store.refresh(), true);
  const served = Array.from({ length: opened.editions.edition?.index.count ?? 0 }, (_, row) =>
    opened.editions.edition?.index.sku(row),
  );
  assert.deepEqual(served.sort(), ['g000', 'g001', 'g002', 'g004', 'g005', 'g007']);
  await assertHas(opened, 'g001', 71);
  const { title, sizes } = opened.catalogue.item('g002') ?? assert.fail();
  assert.deepEqual([title, sizes?.find(({ name }) => name === 'S')?.quantity], ['Renamed', 41]);
  await opened.store.put(await opened.arrival('g007', 77));
  await assertHas(opened, 'g007', 77);
  await opened.close();
  const again = await openStore(t, at);
  await assertHas(again, 'g001', 71);
  await assertHas(again, 'g007', 77);
  assert.deepEqual(again.warnings, []);
});

test('while another process indexes, what is there is served and nothing is changed', async t => {
  const at = await indexedStore(t);
  const hold = tryHold(join(at.data, LOCK_FILE));
  const opened = await openStore(t, at);
  const before = await logBytes(at);
  assert.ok(rowOf(opened, 'g001') >= 0);
  await assert.rejects(opened.store.put(await opened.arrival('g001', 71)), isCode('indexing-under-way'));
  await assert.rejects(opened.store.remove('g001'), isCode('indexing-under-way'));
  assert.equal(await logBytes(at), before);
  hold?.release();
  await opened.store.put(await opened.arrival('g001', 71));
  await assertHas(opened, 'g001', 71);
});

test('what another model encoded while it was left is encoded anew', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  const arrival = await opened.arrival('g002', 72);
  const elsewhere = { ...arrival.posterior, mu: arrival.posterior.mu.map(value => value + 1) };
  await opened.store.put({ ...arrival, posterior: elsewhere, encoderDigest: '0'.repeat(64) });
  await assertHas(opened, 'g002', 72);
});
