/** What an import may meet: a rehearsal, a stop, a store that is there, another model, somebody else who writes. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { rehearseImport } from '../../device/inventory/import-read.ts';
import { importStore } from '../../device/inventory/import-store.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { indexedStore } from '../../device/inventory/store-stamp.ts';
import { afterwards } from '../support/afterwards.ts';
import { conditionalModel } from '../support/bundles.ts';
import { LIMITS, row, rows, Shop } from '../support/import-shop.ts';
import { makeStoreFolder, storeMetadata } from '../support/store.ts';
import { FakeInference, temporaryBundle } from '../support/store-model.ts';

test('pictures that an import had written when it was stopped are gone after the next that ends', async t => {
  const shop = await Shop.open(t);
  const pictures = async () =>
    (await readdir(join(shop.data, 'pictures'), { recursive: true })).filter(name => name.endsWith('.png'));
  await shop.import(rows(2));
  const stop = new AbortController();
  const onProgress = (done: number, total: number): void => {
    if (done === total) stop.abort(new Error('stopped'));
  };
  await assert.rejects(shop.import(rows(4), { signal: stop.signal, onProgress }), /stopped/);
  assert.ok((await pictures()).length > 2, 'it had written some');
  await shop.import(rows(2));
  assert.equal((await pictures()).length, 2);
});

test('a rehearsal says what would be done, needs no model, and leaves no trace', async t => {
  const shop = await Shop.open(t);
  await mkdir(shop.data);
  const { data, pictures } = shop;
  const source = async (list: string[][]) => ({ catalogue: await shop.write(list), pictures, data, ...LIMITS });
  const first = await rehearseImport(await source(rows(3)), false);
  assert.deepEqual([first.added, first.garments, first.encoded, first.indexBytes], [3, 3, 0, 0]);
  assert.deepEqual(await readdir(data), []);
  await shop.import(rows(3));
  const before = await readFile(join(data, 'encodings.index'));
  await writeFile(join(pictures, 'p2.png'), 'no picture');
  const second = await rehearseImport(
    { ...(await source([row(0, { title: 'x' }), row(2), row(4)])), removeMissing: true },
    true,
  );
  assert.deepEqual([second.added, second.changed, second.unchanged, second.removed, second.garments], [1, 1, 1, 1, 3]);
  assert.match(second.failed[0]?.reason ?? '', /neither a JPEG/);
  assert.deepEqual(await readFile(join(data, 'encodings.index')), before);
  assert.equal(
    shop.look(one => one.item('s0')?.title),
    'Garment 0',
  );
});

test('a run that is stopped changes nothing, and the next one finds what was encoded', async t => {
  const shop = await Shop.open(t);
  const stop = new AbortController();
  shop.inference.onEncode = call => {
    if (call === 4) stop.abort();
  };
  await assert.rejects(shop.import(rows(8), { signal: stop.signal }), { name: 'AbortError' });
  assert.equal(
    shop.look(one => one.count),
    0,
  );
  const done = shop.inference.encoded.length;
  shop.inference.onEncode = () => undefined;
  const report = await shop.import(rows(8));
  assert.deepEqual([report.added, report.encoded], [8, 8 - done]);
});

test('an import joins a store that was indexed, and a collection that is made up gives way to it', async t => {
  const shop = await Shop.open(t);
  const folder = await makeStoreFolder(join(shop.root, 'shop'), 3);
  const { data, bundle, inference } = shop;
  await indexStore({ folder, data, bundle, inference, ...LIMITS });
  const joined = await shop.import(rows(2));
  assert.deepEqual([joined.added, joined.garments], [2, 5]);
  assert.deepEqual(await shop.skus(), ['g000', 'g001', 'g002', 's0', 's1']);
  const store = shop.look(one => one.store);
  assert.deepEqual([store?.name, store?.source, store?.imported], ['shop', folder, true]);
  await indexStore({ folder, data, bundle, inference, demonstration: true, ...LIMITS });
  const replaced = await shop.import(rows(2));
  assert.deepEqual([replaced.added, replaced.removed, replaced.garments], [2, 3, 2]);
  assert.deepEqual(
    shop.look(one => [one.store?.demonstration, one.store?.name]),
    [false, 'pictures'],
  );
});

test('another model reads the pictures that were kept, without the file', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(3));
  await rm(shop.pictures, { recursive: true });
  const other = await temporaryBundle(t, conditionalModel());
  const inference = new FakeInference(other);
  const { data } = shop;
  const report = await importStore({ pictures: data, data, bundle: other, inference, ...LIMITS });
  assert.deepEqual([report.encoded, report.garments, report.failed], [3, 3, []]);
  assert.equal((await indexedStore(data, other))?.name, 'pictures');
  assert.equal(
    shop.look(one => one.store?.imported),
    true,
  );
});

test('where no row and where no picture can be taken, nothing is changed', async t => {
  const shop = await Shop.open(t);
  await assert.rejects(shop.import([]), /No row of .* could be taken, so nothing was changed\. It has none\./);
  await assert.rejects(shop.import([row(1, { price: 'x' })]), /The first, on line 2: price "x"/);
  await rm(shop.pictures, { recursive: true });
  await mkdir(shop.pictures);
  await assert.rejects(shop.import(rows(3)), /None of the 3 pictures of .* could be encoded, so nothing was changed/);
  assert.equal(
    shop.look(one => one.count),
    0,
  );
});

test('what somebody else changes while the index is made is in it', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(3));
  const catalogue = Catalogue.open(join(shop.data, 'catalogue.sqlite'));
  afterwards(t, () => catalogue.close());
  let calls = 0;
  const { bundle, inference, data, pictures } = shop;
  // The index of another kind for s0 must be made anew: the signal's look-up is the last thing before the commit.
  const signal = new AbortController().signal;
  Object.defineProperty(signal, 'throwIfAborted', {
    value: () => {
      if (++calls === 1) catalogue.replace({ ...storeMetadata, index: 'x' }, []);
    },
  });
  const catalogueFile = await shop.write(rows(4));
  const report = await importStore({ catalogue: catalogueFile, pictures, data, bundle, inference, ...LIMITS, signal });
  assert.ok(calls > 1, 'it was made again');
  assert.equal(report.garments, 1, 'the three that left meanwhile were unchanged in the file');
  assert.deepEqual(await shop.skus(), ['s3']);
});
