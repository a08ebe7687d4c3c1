/**
 * In a process of its own, started by costs.ts: streams a store's numbers from a file into an index file, as the product makes
 * one, and tells how long it took and how much memory the process ever had.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { IndexEntry } from '../../../device/matching/index-writer.ts';
import { loadKernel } from '../../../device/search/kernel-file.ts';
import { skuOf, writeWhole } from './prepare.ts';

const [source = '', target = '', garments = '', latentDim = ''] = process.argv.slice(2);
/** Garments read from the file at once. */
const AT_A_TIME = 4_096;
const [count, n] = [Number(garments), Number(latentDim)];

/** From the last garment to the first, so that they have to be sorted. The file: for each garment mu, then sigma. */
function* entries(): Generator<IndexEntry> {
  const file = openSync(source, 'r');
  const numbers = new Float32Array(2 * n * AT_A_TIME);
  for (let end = count; end > 0; end -= AT_A_TIME) {
    const first = Math.max(0, end - AT_A_TIME);
    readSync(file, numbers, 0, 8 * n * (end - first), 8 * n * first);
    for (let row = end - 1; row >= first; row -= 1) {
      const at = 2 * n * (row - first);
      yield { sku: skuOf(row), mu: numbers.subarray(at, at + n), sigma: numbers.subarray(at + n, at + 2 * n) };
    }
  }
  closeSync(file);
}

const kernel = await loadKernel();
const before = process.memoryUsage.rss();
const [start, cpu] = [performance.now(), process.cpuUsage()];
let told = 0;
writeWhole(target, n, entries(), kernel, () => {
  told += 1;
});
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
const peakMegabytes = (process.resourceUsage().maxRSS * 1_024 - before) / 1e6;
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, told, peakMegabytes }));
