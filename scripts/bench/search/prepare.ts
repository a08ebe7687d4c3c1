/** A made-up store as the index file the product would have of it, and opened for searching. */
import { buildIndex } from '../../../device/matching/index-file.ts';
import type { IndexEntry } from '../../../device/matching/index-writer.ts';
import { SharedStore } from '../../../device/matching/scan/shared-store.ts';
import type { Gaussians } from '../../../device/matching/score-tables.ts';

const ENCODER = 'b'.repeat(64);

export const expectation = (latentDim: number) => ({ encoderDigest: ENCODER, latentDim });

function* entriesOf({ count, latentDim, mu, sigma }: Gaussians): Generator<IndexEntry> {
  for (let row = 0; row < count; row += 1) {
    const [start, end] = [row * latentDim, (row + 1) * latentDim];
    // SKUs in the order of rows, so that rows can be compared with any other search's.
    const sku = `G${String(row).padStart(8, '0')}`;
    yield { sku, mu: mu.subarray(start, end), sigma: sigma.subarray(start, end) };
  }
}

/** Stands for the centiles where nobody asks how typical a point is. */
const NO_CENTILES = Float64Array.from({ length: 101 }, (_, centile) => centile);

/** @param whole whether the typicality's centiles are to be computed too, as the product does */
export const indexOf = (store: Gaussians, whole: boolean, progress?: (share: number) => void): Uint8Array =>
  buildIndex({
    encoderDigest: ENCODER,
    latentDim: store.latentDim,
    tolerance: 0,
    entries: entriesOf(store),
    ...(whole ? {} : { centiles: NO_CENTILES }),
    ...(progress && { progress }),
  });

export const openStore = (store: Gaussians): SharedStore =>
  SharedStore.of(indexOf(store, false), expectation(store.latentDim));
