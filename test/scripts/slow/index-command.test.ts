import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Catalogue } from '../../../device/inventory/catalogue.ts';
import { afterwards } from '../../support/afterwards.ts';
import { drawPicture, makeStoreFolder, temporaryFolder } from '../../support/store.ts';
import { temporaryBundle } from '../../support/store-model.ts';
import { said, startScript } from '../../support/store-process.ts';

const SCRIPT = 'scripts/store/index.ts';

test('a store is indexed with its rate, its summary, and all that is wrong with it by name', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), 40);
  await rm(join(folder, 'images', 'g007.png'));
  await writeFile(join(folder, 'images', 'g008.png'), (await drawPicture(8)).subarray(0, 200));
  await writeFile(join(folder, 'catalogue.csv'), `image,price\n${rowsOf(40)}g003.png,1\nx.png,cheap\n`);
  const args = ['--store', folder, '--data', join(root, 'state'), '--bundle', bundle.folder, '--name', 'Our shop'];
  const command = startScript(t, SCRIPT, args);
  assert.equal(await command.ended, 0, command.output());
  const text = command.output();
  assert.match(text, /Loading the model own@1\.2\.3/);
  assert.match(text, /Encoding {2}0 of 40 {2}0 %/);
  assert.match(text, /The store “Our shop” is indexed: 40 garments of /);
  assert.match(text, /encoded now 38, known from before 0, not encoded 2/);
  assert.match(text, /in \d+ s, [\d,]+ garments\/s/);
  assert.match(
    text,
    /A kiosk that is running .* shows it within seconds\. To start one: LOOKDIAL_DATA=\S+ .*npm start/,
  );
  assert.match(text, /2 rows of catalogue\.csv were left out/);
  assert.match(text, /line 42 \(g003\): the SKU g003 is already on line 5/);
  assert.match(text, /line 43 \(x\): price "cheap" is not a number/);
  assert.match(text, /2 garments could not be encoded/);
  assert.match(text, /g007: g007\.png: There is no such file/);
  assert.match(text, /g008: g008\.png: .*truncated/);
  const catalogue = Catalogue.open(join(root, 'state', 'catalogue.sqlite'));
  afterwards(t, () => catalogue.close());
  assert.equal(catalogue.store?.name, 'Our shop');
});

const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `g${String(i).padStart(3, '0')}.png,10\n`).join('');

test('an interrupt stops it in order, says how to go on, and the same command goes on', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), 300);
  const args = ['--store', folder, '--data', join(root, 'state'), '--bundle', bundle.folder];
  const first = startScript(t, SCRIPT, args);
  await said(first, 'Encoding');
  first.process.kill('SIGINT');
  assert.equal(await first.ended, 130, first.output());
  assert.match(first.output(), /Stopped\. What has been encoded is kept: give the same command again to go on\./);
  const second = startScript(t, SCRIPT, args);
  assert.equal(await second.ended, 0, second.output());
  assert.match(second.output(), /300 garments/);
});

test('what cannot be done is said in a sentence, without a stack', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const run = async (...args: string[]): Promise<{ code: number | null; text: string }> => {
    const command = startScript(t, SCRIPT, ['--data', join(root, 'state'), '--bundle', bundle.folder, ...args]);
    return { code: await command.ended, text: command.output() };
  };
  const empty = await run('--store', root);
  assert.equal(empty.code, 1);
  assert.match(empty.text, /has no catalogue\.csv\. Put one there.*image.*sku.*sizes/s);
  const noBundle = await run('--store', root, '--bundle', join(root, 'none'));
  assert.equal(noBundle.code, 1);
  const unknown = await run('--shop', root);
  assert.equal(unknown.code, 2);
  assert.match(unknown.text, /--shop.*npm run index -- --store FOLDER/s);
  const help = await run('--help');
  assert.equal(help.code, 0);
  for (const { text } of [empty, noBundle, unknown]) assert.doesNotMatch(text, /\n {4}at /);
});
