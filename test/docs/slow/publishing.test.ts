import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { serve, UpdateClient } from '../../support/publisher.ts';
import { temporaryFolder } from '../../support/store.ts';
import { blocksOf, falsehoods, readPage, typeThrough } from '../../support/typed-page.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

test('docs/publishing.md can be typed through as written, and a box that knows the first root takes what comes of it', async t => {
  const folder = await temporaryFolder(t);
  const blocks = blocksOf(await readPage(resolve(PROJECT, 'docs/publishing.md')));
  assert.ok(blocks.filter(({ words }) => words !== undefined).length >= 12, `${blocks.length} blocks`);
  const typed = await typeThrough(blocks, { cwd: PROJECT, home: folder, environment: { TMPDIR: folder } });
  assert.deepEqual(falsehoods(blocks, typed), []);
  const [work = '', more] = (await readdir(folder)).filter(name => name.startsWith('tmp.'));
  assert.equal(more, undefined);
  const root = join(folder, 'first.root.json');
  await writeFile(root, await readFile(join(folder, work, 'updates/metadata/1.root.json')));
  for (const copy of ['updates', 'stick']) {
    const served = await serve(t, join(folder, work, copy));
    const client = await UpdateClient.start(t, served, root);
    const release = await client.update();
    assert.deepEqual([release.release, release.id, release.rollout.percent], [4, 'clothing', 100], copy);
    assert.equal(await client.version('root'), 3, copy);
  }
});
