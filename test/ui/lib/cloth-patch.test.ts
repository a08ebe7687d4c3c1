import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clothPatch } from '../../../ui/lib/cloth-patch.ts';

const SIDE = 40;
const CLEAR = [0, 0, 0, 0];
const CLOTH = [120, 60, 40, 255];

const picture = (isCloth: (x: number, y: number) => boolean, ground: number[] = CLEAR): number[] =>
  Array.from({ length: SIDE * SIDE }, (_, at) => (isCloth(at % SIDE, Math.floor(at / SIDE)) ? CLOTH : ground)).flat();

const pixels = (rgba: number[]) => {
  const { left, top, width, height } = clothPatch(rgba, SIDE, SIDE);
  return [left, top, width, height].map(part => Math.round(part * SIDE));
};

/** A slim body with wide sleeves: most of its box is not cloth. */
const shirt = (x: number, y: number): boolean => (y >= 4 && y < 10) || (x >= 16 && x < 24 && y >= 4 && y < 36);

describe('the piece of cloth that is cut out of a garment', () => {
  it('is a third of a broad garment, a little off its middle', () => {
    const [left, top, width, height] = pixels(picture((x, y) => x >= 4 && x < 36 && y >= 4 && y < 36));
    assert.deepEqual([width, height], [12, 12]);
    assert.ok(Math.abs(left! + 6 - 17.6) <= 1 && Math.abs(top! + 6 - 20) <= 1, `${left}, ${top}`);
  });

  it('lies within a slim one, and is as large as that allows', () => {
    for (const ground of [CLEAR, [252, 252, 252, 255]]) {
      const [left, top, width, height] = pixels(picture(shirt, ground));
      assert.deepEqual([left, width, height], [16, 8, 8]);
      assert.ok(top! >= 4 && top! + height! <= 36);
    }
  });

  it('is the middle of a picture in which no garment is to be told from its ground', () => {
    const [left, top, width, height] = pixels(picture(() => false, [255, 255, 255, 255]));
    assert.deepEqual([left, top, width, height], [9, 13, 14, 14]);
  });
});
