/** A binding that loses a megabyte with every output. */
import { acceleratedRuntime } from './accelerated.ts';

const lost: Uint8Array[] = [];

export const { Tensor, InferenceSession, listSupportedBackends } = acceleratedRuntime({
  onOutput: () => lost.push(new Uint8Array(2 ** 20).fill(lost.length)),
});
