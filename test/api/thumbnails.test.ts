import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Thumbnails } from '../../device/api/thumbnails.ts';
import { drawPicture, temporaryFolder } from '../support/store.ts';

describe('thumbnails', () => {
  it('are made once, however many ask at the same time or later', async t => {
    const path = join(await temporaryFolder(t), 'picture.png');
    await writeFile(path, await drawPicture(1, { size: 300 }));
    const thumbnails = new Thumbnails({ maxPixels: 1e6 });
    const [first, second] = await Promise.all([thumbnails.get('a', path, 160), thumbnails.get('a', path, 160)]);
    assert.equal(first, second);
    assert.equal(await thumbnails.get('a', '/nowhere', 160), first, 'the file is not read again');
    assert.notEqual(await thumbnails.get('a', path, 320), first);
  });

  it('never take more memory than they may: the one longest unasked for goes first', async t => {
    const path = join(await temporaryFolder(t), 'picture.png');
    await writeFile(path, await drawPicture(1, { size: 300 }));
    const { length } = await new Thumbnails({ maxPixels: 1e6 }).get('a', path, 160);
    const thumbnails = new Thumbnails({ maxPixels: 1e6, maxBytes: 3 * length });
    for (const hash of ['a', 'b', 'c']) await thumbnails.get(hash, path, 160);
    await thumbnails.get('a', path, 160);
    await thumbnails.get('d', path, 160);
    assert.equal(thumbnails.bytes, 3 * length);
    await thumbnails.get('a', '/nowhere', 160);
    await assert.rejects(thumbnails.get('b', '/nowhere', 160));
  });

  it('that fail are tried again', async t => {
    const path = join(await temporaryFolder(t), 'picture.png');
    const thumbnails = new Thumbnails({ maxPixels: 1e6 });
    await assert.rejects(thumbnails.get('a', path, 160));
    await writeFile(path, await drawPicture(1));
    assert.ok((await thumbnails.get('a', path, 160)).length > 0);
  });

  it('are not made of a picture with too many pixels', async t => {
    const path = join(await temporaryFolder(t), 'picture.png');
    await writeFile(path, await drawPicture(1, { size: 300 }));
    await assert.rejects(new Thumbnails({ maxPixels: 300 * 299 }).get('a', path, 160), /pixel limit/);
  });
});
