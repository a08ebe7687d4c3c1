import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import type { CutOut } from '../../../device/cutout/cutouts.ts';
import { LookdialError } from '../../../device/errors.ts';
import { readStoreFolder } from '../../../device/inventory/store-folder.ts';
import { isClothing, makeClothing } from '../../../scripts/store/clothing/collection.ts';
import { Download } from '../../../scripts/store/clothing/download.ts';
import { ClothingHome } from '../../support/clothing-home.ts';
import { temporaryFolder } from '../../support/store.ts';

const COUNT = 5;
const NO_PAUSES = { pausesMs: [0, 0] } as const;

/** Cuts nothing out, and gives the picture as it came. */
const asItIs = {
  cut: async (bytes: Uint8Array): Promise<CutOut> => ({
    bytes: Buffer.from(bytes),
    type: 'image/jpeg',
    method: 'plain',
    measures: { area: 0.5, edge: 0, parts: 1, contrast: 50 },
    doubts: [],
  }),
};

async function setUp(t: TestContext) {
  const home = await ClothingHome.start(t, COUNT);
  const folder = join(await temporaryFolder(t), 'clothing');
  const make = (more: Partial<Parameters<typeof makeClothing>[0]> = {}) => {
    const download = new Download({ ...NO_PAUSES, signal: more.signal });
    return makeClothing({ folder, source: home.source, download, cutOuts: asItIs, ...more });
  };
  return { home, folder, make };
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(join(folder, 'images'))).sort();

test('the photographs that show a garment become a store, and a second run has nothing to get', async t => {
  const { home, folder, make } = await setUp(t);
  const seen: [number, number][] = [];
  const report = await make({ onProgress: (done, total) => seen.push([done, total]) });
  assert.deepEqual(report, { garments: COUNT, leftOut: 0, failed: [] });
  assert.deepEqual(seen.at(-1), [COUNT, COUNT]);
  assert.ok(await isClothing(folder, home.source));
  const rows = await Array.fromAsync(readStoreFolder(folder));
  const garments = rows.flatMap(row => (row.kind === 'garment' ? row.garment : []));
  assert.deepEqual(
    garments.map(({ sku, category, attributes }) => [sku, category, attributes]),
    Array.from({ length: COUNT }, (_, place) => [`g${place}`, 'T-Shirt', { kids: false }]),
  );
  for (const { colour } of garments) assert.ok(colour);
  const { format, width } = await sharp(join(folder, 'images', 'g0.webp')).metadata();
  assert.deepEqual([format, width], ['webp', 96]);
  home.asked.length = 0;
  await make();
  assert.deepEqual(home.asked, ['/list', '/files/images.csv']);
});

test('a photograph that is not what it was is refused by name, the others are made, and the next run mends it', async t => {
  const { home, folder, make } = await setUp(t);
  home.instead = (path, response) => path.endsWith('/g2.jpg') && Boolean(response.end('another picture'));
  const { garments, failed } = await make();
  assert.equal(garments, COUNT - 1);
  assert.equal(failed.length, 1);
  assert.match(failed[0]!, /g2\.jpg is not what it was/);
  assert.ok(!(await isClothing(folder, home.source)));
  assert.equal((await namesIn(folder)).length, COUNT - 1);
  home.instead = () => false;
  home.asked.length = 0;
  assert.deepEqual(await make(), { garments: COUNT, leftOut: 0, failed: [] });
  assert.deepEqual(home.asked, ['/list', '/files/images.csv', '/files/images/g2.jpg']);
  assert.ok(await isClothing(folder, home.source));
});

test('another list, or other labels, are refused before anything is got', async t => {
  const { home, folder, make } = await setUp(t);
  const isRefusal = (about: RegExp) => (error: unknown) =>
    error instanceof LookdialError && error.code === 'store-invalid' && about.test(error.message);
  for (const body of ['{"tree": []}', '{"tree": [null]}', '[]', 'no JSON']) {
    home.instead = (path, response) => path === '/list' && Boolean(response.end(body));
    await assert.rejects(make(), isRefusal(/The list at http.* is not what it was/));
  }
  home.instead = (path, response) => path === '/files/images.csv' && Boolean(response.end('image,label\n'));
  await assert.rejects(make(), isRefusal(/images\.csv is not what it was/));
  home.instead = (_, response) => Boolean(response.writeHead(404).end());
  await assert.rejects(make(), isRefusal(/\/list cannot be had: the answer is 404 Not Found/));
  assert.deepEqual(await namesIn(folder), []);
});

test('a photograph that is not there is not asked for again and again', async t => {
  const { home, make } = await setUp(t);
  home.instead = (path, response) => path.endsWith('/g1.jpg') && Boolean(response.writeHead(404).end());
  const { garments, failed } = await make();
  assert.equal(garments, COUNT - 1);
  assert.match(failed[0]!, /g1\.jpg cannot be had: the answer is 404/);
  assert.equal(home.timesAsked('g1'), 1);
});

test('a run that was stopped goes on where it stopped', async t => {
  const { home, folder, make } = await setUp(t);
  const stop = new AbortController();
  const stopped = make({ signal: stop.signal, onProgress: done => done === 2 && stop.abort() });
  await assert.rejects(stopped, (error: unknown) => error === stop.signal.reason);
  const there = await namesIn(folder);
  assert.ok(there.length >= 2);
  assert.ok(!(await isClothing(folder, home.source)));
  home.asked.length = 0;
  assert.equal((await make()).garments, COUNT);
  for (const name of there.filter(one => one.endsWith('.webp'))) assert.equal(home.timesAsked(name.slice(0, -5)), 0);
});

test('a photograph in which nothing is found is left out, once and for all', async t => {
  const { home, make } = await setUp(t);
  let cut = 0;
  const cutOuts = {
    cut: async (bytes: Uint8Array): Promise<CutOut> => {
      cut += 1;
      if (cut === 1) throw new LookdialError('no-garment-found', 'Nothing stands out from the ground.');
      return asItIs.cut(bytes);
    },
  };
  assert.deepEqual(await make({ cutOuts }), { garments: COUNT - 1, leftOut: 1, failed: [] });
  home.asked.length = 0;
  assert.deepEqual(await make({ cutOuts }), { garments: COUNT - 1, leftOut: 1, failed: [] });
  assert.deepEqual(home.asked, ['/list', '/files/images.csv']);
});
