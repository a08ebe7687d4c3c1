/**
 * Whether anything in the store is like z at all: T(z) = log mean_i q(z|x_i), the aggregated posterior, and where that lies
 * among the store's own garments (matching.md, section 3).
 */
import { CENTILES } from './index-format.ts';
import { NEGLIGIBLE } from './log-sum-exp.ts';
import { Random } from './random.ts';
import { type Gaussians, makeScoreTable, type ScoreTable } from './score-tables.ts';

export const VERDICTS = ['in-stock-like', 'nearest-we-have', 'nothing-close'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Typicality {
  /** T(z), natural logarithm; -Infinity over a store without garments. */
  readonly logMean: number;
  /** Where T(z) lies among the store's own garments, 0 to 100. */
  readonly centile: number;
  readonly verdict: Verdict;
}

/** Below this centile nothing in the store is like z (matching.md, section 3). */
export const NOTHING_CLOSE_BELOW = 1;
/** Below this one the match is the nearest there is rather than something like z: docs/matching.md tells how it was chosen. */
export const NEAREST_BELOW = 10;

/** Garments scored against garments at build: all of them up to this many pairs, a seeded sample above. */
export const MOST_PAIRS = 2e8;
const FEWEST_SCORED = 1_000;
const LONE_DRAWS = 1_000;
const SEED = 20_261_122;

const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The nearest finite float32: the centiles of two machines whose last digits differ are written the same. */
const rounded = (value: number): number => Math.max(-LARGEST, Math.min(LARGEST, Math.fround(value)));

/** The centile of T among ascending `centiles` (101), linear between them, 0 below the first and 100 above the last. */
export function centileOf(logMean: number, centiles: Float64Array): number {
  const last = centiles.length - 1;
  if (!(logMean > centiles[0]!)) return 0;
  if (logMean >= centiles[last]!) return 100;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (centiles[middle]! <= logMean) low = middle;
    else high = middle;
  }
  return low + (logMean - centiles[low]!) / (centiles[high]! - centiles[low]!);
}

export const verdictOf = (centile: number): Verdict => {
  if (centile < NOTHING_CLOSE_BELOW) return 'nothing-close';
  return centile < NEAREST_BELOW ? 'nearest-we-have' : 'in-stock-like';
};

/** The 0th to 100th centile of some numbers, linear between order statistics, in ascending order. */
export function centilesOf(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  const last = sorted.length - 1;
  return Float64Array.from({ length: CENTILES }, (_, centile) => {
    const place = (centile * last) / (CENTILES - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, last);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  });
}

/** Garments that stay in the processor's cache while all the scored ones are held against them. */
const BLOCK = 1_024;

/**
 * log sum over all garments but itself of q(mu of the row|x), for each of `rows`. A garment is left as soon as it is sure to add
 * nothing: the terms it has yet to lose can only make it smaller.
 * @param progress told the share done, 0 to 1
 */
function logSumsWithout(
  store: Gaussians,
  table: ScoreTable,
  rows: readonly number[],
  progress: (share: number) => void,
): Float64Array {
  const { count, latentDim, mu } = store;
  const { weights, peaks } = table;
  const largests = new Float64Array(rows.length).fill(-Infinity);
  const sums = new Float64Array(rows.length);
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(count, from + BLOCK);
    for (let scored = 0; scored < rows.length; scored += 1) {
      const left = rows[scored]!;
      const own = left * latentDim;
      let largest = largests[scored]!;
      let sum = sums[scored]!;
      for (let row = from; row < to; row += 1) {
        if (row === left) continue;
        const start = row * latentDim;
        const least = largest - NEGLIGIBLE;
        let score = peaks[row]!;
        for (let d = 0; d < latentDim && score >= least; d += 1) {
          const difference = mu[own + d]! - mu[start + d]!;
          score -= difference * difference * weights[start + d]!;
        }
        if (score < least) continue;
        if (score > largest) {
          sum = sum * Math.exp(largest - score) + 1;
          largest = score;
        } else {
          sum += Math.exp(score - largest);
        }
      }
      largests[scored] = largest;
      sums[scored] = sum;
    }
    progress(to / count);
  }
  return largests.map((largest, scored) => largest + Math.log(sums[scored]!));
}

/** T of draws from a lone garment's own posterior, for it has no other to be scored against. */
function loneScores({ latentDim }: Gaussians, table: ScoreTable): Float64Array {
  const random = new Random(SEED);
  return Float64Array.from({ length: LONE_DRAWS }, () => {
    let score = table.peaks[0]!;
    for (let d = 0; d < latentDim; d += 1) score -= 0.5 * random.normal() ** 2;
    return score;
  });
}

export interface TypicalityOptions {
  /** Of more pairs than this a seeded sample of the garments is scored, 1,000 at the least. */
  readonly mostPairs?: number;
  /** Told the share done, 0 to 1. */
  readonly progress?: (share: number) => void;
  /** Another way to the sums, log sum over all garments but itself of q(mu of the row|x); undefined where it is of no use. */
  readonly sumsOf?: (rows: readonly number[]) => Float64Array | undefined;
}

/** The centiles of T over a store's own garments, each scored at its mu against all others, under `tolerance`. */
export function typicalityCentiles(
  store: Gaussians,
  tolerance: number,
  { mostPairs = MOST_PAIRS, progress = () => undefined, sumsOf = () => undefined }: TypicalityOptions = {},
): Float64Array {
  const { count } = store;
  if (count === 0) return new Float64Array(CENTILES);
  if (count === 1) return centilesOf(loneScores(store, makeScoreTable(store, tolerance))).map(rounded);
  const scored = Math.min(count, Math.max(FEWEST_SCORED, Math.floor(mostPairs / count)));
  const rows = new Random(SEED).sample(scored, count);
  const sums = sumsOf(rows) ?? logSumsWithout(store, makeScoreTable(store, tolerance), rows, progress);
  return centilesOf(sums.map(sum => sum - Math.log(count - 1))).map(rounded);
}
