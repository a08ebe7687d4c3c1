import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { indexedStore } from '../../device/inventory/store-stamp.ts';
import { ownModel } from '../support/bundles.ts';
import { row, rows, Shop } from '../support/import-shop.ts';
import { drawPicture } from '../support/store.ts';

test('a file and its pictures become a store that can be served', async t => {
  const shop = await Shop.open(t);
  const seen: string[] = [];
  const report = await shop.import(rows(4), {
    name: 'Our shop',
    onProgress: (done, total) => seen.push(`${done}/${total}`),
  });
  assert.deepEqual(
    [report.added, report.changed, report.unchanged, report.removed, report.garments, report.encoded],
    [4, 0, 0, 0, 4, 4],
  );
  assert.deepEqual(report.notices, ['stock.csv is read as UTF-8, with commas.']);
  assert.deepEqual([seen[0], seen.at(-1)], ['0/4', '4/4']);
  assert.deepEqual(await shop.skus(), ['s0', 's1', 's2', 's3']);
  const store = await indexedStore(shop.data, shop.bundle);
  assert.deepEqual([store?.name, store?.demonstration, store?.imported], ['Our shop', false, true]);
  const item = shop.look(one => one.item('s1'));
  assert.deepEqual([item?.price, item?.attributes, item?.problem], [19.9, { season: 'summer' }, null]);
});

test('a second run changes only what changed, and asks the encoder only about new bytes', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(5));
  const again = await shop.import(rows(5));
  assert.deepEqual([again.added, again.changed, again.unchanged, again.encoded], [0, 0, 5, 0]);
  await shop.draw('p3.png', 77);
  const third = await shop.import([row(0), row(1, { title: 'Renamed' }), row(2), row(3), row(4), row(5), row(6)]);
  assert.deepEqual([third.added, third.changed, third.unchanged, third.encoded], [2, 2, 3, 3]);
  assert.equal(
    shop.look(one => one.item('s1')?.title),
    'Renamed',
  );
  const index = await shop.index();
  const picture = shop.look(one => one.item('s3')?.picture);
  assert.equal(Buffer.from(index.pictureSha256(index.rowOf('s3')) ?? []).toString('hex'), picture?.hash);
  const files = (await readdir(join(shop.data, 'pictures'), { recursive: true })).filter(name => name.endsWith('.png'));
  assert.equal(files.length, 7, 'the picture that was replaced is gone');
});

test('stock that the till has changed stays, until the file says another', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(3));
  shop.sell('s0', 'S', 0);
  shop.sell('s1', 'S', 7);
  const second = await shop.import([row(0), row(1, { title: 'Renamed', price: '5.00' }), row(2)]);
  assert.equal(second.restocked, 0);
  assert.equal(shop.sizes('s0'), 'S:0 M:1');
  assert.equal(shop.sizes('s1'), 'S:7 M:1', 'a new title is no new stock');
  const third = await shop.import([row(0, { sizes: 'S:9 L:2' }), row(1), row(2)]);
  assert.equal(third.restocked, 1);
  assert.equal(shop.sizes('s0'), 'S:9 L:2');
  assert.equal(shop.sizes('s1'), 'S:7 M:1');
});

test('what the file has no column for stays as it is', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(2));
  const report = await shop.import(
    [
      ['s0', 'S:8'],
      ['s1', 'S:3 M:1'],
    ],
    { header: ['sku', 'sizes'] },
  );
  assert.deepEqual([report.changed, report.unchanged, report.failed], [1, 1, []]);
  const item = shop.look(one => one.item('s0'));
  assert.deepEqual([item?.title, item?.price, item?.attributes], ['Garment 0', 19.9, { season: 'summer' }]);
  assert.equal(shop.sizes('s0'), 'S:8');
  assert.deepEqual(await shop.skus(), ['s0', 's1']);
  assert.equal((await shop.import([row(0, { sizes: 'S:8' }), row(1)])).unchanged, 2, 'and is not new afterwards');
});

test('garments missing from the file stay, or go where that is said; others never go', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(4));
  const database = openCatalogue(join(shop.data, 'catalogue.sqlite'), false);
  database.exec(
    "INSERT INTO garment VALUES ('arrival', 'Arrival', NULL, NULL, NULL, 100, NULL, NULL, 0, NULL, NULL, '{}', 'arrival')",
  );
  database.close();
  assert.deepEqual([(await shop.import(rows(2))).removed, shop.look(one => one.count)], [0, 5]);
  const wrong = await shop.import([row(0), row(1, { price: 'cheap' })], { removeMissing: true });
  assert.deepEqual([wrong.removed, wrong.problems.length], [2, 1]);
  assert.deepEqual(
    shop.look(one => one.items().items.map(({ sku }) => sku)),
    ['arrival', 's0', 's1'],
  );
  assert.deepEqual(await shop.skus(), ['s0', 's1']);
  const path = join(shop.root, 'bad.jsonl');
  await writeFile(path, '{"sku":"s0","image":"p0.png"}\n{broken\n');
  const damaged = await shop.import([], { catalogue: path, removeMissing: true });
  assert.equal(damaged.removed, 0);
  assert.match(damaged.notices.join(), /No garment was taken away: a row could not be read at all/);
});

