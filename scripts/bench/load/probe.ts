/**
 * Loaded into the daemon by `node --import`: once a second writes how late its event loop ran to the file that
 * LOOKDIAL_BENCH_PROBE names, one JSON line each, milliseconds.
 */
import { appendFile } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 1_000;
/** How often the delay is looked at, milliseconds: what it reads is at least this. */
const RESOLUTION_MS = 5;

export interface Probed {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

const path = process.env.LOOKDIAL_BENCH_PROBE;
if (path !== undefined && isMainThread) {
  // Its children are not daemons.
  delete process.env.LOOKDIAL_BENCH_PROBE;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const milliseconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  setInterval(() => {
    const probed: Probed = {
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      longest: milliseconds(delay.max),
    };
    delay.reset();
    appendFile(path, `${JSON.stringify(probed)}\n`, () => undefined);
  }, EVERY_MS).unref();
}
