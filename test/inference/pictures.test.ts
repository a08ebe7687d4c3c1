import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { contain, type EncoderInput, formatOf, readPicture, toTensor } from '../../device/inference/pictures.ts';
import { noise } from '../support/bundle.ts';

const INPUT: EncoderInput = {
  name: 'x',
  layout: 'NHWC',
  width: 16,
  height: 16,
  channels: 'rgb',
  range: [0, 255],
  background: [10, 200, 30],
};
const LIMIT = { maxPixels: 50_000_000 };

type Colour = readonly [number, number, number];

const plain = (width: number, height: number, [r, g, b]: Colour, alpha = 1): Sharp =>
  sharp({ create: { width, height, channels: 4, background: { r, g, b, alpha } } });

/** The pixel at (x, y) of an NHWC tensor in bytes. */
const pixel = (tensor: Float32Array, x: number, y: number, width = 16): number[] => [
  ...tensor.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

const near = (got: number[], expected: Colour, tolerance = 2): void =>
  assert.ok(
    got.every((value, c) => Math.abs(value - expected[c]!) <= tolerance),
    `got ${got}, expected ${expected}`,
  );

describe('fitting a picture inside the input', () => {
  it('keeps it whole and undistorted, in the middle', () => {
    assert.deepEqual(contain(200, 100, 32, 32), { width: 32, height: 16, left: 0, top: 8 });
    assert.deepEqual(contain(100, 300, 32, 32), { width: 11, height: 32, left: 10, top: 0 });
    assert.deepEqual(contain(8, 8, 32, 32), { width: 32, height: 32, left: 0, top: 0 });
    assert.deepEqual(contain(10_000, 1, 32, 32), { width: 32, height: 1, left: 0, top: 15 });
  });

  it('fills the margins with the background', async () => {
    const png = await plain(64, 32, [255, 0, 0]).png().toBuffer();
    const tensor = await readPicture(png, INPUT, LIMIT);
    for (const y of [0, 3, 12, 15]) near(pixel(tensor, 8, y), [10, 200, 30], 0);
    for (const y of [4, 8, 11]) near(pixel(tensor, 8, y), [255, 0, 0], 0);
  });

  it('lays transparent pixels over the background, the colour under them unseen', async () => {
    const none = await readPicture(await plain(32, 32, [255, 0, 0], 0).png().toBuffer(), INPUT, LIMIT);
    near(pixel(none, 5, 5), [10, 200, 30], 0);
    const half = await readPicture(await plain(32, 32, [210, 0, 230], 0.5).png().toBuffer(), INPUT, LIMIT);
    near(pixel(half, 5, 5), [110, 100, 130], 1);
  });

  it('is the mean over each pixel’s area', async () => {
    // Stripes and noise at four times the size; the mean over 4 x 4 is what an area average gives.
    const side = 64;
    const grain = noise(11, side * side);
    const bytes = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
      const p = Math.floor(i / 3);
      const [x, y] = [p % side, Math.floor(p / side)];
      return 128 + 60 * Math.sin(x / 9 + (i % 3)) * Math.cos(y / 7) + 20 * grain[p]!;
    });
    const png = await sharp(bytes, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toBuffer();
    const tensor = await readPicture(png, INPUT, LIMIT);
    let worst = 0;
    let sum = 0;
    for (let i = 0; i < tensor.length; i += 1) {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % 16, Math.floor(i / 48)];
      let mean = 0;
      for (let v = 0; v < 4; v += 1)
        for (let u = 0; u < 4; u += 1) mean += bytes[3 * ((4 * y + v) * side + 4 * x + u) + c]! / 16;
      const error = Math.abs(tensor[i]! - mean);
      worst = Math.max(worst, error);
      sum += error ** 2;
    }
    assert.ok(
      worst < 10 && Math.sqrt(sum / tensor.length) < 2.5,
      `worst ${worst}, rms ${Math.sqrt(sum / tensor.length)}`,
    );
  });

  it('is exactly the mean of four pixels at twice the size, which is how the shipped model was trained', async () => {
    const bytes = Buffer.from(noise(12, 32 * 32 * 3).map(value => Math.floor(128 * (value + 1))));
    const png = await sharp(bytes, { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toBuffer();
    const tensor = await readPicture(png, INPUT, LIMIT);
    const at = (x: number, y: number, c: number) => bytes[3 * (32 * y + x) + c]!;
    for (const [i, value] of tensor.entries()) {
      const [c, x, y] = [i % 3, 2 * (Math.floor(i / 3) % 16), 2 * Math.floor(i / 48)];
      const sum = at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c);
      assert.equal(value, Math.floor((sum + 2) / 4));
    }
  });
});

