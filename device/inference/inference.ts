/** Encoder and decoder of a bundle, served: the best provider that answers as the bundle says, and the CPU at the last. */
import { LookdialError } from '../errors.ts';
import { type Bundle, type Provider, ROLES, type Role } from './bundle.ts';
import { EngineAwaited } from './engine-source.ts';
import type { InferenceOptions } from './inference-options.ts';
import { type LadderOptions, type Rung, type RungReport, rungsOf, tryRung } from './ladder.ts';
import { type Encoded, NetRefused } from './net-job.ts';
import type { Log } from './net-process.ts';
import { NetServer } from './net-server.ts';
import { encoderInputShape, product } from './shapes.ts';

export type { Encoded, InferenceOptions, Log, RungReport };

export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Straight RGBA, rows from the top. Alpha is not sharpened; 255 throughout where the decoder has none. */
  readonly rgba: Uint8Array;
}

export interface Inference {
  readonly provider: Provider;
  readonly report: readonly RungReport[];
  readonly precision: Readonly<Record<Role, string>>;
  /** `down` once a net was given up on the CPU too: then every call fails, and only a new start helps. */
  readonly state: 'serving' | 'down';
  /** The processes that serve, by their system's id, for whoever watches their memory; none while one starts. */
  readonly processes: Readonly<Record<Role, number | undefined>>;
  /** Requests that each net's process owes an answer, the one it works at included. */
  readonly owed: Readonly<Record<Role, number>>;
  /**
   * How often the process of each net ended by itself, grew too large, or was given up with its provider. One that is left for a
   * better provider is not counted.
   */
  readonly restarts: Readonly<Record<Role, number>>;
  /**
   * @param input as `readPicture` makes it, in the encoder's own layout
   * @param category one of the bundle's conditions; a net that takes none does not look at it
   * @throws LookdialError `inference-failed`, `invalid-request` for a category the bundle does not have
   */
  encode(input: Float32Array, category?: string): Promise<Encoded>;
  /**
   * @param z n finite numbers
   * @throws LookdialError `inference-failed`, `invalid-point`, `invalid-request`
   */
  decode(z: ArrayLike<number>, category?: string): Promise<DecodedPicture>;
  close(): Promise<void>;
}

const NAMES: Readonly<Record<Provider, string>> = {
  tensorrt: 'TensorRT',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  cpu: 'the CPU',
};
const SILENT: Log = { info: () => undefined, warn: () => undefined };
const REQUEST_TIMEOUT_MS = 10_000;
/** What allocators and compilers take in their first thousands of runs is a tenth of it. */
const MAY_GROW_MB = 512;
const LOOK_AT_MEMORY_MS = 10_000;

const failed = (message: string, cause?: unknown): LookdialError =>
  new LookdialError('inference-failed', message, cause === undefined ? {} : { cause });

/** With one full stop, whatever a library ends its messages with. */
const sentence = (text: string): string => `${text.replace(/[.\s]+$/, '')}.`;

/** The refusal of the last rung, as the error that stops a start. */
function noRung(bundle: Bundle, refusal: NetRefused): LookdialError {
  const { kind, message: cause } = refusal;
  if (kind === 'bundle')
    return new LookdialError('bundle-invalid', sentence(`${bundle.folder}: ${cause}`), { cause: refusal });
  return failed(sentence(`The nets of ${bundle.folder} cannot be run on the CPU: ${cause}`), refusal);
}

class LadderInference implements Inference {
  readonly #bundle: Bundle;
  readonly #options: LadderOptions;
  readonly #report: RungReport[] = [];
  readonly #inputLength: number;
  readonly #size: { width: number; height: number };
  readonly #rungs: readonly Provider[];
  #untried: readonly Provider[];
  #provider: Provider = 'cpu';
  #servers: Promise<Record<Role, NetServer>>;
  /** The servers that `#servers` gave last; undefined while the next rung is climbed. */
  #current: Record<Role, NetServer> | undefined;
  #going: Promise<void> | undefined;
  #down: LookdialError | undefined;
  readonly restarts: Record<Role, number> = { encoder: 0, decoder: 0 };
  readonly #closing = new AbortController();

