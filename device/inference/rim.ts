/**
 * Colour from inside the rim. A decoder's colour is only right where there is garment; on the outline it fades into
 * whatever it learnt to paint outside, and scaled up that shows as a halo. So colour outside is replaced from inside.
 */

/** From this alpha on, a pixel's colour is its own; below, it is taken from its inner neighbours. */
const INSIDE = 230;
/** How far colour is carried outwards, pixels: farther than any outline is soft. */
const STEPS = 6;

/**
 * @param rgba straight RGBA, width * height * 4 bytes
 * @returns RGB, width * height * 3 bytes: unchanged inside, elsewhere the mean of the nearest pixels inside
 */
export function colourFromInside(rgba: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(width * height * 3);
  let known = new Uint8Array(width * height);
  for (let p = 0; p < known.length; p += 1) {
    for (let c = 0; c < 3; c += 1) rgb[3 * p + c] = rgba[4 * p + c]!;
    known[p] = rgba[4 * p + 3]! >= INSIDE ? 1 : 0;
  }
  for (let step = 0; step < STEPS; step += 1) {
    const next = known.slice();
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const p = y * width + x;
        if (known[p] === 0 && takeMean(rgb, known, p, x, y, width, height)) next[p] = 1;
      }
    }
    known = next;
  }
  return rgb;
}

/** Gives pixel p the mean colour of its known neighbours; false where there are none. */
function takeMean(
  rgb: Uint8Array,
  known: Uint8Array,
  p: number,
  x: number,
  y: number,
  width: number,
  height: number,
): boolean {
  let [count, red, green, blue] = [0, 0, 0, 0];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v += 1) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u += 1) {
      const q = v * width + u;
      if (known[q] === 0) continue;
      count += 1;
      red += rgb[3 * q]!;
      green += rgb[3 * q + 1]!;
      blue += rgb[3 * q + 2]!;
    }
  }
  if (count === 0) return false;
  rgb[3 * p] = red / count;
  rgb[3 * p + 1] = green / count;
  rgb[3 * p + 2] = blue / count;
  return true;
}
