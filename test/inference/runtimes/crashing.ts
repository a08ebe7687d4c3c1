/** A driver that takes its process with it. */
import { acceleratedRuntime } from './accelerated.ts';

export const { Tensor, InferenceSession, listSupportedBackends } = acceleratedRuntime({
  onCreate: () => {
    process.stderr.write('libbroken-driver.so.1: undefined symbol: cuInit\n');
    process.abort();
  },
});
