import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { matchesTag } from '../../device/api/item-images.ts';
import type { Item } from '../../device/api/item-schemas.ts';
import { THUMBNAIL_SIZES } from '../../device/api/thumbnails.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { TestDaemon, UNENCODED } from '../support/daemon.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';

describe('a garment’s picture', () => {
  let daemon: TestDaemon;
  let image: string;
  let hash: string;
  before(async () => {
    daemon = await TestDaemon.start();
    image = (await daemon.ask({ url: '/api/v1/items/g002' })).json<Item>().image;
    hash = daemon.catalogue.item('g002')?.picture?.hash ?? assert.fail('no picture');
  });
  after(() => daemon.close());

  const file = (): string => picturePath(daemon.data, { hash, type: 'image/png' });

  it('is the file as it came, and may be kept for good at an address that names its content', async () => {
    const answer = await daemon.ask({ url: image });
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.rawPayload, await readFile(file()));
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length);
    assert.equal(answer.headers['cache-control'], FOR_GOOD);
    assert.equal(answer.headers.etag, `"${hash}"`);
  });

  it('is asked for anew at an address that does not name its content, or names another', async () => {
    const path = image.split('?')[0] ?? '';
    for (const url of [path, `${path}?v=0123456789abcdef`, `${path}?v=${hash.slice(0, 3)}`, `${path}?v=`]) {
      const answer = await daemon.ask({ url });
      assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [200, 'no-cache'], url);
    }
  });

  it('is not sent again to who has it', async () => {
    for (const tag of [`"${hash}"`, `W/"${hash}"`, `"other", "${hash}"`, '*']) {
      const answer = await daemon.ask({ url: image, headers: { 'if-none-match': tag } });
      assert.deepEqual([answer.statusCode, answer.rawPayload.length, answer.headers.etag], [304, 0, `"${hash}"`], tag);
    }
    const other = await daemon.ask({ url: image, headers: { 'if-none-match': '"other"' } });
    assert.equal(other.statusCode, 200);
    assert.equal(matchesTag(undefined, '"a"'), false);
    assert.equal(matchesTag('', '"a"'), false);
  });

  it('can be had small, in the sizes there are, with a tag of its own', async () => {
    for (const size of THUMBNAIL_SIZES) {
      const answer = await daemon.ask({ url: `${image}&size=${size}` });
      assert.equal(answer.statusCode, 200);
      const { format, width } = await sharp(answer.rawPayload).metadata();
      assert.deepEqual([format, width], ['webp', Math.min(size, 400)], 'never larger than the picture itself');
      assert.equal(answer.headers['content-type'], 'image/webp');
      assert.equal(answer.headers.etag, `"${hash}-${size}"`);
      assert.equal(answer.headers['cache-control'], FOR_GOOD);
    }
    const has = await daemon.ask({ url: `${image}&size=160`, headers: { 'if-none-match': `"${hash}-160"` } });
    assert.equal(has.statusCode, 304);
  });

  it('has a HEAD', async () => {
    const answer = await daemon.ask({ method: 'HEAD', url: image });
    assert.deepEqual([answer.statusCode, answer.rawPayload.length], [200, 0]);
    assert.equal(Number(answer.headers['content-length']), (await readFile(file())).length);
  });

  it('that the catalogue has not is a problem, and so is one that the disk has lost', async () => {
    const none = await daemon.ask({ url: '/api/v1/items/g030/image' });
    assert.deepEqual([none.statusCode, none.json().code], [404, 'no-picture']);
    const lost = await daemon.ask({ url: `/api/v1/items/${UNENCODED}/image` });
    assert.deepEqual([lost.statusCode, lost.json().code], [500, 'store-invalid']);
    await rm(picturePath(daemon.data, daemon.catalogue.item('g003')?.picture ?? assert.fail()));
    const small = await daemon.ask({ url: '/api/v1/items/g003/image?size=160' });
    assert.deepEqual([small.statusCode, small.json().code], [500, 'store-invalid']);
  });
});
