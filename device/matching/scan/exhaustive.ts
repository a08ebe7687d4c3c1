/**
 * Every garment scored, the tail's too: for the metrics the codes do not bound, and for numbers the kernel's arithmetic was not
 * proved for. The arithmetic is the flat search's.
 */
import type { Metric } from '../flat-search.ts';
import { logSumExp } from '../log-sum-exp.ts';
import { type Gaussians, scanDirect, scanEuclidean, scanMahalanobis } from '../score-tables.ts';
import { TopK } from '../top-k.ts';
import type { StoreView } from './store-view.ts';

export class Exhaustive {
  readonly #store: StoreView;

  constructor(store: StoreView) {
    this.#store = store;
  }

  /** The k best rows and their scores, best first. @param allowed one byte a row, the tail's behind the index's */
  top(
    z: ArrayLike<number>,
    k: number,
    metric: Metric,
    tolerance: number,
    on: readonly number[],
    allowed: Uint8Array | undefined,
  ): { rows: number[]; scores: number[] } {
    const { index, tail } = this.#store;
    const ofIndex = scan(index, z, metric, tolerance, on);
    const best = new TopK(Math.max(1, Math.min(k, index.count)));
    for (let row = 0; row < index.count; row += 1) {
      if (allowed === undefined || allowed[row] !== 0) best.offer(ofIndex[row]!, row);
    }
    const ofTail = scan(tail, z, metric, tolerance, on);
    const rows = best.rows();
    for (let place = 0; place < tail.count; place += 1) {
      if (allowed === undefined || allowed[index.count + place] !== 0) rows.push(index.count + place);
    }
    const score = (row: number): number => (row < index.count ? ofIndex[row]! : ofTail[row - index.count]!);
    rows.sort((a, b) => score(b) - score(a) || this.#store.order(a) - this.#store.order(b));
    const nearest = rows.slice(0, k);
    return { rows: nearest, scores: nearest.map(score) };
  }

  /** log of the sum of likelihoods. */
  sum(z: ArrayLike<number>, tolerance: number, on: readonly number[], allowed: Uint8Array | undefined): number {
    const { index, tail } = this.#store;
    const parts = [index, tail].map((part, which) => {
      const scores = scan(part, z, 'log-likelihood', tolerance, on);
      const start = which === 0 ? 0 : index.count;
      return logSumExp(scores, allowed?.subarray(start, start + part.count));
    });
    return logSumExp(Float64Array.from(parts));
  }
}

function scan(
  part: Gaussians,
  z: ArrayLike<number>,
  metric: Metric,
  tolerance: number,
  on: readonly number[],
): Float64Array {
  const scores = new Float64Array(part.count);
  const [dimensions, point] = [Int32Array.from(on), Float64Array.from(z)];
  if (metric === 'euclidean') scanEuclidean(part, dimensions, point, scores);
  else if (metric === 'mahalanobis') scanMahalanobis(part, tolerance, dimensions, point, scores);
  else scanDirect(part, tolerance, dimensions, point, scores);
  return scores;
}
