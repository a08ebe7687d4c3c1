/**
 * The vector-approximation scan (docs/search.md): what can be known of a garment from 4 bits a dimension decides, for nearly
 * all of them, that they cannot be among the k nearest; the few that are left are scored. One instance serves one thread.
 */
import {
  bar,
  bar32,
  follow,
  listen,
  overflowed,
  raise,
  raiseToSample,
  sample,
  settle,
  startSum,
  startTop,
  sum,
  take,
  wantedRows,
} from './answer';
import { logLikelihood, margin, muOf, setScore, sigmaOf, upperBound } from './score';
import { codes, count, order, packed, regionSize, regions, rows, tables, waiting } from './store';
import { boundRest, boxBound, cellLosses, expectedLoss, forgetRest, quantise } from './tables';

export { attachIndex, attachWork, usePrepared } from './store';
export { prepare } from './tables';

/** One byte a row, not 0 where a garment may be answered; 0: all may. */
let allowed: usize = 0;
/** i32: not 0 as soon as nobody waits for the answer. */
let cancelled: usize = 0;
let tauSquared: f64 = 0;

/** How far the last search had to look: garments that the codes let pass, and of those the ones scored in float64. */
let passed: u32 = 0;
let scored: u32 = 0;
/** Keeps the compiler from leaving out a read. */
let sink: u32 = 0;

export const ANSWERED: i32 = 0;
export const CANCELLED: i32 = 1;
export const OVERFLOWED: i32 = 2;

/** A new query: z and its dimensions are in the query's block. @param constant -(dimensions that count / 2) log 2 pi */
export function begin(tauSquared_: f64, constant: f64, allowed_: usize, cancelled_: usize): void {
  tauSquared = tauSquared_;
  setScore(tauSquared_, constant);
  allowed = allowed_;
  cancelled = cancelled_;
  passed = 0;
  scored = 0;
  forgetRest();
}

/** Seeks the top k. @param shared where threads on the same query share their bar (f64), or 0 */
export function seekTop(k: u32, shared: usize): void {
  startTop(k, shared);
}

/** Adds up likelihoods, but for garments that are exp(-cut) of the sum or less. */
export function seekSum(cut: f64, shared: usize): void {
  startSum(cut, shared);
}

@inline
function isAllowed(row: u32): bool {
  return !allowed || load<u8>(allowed + row) != 0;
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

/** Scores the rows that wait: in float32 first, then in float64 those that may reach the bar. */
function scoreWaiting(length: u32): void {
  passed += length;
  // Rows lie anywhere in memory: touched first, they are fetched many at a time rather than one after another.
  let touched: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const row = load<u32>(waiting + (i << 2));
    touched ^= load<u32>(muOf(row)) ^ load<u32>(sigmaOf(row));
  }
  sink = touched;
  for (let i: u32 = 0; i < length; i++) {
    const row = load<u32>(waiting + (i << 2));
    if (upperBound(row, bar32) < bar32) continue;
    scored++;
    take(row);
  }
  follow();
  listen();
}

/** Lets a row wait to be scored, where it may be answered. @returns how many wait */
@inline
function queue(row: u32, length: u32): u32 {
  if (!isAllowed(row)) return length;
  store<u32>(waiting + (length << 2), row);
  return length + 1;
}

const BATCH: u32 = 256;

/** Scores rows `from` to `to`, one by one: the tail. */
export function scoreRows(from: u32, to: u32): void {
  let length: u32 = 0;
  for (let row = from; row < to; row++) {
    length = queue(row, length);
    if (length == BATCH) {
      scoreWaiting(length);
      length = 0;
    }
  }
  scoreWaiting(length);
}

