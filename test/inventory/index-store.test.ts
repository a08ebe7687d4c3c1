import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { indexStore } from '../../device/inventory/index-store.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { indexedStore, storeStamp } from '../../device/inventory/store-stamp.ts';
import { LOG_HEADER_BYTES } from '../../device/matching/encoding-log.ts';
import { conditionalModel } from '../support/bundles.ts';
import { bench, COUNT, skusOf } from '../support/index-bench.ts';
import { csvText, drawPicture } from '../support/store.ts';
import { FakeInference, temporaryBundle } from '../support/store-model.ts';

test('a store becomes an index, a catalogue and pictures that belong together', async t => {
  const { folder, data, inference, bundle, index, open } = await bench(t);
  const seen: string[] = [];
  const report = await index({ onProgress: ({ done, total, encoded }) => seen.push(`${done}/${total} ${encoded}`) });
  assert.deepEqual(
    [report.garments, report.encoded, report.reused, report.failed, report.rows, report.notices],
    [COUNT, COUNT, 0, [], [], []],
  );
  assert.equal(inference.encoded.length, COUNT);
  assert.equal(seen[0], `0/${COUNT} 0`);
  assert.equal(seen.at(-1), `${COUNT}/${COUNT} ${COUNT}`);
  const { index: written, catalogue } = await open();
  assert.deepEqual(
    skusOf(written),
    catalogue.items({ limit: 100 }).items.map(({ sku }) => sku),
  );
  const { picture } = catalogue.item('g003') ?? {};
  assert.ok(picture);
  const original = await readFile(join(folder, 'images', 'g003.png'));
  assert.deepEqual(await readFile(picturePath(data, picture)), original);
  assert.equal(Buffer.from(written.pictureSha256(written.rowOf('g003')) ?? []).toString('hex'), picture.hash);
  assert.equal((await readFile(join(data, 'encodings.log'))).length, LOG_HEADER_BYTES);
  const store = await indexedStore(data, bundle);
  assert.equal(store?.name, 'shop');
  assert.equal(store?.stamp, await storeStamp({ folder, bundle, name: 'shop', demonstration: false }));
});

test('a picture that has not changed is not encoded again, whatever its garment is called now', async t => {
  const { folder, inference, index, open } = await bench(t);
  await index();
  await writeFile(join(folder, 'images', 'g002.png'), await drawPicture(99));
  const csv = await readFile(join(folder, 'catalogue.csv'), 'utf8');
  await writeFile(
    join(folder, 'catalogue.csv'),
    csv
      .replace('image,', 'sku,image,')
      .replace(/^g/gm, 'new-name,g')
      .replace(/^new-name,(g\d+)/gm, '$1-b,$1'),
  );
  const report = await index();
  assert.deepEqual([report.encoded, report.reused], [1, COUNT - 1]);
  assert.equal(inference.encoded.length, COUNT + 1);
  assert.equal(skusOf((await open()).index)[0], 'g000-b');
});

test('garments gone from the catalogue leave the index, the catalogue and the pictures', async t => {
  const { folder, data, index, open } = await bench(t);
  await index();
  const lines = (await readFile(join(folder, 'catalogue.csv'), 'utf8')).split('\n');
  await writeFile(join(folder, 'catalogue.csv'), lines.toSpliced(3, 2).join('\n'));
  const report = await index();
  assert.deepEqual([report.garments, report.encoded], [COUNT - 2, 0]);
  const { index: written, catalogue } = await open();
  assert.equal(written.rowOf('g002'), -1);
  assert.equal(written.rowOf('g003'), -1);
  assert.equal(catalogue.item('g002'), undefined);
  const files = (await readdir(join(data, 'pictures'), { recursive: true })).filter(name => name.endsWith('.png'));
  assert.equal(files.length, COUNT - 2);
});

test('another encoder reads nothing of what the first one made', async t => {
  const { folder, data, bundle, index } = await bench(t);
  await index();
  const other = await temporaryBundle(t, conditionalModel());
  const inference = new FakeInference(other);
  const report = await indexStore({
    folder,
    data,
    bundle: other,
    inference,
    maxPicturePixels: 1e6,
    maxPictureBytes: 1e6,
  });
  assert.deepEqual([report.encoded, report.reused], [COUNT, 0]);
  assert.match(report.notices.join(), /The index is of another model/);
  assert.equal((await indexedStore(data, other))?.name, 'shop');
  assert.equal(await indexedStore(data, bundle), undefined);
});

test('a conditional encoder is told the kind, and a changed kind is encoded again', async t => {
  const { folder, inference, index } = await bench(t, conditionalModel());
  await writeFile(
    join(folder, 'catalogue.csv'),
    csvText([
      ['image', 'category'],
      ['g000.png', 'Dress'],
      ['g001.png', 'Spacesuit'],
      ['g002.png', ''],
    ]),
  );
  await index();
  assert.deepEqual(inference.encoded.toSorted(), ['Dress', 'Shirt', 'Shirt']);
  await writeFile(
    join(folder, 'catalogue.csv'),
    csvText([
      ['image', 'category'],
      ['g000.png', 'Skirt'],
      ['g001.png', 'Shirt'],
      ['g002.png', ''],
    ]),
  );
  const report = await index();
  assert.deepEqual([report.encoded, report.reused], [1, 2]);
  assert.equal(inference.encoded.at(-1), 'Skirt');
});

test('the stamp changes with the pictures, the catalogue, the model and the name', async t => {
  const { folder, bundle } = await bench(t);
  const stamp = (name = 'shop', model = bundle): Promise<string> =>
    storeStamp({ folder, bundle: model, name, demonstration: false });
  const first = await stamp();
  assert.equal(await stamp(), first);
  assert.notEqual(await stamp('other'), first);
  assert.notEqual(await stamp('shop', await temporaryBundle(t, conditionalModel())), first);
  await appendFile(join(folder, 'catalogue.csv'), 'g000.png,,,,,\n');
  const second = await stamp();
  assert.notEqual(second, first);
  await writeFile(join(folder, 'images', 'g000.png'), await drawPicture(50));
  assert.notEqual(await stamp(), second);
});
