import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, rmdir, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { type IndexReport, type IndexStoreOptions, indexStore } from '../../device/inventory/index-store.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { indexedStore, storeStamp } from '../../device/inventory/store-stamp.ts';
import { LOG_HEADER_BYTES } from '../../device/matching/encoding-log.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import { afterwards } from '../support/afterwards.ts';
import { conditionalModel, ownModel } from '../support/bundles.ts';
import { csvText, drawPicture, makeStoreFolder, temporaryFolder } from '../support/store.ts';
import { encoderFailure, FakeInference, temporaryBundle } from '../support/store-model.ts';

const COUNT = 14;

interface Bench {
  readonly folder: string;
  readonly data: string;
  readonly bundle: Bundle;
  readonly inference: FakeInference;
  index(options?: Partial<IndexStoreOptions>): Promise<IndexReport>;
  open(): Promise<{ index: EncodingIndex; catalogue: Catalogue }>;
}

async function bench(t: TestContext, model = ownModel()): Promise<Bench> {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t, model)];
  const folder = await makeStoreFolder(join(root, 'shop'), COUNT);
  const data = join(root, 'state', 'deep');
  const inference = new FakeInference(bundle);
  const limits = { maxPicturePixels: 1_000_000, maxPictureBytes: 100_000 };
  const expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
  return {
    folder,
    data,
    bundle,
    inference,
    index: options => indexStore({ folder, data, bundle, inference, ...limits, ...options }),
    open: async () => {
      const catalogue = Catalogue.open(join(data, 'catalogue.sqlite'));
      afterwards(t, () => catalogue.close());
      return { index: EncodingIndex.open(await readFile(join(data, 'encodings.index')), expected), catalogue };
    },
  };
}

const skusOf = (index: EncodingIndex): string[] => Array.from({ length: index.count }, (_, row) => index.sku(row));

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

test('broken pictures are reported by SKU with the reason, kept, and do not stop the others', async t => {
  const { folder, index, open } = await bench(t);
  const image = (name: string): string => join(folder, 'images', name);
  await unlink(image('g001.png'));
  await writeFile(image('g002.png'), 'not a picture');
  await truncate(image('g003.png'), 300);
  await writeFile(image('g004.png'), await drawPicture(4, { size: 1_200, format: 'webp' }));
  await writeFile(image('g005.png'), Buffer.alloc(100_001));
  const report = await index();
  const reasons = Object.fromEntries(report.failed.map(({ sku, reason }) => [sku, reason]));
  assert.deepEqual(Object.keys(reasons).sort(), ['g001', 'g002', 'g003', 'g004', 'g005']);
  assert.match(reasons.g001 ?? '', /^g001\.png: There is no such file/);
  assert.match(reasons.g002 ?? '', /^g002\.png: .*neither a JPEG, a PNG nor a WebP/);
  assert.match(reasons.g003 ?? '', /^g003\.png: .*truncated/);
  assert.match(reasons.g004 ?? '', /1200 x 1200 pixels/);
  assert.match(reasons.g005 ?? '', /^g005\.png: It has 100001 bytes/);
  assert.equal(report.encoded, COUNT - 5);
  const { index: written, catalogue } = await open();
  assert.equal(written.count, COUNT - 5);
  assert.equal(catalogue.count, COUNT);
  assert.equal(catalogue.item('g002')?.problem, reasons.g002);
  assert.equal(catalogue.item('g002')?.picture, null);
  assert.equal(catalogue.problems().length, 5);
  await writeFile(image('g002.png'), await drawPicture(2));
  const second = await index();
  assert.deepEqual([second.encoded, second.failed.length], [1, 4]);
});

test('where not one picture can be encoded, the store that was there stays', async t => {
  const { folder, data, bundle, index } = await bench(t);
  await index();
  const before = await readFile(join(data, 'encodings.index'));
  await rm(join(folder, 'images'), { recursive: true });
  await assert.rejects(index(), /None of the 14 pictures .* so nothing was changed\. The first, of g0\d\d: g0/);
  assert.deepEqual(await readFile(join(data, 'encodings.index')), before);
  assert.notEqual(await indexedStore(data, bundle), undefined);
});

