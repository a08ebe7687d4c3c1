/**
 * The vector-approximation scan (docs/search.md): what can be known of a garment from 4 bits a dimension decides, for nearly
 * all of them, that they cannot be among the k nearest; the few that are left are scored. One instance serves one thread.
 */
import { raise, settle, startSum, startTop, sum } from './answer';
import { logLikelihood, margin, setScore } from './score';
import { beginWaiting, isAllowed, passed, scored, sink } from './waiting';

export { orderRegions, sampleRegion, scanRegions } from './regions';
export { attachIndex, attachWork, usePrepared } from './store';
export { prepare } from './tables';
export { intersect, scoreAllowed, scoreRows } from './waiting';

/** A new query: z and its dimensions are in the query's block. @param constant -(dimensions that count / 2) log 2 pi */
export function begin(tauSquared: f64, constant: f64, allowed: usize, cancelled: usize): void {
  setScore(tauSquared, constant);
  beginWaiting(allowed, cancelled);
}

/** Seeks the top k. @param shared where threads on the same query share their bar (f64), or 0 */
export function seekTop(k: u32, shared: usize): void {
  startTop(k, shared);
}

/** Adds up likelihoods, but for garments that are exp(-cut) of the sum or less. */
export function seekSum(cut: f64, shared: usize): void {
  startSum(cut, shared);
}

/** Sets the bar from k garments that may be answered: the k-th nearest is no farther than the farthest of them. */
export function warm(list: usize, k: u32): void {
  let least = Infinity;
  for (let i: u32 = 0; i < k; i++) {
    const row = load<u32>(list + (i << 2));
    if (!isAllowed(row)) return;
    least = Math.min(least, logLikelihood(row));
  }
  raise(least - 2 * margin(least));
}

/** Sets the bar to a value known to hold. */
export function raiseBar(value: f64): void {
  raise(value);
}

/** Rows that may be among the k: u32 row, f64 score each, in the thread's `candidates`. @returns how many */
export function candidatesLeft(): u32 {
  return settle();
}

/** log of the likelihoods' sum so far. */
export function logSum(): f64 {
  return sum();
}

export function passedCodes(): u32 {
  return passed;
}

export function scoredWide(): u32 {
  return scored;
}

export function lastTouched(): u32 {
  return sink;
}