describe('a photograph', () => {
  /** Red top left, green top right, blue bottom left, white bottom right. */
  const quarters = async (): Promise<Sharp> => {
    const part = (colour: Colour) => plain(20, 20, colour).png().toBuffer();
    return plain(40, 40, [255, 255, 255]).composite([
      { input: await part([255, 0, 0]), left: 0, top: 0 },
      { input: await part([0, 255, 0]), left: 20, top: 0 },
      { input: await part([0, 0, 255]), left: 0, top: 20 },
    ]);
  };
  /** Where each EXIF orientation has the stored top left and top right come to lie. */
  const CORNERS: [number, number, number][][] = [
    [
      [0, 3, 3],
      [1, 12, 3],
    ],
    [
      [0, 12, 3],
      [1, 3, 3],
    ],
    [
      [0, 12, 12],
      [1, 3, 12],
    ],
    [
      [0, 3, 12],
      [1, 12, 12],
    ],
    [
      [0, 3, 3],
      [1, 3, 12],
    ],
    [
      [0, 12, 3],
      [1, 12, 12],
    ],
    [
      [0, 12, 12],
      [1, 12, 3],
    ],
    [
      [0, 3, 12],
      [1, 3, 3],
    ],
  ];
  for (const [i, corners] of CORNERS.entries()) {
    it(`is turned upright: EXIF orientation ${i + 1}`, async () => {
      const pixels = sharp(await (await quarters()).flatten().png().toBuffer());
      const jpeg = await pixels
        .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        .withMetadata({ orientation: i + 1 })
        .toBuffer();
      const tensor = await readPicture(jpeg, INPUT, LIMIT);
      for (const [channel, x, y] of corners) {
        near(pixel(tensor, x, y), [0, 1, 2].map(c => (c === channel ? 255 : 0)) as unknown as Colour, 12);
      }
    });
  }

  it('is turned before it is fitted', async () => {
    const jpeg = await plain(64, 32, [255, 0, 0]).flatten().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const tensor = await readPicture(jpeg, INPUT, LIMIT);
    near(pixel(tensor, 8, 0), [254, 0, 0], 3);
    near(pixel(tensor, 0, 8), [10, 200, 30], 0);
  });

  const kinds: [string, (picture: Sharp) => Sharp, Colour][] = [
    ['grey JPEG', picture => picture.flatten().greyscale().jpeg(), [154, 154, 154]],
    ['CMYK JPEG', picture => picture.flatten().toColourspace('cmyk').jpeg({ quality: 100 }), [180, 150, 120]],
    ['16-bit PNG', picture => picture.toColourspace('rgb16').png(), [180, 150, 120]],
    ['palette PNG', picture => picture.png({ palette: true }), [180, 150, 120]],
    ['lossy WebP', picture => picture.webp({ quality: 90 }), [180, 150, 120]],
    ['lossless WebP', picture => picture.webp({ lossless: true }), [180, 150, 120]],
    ['progressive JPEG', picture => picture.flatten().jpeg({ progressive: true }), [180, 150, 120]],
  ];
  for (const [kind, encode, expected] of kinds) {
    it(`may be a ${kind}`, async () => {
      const bytes = await encode(plain(40, 40, [180, 150, 120])).toBuffer();
      const tensor = await readPicture(bytes, INPUT, LIMIT);
      assert.equal(tensor.length, 768);
      near(pixel(tensor, 8, 8), expected, 6);
    });
  }
});

describe('sRGB bytes as a tensor', () => {
  const bytes = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 51, 102, 204]);
  const small = { name: 'x', width: 2, height: 2, background: [0, 0, 0] as [number, number, number] };
  const cases: [string, EncoderInput, number[]][] = [
    [
      'NCHW, 1 - x',
      { ...small, layout: 'NCHW', channels: 'rgb', range: [1, 0] },
      [0, 1, 1, 0.8, 1, 0, 1, 0.6, 1, 1, 0, 0.2],
    ],
    [
      'NHWC, blue first, [-1, 1]',
      { ...small, layout: 'NHWC', channels: 'rgb', colourOrder: 'BGR', range: [-1, 1] },
      [-1, -1, 1, -1, 1, -1, 1, -1, -1, 0.6, -0.2, -0.6],
    ],
    [
      'grey by Rec. 709',
      { ...small, layout: 'NCHW', channels: 'grey', range: [0, 1] },
      [0.2126, 0.7152, 0.0722, 0.2126 * 0.2 + 0.7152 * 0.4 + 0.0722 * 0.8],
    ],
    [
      'mean and spread, one a channel in the net’s own order',
      {
        ...small,
        layout: 'NHWC',
        channels: 'rgb',
        colourOrder: 'BGR',
        range: [0, 1],
        mean: [0.1, 0.2, 0.3],
        std: [1, 2, 4],
      },
      [-0.1, -0.1, 0.175, -0.1, 0.4, -0.075, 0.9, -0.1, -0.075, 0.7, 0.1, -0.025],
    ],
  ];
  for (const [what, input, expected] of cases) {
    it(`is laid out as the manifest says: ${what}`, () => {
      const tensor = toTensor(bytes, input);
      assert.equal(tensor.length, expected.length);
      for (const [i, value] of tensor.entries()) assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${i}: ${value}`);
    });
  }
});

describe('the kind of a file', () => {
  it('is told from its first bytes alone', async () => {
    const picture = plain(8, 8, [1, 2, 3]);
    assert.equal(formatOf(await picture.clone().flatten().jpeg().toBuffer()), 'jpeg');
    assert.equal(formatOf(await picture.clone().png().toBuffer()), 'png');
    assert.equal(formatOf(await picture.clone().webp().toBuffer()), 'webp');
    assert.equal(formatOf(await picture.clone().gif().toBuffer()), undefined);
    assert.equal(formatOf(Buffer.from('RIFF0000WAVE')), undefined);
    assert.equal(formatOf(new Uint8Array()), undefined);
  });
});

describe('libvips', () => {
  it('keeps nothing of a picture, and decodes on one core', async () => {
    const bytes = await plain(60, 40, [9, 8, 7]).webp().toBuffer();
    await readPicture(bytes, INPUT, LIMIT);
    const { memory, items } = sharp.cache();
    assert.deepEqual([memory.max, memory.current, items.current], [0, 0, 0]);
    assert.equal(sharp.concurrency(), 1);
  });
});