test('a run that is stopped keeps what it encoded, and the next one does the rest', async t => {
  const { inference, data, bundle, index, open } = await bench(t);
  const stop = new AbortController();
  inference.onEncode = call => {
    if (call === 7) stop.abort();
  };
  await assert.rejects(index({ signal: stop.signal }), { name: 'AbortError' });
  assert.equal(await indexedStore(data, bundle), undefined);
  const first = inference.encoded.length;
  assert.ok(first >= 8 && first < COUNT);
  inference.onEncode = () => undefined;
  const report = await index();
  assert.deepEqual([report.encoded, report.reused], [COUNT - first, first]);
  assert.equal((await open()).index.count, COUNT);
});

test('a record cut short at any byte is taken off, and the ones before it hold', async t => {
  const { inference, data, index } = await bench(t);
  const stop = new AbortController();
  inference.onEncode = call => {
    if (call === 9) stop.abort();
  };
  await assert.rejects(index({ signal: stop.signal }));
  const log = join(data, 'encodings.log');
  const whole = await readFile(log);
  const kept = inference.encoded.length;
  inference.onEncode = () => undefined;
  for (const cut of [1, 7, 60, 100]) {
    await rm(join(data, 'encodings.index'), { force: true });
    await writeFile(log, whole.subarray(0, whole.length - cut));
    const report = await index();
    assert.equal(report.reused, kept - 1, `${cut} bytes cut`);
    assert.match(report.notices.join(), /bytes of a record cut short were taken off/);
  }
  await rm(join(data, 'encodings.index'));
  await writeFile(log, whole.subarray(0, 30));
  assert.equal((await index()).reused, 0);
});

test('a damaged index or log costs an encoding, never a wrong one', async t => {
  const { data, bundle, index, open } = await bench(t);
  await index();
  const path = join(data, 'encodings.index');
  const bytes = await readFile(path);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await writeFile(path, bytes);
  assert.equal(await indexedStore(data, bundle), undefined);
  const report = await index();
  assert.equal(report.encoded, COUNT);
  assert.match(report.notices.join(), /encoded anew/);
  await writeFile(
    join(data, 'encodings.log'),
    'something else altogether, but of a fair length, so that it is looked at',
  );
  assert.match((await index()).notices.join(), /log of encodings .* encoded anew/);
  assert.equal((await open()).index.count, COUNT);
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

test('an encoder that fails once is asked again', async t => {
  const { inference, index } = await bench(t);
  inference.onEncode = call => {
    if (call === 3) throw encoderFailure();
  };
  const report = await index();
  assert.deepEqual([report.encoded, report.failed.length], [COUNT, 0]);
});

test('a picture that the encoder fails on every time is lost alone', async t => {
  const { inference, index } = await bench(t);
  let bad: Float32Array | undefined;
  inference.onEncode = (call, input) => {
    if (call === 3) bad = input;
    if (input === bad) throw encoderFailure();
  };
  const report = await index();
  assert.deepEqual([report.encoded, report.failed.length, inference.encoded.length], [COUNT - 1, 1, COUNT + 1]);
  assert.match(report.failed[0]?.reason ?? '', /^g0\d\d\.png: The encoder did not answer/);
});

test('an encoder that is down stops the run, with what was encoded kept', async t => {
  const { inference, index } = await bench(t);
  inference.onEncode = call => {
    if (call < 5) return;
    inference.state = 'down';
    throw encoderFailure();
  };
  await assert.rejects(index(), error => error instanceof LookdialError && error.code === 'inference-failed');
  inference.state = 'serving';
  inference.onEncode = () => undefined;
  assert.equal((await index()).reused, 5);
});

test('two runs at once are kept apart', async t => {
  const { inference, index } = await bench(t);
  let second: Promise<unknown> | undefined;
  inference.onEncode = async () => {
    second ??= index();
    await second.catch(() => undefined);
  };
  await index();
  await assert.rejects(
    second ?? Promise.resolve(),
    error => error instanceof LookdialError && /Another process is indexing/.test(error.message),
  );
});

test('a state folder that cannot be written is said to be one', async t => {
  const { folder, data, index } = await bench(t);
  const stopped = (part: RegExp) => (error: unknown) =>
    error instanceof LookdialError && error.code === 'store-invalid' && part.test(error.message);
  await assert.rejects(
    index({ data: join(folder, 'catalogue.csv') }),
    stopped(/Indexing into .*catalogue\.csv stopped: /),
  );
  await mkdir(join(data, 'indexing.lock'), { recursive: true });
  await assert.rejects(index(), stopped(/stopped: unable to open database file/));
  await rmdir(join(data, 'indexing.lock'));
  await mkdir(join(data, 'catalogue.sqlite'));
  await assert.rejects(index(), stopped(/catalogue\.sqlite cannot be opened/));
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
