/** CIE Lab (D65) colours, in which one can go darker or greyer without changing what the colour is. */
import { clamp } from './geometry.ts';

export interface Lab {
  /** Lightness, 0 black .. 100 white. */
  readonly l: number;
  /** Green below 0, red above. */
  readonly a: number;
  /** Blue below 0, yellow above. */
  readonly b: number;
}

const WHITE = [0.95047, 1, 1.08883] as const;
const DELTA = 6 / 29;

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const fromLinear = (v: number): number => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const forward = (t: number): number => (t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA * DELTA) + 4 / 29);
const backward = (t: number): number => (t > DELTA ? t ** 3 : 3 * DELTA * DELTA * (t - 4 / 29));

/** From `#rrggbb`. */
export function labOf(hex: string): Lab {
  const [r, g, b] = [1, 3, 5].map(i => toLinear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)) as [
    number,
    number,
    number,
  ];
  const x = forward((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE[0]);
  const y = forward(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = forward((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE[2]);
  return { l: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) };
}

/** sRGB in 0..1, not clamped: outside where the screen has no such colour. */
function rgbOf(colour: Lab): readonly [number, number, number] {
  const fy = (colour.l + 16) / 116;
  const x = backward(fy + colour.a / 500) * WHITE[0];
  const y = backward(fy);
  const z = backward(fy - colour.b / 200) * WHITE[2];
  const linear = [
    3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
    -0.969266 * x + 1.8760108 * y + 0.041556 * z,
    0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
  ] as const;
  return linear.map(v => fromLinear(Math.max(v, -1))) as unknown as readonly [number, number, number];
}

const shown = (colour: Lab): boolean => rgbOf(colour).every(v => v > -0.002 && v < 1.002);

/** The nearest colour of the same hue and lightness that a screen can show. */
export function fit(colour: Lab): Lab {
  const l = clamp(colour.l, 1, 99);
  if (shown({ ...colour, l })) return { ...colour, l };
  let [low, high] = [0, 1];
  for (let i = 0; i < 8; i++) {
    const share = (low + high) / 2;
    if (shown({ l, a: colour.a * share, b: colour.b * share })) low = share;
    else high = share;
  }
  return { l, a: colour.a * low, b: colour.b * low };
}

/** As `#rrggbb`. */
export function hex(colour: Lab): string {
  const parts = rgbOf(fit(colour)).map(v => Math.round(clamp(v, 0, 1) * 255));
  return `#${parts.map(v => v.toString(16).padStart(2, '0')).join('')}`;
}

/** Euclidean distance in Lab (CIE 1976). */
export const distance = (a: Lab, b: Lab): number => Math.hypot(a.l - b.l, a.a - b.a, a.b - b.b);

/** Lighter by `lightness`, its chroma times `chroma`. */
export const tint = (colour: Lab, lightness: number, chroma = 1): Lab => ({
  l: clamp(colour.l + lightness, 2, 98),
  a: colour.a * chroma,
  b: colour.b * chroma,
});
