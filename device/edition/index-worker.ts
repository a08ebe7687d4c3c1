/** Builds the next index of a store, in a thread of its own and behind everything else that wants the processor. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { buildIndex, EncodingIndex, type IndexEntry } from '../matching/index-file.ts';
import { loadKernel } from '../search/kernel-file.ts';
import type { IndexJob } from './next-index.ts';

if (parentPort === null) throw new Error('index-worker.ts is started by buildNextIndex, not by itself.');
// On Linux this is the thread’s own: a drag is answered first. No lower, for somebody waits for it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const { bytes, encoderDigest, latentDim, tolerance, replaced, added }: IndexJob = workerData;

function* entries(): Generator<IndexEntry> {
  const index = EncodingIndex.open(bytes, { encoderDigest, latentDim });
  const gone = new Set(replaced);
  for (let row = 0; row < index.count; row += 1) {
    const sku = index.sku(row);
    if (gone.has(sku)) continue;
    const pictureSha256 = index.pictureSha256(row);
    yield { sku, ...index.posterior(row), ...(pictureSha256 && { pictureSha256 }) };
  }
  yield* added;
}

// Without the search's kernel the same index takes longer.
const kernel = await loadKernel().catch(() => undefined);
const built = buildIndex({ encoderDigest, latentDim, tolerance, entries: entries(), ...(kernel && { kernel }) });
parentPort.postMessage(built, [built.buffer as ArrayBuffer]);
