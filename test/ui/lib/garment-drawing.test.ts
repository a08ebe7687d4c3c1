import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fieldOf, PADDING } from '../../../ui/lib/garment-field.ts';
import { make } from '../../../ui/lib/garment-order.ts';
import { paint } from '../../../ui/lib/garment-paint.ts';
import { bsplineWeights, resample } from '../../../ui/lib/resample.ts';

const SIDE = 64;
const RED = [180, 40, 30];

/** A red disc whose alpha's logit falls by `slope` a pixel; outside it the decoder's colour is white, as trained on. */
function disc(radius: number, slope: number) {
  const rgba = new Uint8Array(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const inside = radius - Math.hypot(x + 0.5 - SIDE / 2, y + 0.5 - SIDE / 2);
      const alpha = 1 / (1 + Math.exp(-slope * inside));
      const at = (y * SIDE + x) * 4;
      for (let index = 0; index < 3; index++) rgba[at + index] = 255 + (RED[index]! - 255) * alpha;
      rgba[at + 3] = Math.round(alpha * 255);
    }
  }
  return { width: SIDE, height: SIDE, rgba };
}

const pixel = (rgba: ArrayLike<number>, size: number, x: number, y: number): number[] =>
  Array.from({ length: 4 }, (_, index) => rgba[(y * size + x) * 4 + index]!);

describe('scaling with the B-spline', () => {
  it('has weights that add up to 1 and are never negative', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), t => {
        const weights = bsplineWeights(t);
        assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight) - 1) < 1e-12);
        assert.ok(weights.every(weight => weight >= 0));
      }),
    );
  });

  it('leaves a level map level, and a ramp a ramp', () => {
    const level = resample(new Float32Array(8 * 8).fill(3.5), 8, 8, 29);
    assert.ok(level.every(value => Math.abs(value - 3.5) < 1e-5));
    const ramp = resample(
      Float32Array.from({ length: 16 * 16 }, (_, at) => at % 16),
      16,
      16,
      64,
    );
    for (let x = 16; x < 47; x++) assert.ok(Math.abs(ramp[32 * 64 + x + 1]! - ramp[32 * 64 + x]! - 0.25) < 1e-5);
  });

  it('never goes beyond the values it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 36, maxLength: 36 }), values => {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        for (const value of resample(values, 6, 6, 23)) assert.ok(value >= low - 1e-4 && value <= high + 1e-4);
      }),
    );
  });
});

describe('a garment drawn large', () => {
  const size = 320;
  const inner = size / (1 + 2 * PADDING);
  const scale = inner / SIDE;

  it('has an outline where the decoder put it', () => {
    const { rgba } = paint(fieldOf(disc(20, 0.4), 8, 'flat'), size, 8);
    let edge = size / 2;
    while (pixel(rgba, size, edge, size / 2)[3]! >= 128) edge++;
    assert.ok(Math.abs((edge - size / 2) / scale - 20) < 0.5, `edge at ${(edge - size / 2) / scale} of 20`);
  });

  it('has a crisper outline the more it is sharpened', () => {
    const soft = (sharpen: number): number => {
      const { rgba } = paint(fieldOf(disc(20, 0.4), sharpen, 'flat'), size, sharpen);
      return Array.from({ length: size }, (_, x) => pixel(rgba, size, x, size / 2)[3]!).filter(a => a > 12 && a < 243)
        .length;
    };
    assert.ok(soft(8) * 4 < soft(1), `${soft(8)} soft pixels against ${soft(1)}`);
  });

  it('has no rim of the decoder’s background', () => {
    const { rgba } = paint(fieldOf(disc(20, 0.4), 8, 'flat'), size, 8);
    for (let x = 0; x < size; x++) {
      const [red, green, blue, alpha] = pixel(rgba, size, x, size / 2) as [number, number, number, number];
      if (alpha < 128) continue;
      const off = Math.max(Math.abs(red - RED[0]!), Math.abs(green - RED[1]!), Math.abs(blue - RED[2]!));
      assert.ok(off < 30, `at ${x}: ${[red, green, blue]}`);
    }
  });

  it('lies on the paper with a shadow below and to the right, and the paper elsewhere clear', () => {
    const lying = paint(fieldOf(disc(20, 1), 8, 'lying'), size, 8).rgba;
    const beyond = Math.round(20 * scale + size * 0.03);
    const [middle, at] = [size / 2, (x: number, y: number) => pixel(lying, size, x, y)[3]!];
    assert.ok(at(middle, middle + beyond) > 20);
    assert.ok(at(middle, middle + beyond) > 2 * at(middle, middle - beyond));
    assert.ok(at(middle + beyond, middle) > at(middle - beyond, middle));
    assert.equal(at(2, 2), 0);
    assert.equal(at(size - 3, size - 3), 0);
  });

  it('is not cut off where it reaches the picture’s edge', () => {
    const { rgba } = paint(fieldOf(disc(60, 1), 8, 'lying'), size, 8);
    for (let at = 0; at < size; at++) {
      for (const [x, y] of [
        [at, 0],
        [0, at],
        [at, size - 1],
        [size - 1, at],
      ] as const) {
        assert.ok(pixel(rgba, size, x, y)[3]! < 40, `${x}, ${y}`);
      }
    }
  });

  it('of a model without alpha is its whole picture, with no shadow', () => {
    const opaque = disc(20, 1);
    for (let at = 3; at < opaque.rgba.length; at += 4) opaque.rgba[at] = 255;
    const field = fieldOf(opaque, 1, 'lying');
    assert.equal(field.opaque, true);
    assert.ok(field.cloth.every((byte, at) => at % 4 !== 3 || byte === 0));
    const { rgba } = paint(field, size, 1);
    assert.ok(pixel(rgba, size, size / 2, size / 2)[3]! > 250);
    assert.equal(pixel(rgba, size, 1, 1)[3], 0);
  });

  it('is the same whatever was made in the same room before: another garment, another size, a swatch', () => {
    const orders = [
      { picture: disc(28, 0.4), how: 'lying', size: 90 },
      { picture: disc(9, 1), how: 'lying', size: 90 },
      { picture: disc(9, 1), how: 'flat', size: 41 },
      { picture: disc(20, 0.7), how: 'lying', size: 133 },
      { picture: disc(28, 0.4), how: 'lying', size: 90 },
    ] as const;
    for (const { picture, how, size: pixels } of orders) {
      const { painted } = make({ picture, how, size: pixels, sharpen: 8 });
      assert.deepEqual(painted?.rgba, paint(fieldOf(picture, 8, how), pixels, 8).rgba, `${how}, ${pixels}`);
    }
  });

  it('for a graphics card is the page’s own, not made over by the next', () => {
    const order = { how: 'lying', size: undefined, sharpen: 8 } as const;
    const { field } = make({ ...order, picture: disc(28, 0.4) });
    const before = { logit: field?.logit.slice(), cloth: field?.cloth.slice() };
    make({ ...order, picture: disc(9, 1) });
    assert.deepEqual({ logit: field?.logit, cloth: field?.cloth }, before);
  });
});
