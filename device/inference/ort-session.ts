/** One ONNX Runtime session, in this process: made for one provider, with no quiet fall-back, and what it says of itself. */
import { createRequire } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Provider } from './bundle.ts';
import { NetRefused } from './net-job.ts';

type Runtime = typeof import('onnxruntime-node');

/** A tensor's name and shape; a dimension that the model leaves open is a string. */
export interface TensorShape {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What is given to `executionProviders`: TensorRT hands what it cannot run to CUDA, never to the CPU. */
const EXECUTION_PROVIDERS: Readonly<Record<Provider, readonly string[]>> = {
  tensorrt: ['tensorrt', 'cuda'],
  cuda: ['cuda'],
  webgpu: ['webgpu'],
  cpu: ['cpu'],
};

/** Loads the binding. @param ortModule npm name or path of it */
export function loadRuntime(ortModule: string): Runtime {
  const here = dirname(fileURLToPath(import.meta.url));
  const isPath = isAbsolute(ortModule) || ortModule.startsWith('.');
  try {
    return createRequire(import.meta.url)(isPath ? resolve(here, '../..', ortModule) : ortModule) as Runtime;
  } catch (cause) {
    const [first = ''] = (cause as Error).message.split('\n');
    throw new NetRefused('runtime', `the ONNX Runtime binding "${ortModule}" cannot be loaded: ${first}`, cause);
  }
}

const describe = (metadata: readonly InferenceSession.ValueMetadata[]): TensorShape[] =>
  metadata.map(one =>
    one.isTensor
      ? { name: one.name, type: one.type, shape: one.shape }
      : { name: one.name, type: 'no tensor', shape: [] },
  );

/** ONNX Runtime's exceptions begin with the place in its source and the check that failed; the words come after. */
const withoutPlace = (message: string): string => message.trim().replace(/^\/\S+:\d+ .* was false\. /s, '');

export class OrtSession {
  readonly inputs: readonly TensorShape[];
  readonly outputs: readonly TensorShape[];
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.inputs = describe(session.inputMetadata);
    this.outputs = describe(session.outputMetadata);
  }

  /**
   * @param model the ONNX file's bytes
   * @param options.profile how the file begins that ONNX Runtime is to write, of what ran each node; none unless given
   * @throws NetRefused where the binding has no such provider, or the provider does not take the model
   */
  static async create(
    model: Uint8Array,
    options: { provider: Provider; threads: number; ortModule: string; profile?: string },
  ): Promise<OrtSession> {
    const { provider, threads, ortModule, profile } = options;
    const runtime = loadRuntime(ortModule);
    const backends = runtime.listSupportedBackends().map(backend => backend.name);
    if (!backends.includes(provider)) {
      const has = backends.join(', ');
      throw new NetRefused('provider', `this build of the ONNX Runtime binding has no ${provider}; it has ${has}`);
    }
    const noFallback = provider === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' };
    try {
      const session = await runtime.InferenceSession.create(model, {
        executionProviders: EXECUTION_PROVIDERS[provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
        extra: { session: { ...noFallback, intra_op: { allow_spinning: '0' } } },
      });
      return new OrtSession(runtime, session);
    } catch (cause) {
      throw new NetRefused('provider', withoutPlace((cause as Error).message), cause);
    }
  }

  /** One run. @param feeds values by input; each must fill that input's static shape */
  async run(feeds: Readonly<Record<string, Float32Array>>): Promise<ReadonlyMap<string, Float32Array>> {
    const tensors: Record<string, Tensor> = {};
    for (const { name, shape } of this.inputs) {
      const values = feeds[name];
      if (values !== undefined) tensors[name] = new this.#runtime.Tensor('float32', values, shape as number[]);
    }
    const results = await this.#session.run(tensors);
    const values = new Map<string, Float32Array>();
    for (const [name, tensor] of Object.entries(results)) {
      if (tensor.data instanceof Float32Array) values.set(name, tensor.data);
    }
    return values;
  }

  /** Has the file of its profile written whole. */
  endProfile(): void {
    this.#session.endProfiling();
  }

  /** Frees the native session; every run must have been awaited. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}
