import { acceleratedRuntime } from './accelerated.ts';

export const { Tensor, InferenceSession, listSupportedBackends } = acceleratedRuntime({});
