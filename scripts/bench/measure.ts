/** Times one thing many times: warmed, one after another, with a sink. */

/** Milliseconds. */
export interface Timing {
  readonly runs: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly sink: number;
}

/** Part of the runs that warms up first. */
const WARM_UP_SHARE = 0.2;

/** The value that a part `q` of the sorted values lies at or under: the nearest rank. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** @param run one run, numbered; gives a number that depends on its answer */
export async function time(runs: number, run: (i: number) => Promise<number> | number): Promise<Timing> {
  let sink = 0;
  const warmUp = Math.max(1, Math.round(runs * WARM_UP_SHARE));
  for (let i = 0; i < warmUp; i += 1) sink += await run(i);
  const took = new Float64Array(runs);
  for (let i = 0; i < runs; i += 1) {
    const start = performance.now();
    sink += await run(warmUp + i);
    took[i] = performance.now() - start;
  }
  took.sort();
  return { runs, min: quantile(took, 0), p50: quantile(took, 0.5), p99: quantile(took, 0.99), sink };
}

export const TIMING_COLUMNS = ['runs', 'min ms', 'p50 ms', 'p99 ms'] as const;

const rounded = (milliseconds: number): number => Number(milliseconds.toPrecision(3));

/** A timing as cells under `TIMING_COLUMNS`. */
export const timingCells = ({ runs, min, p50, p99 }: Timing): number[] => [
  runs,
  rounded(min),
  rounded(p50),
  rounded(p99),
];
