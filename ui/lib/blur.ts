/** Box blurs of this radius, of which three come near a Gaussian; the edge is repeated. In place. */
export function blur(values: Float32Array, width: number, height: number, radius: number, rounds: number): void {
  // One line with its ends repeated, so that the running sum needs no look at where it is.
  const line = new Float32Array(Math.max(width, height) + 2 * radius + 1);
  const part = 1 / (2 * radius + 1);
  const pass = (start: number, step: number, length: number): void => {
    line.fill(values[start]!, 0, radius);
    for (let index = 0, at = start; index < length; index++, at += step) line[radius + index] = values[at]!;
    line.fill(values[start + (length - 1) * step]!, radius + length, length + 2 * radius + 1);
    let sum = 0;
    for (let index = 0; index <= 2 * radius; index++) sum += line[index]!;
    for (let index = 0, at = start; index < length; index++, at += step) {
      values[at] = sum * part;
      sum += line[index + 2 * radius + 1]! - line[index]!;
    }
  };
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) pass(y * width, 1, width);
    for (let x = 0; x < width; x++) pass(x, width, height);
  }
}
