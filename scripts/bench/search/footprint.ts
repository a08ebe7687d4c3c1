/**
 * In a process of its own, started by footprint-of.ts: reads an index file into the shared memory, searches, and tells what it
 * takes: resident memory, and how long the event loop was kept from other things.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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

/** How long the event loop took for its turns while `work` went on: counts by tenths of a millisecond, and the longest. */
async function turnsDuring(work: () => Promise<void>): Promise<{ p999: number; max: number }> {
  const tenths = new Uint32Array(100_000);
  let [going, last, max, all] = [true, performance.now(), 0, 0];
  const turn = (): void => {
    const now = performance.now();
    const took = now - last;
    tenths[Math.min(tenths.length - 1, Math.floor(10 * took))]! += 1;
    all += 1;
    max = Math.max(max, took);
    last = now;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  going = false;
  let [seen, tenth] = [0, 0];
  while (seen < 0.999 * all) seen += tenths[tenth++] ?? 0;
  return { p999: tenth / 10, max };
}

const took: number[] = [];
/** What this thread itself works for a query, before the workers have it and after they have answered. */
const own: number[] = [];
const busy = await turnsDuring(async () => {
  for (let i = 0; i < Number(queries); i += 1) {
    const start = performance.now();
    const asked = pool.search({ z: point(), k: 24, shareTolerance: 0.3 }, true);
    own.push(performance.now() - start);
    await asked;
    took.push(performance.now() - start);
  }
});
const idle = await turnsDuring(async () => {
  for (let i = 0; i < Number(queries); i += 1) await new Promise(resolve => setTimeout(resolve, 2));
});
took.sort((a, b) => a - b);
const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
console.log(
  JSON.stringify({
    residentMegabytes,
    answer: { p50: at(took, 0.5), p99: at(took, 0.99) },
    posting: Math.max(...own),
    turns: { ...busy, idleP999: idle.p999, idleMax: idle.max },
  }),
);
await pool.close();
