/** The scan itself: regions in the order of their promise, and in each the garments whose cells are within reach. */
import { bar, listen, raiseToSample, sample, wantedRows } from './answer';
import { openGrid } from './fine';
import { tolerance } from './score';
import { codes, count, order, packed, regionSize, regions, rows, tables } from './store';
import { boxBound, cellLosses, expectedLoss, quantise } from './tables';
import { BATCH, CANCELLED, isAllowed, isCancelled, outcome, queueSlot, scoreSlots } from './waiting';

/**
 * Puts the regions into the order of their promise: `order` holds, for each, u32 region, f32 promise, f64 bound.
 */
export function orderRegions(): void {
  for (let region: u32 = 0; region < regions; region++) {
    const at = order + (region << 4);
    const bound = boxBound(region);
    store<u32>(at, region);
    store<f32>(at, <f32>(0.5 * bound) - <f32>0.5 * expectedLoss(region, <f32>tolerance), 4);
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
    if (isCancelled()) return CANCELLED;
    listen();
    const at = order + (place << 4);
    if (load<f64>(at, 8) >= bar) scanRegion(load<u32>(at));
  }
  return outcome();
}

/** Adds, to 16 garments' losses, those of a pair of dimensions. */
@inline
function addPair(sum: v128, code: usize, even: v128, odd: v128): v128 {
  const pair = v128.load(code);
  const withEven = i8x16.add_sat_u(sum, i8x16.swizzle(even, v128.and(pair, i8x16.splat(15))));
  return i8x16.add_sat_u(withEven, i8x16.swizzle(odd, i8x16.shr_u(pair, 4)));
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
  openGrid(region);
  let from = bar;
  let room = bound - from;
  quantise(scaleOf(room));
  const first = region * regionSize;
  const last = min(first + regionSize, count);
  let length: u32 = 0;
  for (let slot = first; slot < last; slot += 64) {
    let mask = withinReach(codes + <usize>slot * packed);
    if (!mask) continue;
    if (last - slot < 64) mask &= ((<u64>1) << (last - slot)) - 1;
    while (mask) {
      length = queueSlot(slot + <u32>ctz(mask), length);
      mask &= mask - 1;
    }
    if (length < BATCH && room < 1e30) continue;
    scoreSlots(length);
    length = 0;
    // The bar has risen enough for the tables to tell garments apart more finely.
    if (bar > from + 0.02 * room) {
      if (bound < bar) return;
      from = bar;
      room = bound - from;
      quantise(scaleOf(room));
    }
  }
  scoreSlots(length);
}
