/** How nets are to be run. */
import type { EngineSource } from './engine-source.ts';
import type { Log } from './net-process.ts';

export interface InferenceOptions {
  /** Providers to try, in this order; the CPU is always the last. */
  readonly providers: readonly string[];
  /** Threads of one run. */
  readonly threads: number;
  /** npm name or path of the ONNX Runtime binding. */
  readonly ortModule: string;
  /** Longest time one provider may take to load and pass the golden check, milliseconds. */
  readonly rungTimeoutMs: number;
  /** Longest silence while an answer is owed before the net's process is ended, milliseconds. */
  readonly requestTimeoutMs?: number;
  /** So much the process of a net may grow beyond what it held once loaded, megabytes; then another takes its place. */
  readonly netMayGrowMb?: number;
  /** How often it is looked whether it has, milliseconds. */
  readonly lookAtMemoryMs?: number;
  readonly log?: Log;
  readonly signal?: AbortSignal;
  /** They load behind everything else that wants the processor, where the system lets them come back from there. */
  readonly givesWay?: boolean;
  /** Engines that TensorRT runs in place of the bundle's own files. */
  readonly engineSource?: EngineSource;
}
