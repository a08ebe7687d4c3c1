import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import type { DecodedPicture } from '../../device/inference/inference.ts';
import { type PictureFormat, writePicture } from '../../device/inference/pictures.ts';
import { colourFromInside } from '../../device/inference/rim.ts';

const SIDE = 32;

/** A disc of one colour on black that fades out over some pixels, as a decoder paints: the colour fades with it. */
function disc(radius: number, softness: number): DecodedPicture {
  const rgba = new Uint8Array(SIDE * SIDE * 4);
  for (let p = 0; p < SIDE * SIDE; p += 1) {
    const [x, y] = [(p % SIDE) + 0.5 - SIDE / 2, Math.floor(p / SIDE) + 0.5 - SIDE / 2];
    const alpha = 1 / (1 + Math.exp((Math.hypot(x, y) - radius) / softness));
    rgba.set([220 * alpha, 180 * alpha, 140 * alpha, 255 * alpha], 4 * p);
  }
  return { width: SIDE, height: SIDE, rgba };
}

async function drawn(
  picture: DecodedPicture,
  options: { format?: PictureFormat; size?: number; sharpen?: number } = {},
): Promise<{ data: Buffer; width: number; height: number }> {
  const { format = 'png', size = 256, sharpen = 8 } = options;
  const file = await writePicture(picture, { format, size, sharpen });
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Places of the pixels whose alpha is within these bounds. */
const places = (data: Buffer, low: number, high: number): number[] =>
  Array.from({ length: data.length / 4 }, (_, p) => p).filter(p => data[4 * p + 3]! >= low && data[4 * p + 3]! <= high);

describe('a decoded picture, drawn', () => {
  it('has a crisp outline at screen size: the soft rim is a pixel or two wide', async () => {
    const picture = disc(10, 0.6);
    const soft = await drawn(picture, { sharpen: 1 });
    const crisp = await drawn(picture, { sharpen: 8 });
    const rim = (data: Buffer) => places(data, 26, 229).length / (2 * Math.PI * 80);
    assert.ok(rim(crisp.data) < 4, `${rim(crisp.data)} pixels`);
    assert.ok(rim(soft.data) > 5 * rim(crisp.data), `${rim(soft.data)} pixels unsharpened`);
  });

  it('keeps the shape: the garment covers what it covered', async () => {
    const { data } = await drawn(disc(10, 0.6));
    const covered = places(data, 128, 255).length / 64;
    assert.ok(Math.abs(covered / (Math.PI * 100) - 1) < 0.02, `${covered} of ${Math.PI * 100}`);
  });

  it('has no halo: wherever the garment shows, it is of the garment’s own colour', async () => {
    const { data } = await drawn(disc(10, 0.6));
    const shown = places(data, 4, 255);
    assert.ok(shown.length > 10_000);
    for (const p of shown) {
      for (const [c, expected] of [220, 180, 140].entries()) {
        const got = data[4 * p + c]!;
        assert.ok(Math.abs(got - expected) < 0.16 * expected, `pixel ${p}, channel ${c}: ${got}, expected ${expected}`);
      }
    }
  });

  it('is clear outside and solid inside', async () => {
    const { data, width } = await drawn(disc(10, 0.6));
    assert.equal(data[3], 0);
    assert.equal(data[4 * (128 * width + 128) + 3], 255);
  });

  it('stays opaque where the model has no alpha', async () => {
    const rgba = new Uint8Array(SIDE * SIDE * 4).fill(255);
    const { data } = await drawn({ width: SIDE, height: SIDE, rgba });
    assert.ok(data.every(value => value === 255));
  });

  it('is as large as asked for by its longer side, in both formats', async () => {
    const rgba = new Uint8Array(16 * 24 * 4).fill(200);
    for (const format of ['png', 'webp'] as const) {
      const file = await writePicture({ width: 16, height: 24, rgba }, { format, size: 300, sharpen: 4 });
      const { format: got, width, height, hasAlpha } = await sharp(file).metadata();
      assert.deepEqual({ got, width, height, hasAlpha }, { got: format, width: 200, height: 300, hasAlpha: true });
    }
  });

  it('has its own size where none is asked for', async () => {
    const file = await writePicture(disc(10, 0.6), { format: 'png', sharpen: 1 });
    const { width, height } = await sharp(file).metadata();
    assert.deepEqual([width, height], [SIDE, SIDE]);
  });

  it('is left as it came, but for rounding, when neither scaled nor sharpened', async () => {
    const picture = disc(10, 2);
    const { data } = await drawn(picture, { size: SIDE, sharpen: 1 });
    for (let p = 3; p < data.length; p += 4) assert.ok(Math.abs(data[p]! - picture.rgba[p]!) <= 1, `${p}`);
  });
});

describe('colour from inside the rim', () => {
  it('leaves the inside as it is, and carries its colour outwards', () => {
    const rgba = new Uint8Array(8 * 8 * 4);
    for (let p = 0; p < 64; p += 1) rgba.set(p % 8 < 3 ? [200, 150, 100, 255] : [0, 0, 0, 0], 4 * p);
    const rgb = colourFromInside(rgba, 8, 8);
    for (let p = 0; p < 64; p += 1) assert.deepEqual([...rgb.subarray(3 * p, 3 * p + 3)], [200, 150, 100]);
  });

  it('takes the nearer of two colours', () => {
    const rgba = new Uint8Array(16 * 16 * 4);
    for (let p = 0; p < 256; p += 1) {
      const x = p % 16;
      if (x < 4) rgba.set([250, 0, 0, 255], 4 * p);
      if (x >= 12) rgba.set([0, 0, 250, 255], 4 * p);
    }
    const rgb = colourFromInside(rgba, 16, 16);
    const [red, , blue] = rgb.subarray(3 * (8 * 16 + 5));
    assert.ok(red! > 2 * blue!, `${red}, ${blue}`);
  });

  it('changes nothing where there is no inside', () => {
    const rgba = Uint8Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 100 : i));
    const rgb = colourFromInside(rgba, 4, 4);
    for (let p = 0; p < 16; p += 1)
      assert.deepEqual([...rgb.subarray(3 * p, 3 * p + 3)], [...rgba.subarray(4 * p, 4 * p + 3)]);
  });
});
