/**
 * A process of its own, for test/slow/index-memory.test.ts: streams a made-up store into an index that goes nowhere, and tells how
 * much memory the process took on top of what it had before.
 */
import { type IndexEntry, writeIndex } from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { DIGEST, skuOf } from './scan/support.ts';

const [count = 0, latentDim = 0] = process.argv.slice(2).map(Number);

function* entries(): Generator<IndexEntry> {
  const random = new Random(3);
  for (let row = 0; row < count; row += 1) {
    const mu = Float32Array.from({ length: latentDim }, () => random.normal());
    const sigma = Float32Array.from({ length: latentDim }, () => 0.05 + 0.2 * random.uniform());
    yield { sku: skuOf(row), mu, sigma, pictureSha256: new Uint8Array(32).fill(row % 251) };
  }
}

const kernel = await loadKernel();
const before = process.memoryUsage.rss();
let fileBytes = 0;
writeIndex(
  { encoderDigest: DIGEST, latentDim, tolerance: 0, entries: entries(), kernel },
  { write: () => undefined, end: length => (fileBytes = length) },
);
console.log(JSON.stringify({ fileBytes, grown: process.resourceUsage().maxRSS * 1_024 - before }));