/** Scores every row of the index that `allowed` lets through: where they are few. */
export function scoreAllowed(): i32 {
  let length: u32 = 0;
  for (let at: u32 = 0; at < count; at += 16) {
    const bytes = v128.load(allowed + at);
    if (!v128.any_true(bytes)) continue;
    let mask = ~i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0))) & 0xffff;
    while (mask) {
      const row = at + ctz(mask);
      mask &= mask - 1;
      if (row < count) {
        store<u32>(waiting + (length << 2), row);
        length++;
      }
    }
    if (length >= BATCH) {
      scoreWaiting(length);
      length = 0;
      if (atomic.load<i32>(cancelled)) return CANCELLED;
    }
  }
  scoreWaiting(length);
  return overflowed ? OVERFLOWED : ANSWERED;
}

/** Allowed and alive: `to` = `a` AND `b` over `length` bytes. @returns how many are left */
export function intersect(to: usize, a: usize, b: usize, length: u32): u32 {
  let left: u32 = 0;
  for (let at: u32 = 0; at < length; at += 16) {
    const zero = i8x16.splat(0);
    const both = v128.and(i8x16.ne(v128.load(a + at), zero), i8x16.ne(v128.load(b + at), zero));
    v128.store(to + at, both);
    let mask = i8x16.bitmask(both);
    if (at + 16 > length) mask &= (1 << (length - at)) - 1;
    left += popcnt(mask);
  }
  return left;
}

/**
 * Puts the regions into the order of their promise: `order` holds, for each, u32 region, f32 promise, f64 bound.
 */
export function orderRegions(): void {
  for (let region: u32 = 0; region < regions; region++) {
    const at = order + (region << 4);
    const bound = boxBound(region);
    store<u32>(at, region);
    store<f32>(at, <f32>(0.5 * bound) - <f32>0.5 * expectedLoss(region, <f32>tauSquared), 4);
    store<f64>(at, bound, 8);
  }
  for (let gap: u32 = 57; ; gap = gap == 57 ? 10 : 1) {
    for (let i = gap; i < regions; i++) {
      const moved = v128.load(order + (i << 4));
      const promise = f32x4.extract_lane(moved, 1);
      let j = i;
      while (j >= gap && load<f32>(order + ((j - gap) << 4), 4) < promise) {
        v128.store(order + (j << 4), v128.load(order + ((j - gap) << 4)));
        j -= gap;
      }
      v128.store(order + (j << 4), moved);
    }
    if (gap == 1) break;
  }
}

/** Visits the regions in order, each taken by one thread. @param next u32 that the threads of a query count up together */
export function scanRegions(next: usize): i32 {
  for (;;) {
    const place = atomic.add<u32>(next, 1);
    if (place >= regions) break;
    if (atomic.load<i32>(cancelled)) return CANCELLED;
    listen();
    const at = order + (place << 4);
    if (load<f64>(at, 8) >= bar) scanRegion(load<u32>(at));
  }
  return overflowed ? OVERFLOWED : ANSWERED;
}

/** Adds, to 16 garments' losses, those of a pair of dimensions. */
@inline
function addPair(sum: v128, code: usize, even: v128, odd: v128): v128 {
  const pair = v128.load(code);
  const withEven = i8x16.add_sat_u(sum, i8x16.relaxed_swizzle(even, v128.and(pair, i8x16.splat(15))));
  return i8x16.add_sat_u(withEven, i8x16.relaxed_swizzle(odd, i8x16.shr_u(pair, 4)));
}

/** Which of a chunk's 64 garments are within reach by their codes: the lanes whose losses add up to less than 255. */
@inline
function withinReach(chunk: usize): u64 {
  const full = i8x16.splat(-1);
  let a = i8x16.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let table = tables;
  const end = chunk + (packed << 6);
  for (let code = chunk; code < end; code += 64, table += 32) {
    const even = v128.load(table);
    const odd = v128.load(table, 16);
    a = addPair(a, code, even, odd);
    b = addPair(b, code + 16, even, odd);
    c = addPair(c, code + 32, even, odd);
    d = addPair(d, code + 48, even, odd);
  }
  a = i8x16.ne(a, full);
  b = i8x16.ne(b, full);
  c = i8x16.ne(c, full);
  d = i8x16.ne(d, full);
  if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) return 0;
  return (
    <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16)) |
    (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32)
  );
}

