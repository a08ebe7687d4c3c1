import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { storeKey } from '../../support/access.ts';
import { cutOut } from '../../support/arrivals.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { MainProcess } from '../../support/main-process.ts';
import { temporaryFolder } from '../../support/store.ts';
import { FailingDisk } from '../support/failing-disk.ts';

const GARMENTS = 6;

test('a daemon whose disk the kernel lets nobody write any more serves on, and loses nothing that it answered for', async t => {
  const { data, bundle } = await indexedStore(t, { count: GARMENTS });
  const key = storeKey(data, 'inventory');
  const root = await temporaryFolder(t);
  const folder = join(root, 'disk');
  await mkdir(folder);
  const disk = FailingDisk.make(join(root, 'image'), data);
  const start = async (): Promise<[MainProcess, AskedDaemon]> => {
    const settings = { LOOKDIAL_DATA: folder, LOOKDIAL_BUNDLE: bundle };
    const daemon = new MainProcess(t, settings, command => disk.under(folder, command));
    return [daemon, new AskedDaemon(await daemon.address, key)];
  };
  const end = async (daemon: MainProcess): Promise<string> => {
    daemon.child.kill('SIGTERM');
    const { code, stderr } = await daemon.ended;
    assert.equal(code, 0, stderr);
    return stderr;
  };
  const photograph = await cutOut(1);

  const [daemon, asked] = await start();
  await asked.serves(GARMENTS);
  assert.equal(await asked.sell({ sku: 'g001', size: 'M', quantity: 7 }), 200);
  assert.equal(await asked.arrive('g003', photograph), 200);
  const shown = (await asked.matched([0, 1, 0, -1, 0, 0])).matches;
  disk.fail();
  await asked.serves(GARMENTS);
  assert.equal(await asked.sell({ sku: 'g001', size: 'M', quantity: 99 }), 'write-failed');
  assert.equal(await asked.describe('g002', 'Another title'), 'write-failed');
  assert.equal(await asked.arrive('g003', await cutOut(2)), 'write-failed');
  assert.equal(await asked.remove('g004'), 'write-failed');
  assert.equal(await asked.refused('write-failed'), 4, 'a watcher reads it');
  assert.equal(await asked.left('g001', 'M'), 7);
  await asked.serves(GARMENTS);
  assert.match(await end(daemon), /npm run doctor -- disk says what to do/);

  disk.mend();
  const [again, askedAgain] = await start();
  await askedAgain.serves(GARMENTS);
  assert.equal(await askedAgain.left('g001', 'M'), 7);
  assert.deepEqual((await askedAgain.matched([0, 1, 0, -1, 0, 0])).matches, shown);
  assert.equal(await askedAgain.sell({ sku: 'g001', size: 'M', quantity: 5 }), 200);
  assert.equal(await askedAgain.arrive('g003', await cutOut(2)), 200);
  await end(again);
});
