/** An `Inference` that runs no ONNX: it answers what a test model's own reference says. */
import type { Bundle } from '../../device/inference/bundle.ts';
import type { DecodedPicture, Encoded, Inference } from '../../device/inference/inference.ts';
import { PictureReader } from '../../device/inference/rgba.ts';
import type { TestModel } from './bundle.ts';

export class ReferenceInference implements Inference {
  readonly provider = 'cpu';
  readonly report = [{ provider: 'cpu', taken: true, reason: 'a reference' }] as const;
  processes: Inference['processes'] = { encoder: undefined, decoder: undefined };
  owed: Inference['owed'] = { encoder: 0, decoder: 0 };
  restarts: Inference['restarts'] = { encoder: 0, decoder: 0 };
  readonly precision = { encoder: 'float32', decoder: 'float32' };
  state: 'serving' | 'down' = 'serving';
  closed = 0;
  /** Points asked for so far. */
  readonly decoded: number[][] = [];
  /** Awaited before each answer, so that a test can hold one back. */
  hold: () => Promise<void> = () => Promise.resolve();
  readonly #bundle: Bundle;
  readonly #model: TestModel;
  readonly #reader: PictureReader;

  constructor(bundle: Bundle, model: TestModel) {
    this.#bundle = bundle;
    this.#model = model;
    this.#reader = new PictureReader(bundle.manifest.decoder.outputs);
  }

  async encode(input: Float32Array, category?: string): Promise<Encoded> {
    await this.hold();
    const { mu, sigma } = this.#model.reference.encode(input, this.#place(category));
    return { mu: Float64Array.from(mu), sigma: Float64Array.from(sigma) };
  }

  async decode(z: ArrayLike<number>, category?: string): Promise<DecodedPicture> {
    this.decoded.push(Array.from(z));
    await this.hold();
    const { colour, alpha } = this.#model.reference.decode(Float32Array.from(z), this.#place(category));
    const rgba = this.#reader.read(Float32Array.from(colour), alpha && Float32Array.from(alpha));
    if (rgba === undefined) throw new Error('The reference gave a number that is not finite.');
    return { width: this.#reader.width, height: this.#reader.height, rgba };
  }

  async close(): Promise<void> {
    this.closed += 1;
  }

  #place(category: string | undefined): number {
    const { conditions } = this.#bundle.manifest;
    return conditions === undefined ? 0 : conditions.categories.indexOf(category ?? conditions.default);
  }
}
