/** How a store is cut up: how many garments a region takes, and which dimensions are worth cells. */
import type { Gaussians } from '../score-tables.ts';

/**
 * Garments a region: with more of them a query makes fewer tables, with fewer its boxes are tighter. Measured with
 * `npm run bench -- search` (docs/search.md): these are within a tenth of the best at 10k, 100k and 1M.
 */
export function regionSizeFor(count: number): number {
  if (count >= 400_000) return 4096;
  if (count >= 40_000) return 1024;
  return 512;
}

/** Garments looked at, evenly through the store, where a mean will do. */
const SAMPLE = 5_000;

/**
 * How much a dimension moves scores: the spread of mu measured in sigmas, and that of log sigma. A collapsed dimension, whose
 * posteriors are all the prior, moves nothing.
 */
function movement({ count, latentDim, mu, sigma }: Gaussians, d: number): number {
  const step = Math.max(1, Math.floor(count / SAMPLE));
  let [seen, sum, squares, precision, logs, logSquares] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < count; row += step) {
    const place = row * latentDim + d;
    const log = Math.log(sigma[place]!);
    seen += 1;
    sum += mu[place]!;
    squares += mu[place]! * mu[place]!;
    precision += 1 / (sigma[place]! * sigma[place]!);
    logs += log;
    logSquares += log * log;
  }
  const varianceOf = (total: number, ofSquares: number): number => Math.max(0, ofSquares / seen - (total / seen) ** 2);
  return varianceOf(sum, squares) * (precision / seen) + varianceOf(logs, logSquares);
}

/** Below this a dimension tells garments apart by less than what the codes round off. */
const WORTH_CELLS = 0.02;

/** The dimensions that get cells, the one that moves scores most first; ties in order of dimension. */
export function activeDimensions(store: Gaussians): Uint8Array {
  if (store.count === 0) return new Uint8Array(0);
  const moves = Array.from({ length: store.latentDim }, (_, d) => ({ d, moves: movement(store, d) }));
  const active = moves.filter(one => one.moves > WORTH_CELLS).sort((a, b) => b.moves - a.moves || a.d - b.d);
  return Uint8Array.from(active, one => one.d);
}

/**
 * From this many garments on the scan is worth its worker thread; below, the flat search on the event loop is faster, all told.
 * Measured with `npm run bench -- search` (docs/search.md, "Where the flat search wins").
 */
export const SCAN_FROM = 4_000;
