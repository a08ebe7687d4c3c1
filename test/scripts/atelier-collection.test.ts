import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { LookdialError } from '../../device/errors.ts';
import type { CatalogueRow } from '../../device/inventory/catalogue-row.ts';
import { readStoreFolder, StorePictures } from '../../device/inventory/store-folder.ts';
import { garmentOf, isMade, makeCollection } from '../../scripts/store/atelier/collection.ts';
import { Dice } from '../../scripts/store/atelier/dice.ts';
import { KIND_NAMES, KINDS } from '../../scripts/store/atelier/kinds/index.ts';
import { labelOf } from '../../scripts/store/atelier/label.ts';
import { colourName } from '../../scripts/store/atelier/palette.ts';
import { afterwards } from '../support/afterwards.ts';

const GARMENTS = 6;

async function folderFor(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-'));
  afterwards(context, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** All of a folder, as text by file. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = await Promise.all(names.map(async name => [name, (await stat(join(folder, name))).isFile()] as const));
  const read = files
    .filter(([, isFile]) => isFile)
    .map(async ([name]) => [name, (await readFile(join(folder, name))).toString('base64')]);
  return Object.fromEntries(await Promise.all(read));
}

async function rowsOf(folder: string): Promise<CatalogueRow[]> {
  const rows: CatalogueRow[] = [];
  for await (const row of readStoreFolder(folder)) {
    assert.equal(row.kind, 'garment', JSON.stringify(row));
    if (row.kind === 'garment') rows.push(row.garment);
  }
  return rows;
}

test('a collection reads as a store without a fault, says that it is a demonstration, and bears the true parameters', async context => {
  const folder = await folderFor(context);
  const seen: number[] = [];
  await makeCollection({ folder, garments: GARMENTS, seed: 3, onProgress: done => seen.push(done) });
  assert.deepEqual(
    seen,
    Array.from({ length: GARMENTS }, (_, i) => i + 1),
  );
  const rows = await rowsOf(folder);
  assert.equal(rows.length, GARMENTS);
  const pictures = new StorePictures(folder, 1_000_000);
  for (const [number, row] of rows.entries()) {
    const garment = garmentOf(3, number);
    assert.equal(row.category, KINDS[garment.kind].category);
    assert.equal(row.colour, colourName(garment.fabric.colour));
    assert.match(row.sku, /^DEMO-\d{4}$/);
    assert.equal(row.attributes.collection, 'Lookdial demonstration collection');
    for (const [name, value] of Object.entries(garment.measures)) {
      assert.ok(Math.abs(Number(row.attributes[name]) - value) <= 0.051, `${row.sku}, ${name}`);
    }
    assert.equal('sleeve' in row.attributes, 'sleeve' in garment.measures);
    assert.ok(row.priceMinor !== null && row.priceMinor > 900 && row.currency === 'EUR');
    assert.match(row.location ?? '', /^Aisle \d, rack \d$/);
    const { format, width, height, hasAlpha } = await sharp(await pictures.read(row.image)).metadata();
    assert.deepEqual([format, width, height, hasAlpha], ['webp', 512, 512, true]);
  }
  assert.equal(await isMade({ folder, garments: GARMENTS, seed: 3 }), true);
  assert.equal(await isMade({ folder, garments: GARMENTS, seed: 4 }), false);
});

test('the same seed makes the same bytes, however many pictures are drawn at once and however often it is stopped', async context => {
  const [one, three, stopped] = [await folderFor(context), await folderFor(context), await folderFor(context)];
  await makeCollection({ folder: one, garments: GARMENTS, seed: 5, jobs: 1 });
  await makeCollection({ folder: three, garments: GARMENTS, seed: 5, jobs: 3 });
  for (const after of [1, 4]) {
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done === after) stop.abort();
    };
    await assert.rejects(
      makeCollection({ folder: stopped, garments: GARMENTS, seed: 5, onProgress, signal: stop.signal }),
      { name: 'AbortError' },
    );
    assert.equal(await isMade({ folder: stopped, garments: GARMENTS, seed: 5 }), false);
  }
  await makeCollection({ folder: stopped, garments: GARMENTS, seed: 5 });
  const wanted = await contents(one);
  assert.deepEqual(await contents(three), wanted);
  assert.deepEqual(await contents(stopped), wanted);
});

test('pictures that are there are not drawn again, and those of another seed are cleared away', async context => {
  const folder = await folderFor(context);
  await makeCollection({ folder, garments: 2, seed: 1 });
  const [image] = await readdir(join(folder, 'images'));
  const before = await stat(join(folder, 'images', image!));
  await makeCollection({ folder, garments: 3, seed: 1 });
  assert.equal((await stat(join(folder, 'images', image!))).mtimeMs, before.mtimeMs);
  await makeCollection({ folder, garments: 2, seed: 2 });
  const [rows, images] = [await rowsOf(folder), await readdir(join(folder, 'images'))];
  assert.deepEqual(images.sort(), rows.map(row => row.image).sort());
});

test("somebody else's store is not written over", async context => {
  const folder = await folderFor(context);
  await writeFile(join(folder, 'catalogue.csv'), 'image\na.jpg\n');
  const refused = (error: unknown): boolean =>
    error instanceof LookdialError && error.code === 'store-invalid' && error.message.includes(folder);
  await assert.rejects(makeCollection({ folder, garments: 2 }), refused);
  assert.equal(await readFile(join(folder, 'catalogue.csv'), 'utf8'), 'image\na.jpg\n');
});

test('2,400 garments are of every kind, hardly two share a name, and some are sold out', () => {
  const taken = new Set<string>();
  const kinds = new Set<string>();
  let [soldOut, short] = [0, 0];
  for (let number = 0; number < 2400; number++) {
    const garment = garmentOf(7, number);
    kinds.add(garment.kind);
    const { sizes, title } = labelOf(garment, new Dice(`7/${number}/label`), taken);
    assert.ok(title.length < 60, title);
    const left = sizes.split(' ').map(size => Number(size.split(':')[1]));
    if (left.every(count => count === 0)) soldOut++;
    else if (left.includes(0)) short++;
  }
  assert.deepEqual([...kinds].sort(), [...KIND_NAMES].sort());
  assert.ok(taken.size >= 2376, `${taken.size} names`);
  assert.ok(soldOut > 60 && soldOut < 240, `${soldOut} sold out`);
  assert.ok(short > 600, `${short} with a size missing`);
});
