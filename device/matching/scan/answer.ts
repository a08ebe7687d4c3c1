/** Puts the threads' parts of an answer together. */
import type { Hit, SearchAnswer, SearchQuery } from '../flat-search.ts';
import { everyDimension, logLikelihood, mahalanobisSquared } from '../likelihood.ts';
import { logSumExp } from '../log-sum-exp.ts';
import { centileOf, verdictOf } from '../typicality.ts';
import { STATE } from './layout.ts';
import type { Part, ScanOptions } from './scan-part.ts';
import type { ScanSearch } from './scan-search.ts';
import type { SharedStore } from './shared-store.ts';

/** Clears what the threads of one query share. To be called before each query, with none under way. */
export function clearQuery(store: Pick<SharedStore, 'memory' | 'layout'>): void {
  const { buffer } = store.memory;
  const { state } = store.layout;
  const numbers = new Int32Array(buffer, state, STATE.length);
  numbers[STATE.cancelled] = 0;
  numbers.fill(0, STATE.next, STATE.next + 3);
  new Float64Array(buffer, state + 4 * STATE.bars, 3).fill(-Infinity);
}

/** Has a query that is under way stop at its next region. */
export function cancelQuery(store: SharedStore): void {
  Atomics.store(new Int32Array(store.memory.buffer, store.layout.state, STATE.length), STATE.cancelled, 1);
}

/** The answer that the parts of all threads make. */
export function joinParts(store: SharedStore, query: SearchQuery, parts: readonly Part[]): SearchAnswer {
  const { index, layout } = store;
  const tolerance = query.tolerance ?? layout.tolerance;
  const on = query.on?.toSorted((a, b) => a - b) ?? everyDimension(layout.latentDim);
  const found = parts
    .flatMap(part => part.rows.map((row, place) => ({ row, sku: store.sku(row), score: part.scores[place]! })))
    .sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
    .slice(0, query.k);
  const shareSum = logSumExp(Float64Array.from(parts, part => part.shareSum));
  const hits = found.map(({ row, sku }): Hit => {
    const posterior = store.posterior(row);
    const options = { tolerance, on };
    const shared = logLikelihood(query.z, posterior, { tolerance: query.shareTolerance ?? tolerance, on });
    return {
      row,
      sku,
      logLikelihood: logLikelihood(query.z, posterior, options),
      mahalanobisSquared: mahalanobisSquared(query.z, posterior, options),
      share: shareSum === -Infinity ? 0 : Math.min(1, Math.exp(shared - shareSum)),
    };
  });
  const logMean = logSumExp(Float64Array.from(parts, part => part.typicalSum)) - Math.log(Math.max(1, store.size));
  const centile = centileOf(logMean, index.typicalityCentiles);
  const considered = parts[0]?.considered ?? 0;
  return { hits, considered, typicality: { logMean, centile, verdict: verdictOf(centile) } };
}

/** A whole answer by one thread alone, at once. */
export function searchAlone(
  store: SharedStore,
  search: ScanSearch,
  query: SearchQuery,
  options: ScanOptions = {},
): SearchAnswer {
  clearQuery(store);
  return joinParts(store, query, [search.part(query, options)]);
}
