import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { withSmallDisk } from '../crash/support/small-disk.ts';
import { temporaryFolder } from '../support/store.ts';

const PROGRAM = resolve(import.meta.dirname, '../support/full-disk-updating.ts');

test('a disk that fills up amid an update stops it with what to do, and it goes on once there is room', async t => {
  const root = await temporaryFolder(t);
  const [folder, from] = [join(root, 'disk'), join(root, 'empty')];
  for (const one of [folder, from]) await mkdir(one);
  const [program = '', ...args] = withSmallDisk({ folder, from, kilobytes: 2_000 }, [
    process.execPath,
    PROGRAM,
    folder,
  ]);
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { full, still, later, transitions, again } = JSON.parse(stdout);
  assert.deepEqual([full.kind, full.reason, full.alarm], ['refused', 'no-space', true]);
  assert.match(full.message, /[Ff]ree some space|disk is full/);
  assert.deepEqual([still.kind, still.reason], ['refused', 'no-space'], still.message);
  assert.equal(later.kind, 'verified', later.message);
  assert.equal(again, 1, 'the other files were kept');
  assert.ok(transitions <= 3, `${transitions} transitions`);
});
