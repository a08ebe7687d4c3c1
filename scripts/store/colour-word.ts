/** A word for a garment's colour, measured from its picture. */
import type { DecodedPicture } from '../../device/inference/inference.ts';

type Lab = readonly [lightness: number, a: number, b: number];

/** sRGB bytes to CIE L*a*b*, D65 (IEC 61966-2-1; CIE 15:2004). */
export function toLab(red: number, green: number, blue: number): Lab {
  const linear = (byte: number): number => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Shop words and where they lie, as sRGB. */
const WORDS: readonly (readonly [word: string, red: number, green: number, blue: number])[] = [
  ['black', 30, 30, 32],
  ['charcoal', 66, 67, 70],
  ['grey', 128, 128, 130],
  ['silver', 184, 185, 188],
  ['white', 242, 242, 242],
  ['cream', 240, 230, 206],
  ['beige', 212, 192, 160],
  ['tan', 181, 143, 98],
  ['brown', 100, 68, 46],
  ['navy', 34, 42, 78],
  ['blue', 52, 88, 160],
  ['steel blue', 84, 108, 140],
  ['sky blue', 146, 180, 218],
  ['teal', 36, 112, 116],
  ['mint', 166, 214, 194],
  ['green', 58, 124, 68],
  ['olive', 104, 104, 62],
  ['forest green', 36, 68, 50],
  ['yellow', 232, 200, 74],
  ['mustard', 190, 148, 48],
  ['orange', 222, 124, 52],
  ['coral', 232, 128, 112],
  ['red', 188, 40, 44],
  ['burgundy', 102, 32, 46],
  ['pink', 236, 164, 186],
  ['rose', 196, 108, 124],
  ['purple', 108, 64, 136],
  ['lilac', 186, 166, 212],
  ['plum', 76, 44, 76],
];
const PLACES: readonly (readonly [word: string, lab: Lab])[] = WORDS.map(([word, ...rgb]) => [word, toLab(...rgb)]);

/** Hue counts for more than lightness: a shaded red is red. */
const LIGHTNESS_WEIGHT = 0.7;

/** The word whose place is nearest in Lab. */
export function colourWord([lightness, a, b]: Lab): string {
  let nearest = '';
  let least = Number.POSITIVE_INFINITY;
  for (const [word, place] of PLACES) {
    const distance = (LIGHTNESS_WEIGHT * (lightness - place[0])) ** 2 + (a - place[1]) ** 2 + (b - place[2]) ** 2;
    if (distance < least) {
      least = distance;
      nearest = word;
    }
  }
  return nearest;
}

/** Below this alpha a pixel is rim, and mixes with what is behind it. */
const INSIDE = 200;

/** The mean colour of what a picture covers, each pixel by its alpha; undefined where it covers nothing. */
export function colourOf({ rgba }: Pick<DecodedPicture, 'rgba'>): Lab | undefined {
  let weight = 0;
  let [lightness, a, b] = [0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    if (alpha < INSIDE) continue;
    const lab = toLab(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0);
    weight += alpha;
    lightness += alpha * lab[0];
    a += alpha * lab[1];
    b += alpha * lab[2];
  }
  return weight === 0 ? undefined : [lightness / weight, a / weight, b / weight];
}
