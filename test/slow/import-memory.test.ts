import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { drawPicture, temporaryFolder } from '../support/store.ts';
import { temporaryBundle } from '../support/store-model.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '../..');
/** Pictures that the garments share: reading them all is what is meant, encoding them is not. */
const PICTURES = 40;
/** Growth of the resident memory from 5,000 rows to 50,000, megabytes. The rows are 60 MB, as JavaScript would hold them. */
const MOST_GROWTH_MB = 100;
/**
 * The heap's bound is the stronger one: what does not fit ends the process. A small nursery, for what is resident is to be
 * what is held; with the usual one the collector's own slack was half of the growth, and differed from run to run.
 */
const HEAP = ['--max-old-space-size=96', '--max-semi-space-size=2'];

/** Imports and says the most memory it had, megabytes. */
const SCRIPT = `
  import { openBundle } from './device/inference/bundle.ts';
  import { importStore } from './device/inventory/import-store.ts';
  import { FakeInference } from './test/support/store-model.ts';
  const [folder, catalogue, pictures, data] = process.argv.slice(1);
  const bundle = await openBundle(folder);
  const inference = new FakeInference(bundle);
  const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
  const report = await importStore({ catalogue, pictures, data, bundle, inference, ...limits });
  console.log(JSON.stringify({ added: report.added, rss: process.resourceUsage().maxRSS / 1024 }));`;

test('fifty thousand rows are imported in bounded memory', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const pictures = join(root, 'pictures');
  await mkdir(pictures);
  for (let seed = 0; seed < PICTURES; seed++) await writeFile(join(pictures, `${seed}.png`), await drawPicture(seed));
  const measure = async (count: number): Promise<{ added: number; rss: number }> => {
    const catalogue = join(root, `${count}.csv`);
    const row = (place: number): string =>
      `sku-${place},${place % PICTURES}.png,${'A garment of some length of name '.repeat(3)}${place},Shirt,white,59.90,EUR,` +
      `S:3 M:0 L:12 XL:4,"Aisle ${place}, rack B",summer,${'linen and cotton '.repeat(20)}${place}`;
    const header = 'sku,image,title,category,colour,price,currency,sizes,location,season,words';
    await writeFile(catalogue, [header, ...Array.from({ length: count }, (_, place) => row(place)), ''].join('\n'));
    const args = [...HEAP, '--input-type=module-typescript', '-e', SCRIPT];
    const { stdout } = await run(
      process.execPath,
      [...args, bundle.folder, catalogue, pictures, join(root, `state-${count}`)],
      { cwd: PROJECT },
    );
    return JSON.parse(stdout) as { added: number; rss: number };
  };
  const few = await measure(5_000);
  const many = await measure(50_000);
  t.diagnostic(`most resident memory: ${Math.round(few.rss)} MB for 5,000 rows, ${Math.round(many.rss)} MB for 50,000`);
  assert.deepEqual([few.added, many.added], [5_000, 50_000]);
  assert.ok(many.rss - few.rss < MOST_GROWTH_MB, `it grew by ${Math.round(many.rss - few.rss)} MB`);
});
