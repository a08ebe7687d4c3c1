import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { LookdialError } from '../../device/errors.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { noise } from '../support/bundle.ts';
import { ownModel } from '../support/bundles.ts';

const { input } = ownModel().described.encoder;
const LIMIT = { maxPixels: 50_000_000 };

/** A PNG of one bit a pixel, all of it there: as small as a large picture gets. */
function hugePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** Resident memory of this process, native libraries' included, bytes. */
const residentBytes = (): number =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const code = (expected: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LookdialError, String(error));
  assert.equal(error.code, expected);
  assert.equal(error.status, 422);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

describe('a picture of too many pixels', () => {
  it('is refused with its size and the limit, at 100 megapixels', async () => {
    await assert.rejects(
      readPicture(hugePng(10_000, 10_000), input, LIMIT),
      code('picture-too-large', /10000 x 10000 pixels, more than the 50000000 taken/),
    );
  });

  it('leaves memory flat, however often it comes', async () => {
    const png = hugePng(10_000, 10_000);
    const read = () => readPicture(png, input, LIMIT).catch(() => undefined);
    for (let i = 0; i < 5; i += 1) await read();
    const before = residentBytes();
    for (let i = 0; i < 100; i += 1) await read();
    const grown = residentBytes() - before;
    assert.ok(grown < 32 * 2 ** 20, `grew by ${grown} bytes`);
  });

  it('is refused by what its header claims, were the rest not there', async () => {
    const claims = hugePng(40_000, 40_000).subarray(0, 4_000);
    await assert.rejects(readPicture(claims, input, LIMIT), code('picture-too-large', /40000 x 40000 pixels/));
  });

  it('is taken just under the limit', async () => {
    const tensor = await readPicture(hugePng(7_000, 7_000), input, LIMIT);
    // Black, and the net is fed 1 - x.
    assert.ok(tensor.every(value => value === 1));
  });
});

describe('a file that is no whole picture', () => {
  const side = 400;
  const pixels = Buffer.from(noise(21, side * side * 3).map(value => Math.floor(128 * (value + 1))));
  const picture = () => sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  const encoders = {
    jpeg: () => picture().jpeg().toBuffer(),
    'progressive jpeg': () => picture().jpeg({ progressive: true }).toBuffer(),
    png: () => picture().png().toBuffer(),
    webp: () => picture().webp().toBuffer(),
  };
  for (const [kind, encode] of Object.entries(encoders)) {
    for (const share of [0.02, 0.5, 0.9]) {
      it(`is refused: ${kind} cut off after ${100 * share} %`, async () => {
        const whole = await encode();
        await assert.rejects(
          readPicture(whole.subarray(0, whole.length * share), input, LIMIT),
          code('picture-unreadable', /^It cannot be decoded \(.+\); it may be truncated\. Send the whole file\.$/),
        );
      });
    }
  }

  const strangers: [string, () => Promise<Buffer> | Buffer][] = [
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('this is no picture')],
    ['a page', () => Buffer.from('<!doctype html><title>picture</title>')],
    ['an SVG drawing', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>')],
    ['a GIF', () => picture().gif().toBuffer()],
    ['a TIFF', () => picture().tiff().toBuffer()],
    ['an AVIF', () => picture().resize(16, 16).avif().toBuffer()],
  ];
  for (const [what, make] of strangers) {
    it(`is refused: ${what}`, async () => {
      await assert.rejects(
        readPicture(await make(), input, LIMIT),
        code('picture-unreadable', /^It is neither a JPEG, a PNG nor a WebP picture/),
      );
    });
  }

  it('never ends otherwise than as a tensor or a refusal, whatever bytes are turned', async () => {
    const whole = [await encoders.jpeg(), await encoders.png(), await encoders.webp()];
    const change = fc.record({
      kind: fc.nat({ max: 2 }),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      put: fc.nat({ max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ kind, at, put }) => {
        const bytes = Buffer.from(whole[kind]!);
        bytes[Math.floor(at * bytes.length)] = put;
        try {
          const tensor = await readPicture(bytes, input, LIMIT);
          assert.equal(tensor.length, 3 * 32 * 32);
        } catch (error) {
          assert.ok(error instanceof LookdialError, String(error));
        }
      }),
      { numRuns: 60 },
    );
  });
});
