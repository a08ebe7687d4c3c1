import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentBox } from '../../../ui/lib/content-box.ts';

const SIDE = 20;

/** A garment from (5, 8) up to (15, 16), on this ground. */
function picture(ground: number[], garment: number[]): number[] {
  return Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    return x >= 5 && x < 15 && y >= 8 && y < 16 ? garment : ground;
  }).flat();
}

const BOX = { top: 7 / SIDE, right: 4 / SIDE, bottom: 3 / SIDE, left: 4 / SIDE };

describe('where a garment is in its picture', () => {
  it('is found by its alpha, with a pixel of air', () => {
    assert.deepEqual(contentBox(picture([255, 0, 0, 0], [200, 200, 200, 255]), SIDE, SIDE), { ...BOX, opaque: false });
  });

  it('is found on a white ground', () => {
    assert.deepEqual(contentBox(picture([252, 253, 250, 255], [90, 30, 30, 255]), SIDE, SIDE), {
      ...BOX,
      opaque: true,
    });
  });

  it('keeps a white garment with alpha whole', () => {
    assert.deepEqual(contentBox(picture([0, 0, 0, 0], [255, 255, 255, 255]), SIDE, SIDE), { ...BOX, opaque: false });
  });

  it('is the whole picture where nothing is to be found, or the ground is not white', () => {
    const whole = { top: 0, right: 0, bottom: 0, left: 0, opaque: true };
    assert.deepEqual(contentBox(picture([255, 255, 255, 255], [255, 255, 255, 255]), SIDE, SIDE), whole);
    assert.deepEqual(contentBox(picture([80, 80, 90, 255], [10, 10, 10, 255]), SIDE, SIDE), whole);
  });
});
