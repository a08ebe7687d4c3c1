/** Spearman's rank correlation. */

/** Ranks from 1; equal values share the mean of theirs. */
export function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (let place = start; place < end; place += 1) result[order[place]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/** Spearman's correlation of what has these ranks, -1 to 1; 0 where one side is all the same. @param x as many as `y` */
export function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let place = 0; place < x.length; place += 1) {
    const [dx, dy] = [x[place]! - mean, y[place]! - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

/** The correlation of the ranks, -1 to 1; 0 where one side is all the same. @param a as many finite numbers as `b` */
export const spearman = (a: Float64Array, b: Float64Array): number => correlation(ranks(a), ranks(b));
