/** One garment's log-likelihood: an upper bound of it in float32, quickly, and itself in float64. */
import { log4, LOGS_SLACK, SHRINK, splat, sumOf } from './arithmetic';
import { count, mu, n, n4, ON, ON_WIDE, query, sigma, tailMu, tailSigma, Z, Z_HIGH, Z_LOW } from './store';

/** tau^2; -(dimensions that count / 2) log 2 pi. */
export let tolerance: f64 = 0;
export let constant: f64 = 0;

export function setScore(tolerance_: f64, constant_: f64): void {
  tolerance = tolerance_;
  constant = constant_;
}

@inline
export function muOf(row: u32): usize {
  return row < count ? mu + <usize>row * (n << 2) : tailMu + <usize>(row - count) * (n << 2);
}

@inline
export function sigmaOf(row: u32): usize {
  return row < count ? sigma + <usize>row * (n << 2) : tailSigma + <usize>(row - count) * (n << 2);
}

/** No less than the row's log-likelihood, and rarely more than it by over 0.001. */
@inline
export function upperBound(row: u32): f32 {
  const m = muOf(row);
  const s = sigmaOf(row);
  const tau = splat(<f32>tolerance);
  let loss = splat(0);
  let logs = splat(0);
  let product = splat(1);
  const end = n4 << 2;
  for (let at = 0; at < end; at += 16) {
    const on = v128.load(query + at, ON);
    const mean = v128.load(m + at);
    const spread = v128.load(s + at);
    let e = f32x4.pmax(f32x4.sub(mean, v128.load(query + at, Z_HIGH)), f32x4.sub(v128.load(query + at, Z_LOW), mean));
    e = v128.and(f32x4.pmax(e, splat(0)), on);
    const variance = v128.bitselect(f32x4.add(f32x4.mul(spread, spread), tau), splat(1), on);
    loss = f32x4.add(loss, f32x4.div(f32x4.mul(e, e), variance));
    product = f32x4.mul(product, variance);
    // Four variances a lane, each from 1e-9 to 1e9, still make a normal number.
    if ((at & 48) == 48 || at + 16 == end) {
      logs = f32x4.add(logs, log4(product));
      product = splat(1);
    }
  }
  return <f32>constant - 0.5 * (sumOf(loss) * SHRINK + (sumOf(logs) - LOGS_SLACK));
}

/** The row's log-likelihood; |error| is within `margin`. */
@inline
export function logLikelihood(row: u32): f64 {
  const m = muOf(row);
  const s = sigmaOf(row);
  const tau = f64x2.splat(tolerance);
  const one = f64x2.splat(1);
  let loss = f64x2.splat(0);
  // 32 variances a lane at most, each from 1e-9 to 1e9: the product stays a normal number.
  let product = one;
  const end = n4 << 2;
  for (let at = 0; at < end; at += 16) {
    const means = v128.load(m + at);
    const spreads = v128.load(s + at);
    const wide = query + (at << 1);
    let on = v128.load(wide, ON_WIDE);
    let spread = f64x2.promote_low_f32x4(spreads);
    let e = v128.and(f64x2.sub(v128.load(wide, Z), f64x2.promote_low_f32x4(means)), on);
    let variance = v128.bitselect(f64x2.add(f64x2.mul(spread, spread), tau), one, on);
    loss = f64x2.add(loss, f64x2.div(f64x2.mul(e, e), variance));
    product = f64x2.mul(product, variance);
    on = v128.load(wide, ON_WIDE + 16);
    spread = f64x2.promote_low_f32x4(v128.shuffle<f32>(spreads, spreads, 2, 3, 0, 1));
    e = f64x2.promote_low_f32x4(v128.shuffle<f32>(means, means, 2, 3, 0, 1));
    e = v128.and(f64x2.sub(v128.load(wide, Z + 16), e), on);
    variance = v128.bitselect(f64x2.add(f64x2.mul(spread, spread), tau), one, on);
    loss = f64x2.add(loss, f64x2.div(f64x2.mul(e, e), variance));
    product = f64x2.mul(product, variance);
  }
  const total = f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1);
  const logs = Math.log(f64x2.extract_lane(product, 0)) + Math.log(f64x2.extract_lane(product, 1));
  return constant - 0.5 * (total + logs);
}

/**
 * How far `logLikelihood` may be from the reference's sum, which takes its terms in another order: both are float64, with
 * fewer than 300 roundings of 2^-53 over terms that together are below 2 |score| + 64 log 1e9 + 64 log 2 pi.
 */
@inline
export function margin(score: f64): f64 {
  return 1e-13 * (2 * Math.abs(score) + 4000);
}
