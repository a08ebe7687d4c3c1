/** What a query makes of a region: the most a garment in it can score, and what each cell takes off that, as bytes. */

import { bound4, largestOf, LOG_SLACK, log4, SHRINK, splat } from './arithmetic';
import { constant } from './score';
import {
  active,
  boxes,
  CELL_BYTES,
  cells,
  dimensions,
  FOLDED,
  losses,
  most,
  n4,
  ON,
  packed,
  prepared,
  query,
  regions,
  tables,
  Z_HIGH,
  Z_LOW,
} from './store';

/** Bytes of a region's boxes in the index, of its cells, and of both prepared for a tolerance. */
@inline
export function boxBytes(): i32 {
  return 6 * n4 * 4;
}
@inline
export function regionBytes(): i32 {
  return active * CELL_BYTES + 4 * n4 * 4;
}

/** Four boxes' variances for tau: 1 / (2 v) of the widest and narrowest, shrunk; their -log(v) / 2, raised. */
@inline
function prepare4(to: usize, step: i32, narrowest: v128, widest: v128, tau: v128): void {
  const wide = f32x4.add(f32x4.mul(widest, widest), tau);
  const narrow = f32x4.add(f32x4.mul(narrowest, narrowest), tau);
  const half = splat(<f32>0.5 * SHRINK);
  v128.store(to, f32x4.div(half, wide));
  v128.store(to + step, f32x4.div(half, narrow));
  v128.store(to + 2 * step, f32x4.sub(splat(LOG_SLACK), f32x4.mul(log4(wide), splat(0.5))));
  v128.store(to + 3 * step, f32x4.sub(splat(LOG_SLACK), f32x4.mul(log4(narrow), splat(0.5))));
}

/** Makes every region's cells and box ready for sigma^2 + tau^2; once for a tolerance, not for a query. */
export function prepare(tauSquared: f32): void {
  const tau = splat(tauSquared);
  let to = prepared;
  let cell = cells;
  let box = boxes;
  const row = n4 << 2;
  for (let region: u32 = 0; region < regions; region++) {
    for (let j = 0; j < active; j++) {
      for (let at = 0; at < 64; at += 16)
        prepare4(to + at, 64, v128.load(cell + at, 128), v128.load(cell + at, 192), tau);
      cell += CELL_BYTES;
      to += CELL_BYTES;
    }
    for (let at = 0; at < row; at += 16)
      prepare4(to + at, row, v128.load(box + 2 * row + at), v128.load(box + 3 * row + at), tau);
    to += 4 * row;
    box += boxBytes();
  }
}

/** Bounds of four dimensions' terms over a region's box, 0 for those that `mask` leaves out. */
@inline
function boxBound4(box: usize, ready: usize, at: i32, mask: v128): v128 {
  const row = n4 << 2;
  const bound = bound4(
    v128.load(query + at, Z_LOW),
    v128.load(query + at, Z_HIGH),
    v128.load(box + at),
    v128.load(box + row + at),
    v128.load(ready + at),
    v128.load(ready + row + at),
    v128.load(ready + 2 * row + at),
    v128.load(ready + 3 * row + at),
  );
  return v128.and(bound, mask);
}

/** The sum of a vector's lanes, in float64: what follows is rounded by nothing that matters. */
@inline
function wideSum(a: v128): f64 {
  const b = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 0, 1)));
  return f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1);
}

/** The most that a garment in the region's box can score. */
export function boxBound(region: u32): f64 {
  const box = boxes + <usize>region * boxBytes();
  const ready = prepared + <usize>region * regionBytes() + active * CELL_BYTES;
  let bound = constant;
  for (let at = 0; at < n4 << 2; at += 16) bound += wideSum(boxBound4(box, ready, at, v128.load(query + at, ON)));
  return bound;
}

