import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Encodings, settleIndex } from '../../device/inventory/encodings.ts';
import { sha256 } from '../../device/inventory/picture-files.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';

const EXPECTED = { encoderDigest: 'ab'.repeat(32), latentDim: 4 };
const [OLD, NEW] = [Buffer.from('the old index'), Buffer.from('the new index')];
const digestOf = (bytes: Uint8Array): string => sha256(bytes).toString('hex');

test('the index changes in the moment that the catalogue does, and not where it does not', async t => {
  const data = await temporaryFolder(t);
  const encodings = await Encodings.open(data, EXPECTED);
  afterwards(t, () => encodings.close());
  await encodings.replaceIndex(OLD, () => undefined);
  const failing = encodings.replaceIndex(NEW, () => {
    throw new Error('no commit');
  });
  await assert.rejects(failing, /no commit/);
  assert.deepEqual(await readFile(join(data, 'encodings.index')), OLD);
  await settleIndex(data, digestOf(OLD));
  assert.deepEqual(await readFile(join(data, 'encodings.index')), OLD, 'the catalogue names the old one');
  await settleIndex(data, digestOf(NEW));
  assert.deepEqual(await readFile(join(data, 'encodings.index')), NEW, 'the catalogue names the new one');
  await settleIndex(data, digestOf(NEW));
  assert.deepEqual((await readdir(data)).sort(), ['encodings.index', 'encodings.log']);
});

test('a next index that is not the one the catalogue names is left alone', async t => {
  const data = await temporaryFolder(t);
  await writeFile(join(data, 'encodings.index'), OLD);
  await writeFile(join(data, 'encodings.index.next'), NEW.subarray(0, 5));
  await settleIndex(data, digestOf(NEW));
  await settleIndex(data, undefined);
  assert.deepEqual(await readFile(join(data, 'encodings.index')), OLD);
});
