import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { storeKey } from '../support/access.ts';
import { cutOut } from '../support/arrivals.ts';
import { AskedDaemon } from '../support/asked-daemon.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { MainProcess } from '../support/main-process.ts';
import { temporaryFolder } from '../support/store.ts';
import { fill, seenIn, withSmallDisk } from './support/small-disk.ts';

const WRITER = resolve(import.meta.dirname, 'support/full-disk-writer.ts');

test('on a full disk what is written fails as a full disk, what is there is read, and all is well once there is room', async t => {
  const root = await temporaryFolder(t);
  const [folder, from] = [join(root, 'disk'), join(root, 'empty')];
  for (const one of [folder, from]) await mkdir(one);
  const [program = '', ...args] = withSmallDisk({ folder, from, kilobytes: 720 }, [process.execPath, WRITER, folder]);
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { full, freed, later, start, whole } = JSON.parse(stdout);
  assert.deepEqual(full, {
    replace: 'full',
    again: 'full',
    seen: 'before before',
    picture: 'full',
    index: 'full',
    encoding: 'full',
    stock: 'disk-full',
  });
  assert.deepEqual(freed, {
    seen: 'before before',
    replace: 'done',
    now: 'after after',
    stock: '1 changed',
    picture: 'done',
  });
  assert.deepEqual(later.encoding, 'done');
  assert.match(start, /^(done|disk-full: The catalogue .* cannot be opened: the disk is full)/);
  assert.equal(whole, 'after');
});

test('a daemon whose disk is full goes on to be read, says so of what is written, and writes again once there is room', async t => {
  const { data, bundle } = await indexedStore(t);
  const key = storeKey(data, 'inventory');
  const folder = join(await temporaryFolder(t), 'disk');
  await mkdir(folder);
  const disk = { folder, from: data, kilobytes: 1_024 };
  const settings = { LOOKDIAL_DATA: folder, LOOKDIAL_BUNDLE: bundle };
  const daemon = new MainProcess(t, settings, command => withSmallDisk(disk, command));
  const address = await daemon.address;
  const free = fill(seenIn(daemon.child.pid ?? 0, folder));
  const asked = new AskedDaemon(address, key);
  /** Sales until one is refused: what a disk has given a log already has room for some. */
  const sell = async (most: number): Promise<unknown> => {
    for (let sale = 1; ; sale += 1) {
      const changes = Array.from({ length: 100 }, (_, place) => ({
        sku: `g00${place % 6}`,
        size: `s${place % 40}`,
        quantity: sale,
      }));
      const said = await asked.sell(...changes);
      if (said !== 200 || sale === most) return said;
    }
  };
  const photograph = await cutOut(1);
  await asked.serves(6);
  assert.equal(await sell(200), 'disk-full');
  assert.equal(await asked.arrive('g001', photograph), 'disk-full');
  await asked.serves(6);
  free();
  assert.equal(await sell(1), 200);
  assert.equal(await asked.arrive('g001', photograph), 200);
  await asked.serves(6);
  daemon.child.kill('SIGTERM');
  assert.equal((await daemon.ended).code, 0);
});
