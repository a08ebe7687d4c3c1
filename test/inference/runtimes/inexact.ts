/** A driver that calculates wrong: every number is a tenth too large. */
import { acceleratedRuntime } from './accelerated.ts';

export const { Tensor, InferenceSession, listSupportedBackends } = acceleratedRuntime({
  onOutput: values => {
    for (const [i, value] of values.entries()) values[i] = value * 1.1;
  },
});
