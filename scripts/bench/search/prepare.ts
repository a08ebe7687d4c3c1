/** A made-up store as the index file the product would have of it, and opened for searching. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { buildIndex, writeIndex } from '../../../device/matching/index-file.ts';
import type { IndexEntry } from '../../../device/matching/index-writer.ts';
import { SharedStore } from '../../../device/matching/scan/shared-store.ts';
import type { Gaussians } from '../../../device/matching/score-tables.ts';

const ENCODER = 'b'.repeat(64);

export const expectation = (latentDim: number) => ({ encoderDigest: ENCODER, latentDim });

/** SKUs in the order of rows, so that rows can be compared with any other search's. */
export const skuOf = (row: number): string => `G${String(row).padStart(8, '0')}`;

function* entriesOf({ count, latentDim, mu, sigma }: Gaussians): Generator<IndexEntry> {
  for (let row = 0; row < count; row += 1) {
    const [start, end] = [row * latentDim, (row + 1) * latentDim];
    yield { sku: skuOf(row), mu: mu.subarray(start, end), sigma: sigma.subarray(start, end) };
  }
}

/** Stands for the centiles where nobody asks how typical a point is. */
const NO_CENTILES = Float64Array.from({ length: 101 }, (_, centile) => centile);

const sourceOf = (latentDim: number, entries: Iterable<IndexEntry>) => ({
  encoderDigest: ENCODER,
  latentDim,
  tolerance: 0,
  entries,
});

/** The index of a store, but for the centiles of its typicality. */
export const indexOf = (store: Gaussians): Uint8Array =>
  buildIndex({
    ...sourceOf(store.latentDim, entriesOf(store)),
    expected: store.count,
    centiles: NO_CENTILES,
  });

/** As the product makes it, into a file. @param entries in whatever order */
export function writeWhole(
  path: string,
  latentDim: number,
  entries: Iterable<IndexEntry>,
  kernel: WebAssembly.Module,
  progress: (share: number) => void,
): void {
  const file = openSync(path, 'w');
  try {
    const write = (place: number, bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, place + at);
    };
    writeIndex(
      { ...sourceOf(latentDim, entries), kernel, progress },
      { write, end: length => ftruncateSync(file, length) },
    );
  } finally {
    closeSync(file);
  }
}

export const openStore = (store: Gaussians): SharedStore =>
  SharedStore.of(indexOf(store), expectation(store.latentDim));
