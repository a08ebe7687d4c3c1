/** Times something for a short while, so that a doctor on a slow box is still done soon. */
import { quantile } from '../bench/measure.ts';

export interface Measured {
  readonly runs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const WARM_UP = 10;
const MOST = 200;
const LONGEST_MS = 2_000;

/** One run after another, up to 200 of them and 2 seconds. */
export async function measure(run: () => Promise<unknown>): Promise<Measured> {
  const began = performance.now();
  for (let i = 0; i < WARM_UP && performance.now() - began < LONGEST_MS / 4; i += 1) await run();
  const times: number[] = [];
  while (times.length < MOST && (times.length === 0 || performance.now() - began < LONGEST_MS)) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { runs: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
