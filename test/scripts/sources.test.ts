import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { storeSource } from '../../scripts/store/sources.ts';
import { temporaryFolder } from '../support/store.ts';

test('the demonstration lives in the state folder, and says what it is', () => {
  assert.deepEqual(storeSource('demonstration', '/state'), {
    folder: '/state/demonstration',
    name: 'Demonstration collection',
    demonstration: true,
  });
});

test('anything else is a folder, called by its own name', () => {
  assert.deepEqual(storeSource('shops/main street', '/state'), {
    folder: resolve('shops/main street'),
    name: 'main street',
    demonstration: false,
  });
});

test('the clothing pictures are taken where they lie, and else it is said what to do', async t => {
  const folder = join(await temporaryFolder(t), 'clothing');
  const isHelpful = (error: unknown): boolean =>
    error instanceof LookdialError && error.code === 'store-invalid' && /name another folder/.test(error.message);
  assert.throws(() => storeSource('clothing', '/state', folder), isHelpful);
  await mkdir(folder);
  await writeFile(join(folder, 'catalogue.csv'), 'image\n');
  assert.deepEqual(storeSource('clothing', '/state', folder), {
    folder,
    name: 'Clothing data set',
    demonstration: false,
  });
});
