/**
 * A binding that has an accelerator where the machine has none: the real one, whose CPU answers for CUDA. It stands
 * for a build of one's own, and is given by path like such a build.
 */
import { createRequire } from 'node:module';
import type { InferenceSession } from 'onnxruntime-node';

const real = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node');

export interface Behaviour {
  /** Called when a session is made on the accelerator. */
  readonly onCreate?: () => void;
  /** Called with each output on the accelerator. */
  readonly onOutput?: (values: Float32Array) => void;
}

type Options = InferenceSession.SessionOptions & { extra?: { session?: Record<string, unknown> } };

/** Its exports: what the daemon uses of a binding. */
export function acceleratedRuntime({ onCreate, onOutput }: Behaviour) {
  return {
    Tensor: real.Tensor,
    listSupportedBackends: () => [...real.listSupportedBackends(), { name: 'cuda', bundled: true }],
    InferenceSession: {
      async create(model: Uint8Array, options: Options): Promise<InferenceSession> {
        if (options.executionProviders?.[0] !== 'cuda') return real.InferenceSession.create(model, options);
        if (options.extra?.session?.disable_cpu_ep_fallback !== '1') throw new Error('the CPU could step in unseen');
        onCreate?.();
        const { executionProviders: _, extra: __, ...rest } = options;
        const session = await real.InferenceSession.create(model, { ...rest, executionProviders: ['cpu'] });
        const run = session.run.bind(session);
        return Object.assign(session, {
          run: async (feeds: InferenceSession.OnnxValueMapType) => {
            const results = await run(feeds);
            for (const { data } of Object.values(results)) if (data instanceof Float32Array) onOutput?.(data);
            return results;
          },
        });
      },
    },
  };
}
