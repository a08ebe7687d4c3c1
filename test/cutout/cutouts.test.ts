import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { CutOuts } from '../../device/cutout/cutouts.ts';
import { LookdialError } from '../../device/errors.ts';
import { afterwards } from '../support/afterwards.ts';
import { photograph } from '../support/photographs.ts';

const isCode = (code: string) => (error: unknown) => error instanceof LookdialError && error.code === code;

test('a cut-out that takes too long is given up with its thread, and the next one is made', async t => {
  const { bytes } = await photograph({ ground: 'tiles', colour: '#a02c3a' });
  const hasty = new CutOuts({ maxPixels: 1e6, timeoutMs: 1 });
  afterwards(t, () => hasty.close());
  await assert.rejects(hasty.cut(bytes), isCode('busy'));
  await assert.rejects(hasty.cut(bytes), isCode('busy'));
  const patient = new CutOuts({ maxPixels: 1e6, timeoutMs: 300_000 });
  afterwards(t, () => patient.close());
  const made = await Promise.all([patient.cut(bytes), patient.cut(bytes)]);
  assert.deepEqual(made[0], made[1], 'the same photograph gives the same cut-out');
  const { width, height, channels } = await sharp(made[0]?.bytes).metadata();
  assert.deepEqual([width, channels], [height, 4]);
});

test('a photograph whose sender has gone before its turn is not cut out', async t => {
  const { bytes } = await photograph({ ground: 'tiles' });
  const cutOuts = new CutOuts({ maxPixels: 1e6 });
  afterwards(t, () => cutOuts.close());
  await assert.rejects(cutOuts.cut(bytes, AbortSignal.abort(new Error('gone'))), /gone/);
});

test('a photograph with too many pixels is refused before it is decoded', async t => {
  const { bytes } = await photograph();
  const cutOuts = new CutOuts({ maxPixels: 1_000 });
  afterwards(t, () => cutOuts.close());
  await assert.rejects(cutOuts.cut(bytes), isCode('picture-too-large'));
});
