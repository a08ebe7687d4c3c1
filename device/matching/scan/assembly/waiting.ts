/** What is done with garments that may be near: they wait until there are enough of them, and are scored together. */
import { bar, bar32, follow, listen, overflowed, take } from './answer';
import { fineBound, fineOf } from './fine';
import { muOf, sigmaOf, upperBound } from './score';
import { count, passing, rows, waiting } from './store';

/** One byte a row, not 0 where a garment may be answered; 0: all may. */
let allowed: usize = 0;
/** i32: not 0 as soon as nobody waits for the answer. */
let cancelled: usize = 0;

/** How far the last search had to look: garments that the codes let pass, and of those the ones scored in float64. */
export let passed: u32 = 0;
export let scored: u32 = 0;
/** Keeps the compiler from leaving out a read. */
export let sink: u32 = 0;

export const ANSWERED: i32 = 0;
export const CANCELLED: i32 = 1;
export const OVERFLOWED: i32 = 2;

export function beginWaiting(allowed_: usize, cancelled_: usize): void {
  allowed = allowed_;
  cancelled = cancelled_;
  passed = 0;
  scored = 0;
}

@inline
export function isAllowed(row: u32): bool {
  return !allowed || load<u8>(allowed + row) != 0;
}

@inline
export function isCancelled(): bool {
  return atomic.load<i32>(cancelled) != 0;
}

export function outcome(): i32 {
  return overflowed ? OVERFLOWED : ANSWERED;
}

/** Scores the rows in `list`: in float32 first, then in float64 those that may reach the bar. */
function scoreList(list: usize, length: u32): void {
  // Rows lie anywhere in memory: touched first, they are fetched many at a time rather than one after another.
  let touched: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const row = load<u32>(list + (i << 2));
    touched ^= load<u32>(muOf(row)) ^ load<u32>(sigmaOf(row));
  }
  sink = touched;
  for (let i: u32 = 0; i < length; i++) {
    const row = load<u32>(list + (i << 2));
    if (upperBound(row) < bar32) continue;
    scored++;
    take(row);
  }
  follow();
  listen();
}

/** Scores the slots that wait, all of one region whose grid is open: by their codes of 8 bits first. */
export function scoreSlots(length: u32): void {
  passed += length;
  let touched: u32 = 0;
  for (let i: u32 = 0; i < length; i++) touched ^= load<u8>(fineOf(load<u32>(waiting + (i << 2))));
  sink = touched;
  let left: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const slot = load<u32>(waiting + (i << 2));
    if (fineBound(slot, bar32) < bar32) continue;
    store<u32>(passing + (left << 2), load<u32>(rows + (<usize>slot << 2)));
    left++;
  }
  scoreList(passing, left);
}

/** Lets a slot wait, where its garment may be answered. @returns how many wait */
@inline
export function queueSlot(slot: u32, length: u32): u32 {
  if (allowed && !load<u8>(allowed + load<u32>(rows + (<usize>slot << 2)))) return length;
  store<u32>(waiting + (length << 2), slot);
  return length + 1;
}

export const BATCH: u32 = 256;

/** Scores rows `from` to `to`, one by one: the tail. */
export function scoreRows(from: u32, to: u32): void {
  let length: u32 = 0;
  for (let row = from; row < to; row++) {
    if (!isAllowed(row)) continue;
    store<u32>(waiting + (length << 2), row);
    length++;
    if (length == BATCH) {
      scoreList(waiting, length);
      length = 0;
    }
  }
  scoreList(waiting, length);
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
      scoreList(waiting, length);
      length = 0;
      if (isCancelled()) return CANCELLED;
    }
  }
  scoreList(waiting, length);
  return outcome();
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

