import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentBox, shrunk } from '../../../ui/lib/content-box.ts';

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

describe('a picture made small', () => {
  const grey = (values: readonly number[]): number[] => values.flatMap(value => [value, value, value, 255]);

  it('has the mean of what each pixel stands for, and none of a speck', () => {
    const four = shrunk({ data: grey([10, 20, 30, 40, 10, 20, 30, 40]), width: 4, height: 2 }, 2);
    assert.deepEqual([...four], grey([15, 35, 15, 35]));
    const side = 60;
    const white = Array.from({ length: side * side }, () => 255);
    const dusty = white.with(7 * side + 31, 0);
    assert.deepEqual(contentBox(shrunk({ data: grey(dusty), width: side, height: side }, 6), 6, 6), {
      ...{ top: 0, right: 0, bottom: 0, left: 0 },
      opaque: true,
    });
    assert.notEqual(contentBox(grey(dusty), side, side).top, 0);
  });

  it('has each pixel several times where there are fewer, and leaves none out where they do not divide', () => {
    assert.equal(shrunk({ data: grey([10, 20]), width: 2, height: 1 }, 4).length, 4 * 4 * 4);
    const row = [...shrunk({ data: grey([10, 20]), width: 2, height: 1 }, 4)].filter((_, at) => at % 4 === 0);
    assert.deepEqual(row.slice(0, 4), [10, 10, 20, 20]);
    const three = [...shrunk({ data: grey([0, 30, 60, 90, 120]), width: 5, height: 1 }, 3)];
    assert.deepEqual(
      three.filter((_, at) => at % 4 === 0).slice(0, 3),
      [0, 45, 105],
      'first one pixel, then two, then two',
    );
  });
});
