/**
 * Colour from inside the rim. A decoder's colour is only right where there is garment; on the outline it fades into
 * whatever it learnt to paint outside, and scaled up that shows as a halo. So colour outside is replaced from inside,
 * smoothly and at every distance: push-pull over a pyramid of halved pictures (Gortler et al., The Lumigraph, 1996).
 */

/** A pixel's colour counts for nothing up to the first of these alphas, and fully from the second on. */
const UNSURE = 210;
const SURE = 252;

/** Red, green and blue, each times the weight, and the weight, 0..1, pixel after pixel. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

function weigh(rgba: Uint8Array, width: number, height: number): Level {
  const data = new Float32Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const t = Math.min(1, Math.max(0, (rgba[i + 3]! - UNSURE) / (SURE - UNSURE)));
    const weight = t * t * (3 - 2 * t);
    for (let c = 0; c < 3; c += 1) data[i + c] = rgba[i + c]! * weight;
    data[i + 3] = weight;
  }
  return { width, height, data };
}

/** Half the size: each pixel the weighted mean of four, and as sure as they are together. */
function push(fine: Level): Level {
  const width = Math.ceil(fine.width / 2);
  const height = Math.ceil(fine.height / 2);
  const data = new Float32Array(4 * width * height);
  for (let y = 0; y < fine.height; y += 1) {
    for (let x = 0; x < fine.width; x += 1) {
      const from = 4 * (y * fine.width + x);
      const to = 4 * ((y >> 1) * width + (x >> 1));
      for (let c = 0; c < 4; c += 1) data[to + c] = data[to + c]! + fine.data[from + c]!;
    }
  }
  for (let i = 0; i < data.length; i += 4) {
    const weight = data[i + 3]!;
    if (weight > 1) for (let c = 0; c < 4; c += 1) data[i + c] = data[i + c]! / weight;
  }
  return { width, height, data };
}

/** Fills what a level is not sure of from the next coarser one, which is filled already. */
function pull(fine: Level, coarse: Level): void {
  const { width, height, data } = fine;
  for (let y = 0; y < height; y += 1) {
    const v = Math.min(coarse.height - 1, Math.max(0, y / 2 - 0.25));
    const top = Math.floor(v);
    const bottom = Math.min(coarse.height - 1, top + 1);
    for (let x = 0; x < width; x += 1) {
      const i = 4 * (y * width + x);
      const missing = 1 - data[i + 3]!;
      if (missing <= 0) continue;
      const u = Math.min(coarse.width - 1, Math.max(0, x / 2 - 0.25));
      const left = Math.floor(u);
      const right = Math.min(coarse.width - 1, left + 1);
      for (let c = 0; c < 4; c += 1) {
        const at = (row: number, column: number) => coarse.data[4 * (row * coarse.width + column) + c]!;
        const above = at(top, left) + (at(top, right) - at(top, left)) * (u - left);
        const below = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * (u - left);
        data[i + c] = data[i + c]! + missing * (above + (below - above) * (v - top));
      }
    }
  }
}

/**
 * @param rgba straight RGBA, width * height * 4 bytes
 * @returns RGB, width * height * 3 bytes: the picture's own inside the garment, carried outwards beyond
 */
export function colourFromInside(rgba: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const levels = [weigh(rgba, width, height)];
  for (let last = levels[0]!; last.width > 1 || last.height > 1; last = levels.at(-1)!) levels.push(push(last));
  for (let i = levels.length - 2; i >= 0; i -= 1) pull(levels[i]!, levels[i + 1]!);
  const { data } = levels[0]!;
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p += 1) {
    const weight = data[4 * p + 3]!;
    for (let c = 0; c < 3; c += 1) {
      rgb[3 * p + c] = weight > 0 ? Math.min(255, data[4 * p + c]! / weight + 0.5) : rgba[4 * p + c]!;
    }
  }
  return rgb;
}
