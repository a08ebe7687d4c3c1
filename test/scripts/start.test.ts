import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeStoreFolder, temporaryFolder } from '../support/store.ts';
import { temporaryBundle } from '../support/store-model.ts';
import { type Command, said, startScript } from '../support/store-process.ts';

const START = resolve(import.meta.dirname, '../../scripts/start.js');

test('a Node that is too old is told so before anything is loaded', () => {
  const older = encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.0' } });
     Object.defineProperty(process, 'version', { value: 'v22.18.0' });`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${older}`, START], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    'Lookdial needs Node 24 or newer, and this is v22.18.0.\n' +
      'Run this first, which installs the right one beside the project: npm ci\n',
  );
});

test('an older Node hands over to the one that comes with the project, and ends as that ends', async t => {
  const folder = await temporaryFolder(t);
  const other = join(folder, 'node');
  await copyFile(process.execPath, other);
  const older = encodeURIComponent(
    `if (process.execPath === ${JSON.stringify(other)}) {
       Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });
     }`,
  );
  const script = join(folder, 'script.ts');
  await writeFile(
    script,
    'const ran: string = process.execPath; console.log(ran, ...process.argv.slice(2)); process.exit(7);',
  );
  const { status, stdout, stderr } = spawnSync(
    other,
    [
      '--import',
      `data:text/javascript,${older}`,
      '--import',
      resolve(START, '../compile-cache.js'),
      script,
      'a',
      'b c',
    ],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, `${process.execPath} a b c\n`, stderr);
  assert.equal(status, 7);
});

const startDaemon = (t: TestContext, environment: Readonly<Record<string, string>>): Command =>
  startScript(t, 'scripts/start.js', [], { LOOKDIAL_PORT: '0', LOOKDIAL_LOG_LEVEL: 'error', ...environment });

const addressOf = async (command: Command): Promise<string> => {
  await said(command, 'Lookdial is at');
  const [, address] = /Lookdial is at (http:\S+)/.exec(command.output()) ?? [];
  assert.ok(address, command.output());
  return address;
};

test('a start goes from nothing to a store that answers, and the next one finds it done', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), 12);
  const environment = { LOOKDIAL_STORE: folder, LOOKDIAL_DATA: join(root, 'state'), LOOKDIAL_BUNDLE: bundle.folder };
  const first = startDaemon(t, environment);
  const address = await addressOf(first);
  assert.match(first.output(), /The store “shop” is indexed: 12 garments/);
  const items = (await (await fetch(`${address}/api/v1/items`)).json()) as { items: { sku: string }[] };
  assert.equal(items.items.length, 12);
  assert.equal((await fetch(address)).status, 200);
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0, first.output());
  const second = startDaemon(t, environment);
  await addressOf(second);
  assert.doesNotMatch(second.output(), /Loading|Indexing|Encoding/);
  second.process.kill('SIGINT');
  assert.equal(await second.ended, 0, second.output());

  await rm(folder, { recursive: true });
  const { LOOKDIAL_STORE: _, ...unnamed } = environment;
  const third = startDaemon(t, unnamed);
  const { store } = (await (await fetch(`${await addressOf(third)}/api/v1/model`)).json()) as {
    store: { name: string; garments: number };
  };
  assert.deepEqual([store.name, store.garments], ['shop', 12], 'the store indexed last, though its folder is gone');
  assert.match(third.output(), /The store is the one indexed last, “shop”/);
  assert.match(third.output(), /is not there any more: “shop” is served as it was indexed last/);
});

test('a start that is interrupted while it indexes says so, and leaves nothing running', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), 300);
  const environment = { LOOKDIAL_STORE: folder, LOOKDIAL_DATA: join(root, 'state'), LOOKDIAL_BUNDLE: bundle.folder };
  const command = startDaemon(t, environment);
  await said(command, 'Encoding');
  command.process.kill('SIGINT');
  assert.equal(await command.ended, 130, command.output());
  assert.match(command.output(), /npm start goes on from there/);
});

test('a start that cannot go on says what to do', async t => {
  const command = startDaemon(t, { LOOKDIAL_STORE: await temporaryFolder(t), LOOKDIAL_PORT: 'eighty' });
  assert.equal(await command.ended, 1);
  assert.match(command.output(), /^LOOKDIAL_PORT: .* must be a whole number from 0 to 65535.*\n$/);
});
