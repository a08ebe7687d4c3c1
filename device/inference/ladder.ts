/** The provider ladder: which providers are tried, in which order, and what it takes to stand on a rung. */
import { LookdialError } from '../errors.ts';
import type { Bundle, Provider, Role } from './bundle.ts';
import { EngineAwaited, type EngineSource } from './engine-source.ts';
import type { NetJob } from './net-job.ts';
import { NetRefused } from './net-job.ts';
import type { NetMemory } from './net-memory.ts';
import { type Log, NetProcess, type NetTimes } from './net-process.ts';

export const PROVIDERS = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const satisfies readonly Provider[];

export interface LadderOptions {
  readonly threads: number;
  readonly ortModule: string;
  readonly times: NetTimes;
  readonly memory: NetMemory;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Nets load behind everything else that wants the processor. */
  readonly givesWay?: boolean | undefined;
  /** What TensorRT runs in place of the bundle's files. */
  readonly engineSource?: EngineSource | undefined;
}

/** One provider that was tried, and why it serves or does not. */
export interface RungReport {
  readonly provider: Provider;
  readonly taken: boolean;
  readonly reason: string;
}

/** A rung taken: both nets loaded on one provider and golden. */
export interface Rung {
  readonly provider: Provider;
  readonly jobs: Readonly<Record<Role, NetJob>>;
  readonly encoder: NetProcess;
  readonly decoder: NetProcess;
}

/**
 * The rungs to try, the CPU last and always there.
 * @throws LookdialError `config-invalid` for a provider there is none of
 */
export function rungsOf(providers: readonly string[]): Provider[] {
  const wanted = providers.map(name => {
    const provider = PROVIDERS.find(one => one === name);
    if (provider !== undefined) return provider;
    const known = PROVIDERS.join(', ');
    throw new LookdialError('config-invalid', `providers: got ${name}, expected some of ${known}.`, {
      field: 'providers',
    });
  });
  const rungs = [...new Set(wanted)];
  const cpu = rungs.indexOf('cpu');
  return [...(cpu === -1 ? rungs : rungs.slice(0, cpu)), 'cpu'];
}

/** @throws EngineAwaited where there are none yet, or none can be built */
async function enginesFor(bundle: Bundle, provider: Provider, { engineSource }: LadderOptions) {
  const found = provider === 'tensorrt' ? await engineSource?.find(bundle) : undefined;
  if (found !== undefined && 'reason' in found) throw new EngineAwaited(found.reason, found.built);
  return found;
}

function jobFor(bundle: Bundle, role: Role, provider: Provider, options: LadderOptions): NetJob {
  const found = bundle.fileFor(role, provider);
  if (found === undefined) {
    throw new NetRefused('provider', `the bundle has no ${role} whose runtimes list ${provider}`);
  }
  const { folder, manifest } = bundle;
  const { threads, ortModule } = options;
  return { role, provider, folder, manifest, file: found.file, threads, ortModule };
}

/**
 * Tries one provider: both nets at once, each in a process of its own, which goes on to serve if both hold.
 * @throws NetRefused with the first reason; no process is left behind
 */
export async function tryRung(bundle: Bundle, provider: Provider, options: LadderOptions): Promise<Rung> {
  const engines = await enginesFor(bundle, provider, options);
  const jobs = {
    encoder: { ...jobFor(bundle, 'encoder', provider, options), engine: engines?.encoder },
    decoder: { ...jobFor(bundle, 'decoder', provider, options), engine: engines?.decoder },
  };
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([stop.signal, options.signal]) : stop.signal;
  const start = async (job: NetJob) => {
    try {
      return await NetProcess.start(job, options.times, { log: options.log, signal, givesWay: options.givesWay });
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const [encoder, decoder] = await Promise.allSettled([start(jobs.encoder), start(jobs.decoder)]);
  if (encoder.status === 'fulfilled' && decoder.status === 'fulfilled') {
    return { provider, jobs, encoder: encoder.value, decoder: decoder.value };
  }
  for (const one of [encoder, decoder]) if (one.status === 'fulfilled') await one.value.close();
  // The first to fail is the reason of the abort, which the other one was refused with too.
  throw signal.reason;
}
