import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Catalogue } from '../../../device/inventory/catalogue.ts';
import { holdExclusively, LOCK_FILE } from '../../../device/inventory/exclusive.ts';
import { makeStoreFolder, temporaryFolder } from '../../support/store.ts';
import { temporaryBundle } from '../../support/store-model.ts';
import { type Command, said, startScript } from '../../support/store-process.ts';

interface Shop {
  readonly root: string;
  readonly data: string;
  readonly environment: Readonly<Record<string, string>>;
  command(...words: readonly string[]): Promise<{ code: number | null; text: string }>;
}

/** A store that is indexed, and nobody serves. */
async function shop(t: TestContext): Promise<Shop> {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), 12);
  const data = join(root, 'state');
  const environment = { LOOKDIAL_STORE: folder, LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle.folder };
  const run = async (script: string, words: readonly string[]) => {
    const command = startScript(t, script, words, environment);
    return { code: await command.ended, text: command.output() };
  };
  const indexed = await run('scripts/store/index.ts', []);
  assert.equal(indexed.code, 0, indexed.text);
  return { root, data, environment, command: (...words) => run('scripts/store/main.ts', words) };
}

const serve = (t: TestContext, { environment }: Shop, data: string): Command =>
  startScript(t, 'scripts/start.js', [], { ...environment, LOOKDIAL_DATA: data, LOOKDIAL_PORT: '0' });

async function itemsOf(daemon: Command): Promise<unknown[]> {
  await said(daemon, 'Lookdial is at');
  const [, address = ''] = /Lookdial is at (http:\S+)/.exec(daemon.output()) ?? [];
  return ((await (await fetch(`${address}/api/v1/items`)).json()) as { items: unknown[] }).items;
}

/** Every file with its bytes, for one tree to be held to another. */
async function treeOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async path => [path.slice(folder.length), (await readFile(path)).toString('hex')] as const),
    ),
  );
}

describe('a backup', () => {
  it('is taken while a daemon serves and the stock changes, and comes back as a store that is served', async t => {
    const made = await shop(t);
    const daemon = serve(t, made, made.data);
    const items = await itemsOf(daemon);
    const catalogue = Catalogue.open(join(made.data, 'catalogue.sqlite'));
    const file = join(made.root, 'monday.tar');
    let changing = true;
    let changes = 0;
    const changer = (async () => {
      while (changing) {
        catalogue.setIndex(catalogue.store?.index ?? '');
        changes += 1;
        await new Promise(resolve => setTimeout(resolve, 2));
      }
    })();
    const done = await made.command('backup', file);
    changing = false;
    await changer;
    catalogue.close();
    assert.equal(done.code, 0, done.text);
    assert.ok(changes > 10);
    assert.match(
      done.text,
      /Backed up to .*monday\.tar, read back and opened: the store “shop”, 12 garments, \d+ files/,
    );
    assert.equal(existsSync(join(made.data, 'backup.work')), false);
    assert.equal(existsSync(`${file}.part`), false);

    const data = join(made.root, 'other', 'state');
    const back = await made.command('restore', file, '--data', data);
    assert.equal(back.code, 0, back.text);
    assert.match(back.text, /Restored to .*state: the store “shop”, 12 garments/);
    assert.equal((await stat(file)).mode & 0o077, 0);
    assert.equal((await stat(join(data, 'access.sqlite'))).mode & 0o077, 0);
    assert.deepEqual(await itemsOf(serve(t, made, data)), items);
  });

  it('does not take the place of a store unless told to, nor of one that is served', async t => {
    const made = await shop(t);
    const file = join(made.root, 'backup.tar');
    assert.equal((await made.command('backup', file)).code, 0);
    const again = await made.command('backup', file);
    assert.equal(again.code, 1);
    assert.match(again.text, /is there already/);
    const refused = await made.command('restore', file);
    assert.equal(refused.code, 1);
    assert.match(refused.text, /There is a store in .*--replace/);
    const daemon = serve(t, made, made.data);
    await itemsOf(daemon);
    const served = await made.command('restore', file, '--replace');
    assert.equal(served.code, 1);
    assert.match(served.text, /A daemon runs on .*systemctl stop lookdial/);
    daemon.process.kill('SIGTERM');
    await daemon.ended;
    await writeFile(join(made.data, 'of-before'), 'x');
    const replaced = await made.command('restore', file, '--replace');
    assert.equal(replaced.code, 0, replaced.text);
    const [, aside = ''] = /is now in (\S+)\.\n/.exec(replaced.text) ?? [];
    assert.ok(existsSync(join(aside, 'of-before')) && !existsSync(join(made.data, 'of-before')));
  });

  it('that is cut, damaged or none changes nothing', async t => {
    const made = await shop(t);
    const file = join(made.root, 'backup.tar');
    assert.equal((await made.command('backup', file)).code, 0);
    const before = await treeOf(made.data);
    const { size } = await stat(file);
    const [cut, damaged, none] = ['cut', 'damaged', 'none'].map(name => join(made.root, `${name}.tar`));
    assert.ok(cut && damaged && none);
    await copyFile(file, cut);
    await truncate(cut, Math.floor(size / 2));
    await copyFile(file, damaged);
    const handle = await open(damaged, 'r+');
    const at = (await readFile(file)).indexOf('PNG');
    await handle.write('X', at);
    await handle.close();
    await writeFile(none, 'no tar at all');
    for (const [bad, why] of [
      [cut, /tar ended with|is missing|bytes, expected/],
      [damaged, /has another SHA-256/],
      [none, /tar ended with/],
    ] as const) {
      const refused = await made.command('restore', bad, '--replace');
      assert.equal(refused.code, 1, refused.text);
      assert.match(refused.text, why);
      assert.equal(existsSync(`${made.data}.restoring`), false);
    }
    const after = await treeOf(made.data);
    assert.deepEqual(
      [...after.keys()].filter(path => !path.endsWith('-shm') && !path.endsWith('-wal')).sort(),
      [...before.keys()].filter(path => !path.endsWith('-shm') && !path.endsWith('-wal')).sort(),
    );
  });

  it('waits for no import: it says that one is under way, and leaves nothing', async t => {
    const made = await shop(t);
    const hold = holdExclusively(join(made.data, LOCK_FILE), 'testing');
    const file = join(made.root, 'backup.tar');
    const refused = await made.command('backup', file);
    hold.release();
    assert.equal(refused.code, 1);
    assert.match(refused.text, /Another process is writing in this state folder/);
    assert.equal(existsSync(file), false);
    assert.equal(existsSync(join(made.data, 'backup.work')), false);
  });
});
