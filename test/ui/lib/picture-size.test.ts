import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { THUMBNAIL_SIZES } from '../../../device/api/thumbnails.ts';
import { PICTURE_SIZES, sizedImage } from '../../../ui/lib/picture-size.ts';

const sizeAt = (pixels: number): number =>
  Number(new URL(sizedImage('/a/image', pixels), 'http://box').searchParams.get('size'));

describe('the size of a picture', () => {
  it('is one that the box has', () => {
    assert.deepEqual([...PICTURE_SIZES], [...THUMBNAIL_SIZES]);
  });

  it('is the smallest in which the garment without its ground has the pixels that are shown', () => {
    assert.deepEqual([1, 64, 120, 121, 172, 240, 352, 600].map(sizeAt), [160, 160, 160, 240, 240, 320, 640, 1_280]);
  });

  it('is the largest there is where none is enough', () => {
    assert.equal(sizeAt(4_000), 1_280);
  });

  it('is asked for however the address is written', () => {
    assert.equal(sizedImage('/a/image?v=12', 100), '/a/image?v=12&size=160');
    assert.equal(sizedImage('/a/image', 100), '/a/image?size=160');
  });
});
