import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { openBundle } from '../../device/inference/bundle.ts';
import { type Inference, startInference } from '../../device/inference/inference.ts';
import type { Manifest } from '../../device/inference/manifest.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { bundleOf, noise, type TestModel, writeBundle } from '../support/bundle.ts';
import { blueFirstModel, conditionalModel, kerasModel, ownModel, torchModel } from '../support/bundles.ts';

const OPTIONS = { providers: [], threads: 1, ortModule: 'onnxruntime-node', rungTimeoutMs: 60_000 };

/** sRGB bytes of a picture of the encoder's own size, and the PNG of it. */
async function somePicture({
  width,
  height,
}: {
  width: number;
  height: number;
}): Promise<{ rgb: Buffer; png: Buffer }> {
  const rgb = Buffer.from(noise(9, width * height * 3).map(value => Math.floor(128 * (value + 1))));
  // Twice the size with every pixel four times: fitting it is then exact.
  const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(2 * width, 2 * height, { kernel: 'nearest' })
    .png()
    .toBuffer();
  return { rgb, png };
}

/** What each net is fed for these bytes, written out for each model on its own. */
const TENSORS: Record<string, (rgb: Buffer, at: (x: number, y: number, c: number) => number) => number[]> = {
  'from-keras': rgb => [...rgb].map(byte => byte / 255),
  'from-pytorch': (_, at) =>
    grid(28, 28).map(([x, y]) => ((0.2126 * at(x, y, 0) + 0.7152 * at(x, y, 1) + 0.0722 * at(x, y, 2)) / 255) * 2 - 1),
  own: (_, at) => [0, 1, 2].flatMap(c => grid(32, 32).map(([x, y]) => 1 - at(x, y, c) / 255)),
  conditional: rgb => [...rgb].map(byte => byte / 255),
  'blue-first': (_, at) => [
    ...grid(16, 24).map(([x, y]) => (at(x, y, 2) - 103.9) / 57),
    ...grid(16, 24).map(([x, y]) => (at(x, y, 1) - 116.8) / 57.5),
    ...grid(16, 24).map(([x, y]) => (at(x, y, 0) - 123.7) / 58),
  ],
};

/** Every pixel's place, row after row. */
function grid(width: number, height: number): [number, number][] {
  return Array.from({ length: width * height }, (_, p) => [p % width, Math.floor(p / width)]);
}

/** A value between the pixels of a small image, centres at half-integers, the border held. */
function between(width: number, height: number, at: (x: number, y: number) => number, u: number, v: number): number {
  const x = Math.min(width - 1, Math.max(0, u - 0.5));
  const y = Math.min(height - 1, Math.max(0, v - 0.5));
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const top = at(x0, y0) * (x0 + 1 - x) + at(x1, y0) * (x - x0);
  const bottom = at(x0, y1) * (x0 + 1 - x) + at(x1, y1) * (x - x0);
  return top * (y0 + 1 - y) + bottom * (y - y0);
}

const byte = (unit: number): number => Math.min(255, Math.max(0, 255 * unit));

/** The picture's bytes, not rounded, that a decoder's answer stands for. */
const PICTURES: Record<string, (colour: number[], alpha: number[]) => number[]> = {
  'from-keras': colour => grid(16, 12).flatMap((_, p) => [...colour.slice(3 * p, 3 * p + 3).map(byte), 255]),
  'from-pytorch': colour => colour.flatMap(value => [...Array<number>(3).fill(byte((value + 1) / 2)), 255]),
  own: (colour, alpha) =>
    grid(32, 32).flatMap(([x, y], p) => [
      ...[0, 1, 2].map(c =>
        between(16, 16, (u, v) => byte(colour[c * 256 + v * 16 + u]!), (x + 0.5) / 2, (y + 0.5) / 2),
      ),
      255 / (1 + Math.exp(-alpha[p]!)),
    ]),
  conditional: (colour, alpha) => alpha.flatMap((a, p) => [...colour.slice(3 * p, 3 * p + 3).map(byte), byte(a)]),
  'blue-first': colour => grid(16, 24).flatMap((_, p) => [2, 1, 0, 3].map(c => byte((colour[c * 384 + p]! + 1) / 2))),
};