test('every bad row is told of with its line and reason, and the good ones are kept', async t => {
  const shop = await Shop.open(t);
  const report = await shop.import([
    row(0),
    row(1, { price: '€ 3' }),
    row(0, { title: 'twice' }),
    row(2, { sizes: 'S' }),
    row(3, { image: 'none.png' }),
    row(4),
  ]);
  assert.deepEqual(
    report.problems.map(({ line, sku, reason }) => `${line} ${sku}: ${reason.slice(0, 20)}`),
    ['3 s1: price "€ 3" is not a', '4 s0: the SKU s0 is alread', '5 s2: sizes "S": "S" is no'],
  );
  assert.deepEqual(
    report.failed.map(({ sku, reason }) => `${sku}: ${reason}`),
    ['s3: none.png: There is no such file in the store’s folder, nor in its images folder.'],
  );
  assert.deepEqual([report.added, report.garments], [3, 3]);
  assert.match(shop.look(one => one.item('s3')?.problem) ?? '', /no such file/);
  const { fault, source } = shop.look(one => one.notEncoded('s3')) ?? {};
  assert.deepEqual([fault, source], ['picture-unreadable', { folder: shop.pictures, image: 'none.png' }]);
  await shop.draw('none.png', 30);
  const mended = await shop.import([row(0), row(3, { image: 'none.png' }), row(4)]);
  assert.deepEqual([mended.changed, mended.unchanged, mended.failed], [1, 2, []]);
  assert.equal(
    shop.look(one => one.item('s3')?.problem),
    null,
  );
  assert.deepEqual(await shop.skus(), ['s0', 's3', 's4']);
});

test('a picture that is gone from the folder stays with its garment', async t => {
  const shop = await Shop.open(t);
  await shop.import(rows(3));
  await rm(join(shop.pictures, 'p1.png'));
  const report = await shop.import([row(0), row(1, { title: 'New name' }), row(2)]);
  assert.deepEqual([report.changed, report.unchanged, report.failed.length], [1, 2, 1]);
  const item = shop.look(one => one.item('s1'));
  assert.deepEqual([item?.title, item?.problem, item?.picture === null], ['New name', null, false]);
  assert.deepEqual(await shop.skus(), ['s0', 's1', 's2']);
});

test('JPEG, PNG and WebP are taken, transparent or not, of any size, turned as they were held', async t => {
  const shop = await Shop.open(t, ownModel(), 0);
  const wide = await sharp(await drawPicture(5, { size: 120 }))
    .extend({ left: 30, background: 'white' })
    .png()
    .toBuffer();
  const plain = sharp(wide);
  const put = (name: string, bytes: Buffer): Promise<void> => writeFile(join(shop.pictures, name), bytes);
  await put('p0.jpg', await plain.clone().jpeg().toBuffer());
  await put('p1.webp', await plain.clone().webp().toBuffer());
  await put(
    'p2.png',
    await sharp({ create: { width: 5, height: 900, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toBuffer(),
  );
  await put(
    'p3.png',
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  const turned = await plain.clone().rotate(90).jpeg({ quality: 100 }).toBuffer();
  await put('p4.jpg', turned);
  // Orientation 8: to be turned back by 90 degrees.
  await put('p5.jpg', await sharp(turned).withMetadata({ orientation: 8 }).jpeg({ quality: 100 }).toBuffer());
  await put('p6.png', await plain.clone().png().toBuffer());
  const names = ['p0.jpg', 'p1.webp', 'p2.png', 'p3.png', 'p4.jpg', 'p5.jpg', 'p6.png'];
  const report = await shop.import(names.map((image, place) => row(place, { image })));
  assert.deepEqual([report.added, report.failed], [7, []]);
  const index = await shop.index();
  const mu = (sku: string): number[] => Array.from(index.posterior(index.rowOf(sku)).mu);
  const distance = (one: string, other: string): number =>
    Math.hypot(...mu(one).map((value, d) => value - (mu(other)[d] ?? 0)));
  assert.ok(distance('s5', 's6') < 0.02, `turned by its EXIF it is the same: ${distance('s5', 's6')}`);
  assert.ok(distance('s4', 's6') > 0.05, `turned without EXIF it is another: ${distance('s4', 's6')}`);
});
