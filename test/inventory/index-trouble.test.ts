/** Indexing a store in trouble: broken pictures, a stop, damaged files, an encoder that fails, another run. */
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, rmdir, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { indexedStore } from '../../device/inventory/store-stamp.ts';
import { bench, COUNT } from '../support/index-bench.ts';
import { drawPicture } from '../support/store.ts';
import { encoderFailure } from '../support/store-model.ts';

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
  const faults = catalogue.problems().map(({ sku, fault, source }) => [sku, fault, source?.folder, source?.image]);
  assert.deepEqual(faults, [
    ['g001', 'picture-unreadable', folder, 'g001.png'],
    ['g002', 'picture-unreadable', folder, 'g002.png'],
    ['g003', 'picture-unreadable', folder, 'g003.png'],
    ['g004', 'picture-too-large', folder, 'g004.png'],
    ['g005', 'picture-too-large', folder, 'g005.png'],
  ]);
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
  assert.equal(report.failed[0]?.fault, 'inference-failed');
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
