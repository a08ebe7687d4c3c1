/** Quickselect: the same numbers in, the same order out, on every machine. */

const median = (a: number, b: number, c: number): number =>
  a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c);

/**
 * Moves `keys` (and `ids` with them) from `start` to `end` (exclusive) about until none before `nth` is larger than any from
 * it on. Expected time is linear. Keys must not be NaN.
 */
export function selectNth(keys: Float32Array, ids: Uint32Array, start: number, end: number, nth: number): void {
  let low = start;
  let high = end - 1;
  while (low < high) {
    const pivot = median(keys[low]!, keys[(low + high) >>> 1]!, keys[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i]! < pivot) i += 1;
      while (keys[j]! > pivot) j -= 1;
      if (i > j) break;
      const key = keys[i]!;
      keys[i] = keys[j]!;
      keys[j] = key;
      const id = ids[i]!;
      ids[i] = ids[j]!;
      ids[j] = id;
      i += 1;
      j -= 1;
    }
    if (nth <= j) high = j;
    else if (nth >= i) low = i;
    else return;
  }
}

/** Sorts into groups: with `cuts` (ascending places, the first the start, the last the end), each group is below the next. */
export function selectGroups(keys: Float32Array, ids: Uint32Array, cuts: readonly number[]): void {
  const divide = (first: number, last: number): void => {
    if (last - first < 2) return;
    const middle = (first + last) >> 1;
    const [start, cut, end] = [cuts[first]!, cuts[middle]!, cuts[last]!];
    if (cut > start && cut < end) selectNth(keys, ids, start, end, cut);
    divide(first, middle);
    divide(middle, last);
  };
  divide(0, cuts.length - 1);
}
