/** Opens bundles made in memory, for tests that run them. */
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { type Inference, type InferenceOptions, startInference } from '../../device/inference/inference.ts';
import { type BundleParts, writeBundle } from './bundle.ts';

export const CPU_OPTIONS: InferenceOptions = {
  providers: [],
  threads: 1,
  ortModule: 'onnxruntime-node',
  rungTimeoutMs: 60_000,
};

/** Opens and starts a bundle on the CPU, or as `options` say. */
export async function startBundle(
  parts: BundleParts,
  options: Partial<InferenceOptions> = {},
): Promise<{ bundle: Bundle; inference: Inference }> {
  const bundle = await openBundle(writeBundle(parts));
  return { bundle, inference: await startInference(bundle, { ...CPU_OPTIONS, ...options }) };
}

/** A log that keeps its lines. */
export function keptLog(): { lines: string[]; info(text: string): void; warn(text: string): void } {
  const lines: string[] = [];
  const keep = (text: string): void => void lines.push(text);
  return { lines, info: keep, warn: keep };
}
