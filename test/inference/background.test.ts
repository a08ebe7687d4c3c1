import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { mayGiveWay, setBackground } from '../../device/inference/background.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';

/** The niceness of each thread of a process (proc(5), stat, field 19). */
async function niceness(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map(thread => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return stats.map(stat => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
}

test('a process goes behind the others with all its threads, and comes back', async t => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6); console.log("up")']);
  afterwards(t, () => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid ?? assert.fail();
  const before = await niceness(pid);
  assert.ok(before.length > 1 && before.every(nice => nice === 0), `${before}`);
  setBackground(pid, true);
  assert.ok((await niceness(pid)).every(nice => nice > 0));
  if (!mayGiveWay()) return assert.throws(() => setBackground(pid, false));
  setBackground(pid, false);
  assert.ok((await niceness(pid)).every(nice => nice === 0));
});

test('one that has ended is left alone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  setBackground(child.pid ?? assert.fail(), true);
});

test('only who may come back gives way', async t => {
  const folder = await temporaryFolder(t);
  const may = async (name: string, capabilities: string, limit: string): Promise<boolean> => {
    const proc = join(folder, name);
    await mkdir(proc);
    await writeFile(join(proc, 'status'), `Name:\tnode\nCapEff:\t${capabilities}\n`);
    await writeFile(
      join(proc, 'limits'),
      `Limit                     Soft Limit           Hard Limit           Units     \nMax nice priority         ${limit}                    ${limit}                    \n`,
    );
    return mayGiveWay(proc);
  };
  assert.equal(await may('user', '0000000000000000', '0'), false);
  assert.equal(await may('limited', '0000000000000000', '20'), true);
  assert.equal(await may('capable', '0000000000800000', '0'), true);
  assert.equal(await may('root', '000001ffffffffff', '0'), true);
  assert.equal(mayGiveWay(join(folder, 'nothing')), false);
});