/** What a garment of the region may be expected to lose: the order in which regions are visited, and nothing else, rests on it. */
export function expectedLoss(region: u32, tauSquared: f32): f32 {
  const row = n4 << 2;
  const means = boxes + <usize>region * boxBytes() + 4 * row;
  let loss = splat(0);
  for (let at = 0; at < row; at += 16) {
    const e = v128.and(f32x4.sub(v128.load(query + at, Z_LOW), v128.load(means + at)), v128.load(query + at, ON));
    const precision = v128.load(means + row + at);
    const softened = f32x4.div(precision, f32x4.add(splat(1), f32x4.mul(precision, splat(tauSquared))));
    loss = f32x4.add(loss, f32x4.mul(f32x4.mul(e, e), softened));
  }
  return <f32>(0.5 * wideSum(loss));
}

/** f32 for each 16 dimensions with cells: the most that a garment can score, but for what those before them take off. */
@inline
export function mostAfter(group: i32): f32 {
  return load<f32>(most + (group << 2));
}

/** Rounded to float32, and raised by more than that, and what it becomes part of, may round it. */
@inline
function raised(bound: f64): f32 {
  return <f32>(bound + 1e-6 * Math.abs(bound) + 1e-4);
}

/**
 * Fills `losses`: for each dimension with cells, how far each cell's bound lies below the best cell's; and `most`.
 * @returns the most that a garment in the region can score: the best cell of every dimension, and the box of the others
 */
export function cellLosses(region: u32): f64 {
  const ready = prepared + <usize>region * regionBytes();
  const cell = cells + <usize>region * (active * CELL_BYTES);
  const box = boxes + <usize>region * boxBytes();
  let bound = constant;
  for (let at = 0; at < n4 << 2; at += 16)
    bound += wideSum(boxBound4(box, ready + active * CELL_BYTES, at, v128.load(query + at, FOLDED)));
  store<f32>(most + (((active + 15) >> 4) << 2), raised(bound));
  for (let j = active - 1; j >= 0; j--) {
    const to = losses + (j << 6);
    const at = <i32>load<u8>(dimensions + j) << 2;
    if (load<i32>(query + at, ON)) bound += lossesOf(at, cell + j * CELL_BYTES, ready + j * CELL_BYTES, to);
    else memory.fill(to, 0, 64);
    if (!(j & 15)) store<f32>(most + (j >> 2), raised(bound));
  }
  return bound;
}

/** Losses of one dimension's cells. @returns the best cell's bound */
@inline
function lossesOf(at: i32, cell: usize, ready: usize, to: usize): f32 {
  const low = v128.load32_splat(query + at, Z_LOW);
  const high = v128.load32_splat(query + at, Z_HIGH);
  let best = splat(-Infinity);
  for (let k = 0; k < 64; k += 16) {
    const bounds = bound4(
      low,
      high,
      v128.load(cell + k),
      v128.load(cell + k, 64),
      v128.load(ready + k),
      v128.load(ready + k, 64),
      v128.load(ready + k, 128),
      v128.load(ready + k, 192),
    );
    v128.store(to + k, bounds);
    best = f32x4.pmax(best, bounds);
  }
  const largest = largestOf(best);
  const from = splat(largest);
  for (let k = 0; k < 64; k += 16) v128.store(to + k, f32x4.sub(from, v128.load(to + k)));
  return largest;
}

/** `losses` times `scale` as bytes, rounded down and cut off at 255, one table of 16 a dimension. */
export function quantise(scale: f32): void {
  const by = splat(scale);
  // More than the product's own rounding, which is below 255 x 2^-23.
  const down = splat(0.01);
  for (let j = 0; j < active; j++) {
    const from = losses + (j << 6);
    const a = i32x4.trunc_sat_f32x4_s(f32x4.sub(f32x4.mul(v128.load(from), by), down));
    const b = i32x4.trunc_sat_f32x4_s(f32x4.sub(f32x4.mul(v128.load(from, 16), by), down));
    const c = i32x4.trunc_sat_f32x4_s(f32x4.sub(f32x4.mul(v128.load(from, 32), by), down));
    const d = i32x4.trunc_sat_f32x4_s(f32x4.sub(f32x4.mul(v128.load(from, 48), by), down));
    v128.store(
      tables + (j << 4),
      i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)),
    );
  }
  if (packed << 1 > active) v128.store(tables + (active << 4), i8x16.splat(0));
}
