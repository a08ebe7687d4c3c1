/** The two nets of a bundle, loaded in this process: bytes checked, tensors checked, ready to run. */
import { toMu, toSigma } from '../matching/posterior.ts';
import { readMember } from './members.ts';
import type { Encoded, NetJob } from './net-job.ts';
import { NetRefused } from './net-job.ts';
import { OrtSession } from './ort-session.ts';
import { PictureReader } from './rgba.ts';
import { product } from './shapes.ts';
import { checkTensors, promisedOutputs } from './tensor-check.ts';

/** A decoder's output tensors as they come out. */
export interface DecoderOutputs {
  readonly colour: Float32Array;
  readonly alpha: Float32Array | undefined;
}

/** Loads the job's file, or the engine that stands in for it, into a session whose tensors are those of the manifest. */
async function openSession(job: NetJob): Promise<OrtSession> {
  const { folder, file, engine, manifest, role } = job;
  let model: Uint8Array;
  try {
    model = await readMember(engine?.folder ?? folder, engine ?? file);
  } catch (cause) {
    throw new NetRefused('bundle', (cause as Error).message, cause);
  }
  const session = await OrtSession.create(model, job).catch((cause: unknown) => {
    // The CPU is always there, so what it does not take is no model for it.
    const blame = cause instanceof NetRefused && cause.kind === 'provider' && job.provider === 'cpu';
    throw blame ? new NetRefused('bundle', `${file.path}: ${cause.message}`, cause) : cause;
  });
  checkTensors(file.path, manifest, role, session);
  return session;
}

/** One-hot over the categories; the default where the caller names none. Nothing for a net with no such input. */
function conditionFeed(job: NetJob, category: number | undefined): Record<string, Float32Array> {
  const { conditions } = job.manifest;
  const name = job.manifest[job.role].conditionInput;
  if (conditions === undefined || name === undefined) return {};
  const oneHot = new Float32Array(conditions.categories.length);
  oneHot[category ?? conditions.categories.indexOf(conditions.default)] = 1;
  return { [name]: oneHot };
}

/** Picks the promised outputs from a run, each of the promised length. */
function pick(job: NetJob, results: ReadonlyMap<string, Float32Array>): Float32Array[] {
  return promisedOutputs(job.manifest, job.role).map(({ name, shape }) => {
    const values = results.get(name);
    if (values?.length === product(shape)) return values;
    const got = values === undefined ? 'nothing' : `${values.length} numbers`;
    throw new NetRefused('bundle', `${job.file.path}: ${name} gave ${got}, expected float32 [${shape.join(', ')}]`);
  });
}

export class EncoderNet {
  readonly #job: NetJob;
  readonly #session: OrtSession;

  private constructor(job: NetJob, session: OrtSession) {
    this.#job = job;
    this.#session = session;
  }

  static async load(job: NetJob): Promise<EncoderNet> {
    return new EncoderNet(job, await openSession(job));
  }

  /**
   * @param input the tensor as the net takes it
   * @param category place in `conditions.categories`
   * @throws PosteriorError where the net gives a number that is no mean or no spread
   */
  async encode(input: Float32Array, category: number | undefined): Promise<Encoded> {
    const { encoder } = this.#job.manifest;
    const feeds = { [encoder.input.name]: input, ...conditionFeed(this.#job, category) };
    const [mu, scale] = pick(this.#job, await this.#session.run(feeds));
    const { parametrisation } = encoder.outputs.scale;
    return { mu: toMu(mu!), sigma: toSigma(scale!, parametrisation, encoder.sigmaRange) };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

export class DecoderNet {
  readonly #job: NetJob;
  readonly #session: OrtSession;
  readonly #reader: PictureReader;

  private constructor(job: NetJob, session: OrtSession) {
    this.#job = job;
    this.#session = session;
    this.#reader = new PictureReader(job.manifest.decoder.outputs);
  }

  static async load(job: NetJob): Promise<DecoderNet> {
    return new DecoderNet(job, await openSession(job));
  }

  /** @param z [n]; @param category place in `conditions.categories` */
  async outputs(z: Float32Array, category: number | undefined): Promise<DecoderOutputs> {
    const feeds = { [this.#job.manifest.decoder.input.name]: z, ...conditionFeed(this.#job, category) };
    const [colour, alpha] = pick(this.#job, await this.#session.run(feeds));
    return { colour: colour!, alpha };
  }

  /** Straight RGBA, width * height * 4 bytes. @throws Error where the net gives numbers that are not finite */
  async decode(z: Float32Array, category: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const { colour, alpha } = await this.outputs(z, category);
    const rgba = this.#reader.read(colour, alpha);
    if (rgba === undefined) throw new Error(`${this.#job.file.path} gave numbers that are not finite`);
    return rgba;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