/** The bytes' scale: a loss of `room` comes to 254 of it, so that 255 is out of reach. */
@inline
function scaleOf(room: f64): f32 {
  return room > 1e30 ? 0 : <f32>(254 / Math.max(room, 1e-6));
}

/** How many garments of the region are within `room` of its bound by their codes. */
function countWithin(region: u32, room: f64): u32 {
  quantise(scaleOf(room));
  const first = region * regionSize;
  const last = min(first + regionSize, count);
  let found: u32 = 0;
  for (let slot = first; slot < last; slot += 64) {
    let mask = withinReach(codes + <usize>slot * packed);
    if (last - slot < 64) mask &= ((<u64>1) << (last - slot)) - 1;
    found += <u32>popcnt(mask);
  }
  return found;
}

/**
 * Finds a first bar where there is none: scores the garments of the most promising region that look best by their codes, a few
 * more than k. Without it nearly all of the first region would be scored.
 */
export function sampleRegion(): void {
  if (bar != -Infinity || !regions) return;
  const region = load<u32>(order);
  cellLosses(region);
  const few = wantedRows() + 16;
  let room: f64 = 4;
  let found = countWithin(region, room);
  for (let doubled = 0; found < few && doubled < 40; doubled++) {
    room *= 2;
    found = countWithin(region, room);
  }
  // Between half the room and all of it, the least that still finds enough.
  let low = room / 2;
  for (let halved = 0; halved < 3 && found > 4 * few; halved++) {
    const middle = 0.5 * (low + room);
    const there = countWithin(region, middle);
    if (there < few) low = middle;
    else {
      room = middle;
      found = there;
    }
  }
  quantise(scaleOf(room));
  const first = region * regionSize;
  const last = min(first + regionSize, count);
  for (let slot = first; slot < last; slot += 64) {
    let mask = withinReach(codes + <usize>slot * packed);
    if (last - slot < 64) mask &= ((<u64>1) << (last - slot)) - 1;
    while (mask) {
      const row = load<u32>(rows + (<usize>(slot + <u32>ctz(mask)) << 2));
      mask &= mask - 1;
      if (isAllowed(row)) sample(row);
    }
  }
  raiseToSample();
}

function scanRegion(region: u32): void {
  const bound = cellLosses(region);
  if (bound < bar) return;
  boundRest(region);
  let from = bar;
  let room = bound - from;
  quantise(scaleOf(room));
  const first = region * regionSize;
  const last = min(first + regionSize, count);
  const slots = rows + (<usize>first << 2);
  let length: u32 = 0;
  for (let slot = first; slot < last; slot += 64) {
    let mask = withinReach(codes + <usize>slot * packed);
    if (!mask) continue;
    if (last - slot < 64) mask &= ((<u64>1) << (last - slot)) - 1;
    while (mask) {
      length = queue(load<u32>(slots + ((<usize>(slot - first) + <usize>ctz(mask)) << 2)), length);
      mask &= mask - 1;
    }
    if (length < BATCH && room < 1e30) continue;
    scoreWaiting(length);
    length = 0;
    // The bar has risen enough for the tables to tell garments apart more finely.
    if (bar > from + 0.02 * room) {
      if (bound < bar) return;
      from = bar;
      room = bound - from;
      quantise(scaleOf(room));
    }
  }
  scoreWaiting(length);
}

/** Rows that may be among the k: u32 row, f64 score each, in the thread's `candidates`. @returns how many */
export function candidatesLeft(): u32 {
  return settle();
}

/** log of the likelihoods' sum so far. */
export function logSum(): f64 {
  return sum();
}

export function currentBar(): f64 {
  return bar;
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