  constructor(bundle: Bundle, rungs: readonly Provider[], options: LadderOptions) {
    this.#bundle = bundle;
    const { signal } = this.#closing;
    this.#options = { ...options, signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal };
    this.#rungs = rungs;
    this.#untried = rungs;
    this.#inputLength = product(encoderInputShape(bundle.manifest));
    const { width, height } = bundle.manifest.decoder.outputs.alpha ?? bundle.manifest.decoder.outputs.colour;
    this.#size = { width, height };
    this.#servers = this.#climb();
  }

  async ready(): Promise<this> {
    await this.#servers;
    return this;
  }

  get provider(): Provider {
    return this.#provider;
  }

  get report(): readonly RungReport[] {
    return this.#report;
  }

  get precision(): Record<Role, string> {
    const of = (role: Role) => this.#bundle.fileFor(role, this.#provider)?.file.precision ?? 'float32';
    return { encoder: of('encoder'), decoder: of('decoder') };
  }

  get state(): 'serving' | 'down' {
    return this.#down === undefined ? 'serving' : 'down';
  }

  get processes(): Record<Role, number | undefined> {
    return { encoder: this.#current?.encoder.pid, decoder: this.#current?.decoder.pid };
  }

  get owed(): Record<Role, number> {
    return { encoder: this.#current?.encoder.owed ?? 0, decoder: this.#current?.decoder.owed ?? 0 };
  }

  async encode(input: Float32Array, category?: string): Promise<Encoded> {
    if (input.length !== this.#inputLength) {
      throw new RangeError(`The encoder's input holds ${input.length} numbers, expected ${this.#inputLength}.`);
    }
    const place = this.#place(category);
    return this.#ask('encoder', net => net.encode(input, place));
  }

  async decode(z: ArrayLike<number>, category?: string): Promise<DecodedPicture> {
    const n = this.#bundle.manifest.latentDim;
    const values = Float32Array.from(z);
    if (values.length !== n) {
      throw new LookdialError('invalid-point', `z holds ${values.length} numbers; this model takes ${n}.`, {
        field: 'z',
      });
    }
    const wrong = values.findIndex(value => !Number.isFinite(value));
    if (wrong !== -1) {
      const field = `z/${wrong}`;
      throw new LookdialError('invalid-point', `${field} is ${z[wrong]}; it must be a finite number.`, { field });
    }
    const place = this.#place(category);
    const rgba = await this.#ask('decoder', net => net.decode(values, place));
    return { ...this.#size, rgba };
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The model is closed.'));
    const servers = await this.#servers.catch(() => undefined);
    await Promise.all([servers?.encoder.close(), servers?.decoder.close(), this.#going]);
  }

  async #ask<T>(role: Role, request: (net: NetServer) => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw failed('The model is closed.');
    try {
      return await request((await this.#servers)[role]);
    } catch (cause) {
      if (this.#down !== undefined) throw this.#down;
      throw failed(sentence(`The ${role} did not answer: ${(cause as Error).message}`), cause);
    }
  }

  #place(category: string | undefined): number | undefined {
    const categories = this.#bundle.manifest.conditions?.categories;
    if (category === undefined || categories === undefined) return undefined;
    const place = categories.indexOf(category);
    if (place !== -1) return place;
    throw new LookdialError(
      'invalid-request',
      `condition/category is ${JSON.stringify(category)}; this model has ${categories.join(', ')}.`,
      { field: 'condition/category' },
    );
  }

  /** Takes the first rung that holds. @throws LookdialError where none does */
  async #climb(): Promise<Record<Role, NetServer>> {
    for (;;) {
      const [provider = 'cpu', ...rest] = this.#untried;
      this.#untried = rest;
      try {
        return this.#serve(await tryRung(this.#bundle, provider, this.#options));
      } catch (error) {
        if (!(error instanceof NetRefused)) throw error;
        this.#refuse(provider, error);
        if (rest.length === 0) throw noRung(this.#bundle, error);
      }
    }
  }

  #tell(rung: RungReport): void {
    const place = this.#report.findIndex(({ provider }) => provider === rung.provider);
    this.#report.splice(place === -1 ? this.#report.length : place, 1, rung);
  }

  /** A provider that only waits for its engines is tried again when they are built. */
  #refuse(provider: Provider, error: NetRefused): void {
    this.#tell({ provider, taken: false, reason: error.message });
    this.#options.log.warn(sentence(`${NAMES[provider]} is not used: ${error.message}`));
    if (!(error instanceof EngineAwaited)) return;
    void error.built?.then(why => {
      if (why === undefined) this.#going = this.#goOver(provider);
      else this.#tell({ provider, taken: false, reason: why });
    });
  }

  /** Takes a better rung while this one serves, which ends when it has answered what it owes. */
  async #goOver(provider: Provider): Promise<void> {
    const { signal } = this.#closing;
    try {
      const old = await this.#servers;
      const rung = await tryRung(this.#bundle, provider, { ...this.#options, givesWay: true });
      if (signal.aborted || this.#current !== old) {
        // The provider that served was given up meanwhile.
        await Promise.all([rung.encoder.close(), rung.decoder.close()]);
        return signal.aborted ? undefined : await this.#goOver(provider);
      }
      const reason = `${NAMES[provider]} serves since its engines are built`;
      this.#tell({ provider: this.#provider, taken: false, reason });
      this.#untried = this.#rungs.slice(this.#rungs.indexOf(provider) + 1);
      this.#servers = Promise.resolve(this.#serve(rung));
      await Promise.all([old.encoder.closeAnswered(signal), old.decoder.closeAnswered(signal)]);
    } catch (error) {
      if (error instanceof NetRefused) this.#refuse(provider, error);
      else if (!signal.aborted) this.#options.log.warn(sentence(String(error)));
    }
  }

  #serve(rung: Rung): Record<Role, NetServer> {
    const { provider, jobs, encoder, decoder } = rung;
    const { times, memory, log } = this.#options;
    const reason = `the golden check holds: ${encoder.golden}, ${decoder.golden}`;
    this.#tell({ provider, taken: true, reason });
    this.#provider = provider;
    log.info(`The model ${this.#bundle.name} runs on ${NAMES[provider]}: ${reason}.`);
    const onSpent = (why: string) => this.#fall(servers, why);
    const optionsOf = (role: Role) => {
      const onLost = (): void => {
        this.restarts[role] += 1;
      };
      return { times, memory, log, onSpent, onLost };
    };
    const servers = {
      encoder: new NetServer(jobs.encoder, encoder, optionsOf('encoder')),
      decoder: new NetServer(jobs.decoder, decoder, optionsOf('decoder')),
    };
    this.#current = servers;
    return servers;
  }

  /** A provider that took its rung and then kept failing is left for the next one; below the CPU there is none. */
  #fall(from: Record<Role, NetServer>, reason: string): void {
    if (this.#closing.signal.aborted || this.#current !== from) return;
    this.#current = undefined;
    const { log } = this.#options;
    const provider = this.#provider;
    this.#tell({ provider, taken: false, reason });
    log.warn(sentence(`${NAMES[provider]} is given up: ${reason}`));
    void Promise.all([from.encoder.close(), from.decoder.close()]);
    if (provider === 'cpu') {
      this.#down = failed(`${sentence(`The model is down: ${reason}`)} Look at the daemon’s log, then start it again.`);
      return;
    }
    for (const role of ROLES) if (from[role].pid !== undefined) this.restarts[role] += 1;
    this.#servers = this.#climb();
    this.#servers.catch((error: unknown) => {
      this.#down = error instanceof LookdialError ? error : failed(String(error), error);
    });
  }
}

/**
 * Starts the nets of a bundle on the first provider that loads them and passes the golden check.
 * @throws LookdialError `bundle-invalid` where a net is not what the manifest says, `inference-failed` where none runs
 */
export async function startInference(bundle: Bundle, options: InferenceOptions): Promise<Inference> {
  const { providers, threads, ortModule, rungTimeoutMs, log = SILENT, signal, givesWay, engineSource } = options;
  const times = { loadMs: rungTimeoutMs, requestMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS };
  const memory = {
    mayGrow: (options.netMayGrowMb ?? MAY_GROW_MB) * 2 ** 20,
    everyMs: options.lookAtMemoryMs ?? LOOK_AT_MEMORY_MS,
  };
  const ladder = { threads, ortModule, times, memory, log, signal, givesWay, engineSource };
  return new LadderInference(bundle, rungsOf(providers), ladder).ready();
}
