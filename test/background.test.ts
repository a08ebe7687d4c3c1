import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { mayGiveWay, setBackground } from '../device/background.ts';
import { afterwards } from './support/afterwards.ts';
import { IDLE, OTHER, policies } from './support/policies.ts';
import { temporaryFolder } from './support/store.ts';

test('a process goes behind the others with all its threads, and comes back', async t => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6); console.log("up")']);
  afterwards(t, () => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid ?? assert.fail();
  const before = await policies(pid);
  assert.ok(before.length > 1 && before.every(policy => policy === OTHER), `${before}`);
  await setBackground(pid, true);
  assert.ok((await policies(pid)).every(policy => policy === IDLE));
  if (!mayGiveWay()) return assert.rejects(setBackground(pid, false));
  await setBackground(pid, false);
  assert.ok((await policies(pid)).every(policy => policy === OTHER));
});

test('so it does where there is no chrt, by its niceness', async t => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6); console.log("up")']);
  afterwards(t, () => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = child.pid ?? assert.fail();
  const { PATH } = process.env;
  afterwards(t, () => {
    process.env.PATH = PATH;
  });
  process.env.PATH = '/nowhere';
  await setBackground(pid, true);
  assert.deepEqual([getPriority(pid), new Set(await policies(pid))], [19, new Set([OTHER])]);
  if (!mayGiveWay()) return;
  await setBackground(pid, false);
  assert.equal(getPriority(pid), 0);
});

test('a thread steps back by itself, and leaves the others where they are', async () => {
  const thread = new Worker(
    `import(${JSON.stringify(import.meta.resolve('../device/background.ts'))}).then(({ stepBack }) => {
      stepBack();
      setInterval(() => undefined, 1e6);
      require('node:worker_threads').parentPort.postMessage('back');
    })`,
    { eval: true },
  );
  await once(thread, 'message');
  const found = await policies(process.pid);
  await thread.terminate();
  assert.equal(found.filter(policy => policy === IDLE).length, 1);
  assert.ok(found.filter(policy => policy === OTHER).length > 1);
});

test('one that has ended is left alone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await setBackground(child.pid ?? assert.fail(), true);
  await setBackground(child.pid ?? assert.fail(), false);
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
