/**
 * The time after a change of model in which the box watches itself: nets that end, hang, are slow or grow are a release that
 * goes back, whatever its trial showed.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Release } from './release.ts';

export interface Vitals {
  /** Whether the nets serve at all. */
  readonly serving: boolean;
  /** Nets that ended, or were ended, since the last look. */
  readonly ended: number;
  /** Time of one decoding, milliseconds; undefined where none came. */
  readonly decodeMs: number | undefined;
  /** The same of one encoding. */
  readonly encodeMs: number | undefined;
  readonly residentBytes: number;
}

export interface ProbationOptions {
  readonly limits: Release['limits'];
  /** How long, and how often is looked, milliseconds. */
  readonly lastsMs: number;
  readonly everyMs: number;
  /** Looks once. What it throws counts as a net that did not answer. */
  look(): Promise<Vitals>;
  readonly signal?: AbortSignal | undefined;
}

/** Nets that may end in a probation before it is the release's fault: one may be the system's. */
const MOST_ENDED = 2;
/** Looks one after another with a fault that may pass. */
const MOST_IN_A_ROW = 3;
/** A single run, beside shoppers who dial, is not the trial's 95th centile: so many times as long is too long. */
const LENIENCE = 4;

/** @returns undefined where it was passed, or else why not, as a sentence @throws the signal's reason */
export async function watchProbation(options: ProbationOptions): Promise<string | undefined> {
  const { lastsMs, everyMs, signal, limits } = options;
  const until = performance.now() + lastsMs;
  let ended = 0;
  let inARow = 0;
  let last = '';
  while (performance.now() < until) {
    await wait(Math.min(everyMs, Math.max(0, until - performance.now())), undefined, signal ? { signal } : {});
    const vitals = await look(options);
    if (!vitals.serving) return 'Its nets were given up: they ended too often.';
    ended += vitals.ended;
    if (ended > MOST_ENDED) return `Its nets ended ${ended} times.`;
    const fault = faultOf(vitals, limits);
    inARow = fault === undefined ? 0 : inARow + 1;
    last = fault ?? last;
    if (inARow >= MOST_IN_A_ROW) return last;
  }
  // What was wrong at the last look of all may have been a moment's.
  return undefined;
}

async function look(options: ProbationOptions): Promise<Vitals> {
  try {
    return await options.look();
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    void error;
    return { serving: true, ended: 0, decodeMs: undefined, encodeMs: undefined, residentBytes: 0 };
  }
}

function faultOf({ decodeMs, encodeMs, residentBytes }: Vitals, limits: Release['limits']): string | undefined {
  const times = [
    { net: 'decoder', run: 'A decoding', ms: decodeMs, most: LENIENCE * limits.decodeP95Ms },
    { net: 'encoder', run: 'An encoding', ms: encodeMs, most: LENIENCE * limits.encodeP95Ms },
  ];
  for (const { net, run, ms, most } of times) {
    if (ms === undefined) return `Its ${net} did not answer.`;
    if (ms > most) return `${run} took ${Math.round(ms)} ms; ${Math.round(most)} ms are the most.`;
  }
  if (residentBytes > limits.residentBytes) {
    const [got, bound] = [residentBytes, limits.residentBytes].map(bytes => Math.round(bytes / 2 ** 20));
    return `Its nets grew to ${got} MB of memory; ${bound} MB are the most.`;
  }
  return undefined;
}
