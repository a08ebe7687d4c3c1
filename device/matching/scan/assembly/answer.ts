/**
 * What is done with a garment whose score is known: it is kept for the top k, or its likelihood is added up. Both raise
 * `bar`, below which a garment no longer matters, and share it with the other threads on the same query.
 */
import { logLikelihood, margin } from './score';
import { best, candidates } from './store';

export const CAPACITY: u32 = 8192;

/** Garments that cannot score as much are out of it. */
export let bar: f64 = -Infinity;
/** The same, rounded down to a float32. */
export let bar32: f32 = -Infinity;

/** k, or 0 to add likelihoods up. */
let wanted: u32 = 0;
let kept: u32 = 0;
let held: u32 = 0;
/** Whether more garments than `CAPACITY` tie with the k-th: the host then takes the flat search. */
export let overflowed: bool = false;

/** Likelihoods added up are `total` x exp(`scale`); those `cut` below that sum are not looked for. */
let cut: f64 = 0;
let scale: f64 = -Infinity;
let total: f64 = 0;

/** Where the threads of one query publish their bars, or 0. */
let shared: usize = 0;

export function startTop(k: u32, shared_: usize): void {
  wanted = k;
  kept = 0;
  held = 0;
  overflowed = false;
  shared = shared_;
  setBar(-Infinity);
}

export function startSum(cut_: f64, shared_: usize): void {
  wanted = 0;
  cut = cut_;
  scale = -Infinity;
  total = 0;
  shared = shared_;
  setBar(-Infinity);
}

function setBar(value: f64): void {
  bar = value;
  const rounded = <f32>value;
  // One unit in the last place lower, lest the rounding went up; a bar below every float32 bars nothing.
  bar32 = isFinite(rounded) ? rounded - Mathf.abs(rounded) * <f32>1.2e-7 - <f32>1e-37 : -Infinity;
}

/** Takes a bar that is known to hold from elsewhere. */
export function raise(value: f64): void {
  if (value > bar) setBar(value);
}

function rise(value: f64): void {
  if (!(value > bar)) return;
  setBar(value);
  // Two threads at once may leave the lower of their bars: that still holds.
  if (shared && value > reinterpret<f64>(atomic.load<i64>(shared)))
    atomic.store<i64>(shared, reinterpret<i64>(value));
}

/** Takes over what the other threads have found. */
@inline
export function listen(): void {
  if (shared) raise(reinterpret<f64>(atomic.load<i64>(shared)));
}

/** Raises the bar to the k-th best of the scores offered with `sample` since `startTop`, and forgets them. */
export function raiseToSample(): void {
  if (kept == wanted) {
    const last = load<f64>(best + ((wanted - 1) << 3));
    rise(last - 2 * margin(last));
  }
  kept = 0;
}

/** Offers a row's score to raise the bar by, not the row itself: it will come again. */
export function sample(row: u32): void {
  rank(logLikelihood(row));
}

/** Whether it is the top k that is sought; how many. */
export function wantedRows(): u32 {
  return wanted;
}

/** Puts a score in its place among the k best. @returns whether it has one */
@inline
function rank(score: f64): bool {
  let place = kept;
  if (kept == wanted) {
    if (score <= load<f64>(best + ((wanted - 1) << 3))) return false;
    place--;
  } else kept++;
  while (place > 0 && load<f64>(best + ((place - 1) << 3)) < score) {
    store<f64>(best + (place << 3), load<f64>(best + ((place - 1) << 3)));
    place--;
  }
  store<f64>(best + (place << 3), score);
  return true;
}

export function take(row: u32): void {
  const score = logLikelihood(row);
  if (!(score >= bar)) return;
  if (wanted) keep(row, score);
  else add(score);
}

/** Scores from `best`, in falling order, and the rows that may yet be among the k, in `candidates`: u32 row, f64 score. */
function keep(row: u32, score: f64): void {
  if (held == CAPACITY) {
    settle();
    if (held > CAPACITY - (CAPACITY >> 2)) {
      overflowed = true;
      held = 0;
    }
  }
  const at = candidates + held * 16;
  store<u32>(at, row);
  store<f64>(at, score, 8);
  held++;
  if (rank(score) && kept == wanted) {
    const last = load<f64>(best + ((wanted - 1) << 3));
    rise(last - 2 * margin(last));
  }
}

/** Drops the candidates that have fallen below the bar. @returns how many are left */
export function settle(): u32 {
  let left: u32 = 0;
  for (let i: u32 = 0; i < held; i++) {
    const from = candidates + i * 16;
    if (load<f64>(from, 8) < bar) continue;
    v128.store(candidates + left * 16, v128.load(from));
    left++;
  }
  held = left;
  return left;
}

function add(score: f64): void {
  if (score > scale) {
    total = total * Math.exp(scale - score) + 1;
    scale = score;
  } else total += Math.exp(score - scale);
  // The bar follows by whole steps: a logarithm for every garment would cost more than it saves.
  if (scale - cut > bar) rise(scale - cut);
}

/** Lets the bar follow the sum so far. */
export function follow(): void {
  if (!wanted && total > 0) rise(scale + Math.log(total) - cut);
}

export function sum(): f64 {
  return total > 0 ? scale + Math.log(total) : -Infinity;
}
