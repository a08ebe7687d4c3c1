/**
 * In a process of its own, started by footprint-of.ts: reads an index file into the shared memory, searches, and tells what it
 * takes: resident memory, and how long the event loop was kept from other things.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../../../device/matching/random.ts';
import { SharedStore } from '../../../device/matching/scan/shared-store.ts';
import { loadKernel } from '../../../device/search/kernel-file.ts';
import { SearchPool } from '../../../device/search/search-pool.ts';
import { expectation } from './prepare.ts';

const [path = '', latentDim = '', queries = ''] = process.argv.slice(2);
const file = openSync(path, 'r');
const { size } = fstatSync(file);
const store = SharedStore.load(
  size,
  target => {
    for (let at = 0; at < size; ) at += readSync(file, target, at, Math.min(size - at, 2 ** 22), at);
  },
  expectation(Number(latentDim)),
);
closeSync(file);
const pool = new SearchPool(store, await loadKernel());
const random = new Random(1);
const point = () => Float64Array.from({ length: store.layout.latentDim }, () => random.normal());
for (let i = 0; i < 3; i += 1) await pool.search({ z: point(), k: 24 }, true);

// Before what follows fills the heap with measurements.
const residentMegabytes = process.memoryUsage.rss() / 1e6;

/** How late the event loop came to a timer of a millisecond while `work` went on, and for how long it worked in all. */
async function lateDuring(
  work: () => Promise<void>,
): Promise<{ p99: number; p999: number; max: number; active: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = performance.eventLoopUtilization();
  delay.enable();
  await work();
  delay.disable();
  const { active } = performance.eventLoopUtilization(before);
  // The histogram has the whole time from one turn of the timer to the next, in nanoseconds.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1);
  return { p99: late(delay.percentile(99)), p999: late(delay.percentile(99.9)), max: late(delay.max), active };
}

const took: number[] = [];
/** What this thread itself works for a query, before the workers have it and after they have answered. */
const own: number[] = [];
const began = performance.now();
const busy = await lateDuring(async () => {
  for (let i = 0; i < Number(queries); i += 1) {
    const start = performance.now();
    const asked = pool.search({ z: point(), k: 24, shareTolerance: 0.3 }, true);
    own.push(performance.now() - start);
    await asked;
    took.push(performance.now() - start);
  }
});
const idle = await lateDuring(() => setTimeout(performance.now() - began));
took.sort((a, b) => a - b);
const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
console.log(
  JSON.stringify({
    residentMegabytes,
    answer: { p50: at(took, 0.5), p99: at(took, 0.99) },
    posting: at(
      own.sort((a, b) => a - b),
      0.99,
    ),
    busy,
    idle,
    workPerQuery: busy.active / Number(queries),
  }),
);
await pool.close();
