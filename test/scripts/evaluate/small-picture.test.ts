import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { overWhite, SIDE, SMALL, shrink, smallFromFile } from '../../../scripts/evaluate/small-picture.ts';

const near = (got: number, wanted: number, within = 1e-5) => assert.ok(Math.abs(got - wanted) < within, `${got}`);

test('a picture of one colour stays that colour, whatever its size', () => {
  for (const [width, height] of [
    [16, 16],
    [128, 64],
    [19, 50],
    [7, 3],
  ] as const) {
    const rgb = Float32Array.from({ length: width * height * 3 }, (_, at) => [0.2, 0.5, 0.9][at % 3]!);
    const small = shrink(rgb, width, height, false);
    assert.equal(small.length, SMALL);
    small.forEach((value, at) => {
      near(value, [0.2, 0.5, 0.9][at % 3]!);
    });
  }
});

test('each small pixel is the mean of its block', () => {
  const width = 2 * SIDE;
  const rgb = Float32Array.from({ length: width * width * 3 }, (_, at) => ((at * 7919) % 256) / 255);
  const small = shrink(rgb, width, width, false);
  const at = (x: number, y: number, c: number): number => rgb[3 * (y * width + x) + c]!;
  for (const [x, y] of [
    [0, 0],
    [5, 9],
    [15, 15],
  ] as const) {
    for (let c = 0; c < 3; c += 1) {
      const block =
        at(2 * x, 2 * y, c) + at(2 * x + 1, 2 * y, c) + at(2 * x, 2 * y + 1, c) + at(2 * x + 1, 2 * y + 1, c);
      near(small[3 * (SIDE * y + x) + c]!, block / 4);
    }
  }
});

test('the mean colour survives any size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), (width, height) => {
      const rgb = Float32Array.from({ length: width * height * 3 }, (_, at) => ((at * 31) % 17) / 16);
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
      near(mean(shrink(rgb, width, height, false)), mean(rgb), 1e-4);
    }),
  );
});

test('in grey only the luma counts', () => {
  const rgb = Float32Array.from({ length: SMALL }, (_, at) => [1, 0, 0][at % 3]!);
  shrink(rgb, SIDE, SIDE, true).forEach(value => {
    near(value, 0.2126);
  });
});

test('what is transparent is white', () => {
  const rgba = Uint8Array.of(0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 51);
  const [first, second, third] = [0, 3, 6].map(at => [...overWhite({ width: 3, height: 1, rgba }).slice(at, at + 3)]);
  assert.deepEqual(first, [1, 1, 1]);
  assert.deepEqual(second, [1, 0, 0]);
  near(third![0]!, 0.8);
  near(third![2]!, 1);
});

test('a picture file is fitted whole over white', async () => {
  const red = { width: 20, height: 40, channels: 4 as const, background: { r: 255, g: 0, b: 0, alpha: 1 } };
  const bytes = await sharp({ create: red }).png().toBuffer();
  const small = await smallFromFile(bytes, { width: 64, height: 64, grey: false });
  const pixel = (x: number, y: number) => [...small.slice(3 * (SIDE * y + x), 3 * (SIDE * y + x) + 3)];
  assert.deepEqual(pixel(0, 8), [1, 1, 1]);
  assert.deepEqual(pixel(15, 8), [1, 1, 1]);
  assert.deepEqual(pixel(8, 0), [1, 0, 0]);
  assert.deepEqual(pixel(8, 15), [1, 0, 0]);
});
