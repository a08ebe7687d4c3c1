import type { Room } from './room.ts';

/** Box blurs of this radius, of which three come near a Gaussian; the edge is repeated. In place. */
export function blur(
  values: Float32Array,
  width: number,
  height: number,
  { radius, rounds }: { readonly radius: number; readonly rounds: number },
  room: Room,
): void {
  const line = room.floats('blurred line', width + 2 * radius + 1);
  const sums = room.floats('sums of columns', width);
  const before = room.floats('before the columns', values.length);
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) across(values, y * width, width, radius, line);
    before.set(values);
    down(before, values, width, height, radius, sums);
  }
}

/** @param line Room for one line with its ends repeated, so that the running sum needs no look at where it is. */
function across(values: Float32Array, start: number, length: number, radius: number, line: Float32Array): void {
  const part = 1 / (2 * radius + 1);
  line.fill(values[start]!, 0, radius);
  for (let at = 0; at < length; at++) line[radius + at] = values[start + at]!;
  line.fill(values[start + length - 1]!, radius + length);
  let sum = 0;
  for (let at = 0; at <= 2 * radius; at++) sum += line[at]!;
  for (let at = 0; at < length; at++) {
    values[start + at] = sum * part;
    sum += line[at + 2 * radius + 1]! - line[at]!;
  }
}

/** All columns at once, a row at a time: memory is walked in its own order. */
function down(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  radius: number,
  sums: Float32Array,
): void {
  const part = 1 / (2 * radius + 1);
  const row = (y: number): number => Math.min(height - 1, Math.max(0, y)) * width;
  sums.fill(0);
  for (let y = -radius; y <= radius; y++) {
    const at = row(y);
    for (let x = 0; x < width; x++) sums[x]! += from[at + x]!;
  }
  for (let y = 0; y < height; y++) {
    const at = y * width;
    const entering = row(y + radius + 1);
    const leaving = row(y - radius);
    for (let x = 0; x < width; x++) {
      to[at + x] = sums[x]! * part;
      sums[x]! += from[entering + x]! - from[leaving + x]!;
    }
  }
}
