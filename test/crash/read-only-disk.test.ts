import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { storeKey } from '../support/access.ts';
import { cutOut } from '../support/arrivals.ts';
import { AskedDaemon } from '../support/asked-daemon.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { MainProcess } from '../support/main-process.ts';
import { temporaryFolder } from '../support/store.ts';
import { makeReadOnly } from './support/read-only.ts';
import { withSmallDisk } from './support/small-disk.ts';

const GARMENTS = 6;

test('a daemon whose disk goes over to read-only serves shoppers, refuses what would be written and says why, and writes again once the disk does', async t => {
  const { data, bundle } = await indexedStore(t, { count: GARMENTS });
  const key = storeKey(data, 'inventory');
  const folder = join(await temporaryFolder(t), 'disk');
  await mkdir(folder);
  const disk = { folder, from: data, kilobytes: 8_192 };
  const settings = { LOOKDIAL_DATA: folder, LOOKDIAL_BUNDLE: bundle };
  const daemon = new MainProcess(t, settings, command => withSmallDisk(disk, command));
  const asked = new AskedDaemon(await daemon.address, key);
  await asked.serves(GARMENTS);
  const photograph = await cutOut(1);
  let refused = 0;
  // Before anything was written, and after.
  for (const sold of [undefined, 7]) {
    const heal = await makeReadOnly(daemon.child.pid ?? 0, folder);
    await asked.serves(GARMENTS);
    for (const change of [
      () => asked.sell({ sku: 'g001', size: 'M', quantity: 99 }),
      () => asked.describe('g002', 'Another title'),
      () => asked.arrive('g003', photograph),
      () => asked.remove('g004'),
    ]) {
      assert.equal(await change(), 'write-failed');
      refused += 1;
    }
    await asked.serves(GARMENTS);
    assert.equal(await asked.refused('write-failed'), refused, 'a watcher reads it');
    assert.equal(await asked.left('g001', 'M'), sold ?? 1, 'nothing was changed');
    await heal();
    assert.equal(await asked.sell({ sku: 'g001', size: 'M', quantity: 7 }), 200);
    assert.equal(await asked.left('g001', 'M'), 7);
    assert.equal(await asked.describe('g002', 'Another title'), 200);
    assert.equal(await asked.arrive('g003', photograph), 200);
    await asked.serves(GARMENTS);
  }
  daemon.child.kill('SIGTERM');
  const { code, stderr } = await daemon.ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /npm run doctor -- disk says what to do/, 'its log says it');
});
