import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DurableFile, type DurableFs, makeFolderDurably, replaceDurably } from '../../device/inventory/durable.ts';
import { temporaryFolder } from '../support/store.ts';

/** A file system that notes what is asked of it, and fails at the step it is told to. */
function noted(failAt = ''): { fs: DurableFs; steps: string[] } {
  const steps: string[] = [];
  const step = async (text: string): Promise<void> => {
    steps.push(text);
    if (text === failAt) throw new Error(`failed: ${text}`);
  };
  const file = (path: string): DurableFile => ({
    writeFile: bytes => step(`write ${bytes.length} to ${path}`),
    sync: () => step(`sync ${path}`),
    close: () => step(`close ${path}`),
  });
  return {
    steps,
    fs: {
      open: async (path, flags) => {
        await step(`open ${path} ${flags}`);
        return file(path);
      },
      rename: (from, to) => step(`rename ${from} ${to}`),
    },
  };
}

const ORDER = [
  'open /s/index.new w',
  'write 3 to /s/index.new',
  'sync /s/index.new',
  'close /s/index.new',
  'rename /s/index.new /s/index',
  'open /s r',
  'sync /s',
  'close /s',
];

test('a file is written aside, flushed, renamed, and its folder flushed, in this order', async () => {
  const { fs, steps } = noted();
  await replaceDurably('/s/index', Uint8Array.of(1, 2, 3), fs);
  assert.deepEqual(steps, ORDER);
});

test('nothing is renamed unless the new file is whole on the disk', async () => {
  for (const failAt of ORDER.slice(0, 4)) {
    const { fs, steps } = noted(failAt);
    await assert.rejects(replaceDurably('/s/index', Uint8Array.of(1, 2, 3), fs), /failed/);
    assert.ok(!steps.some(step => step.startsWith('rename')), failAt);
    assert.equal(steps.includes('close /s/index.new'), failAt !== ORDER[0], failAt);
  }
});

test('on a real disk the new content is there, and nothing is left aside', async t => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'index');
  await writeFile(path, 'old');
  await writeFile(`${path}.new`, 'left by a power cut, and longer than what is written now');
  await replaceDurably(path, Buffer.from('new'));
  assert.equal(await readFile(path, 'utf8'), 'new');
  assert.deepEqual(await readdir(folder), ['index']);
});

test('a folder is made with those above it, and it may be there already', async t => {
  const folder = join(await temporaryFolder(t), 'a', 'b', 'c');
  await makeFolderDurably(folder);
  assert.ok((await stat(folder)).isDirectory());
  await writeFile(join(folder, 'kept'), 'kept');
  await makeFolderDurably(folder);
  assert.equal(await readFile(join(folder, 'kept'), 'utf8'), 'kept');
  await assert.rejects(makeFolderDurably(join(folder, 'kept')), /EEXIST/);
});
