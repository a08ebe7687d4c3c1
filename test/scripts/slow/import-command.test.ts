import assert from 'node:assert/strict';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Catalogue } from '../../../device/inventory/catalogue.ts';
import { indexedStore } from '../../../device/inventory/store-stamp.ts';
import { afterwards } from '../../support/afterwards.ts';
import { csvText, drawPicture, temporaryFolder } from '../../support/store.ts';
import { temporaryBundle } from '../../support/store-model.ts';
import { type Command, said, startScript } from '../../support/store-process.ts';

const SCRIPT = 'scripts/store/main.ts';

async function shop(t: TestContext, count: number) {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const [catalogue, pictures, data] = [join(root, 'stock.csv'), join(root, 'pictures'), join(root, 'state')];
  await mkdir(pictures);
  const rows = [['sku', 'image', 'price', 'sizes']];
  for (let place = 0; place < count; place++) {
    await writeFile(join(pictures, `${place}.png`), await drawPicture(place));
    rows.push([`s${place}`, `${place}.png`, '10', 'S:1 M:2']);
  }
  await writeFile(catalogue, csvText(rows));
  const run = (...args: string[]): Command =>
    startScript(t, SCRIPT, ['import', catalogue, pictures, '--data', data, '--bundle', bundle.folder, ...args]);
  return { root, bundle, catalogue, pictures, data, rows, run };
}

const ended = async (command: Command): Promise<{ code: number | null; text: string }> => ({
  code: await command.ended,
  text: command.output(),
});

test('a file is imported with its counts and all that is wrong with it, and again with nothing to do', async t => {
  const { catalogue, data, rows, run, pictures } = await shop(t, 12);
  await writeFile(catalogue, csvText([...rows.slice(0, 12), ['s11', '11.png', 'cheap', ''], ['s3', '3.png', '1', '']]));
  await rm(join(pictures, '5.png'));
  const dry = await ended(run('--dry-run'));
  assert.equal(dry.code, 0, dry.text);
  assert.match(dry.text, /stock\.csv would be imported; nothing was written\./);
  assert.match(dry.text, /added 11, changed 0, unchanged 0, failed 2, removed 0/);
  assert.doesNotMatch(dry.text, /Loading the model/);
  await assert.rejects(stat(data), 'a rehearsal makes no state folder');
  const first = await ended(run('--name', 'Our shop'));
  assert.equal(first.code, 0, first.text);
  assert.match(first.text, /Importing {2}0 of 13 {2}0 %/);
  assert.match(first.text, /stock\.csv is imported\.\n {2}added 11, changed 0, unchanged 0, failed 2, removed 0/);
  assert.match(first.text, /pictures encoded now 10/);
  assert.match(first.text, /line 13 \(s11\): price "cheap" is not a number/);
  assert.match(first.text, /line 14 \(s3\): the SKU s3 is already on line 5/);
  assert.match(first.text, /s5: 5\.png: There is no such file/);
  const second = await ended(run());
  assert.match(second.text, /added 0, changed 0, unchanged 11, failed 2, removed 0/);
  assert.match(second.text, /pictures encoded now 0/);
  const opened = Catalogue.open(join(data, 'catalogue.sqlite'));
  afterwards(t, () => opened.close());
  assert.equal(opened.store?.name, 'Our shop');
});

test('what cannot be done is said in a sentence, without a stack', async t => {
  const { catalogue, pictures, root, run } = await shop(t, 1);
  const wrong = async (part: RegExp, code: number, ...args: string[]): Promise<void> => {
    const done = await ended(startScript(t, SCRIPT, args));
    assert.equal(done.code, code, done.text);
    assert.match(done.text, part);
    assert.doesNotMatch(done.text, /\n {4}at /);
  };
  await wrong(/npm run store -- COMMAND/, 2, 'import', catalogue);
  await wrong(/npm run store -- COMMAND/, 2, 'atelier', catalogue);
  await wrong(/There is no file .*none\.csv\./, 1, 'import', join(root, 'none.csv'), pictures);
  await wrong(/There is no folder .*none\./, 1, 'import', catalogue, join(root, 'none'));
  await wrong(
    /--encoding ebcdic: it must be one of utf-8 or latin-1/,
    1,
    'import',
    catalogue,
    pictures,
    '--encoding',
    'ebcdic',
  );
  await wrong(/--delimiter x: it must be one of , or ;/, 1, 'import', catalogue, pictures, '--delimiter', 'x');
  await wrong(
    /The mapping .*m\.json cannot be read/,
    1,
    'import',
    catalogue,
    pictures,
    '--mapping',
    join(root, 'm.json'),
  );
  await writeFile(join(root, 'map.json'), '{"price": "VK"}');
  const mapped = await ended(run('--mapping', join(root, 'map.json')));
  assert.equal(mapped.code, 1);
  assert.match(mapped.text, /has no column VK, which the mapping .*map\.json names/);
});

test('an interrupt and kill -9 leave the store as it was, and the same command goes on', async t => {
  const { run, data, bundle } = await shop(t, 400);
  const log = async (): Promise<number> => (await stat(join(data, 'encodings.log')).catch(() => undefined))?.size ?? 0;
  const counted = (): number | undefined => {
    const opened = Catalogue.open(join(data, 'catalogue.sqlite'));
    try {
      return opened.count;
    } finally {
      opened.close();
    }
  };
  const first = run();
  await said(first, 'Importing');
  while ((await log()) < 4_000 && first.process.exitCode === null) await sleep(2);
  first.process.kill('SIGINT');
  assert.equal(await first.ended, 130, first.output());
  assert.match(first.output(), /Stopped\. Nothing has changed, and what has been encoded is kept/);
  const kept = await log();
  assert.ok(kept >= 4_000);
  const second = run();
  while ((await log()) < kept + 4_000 && second.process.exitCode === null) await sleep(2);
  second.process.kill('SIGKILL');
  await second.ended;
  assert.ok((await log()) >= kept + 4_000, 'what was in the log stays in it');
  assert.equal(counted(), 0, 'nothing half imported');
  const third = run();
  assert.equal(await third.ended, 0, third.output());
  const encoded = Number(/pictures encoded now (\d+)/.exec(third.output())?.[1]);
  assert.ok(encoded > 0 && encoded < 350, third.output());
  assert.equal(counted(), 400);
  assert.equal((await indexedStore(data, bundle))?.imported, true);
});
