/** Four float32 numbers at a time: the natural logarithm, sums, and the bound of one term over a box. */

// What the float32 arithmetic may be off by, always given away in the bound's favour (docs/decisions, "Why the search is exact").
/** Of `log4`, over all its range, with room. */
export const LOG_SLACK: f32 = 5e-5;
/** What all of a row's float32 logarithms and their sum may be off by, with room for 64 dimensions; twice the bound's own. */
export const LOGS_SLACK: f32 = 2e-3;
/** Relative, of a squared distance over a variance: ten roundings of 2^-24 and more. */
export const SHRINK: f32 = 1 - 4e-6;

@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** Natural logarithm of positive normal numbers; |error| < 2e-5, nearly all of it the rounding of a result as large as 87. */
@inline
export function log4(v: v128): v128 {
  // v = 2^e m with m from sqrt(1/2) to sqrt(2); log m = 2 atanh((m - 1) / (m + 1)), whose series' rest is below 3e-8 there.
  const exponent = i32x4.shr_s(i32x4.sub(v, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(v, i32x4.shl(exponent, 23));
  const t = f32x4.div(f32x4.sub(m, splat(1)), f32x4.add(m, splat(1)));
  const tt = f32x4.mul(t, t);
  let series = f32x4.add(splat(2.0 / 5.0), f32x4.mul(tt, splat(2.0 / 7.0)));
  series = f32x4.add(splat(2.0 / 3.0), f32x4.mul(tt, series));
  series = f32x4.add(splat(2), f32x4.mul(tt, series));
  return f32x4.add(f32x4.mul(t, series), f32x4.mul(f32x4.convert_i32x4_s(exponent), splat(0.6931472)));
}

@inline
export function sumOf(a: v128): f32 {
  const b = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(b, v128.shuffle<f32>(b, b, 1, 0, 3, 2)), 0);
}

@inline
export function largestOf(a: v128): f32 {
  const b = f32x4.pmax(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(b, v128.shuffle<f32>(b, b, 1, 0, 3, 2)), 0);
}

/**
 * An upper bound of -(z - mu)^2 / (2 v) - log(v) / 2 over all mu from `low` to `high` and all v of the box, v = sigma^2 + tau^2.
 * For a distance e the term is largest at v = e^2: at the widest v where e^2 lies above the box, at the narrowest where it
 * lies below, and in between no larger than -1/2 - log(narrowest) / 2.
 * @param wide 1 / (2 v) of the widest v, `narrow` of the narrowest, both shrunk; wideLog, narrowLog: their -log(v) / 2, raised
 */
@inline
export function bound4(
  zLow: v128,
  zHigh: v128,
  low: v128,
  high: v128,
  wide: v128,
  narrow: v128,
  wideLog: v128,
  narrowLog: v128,
): v128 {
  const e = f32x4.pmax(f32x4.pmax(f32x4.sub(low, zHigh), f32x4.sub(zLow, high)), splat(0));
  const ee = f32x4.mul(e, e);
  const atWide = f32x4.mul(ee, wide);
  const atNarrow = f32x4.pmin(f32x4.mul(ee, narrow), splat(0.5));
  return v128.bitselect(
    f32x4.sub(wideLog, atWide),
    f32x4.sub(narrowLog, atNarrow),
    f32x4.ge(atWide, splat(0.5)),
  );
}
