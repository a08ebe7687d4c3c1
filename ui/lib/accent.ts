import type { Picture } from './dial-answer.ts';

/** sRGB, 0..255 each. */
export type Rgb = readonly [number, number, number];

const toLinear = (byte: number): number => {
  const part = byte / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const toByte = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);

/** WCAG 2.2, relative luminance. */
const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);

/** WCAG 2.2, contrast ratio: 1..21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

interface Oklab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

/** Ottosson 2020, "A perceptual color space for image processing". */
function toOklab([red, green, blue]: Rgb): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  };
}

function fromOklab({ lightness, a, b }: Oklab): [number, number, number] {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** The colour at this lightness, its chroma brought down until a screen can show it. */
function shown(colour: Oklab, lightness: number): Rgb {
  for (let keep = 1; keep > 0; keep -= 0.05) {
    const rgb = fromOklab({ lightness, a: colour.a * keep, b: colour.b * keep });
    if (rgb.every(byte => byte >= -0.5 && byte <= 255.5)) {
      return rgb.map(byte => Math.round(Math.min(255, Math.max(0, byte)))) as [number, number, number];
    }
  }
  const grey = Math.round(Math.min(255, Math.max(0, fromOklab({ lightness, a: 0, b: 0 })[0])));
  return [grey, grey, grey];
}

/** The garment's mean colour, weighted by its alpha; undefined where nothing is to be seen. */
export function meanColour(picture: Picture): Rgb | undefined {
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let at = 0; at < picture.rgba.length; at += 4) {
    const alpha = (picture.rgba[at + 3]! / 255) ** 4;
    red += picture.rgba[at]! * alpha;
    green += picture.rgba[at + 1]! * alpha;
    blue += picture.rgba[at + 2]! * alpha;
    weight += alpha;
  }
  return weight < 1 ? undefined : [red / weight, green / weight, blue / weight];
}

const STEP = 0.01;

/**
 * An accent of the garment's own hue: its lightness is moved away from the paper's until text in it (and paper on it) keeps
 * `ratio`. A garment that keeps it already lends its colour as it is.
 */
export function accentFor(garment: Rgb, paper: Rgb, ratio = 4.5): Rgb {
  const colour = toOklab(garment);
  const down = luminance(paper) > 0.18;
  for (let lightness = colour.lightness; lightness >= 0 && lightness <= 1; lightness += down ? -STEP : STEP) {
    const candidate = shown(colour, lightness);
    if (contrast(candidate, paper) >= ratio) return candidate;
  }
  return down ? [0, 0, 0] : [255, 255, 255];
}

export const cssColour = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
