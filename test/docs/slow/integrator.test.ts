import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { atelierDaemon, atelierState, settingsOf } from '../../support/atelier-daemon.ts';
import { temporaryFolder } from '../../support/store.ts';
import { blocksOf, falsehoods, readPage, typeThrough } from '../../support/typed-page.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

test('docs/integrator.md can be typed through as written, and each answer that it shows is what comes', async t => {
  const folder = await temporaryFolder(t);
  const data = await atelierState(folder);
  const { address, secure } = await atelierDaemon(t, data);
  const blocks = blocksOf(await readPage(resolve(PROJECT, 'docs/integrator.md')));
  assert.ok(blocks.filter(({ shown }) => shown !== undefined).length >= 15, `${blocks.length} blocks`);
  const typed = await typeThrough(blocks, {
    cwd: PROJECT,
    home: folder,
    environment: { ...settingsOf(data), TMPDIR: folder, BOX: address, BOX_TLS: secure },
  });
  assert.deepEqual(falsehoods(blocks, typed), []);
});
