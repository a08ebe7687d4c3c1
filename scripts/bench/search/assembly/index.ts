/**
 * The best flat scan WebAssembly can do, to measure the product's against: every garment scored in float32, 16 at a time. A
 * block of 16 garments: their constants, then for each dimension their mu and their 1 / (sqrt 2 sigma).
 */

/** Scores from `best` in falling order (f32), their rows in `rows` (u32). */
function keep(best: usize, rows: usize, k: u32, score: f32, row: u32): void {
  let place = k - 1;
  while (place > 0 && load<f32>(best + ((place - 1) << 2)) < score) {
    store<f32>(best + (place << 2), load<f32>(best + ((place - 1) << 2)));
    store<u32>(rows + (place << 2), load<u32>(rows + ((place - 1) << 2)));
    place--;
  }
  store<f32>(best + (place << 2), score);
  store<u32>(rows + (place << 2), row);
}

@inline
function lose(score: v128, z: v128, at: usize): v128 {
  const e = f32x4.mul(f32x4.sub(z, v128.load(at)), v128.load(at, 64));
  return f32x4.sub(score, f32x4.mul(e, e));
}

/** @param z n float32 numbers */
export function scan(blocks: usize, count: u32, n: u32, z: usize, best: usize, rows: usize, k: u32): void {
  for (let i: u32 = 0; i < k; i++) store<f32>(best + (i << 2), -Infinity);
  let at = blocks;
  for (let first: u32 = 0; first < count; first += 16) {
    let a = v128.load(at);
    let b = v128.load(at, 16);
    let c = v128.load(at, 32);
    let d = v128.load(at, 48);
    at += 64;
    for (let dimension: u32 = 0; dimension < n; dimension++, at += 128) {
      const point = v128.load32_splat(z + (dimension << 2));
      a = lose(a, point, at);
      b = lose(b, point, at + 16);
      c = lose(c, point, at + 32);
      d = lose(d, point, at + 48);
    }
    const bar = load<f32>(best + ((k - 1) << 2));
    const limit = f32x4.splat(bar);
    let mask =
      i32x4.bitmask(f32x4.gt(a, limit)) |
      (i32x4.bitmask(f32x4.gt(b, limit)) << 4) |
      (i32x4.bitmask(f32x4.gt(c, limit)) << 8) |
      (i32x4.bitmask(f32x4.gt(d, limit)) << 12);
    if (!mask) continue;
    const scores = rows + (k << 2);
    v128.store(scores, a);
    v128.store(scores, b, 16);
    v128.store(scores, c, 32);
    v128.store(scores, d, 48);
    while (mask) {
      const lane = ctz(mask);
      mask &= mask - 1;
      const score = load<f32>(scores + (lane << 2));
      if (score > load<f32>(best + ((k - 1) << 2))) keep(best, rows, k, score, first + lane);
    }
  }
}