const MODELS = [
  kerasModel(),
  torchModel(),
  ownModel(),
  conditionalModel(),
  blueFirstModel(),
  blueFirstModel('variance'),
];

const nameOf = ({ described: { id, encoder } }: TestModel): string =>
  `${id}, ${encoder.input.layout}, ${encoder.outputs.scale.parametrisation}`;

for (const model of MODELS) {
  describe(`a model from elsewhere works by its manifest alone: ${nameOf(model)}`, () => {
    const { described, reference } = model;
    const { input } = described.encoder;
    let inference: Inference;
    let manifest: Manifest;

    before(async () => {
      const bundle = await openBundle(writeBundle(bundleOf(model)));
      manifest = bundle.manifest;
      inference = await startInference(bundle, OPTIONS);
    });
    after(() => inference.close());

    it('feeds the encoder the tensor that the manifest describes', async () => {
      const { rgb, png } = await somePicture(input);
      const tensor = await readPicture(png, input, { maxPixels: 1e6 });
      const at = (x: number, y: number, c: number) => rgb[3 * (y * input.width + x) + c]!;
      const expected = TENSORS[described.id]!(rgb, at);
      assert.equal(tensor.length, expected.length);
      for (const [i, value] of tensor.entries()) assert.ok(Math.abs(value - expected[i]!) < 1e-5, `number ${i}`);
    });

    it('reads mu and sigma from the outputs that the manifest names', async () => {
      for (const [place, category] of (manifest.conditions?.categories ?? [undefined]).entries()) {
        const tensor = noise(77, input.width * input.height * (input.channels === 'grey' ? 1 : 3));
        const { mu, sigma } = await inference.encode(tensor, category);
        const expected = reference.encode(tensor, place);
        for (let d = 0; d < described.latentDim; d += 1) {
          assert.ok(Math.abs(mu[d]! - expected.mu[d]!) < 1e-5, `mu ${d}: ${mu[d]}, expected ${expected.mu[d]}`);
          assert.ok(Math.abs(sigma[d]! / expected.sigma[d]! - 1) < 1e-5, `sigma ${d}`);
        }
      }
    });

    it('makes the picture that the decoder’s numbers stand for', async () => {
      for (const [place, category] of (manifest.conditions?.categories ?? [undefined]).entries()) {
        const z = noise(78, described.latentDim).map(value => 3 * value);
        const { width, height, rgba } = await inference.decode(z, category);
        const { colour, alpha } = reference.decode(z, place);
        const expected = PICTURES[described.id]!(colour, alpha ?? []);
        assert.equal(rgba.length, width * height * 4);
        assert.equal(rgba.length, expected.length);
        for (const [i, value] of rgba.entries()) {
          assert.ok(Math.abs(value - expected[i]!) < 0.58, `byte ${i}: ${value}, expected ${expected[i]}`);
        }
      }
    });
  });
}

describe('a conditional model', () => {
  let inference: Inference;
  before(async () => {
    inference = await startInference(await openBundle(writeBundle(bundleOf(conditionalModel()))), OPTIONS);
  });
  after(() => inference.close());

  it('decodes the default category where none is asked for', async () => {
    const z = [0.3, -0.2, 1];
    const [bare, shirt, dress] = await Promise.all([
      inference.decode(z),
      inference.decode(z, 'Shirt'),
      inference.decode(z, 'Dress'),
    ]);
    assert.deepEqual(bare, shirt);
    assert.notDeepEqual(bare, dress);
  });

  it('refuses a category it does not have, and says which it has', async () => {
    await assert.rejects(inference.decode([0, 0, 0], 'Coat'), {
      code: 'invalid-request',
      message: 'condition/category is "Coat"; this model has Dress, Shirt, Skirt.',
    });
  });
});
