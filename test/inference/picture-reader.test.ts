import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { PictureReader } from '../../device/inference/picture-reader.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { bundleOf } from '../support/bundle.ts';
import { ownModel } from '../support/bundles.ts';
import { IDLE, policies } from '../support/policies.ts';

const { input } = bundleOf(ownModel()).manifest.encoder;
const MAX = { maxPixels: 1_000_000 };

const picture = (width: number): Promise<Buffer> =>
  sharp({ create: { width, height: 90, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();

let reader = new PictureReader();
afterEach(() => reader.close());

/** Ends the process that reads, once it is another than `before`. @returns its id */
async function endNext(before?: number): Promise<number> {
  while (reader.pid === undefined || reader.pid === before) await sleep(1);
  process.kill(reader.pid, 'SIGKILL');
  return reader.pid;
}

describe('a reader of pictures', () => {
  it('reads as the daemon does, one after another, behind everything else', async () => {
    reader = new PictureReader();
    const pictures = await Promise.all([40, 120, 200].map(picture));
    const wanted = await Promise.all(pictures.map(bytes => readPicture(bytes, input, MAX)));
    assert.deepEqual(await Promise.all(pictures.map(bytes => reader.read(bytes, input, MAX))), wanted);
    assert.deepEqual(new Set(await policies(reader.pid ?? 0)), new Set([IDLE]));
  });

  it('refuses what cannot be read, with the same words, and reads on', async () => {
    reader = new PictureReader();
    const whole = await picture(120);
    const torn = whole.subarray(0, 200);
    for (const [bytes, limit] of [
      [torn, MAX],
      [Buffer.from('no picture'), MAX],
      [whole, { maxPixels: 100 }],
    ] as const) {
      const { code, message } = await readPicture(bytes, input, limit).catch(error => error);
      assert.match(code, /^picture-/);
      await assert.rejects(reader.read(bytes, input, limit), { name: 'LookdialError', code, message });
    }
    assert.deepEqual(await reader.read(whole, input, MAX), await readPicture(whole, input, MAX));
  });

  it('reads in another process where one has ended', async () => {
    reader = new PictureReader();
    const bytes = await picture(120);
    const read = reader.read(bytes, input, MAX);
    const first = await endNext();
    assert.deepEqual(await read, await readPicture(bytes, input, MAX));
    assert.notEqual(reader.pid, first);
  });

  it('blames the picture where the other ends too, and reads on', async () => {
    reader = new PictureReader();
    const bytes = await picture(120);
    const refused = assert.rejects(reader.read(bytes, input, MAX), { code: 'picture-unreadable', message: /SIGKILL/ });
    await endNext(await endNext());
    await refused;
    assert.deepEqual(await reader.read(bytes, input, MAX), await readPicture(bytes, input, MAX));
  });

  it('gives up a picture that takes too long', async () => {
    reader = new PictureReader(1);
    await assert.rejects(reader.read(await picture(120), input, MAX), { code: 'picture-unreadable' });
  });

  it('leaves no process behind, whatever it is at', async () => {
    reader = new PictureReader();
    const reading = assert.rejects(reader.read(await picture(120), input, MAX));
    while (reader.pid === undefined) await sleep(1);
    await reader.close();
    await reading;
    assert.throws(() => process.kill(reader.pid ?? 0, 0), { code: 'ESRCH' });
  });
});
