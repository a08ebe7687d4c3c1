/** Measures searches by turns, query by query, in one process: whatever slows the machine slows all of them. */
import type { Gaussians } from '../../../device/matching/score-tables.ts';
import { makeScoreTable, scanTable } from '../../../device/matching/score-tables.ts';
import { TopK } from '../../../device/matching/top-k.ts';
import { quantile } from '../measure.ts';
import type { Contestant } from './contestants.ts';

export interface Score {
  readonly name: string;
  readonly isPeer: boolean;
  /** Milliseconds of processor time, all threads together: what others do on the machine adds no more than a cold cache to it. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds by the clock. */
  readonly clock: number;
  /** Share of the float64 answer that was found. */
  readonly recall: number;
  /** Queries whose answer was not the float64 one, in its order. */
  readonly wrong: number;
}

/** The k nearest of every query by float64, ties by row. */
export function truthOf(store: Gaussians, queries: readonly Float64Array[], k: number): number[][] {
  const table = makeScoreTable(store, 0);
  const scores = new Float64Array(store.count);
  return queries.map(z => {
    scanTable(store, table, z, scores);
    const best = new TopK(Math.min(k, store.count));
    for (let row = 0; row < store.count; row += 1) best.offer(scores[row]!, row);
    return best.rows();
  });
}

const WARM_UPS = 5;

/** @param rounds how often each query is asked */
export async function duel(
  contestants: readonly Contestant[],
  queries: readonly Float64Array[],
  truth: readonly (readonly number[])[],
  rounds: number,
): Promise<Score[]> {
  const took = contestants.map((): number[] => []);
  const clock = contestants.map((): number[] => []);
  const found = contestants.map(() => ({ right: 0, all: 0, wrong: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (let q = -WARM_UPS; q < queries.length; q += 1) {
      const z = queries[Math.max(0, q)]!;
      for (const [c, contestant] of contestants.entries()) {
        const [start, used] = [performance.now(), process.cpuUsage()];
        const asked = contestant.search(z);
        const rows = asked instanceof Promise ? await asked : asked;
        const { user, system } = process.cpuUsage(used);
        const ms = performance.now() - start;
        if (q < 0) continue;
        took[c]!.push((user + system) / 1_000);
        clock[c]!.push(ms);
        if (round > 0) continue;
        const want = truth[q]!;
        const wanted = new Set(want);
        const tally = found[c]!;
        tally.all += want.length;
        for (let i = 0; i < rows.length; i += 1) tally.right += wanted.has(rows[i]!) ? 1 : 0;
        if (want.some((row, place) => rows[place] !== row)) tally.wrong += 1;
      }
    }
  }
  return contestants.map(({ name, isPeer }, c) => {
    const [sorted, clocked] = [took, clock].map(times => Float64Array.from(times[c]!).sort());
    const { right, all, wrong } = found[c]!;
    const [p50, p99] = [0.5, 0.99].map(share => quantile(sorted!, share));
    return { name, isPeer, p50: p50!, p99: p99!, clock: quantile(clocked!, 0.5), recall: right / all, wrong };
  });
}
