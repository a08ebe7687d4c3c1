import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { besideProject, storeSource } from '../../scripts/store/sources.ts';
import { temporaryFolder } from '../support/store.ts';

test('anything else is a folder, called by its own name', () => {
  assert.deepEqual(storeSource('shops/main street', '/state'), {
    folder: resolve('shops/main street'),
    name: 'main street',
    demonstration: false,
  });
});

test('the clothing pictures are taken from beside the project, else from where they were got, else it is said how', async t => {
  const root = await temporaryFolder(t);
  const [beside, state] = [join(root, 'beside'), join(root, 'state')];
  const isHelpful = (error: unknown): boolean =>
    error instanceof LookdialError && error.code === 'store-invalid' && /npm run store -- clothing/.test(error.message);
  assert.throws(() => storeSource('clothing', state, beside), isHelpful);
  assert.equal(besideProject(beside), undefined);
  for (const folder of [join(state, 'clothing'), beside]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'catalogue.csv'), 'image\n');
    const source = { folder, name: 'Clothing data set', demonstration: false };
    assert.deepEqual(storeSource('clothing', state, beside), source);
  }
  assert.equal(besideProject(beside), beside);
});

test('atelier is the drawn collection in the state folder, a demonstration that the atelier draws', () => {
  const source = storeSource('atelier', '/state');
  assert.deepEqual(source, {
    folder: '/state/atelier',
    name: 'Lookdial demonstration collection',
    demonstration: true,
  });
});
