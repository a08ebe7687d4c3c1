/**
 * The second look, at the few that their cells let pass: 8 bits of mu and 8 of sigma a dimension, in the order of the regions, so
 * that a garment is one line of memory beside its neighbours'. Who passes this too is scored from its own numbers.
 */
import { log4, LOGS_SLACK, SHRINK, splat, sumOf } from './arithmetic';
import { tolerance } from './score';
import { active, active4, boxes, dimensions, fine, grid, n4, ON, query, Z_HIGH, Z_LOW } from './store';
import { boxBytes, mostAfter } from './tables';

/** Rows of the grid, 72 numbers each: the region's dimensions with cells, and room to read 8 at a time. */
@inline
const STEP: usize = 0;
@inline
const ABOVE: usize = 288;
@inline
const BELOW: usize = 576;
@inline
const SIGMA: usize = 864;
@inline
const SIGMA_STEP: usize = 1152;
@inline
const TAU: usize = 1440;
/** More than anything is worth: a dimension that does not count is never left. */
const FAR: f32 = 1e30;
/** 2^-21, of all that is added up to a distance: eight roundings, where five are made. */
const ROUNDED: f32 = 4.76837158203125e-7;

/**
 * Makes the grid of a region: mu lies from low + c step to low + (c + 1) step, with 256 steps from one side of the region's box to
 * the other; sigma's bits, read as a whole number, from low + c step on, below low + (c + 1) step. (Numbers above 0 are in the
 * order of their bits.) Each distance is taken less what its roundings may come to.
 */
export function openGrid(region: u32): void {
  const box = boxes + <usize>region * boxBytes();
  const row = n4 << 2;
  for (let j = 0; j < ((active4 + 7) & ~7); j++) {
    const to = grid + (j << 2);
    const at = j < active ? <usize>load<u8>(dimensions + j) << 2 : 0;
    if (j >= active || !load<i32>(query + at, ON)) {
      store<f32>(to, 0, STEP);
      store<f32>(to, FAR, ABOVE);
      store<f32>(to, -FAR, BELOW);
      store<f32>(to, 1, SIGMA);
      store<u32>(to, 0, SIGMA_STEP);
      store<f32>(to, 0, TAU);
      continue;
    }
    const low = load<f32>(box + at);
    const step = (load<f32>(box + row + at) - low) / 256;
    const zLow = load<f32>(query + at, Z_LOW);
    const zHigh = load<f32>(query + at, Z_HIGH);
    const slack = ROUNDED * (max(abs(zLow), abs(zHigh)) + abs(low) + <f32>256 * step);
    store<f32>(to, step, STEP);
    store<f32>(to, zHigh - low + slack, ABOVE);
    store<f32>(to, zLow - low - step - slack, BELOW);
    const narrow = load<u32>(box + 2 * row + at);
    store<u32>(to, narrow, SIGMA);
    store<u32>(to, ((load<u32>(box + 3 * row + at) - narrow) >> 8) + 1, SIGMA_STEP);
    store<f32>(to, <f32>tolerance, TAU);
  }
}

/** Where the slot's codes are: `active4` bytes of mu, then as many of sigma. */
@inline
export function fineOf(slot: u32): usize {
  return fine + <usize>slot * (active4 << 1);
}

/** The bits of four narrowest sigmas. */
@inline
function narrow4(codes: v128, at: usize): v128 {
  return i32x4.add(i32x4.mul(codes, v128.load(at, SIGMA_STEP)), v128.load(at, SIGMA));
}

@inline
function variance4(sigma: v128, at: usize): v128 {
  return f32x4.add(f32x4.mul(sigma, sigma), v128.load(at, TAU));
}

/** Squared distances of four dimensions in units of their widest variances. */
@inline
function loss4(codes: v128, narrow: v128, at: usize): v128 {
  const from = f32x4.mul(f32x4.convert_i32x4_u(codes), v128.load(at, STEP));
  const e = f32x4.pmax(f32x4.sub(from, v128.load(at, ABOVE)), f32x4.sub(v128.load(at, BELOW), from));
  const distance = f32x4.pmax(e, splat(0));
  const widest = i32x4.add(narrow, v128.load(at, SIGMA_STEP));
  return f32x4.div(f32x4.mul(distance, distance), variance4(widest, at));
}

/** No less than the slot's log-likelihood; or any number below `bar` where that is sure to be. */
@inline
export function fineBound(slot: u32, bar: f32): f32 {
  const m = fineOf(slot);
  const s = m + active4;
  let loss = splat(0);
  let logs = splat(0);
  let product = splat(1);
  for (let j = 0; j < active4; j += 8) {
    const at = grid + (j << 2);
    const means = v128.load8x8_u(m + j);
    const spreads = v128.load8x8_u(s + j);
    const low = narrow4(i32x4.extend_low_i16x8_u(spreads), at);
    const high = narrow4(i32x4.extend_high_i16x8_u(spreads), at + 16);
    loss = f32x4.add(loss, loss4(i32x4.extend_low_i16x8_u(means), low, at));
    loss = f32x4.add(loss, loss4(i32x4.extend_high_i16x8_u(means), high, at + 16));
    // Four variances a lane, each from 1e-9 to little over 1e9, still make a normal number.
    product = f32x4.mul(f32x4.mul(product, variance4(low, at)), variance4(high, at + 16));
    if (j & 8 || j + 8 >= active4) {
      logs = f32x4.add(logs, log4(product));
      product = splat(1);
      const bound = mostAfter((j >> 4) + 1) - <f32>0.5 * (sumOf(loss) * SHRINK + (sumOf(logs) - LOGS_SLACK));
      if (bound < bar || j + 8 >= active4) return bound;
    }
  }
  return mostAfter(0);
}
