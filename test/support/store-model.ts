/** A model for tests of the store that needs no ONNX: it "encodes" by averaging the tensor, and counts its calls. */
import { rm } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import type { DecodedPicture, Encoded, Inference } from '../../device/inference/inference.ts';
import { afterwards } from './afterwards.ts';
import { bundleOf, type TestModel, writeBundle } from './bundle.ts';
import { ownModel } from './bundles.ts';

/** A bundle on the disk, gone when the test ends. */
export async function temporaryBundle(t: TestContext, model: TestModel = ownModel()): Promise<Bundle> {
  const folder = writeBundle(bundleOf(model));
  afterwards(t, () => rm(folder, { recursive: true, force: true }));
  return openBundle(folder);
}

export class FakeInference implements Pick<Inference, 'encode' | 'state'> {
  state: Inference['state'] = 'serving';
  readonly encoded: (string | undefined)[] = [];
  /** Called before each encoding, with its number from 0; what it throws the encoder throws. */
  onEncode: (call: number, input: Float32Array) => void | Promise<void> = () => undefined;
  readonly #latentDim: number;

  constructor(bundle: Bundle) {
    this.#latentDim = bundle.manifest.latentDim;
  }

  async encode(input: Float32Array, category?: string): Promise<Encoded> {
    const call = this.encoded.push(category) - 1;
    await this.onEncode(call, input);
    const n = this.#latentDim;
    const part = Math.floor(input.length / n);
    const mean = (d: number): number => input.subarray(d * part, (d + 1) * part).reduce((a, b) => a + b, 0) / part;
    return {
      mu: Float64Array.from({ length: n }, (_, d) => mean(d)),
      sigma: new Float64Array(n).fill(0.1),
    };
  }
}

export const encoderFailure = (): LookdialError => new LookdialError('inference-failed', 'The encoder did not answer.');

/** A red disc with a crisp outline on nothing. */
export function disc(size = 32, radius = size / 3): DecodedPicture {
  const rgba = new Uint8Array(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2) < radius;
      rgba.set([180, 30, 40, inside ? 255 : 0], 4 * (y * size + x));
    }
  }
  return { width: size, height: size, rgba };
}
