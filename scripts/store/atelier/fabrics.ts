/** Cloth as SVG patterns. Lengths in centimetres; each tile is symmetrical about x = 0, so that both fronts match. */
import { short } from './geometry.ts';
import { hex, type Lab } from './lab.ts';
import { type Shades, shadesOf } from './shades.ts';

export const WEAVES = [
  'plain',
  'stripes',
  'pinstripes',
  'checks',
  'dots',
  'denim',
  'knit',
  'cable',
  'tweed',
  'corduroy',
  'rib',
] as const;
export type Weave = (typeof WEAVES)[number];

export interface Fabric {
  readonly weave: Weave;
  /** Repeat of stripes, checks and dots, cm. */
  readonly repeat: number;
  readonly colour: Lab;
  /** The pattern's own colour; as `colour` where it has none. */
  readonly second: Lab;
}

/**
 * Repeats that a printed weave is cut in, px of the 512 px picture: the same for every kind, whatever its scale. Few and
 * far apart, for a model can only draw a pattern whose place it is sure of: with any repeat between, stripes blur away.
 */
const REPEATS: Readonly<Partial<Record<Weave, readonly number[]>>> = {
  stripes: [36, 64],
  pinstripes: [32],
  checks: [44],
  dots: [44],
};

/** Repeats of a weave, px of the 512 px picture; none where its second colour is not seen from across the shop. */
export const repeatsOf = (weave: Weave): readonly number[] => REPEATS[weave] ?? [];

/** Weaves whose second colour is seen from across the shop. */
export const isPatterned = (weave: Weave): boolean => weave in REPEATS;

export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

const box = (x: number, y: number, width: number, height: number, colour: string, opacity = 1): string =>
  `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${colour}"` +
  `${opacity === 1 ? '' : ` fill-opacity="${short(opacity)}"`}/>`;

const stroke = (d: string, colour: string, width: number, opacity: number): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${short(width)}" stroke-opacity="${short(opacity)}" ` +
  `stroke-linecap="round"/>`;

type Weaver = (fabric: Fabric, shades: Shades, second: string) => Tile | undefined;

const checks: Weaver = ({ repeat: r }, shades, second) => {
  const band = r * 0.42;
  const side = (r - band) / 2;
  const thin = Math.max(0.22, r * 0.045);
  const content =
    box(0, 0, side, r, second, 0.5) +
    box(r - side, 0, side, r, second, 0.5) +
    box(0, r / 2 - side, r, side * 2, second, 0.5) +
    box(r / 2 - thin, 0, thin * 2, r, shades.light, 0.5) +
    box(0, 0, r, thin, shades.light, 0.5) +
    box(0, r - thin, r, thin, shades.light, 0.5);
  return { width: r, height: r, content };
};

const dots: Weaver = ({ repeat: r }, _, second) => {
  const dot = (x: number, y: number): string =>
    `<circle cx="${short(x)}" cy="${short(y)}" r="${short(r * 0.21)}" fill="${second}"/>`;
  const corners = [
    [0, 0],
    [r, 0],
    [0, r],
    [r, r],
    [r / 2, r / 2],
  ] as const;
  return { width: r, height: r, content: corners.map(([x, y]) => dot(x, y)).join('') };
};

const knit: Weaver = (_, shades) => {
  const [w, h] = [0.95, 0.8];
  const v = `M0 0Q${w * 0.32} ${h * 0.3} ${w / 2} ${h * 0.78}Q${w * 0.68} ${h * 0.3} ${w} 0`;
  const content = stroke(v, shades.shadow, 0.2, 0.42) + stroke(`M${w / 2} 0V${h}`, shades.deep, 0.1, 0.2);
  return { width: w, height: h, content };
};

/** Two strands around each other on a purl ground, one repeat wide. */
const cable: Weaver = (_, shades) => {
  const [w, h] = [7.2, 6.4];
  const strand = (side: number): string => {
    const x = (offset: number): string => short(w / 2 + side * offset);
    return `M${x(-1.15)} 0C${x(-1.15)} ${h * 0.3} ${x(1.15)} ${h * 0.2} ${x(1.15)} ${h / 2}S${x(-1.15)} ${h * 0.7} ${x(-1.15)} ${h}`;
  };
  const rope = (side: number): string =>
    stroke(strand(side), shades.deep, 1.75, 0.42) +
    stroke(strand(side), shades.base, 1.35, 1) +
    stroke(strand(side), shades.light, 0.5, 0.5);
  const ribs = [0.5, w - 0.5].map(x => stroke(`M${x} 0V${h}`, shades.shadow, 0.5, 0.4)).join('');
  const gutters = [w / 2 - 2.1, w / 2 + 2.1].map(x => stroke(`M${x} 0V${h}`, shades.shadow, 0.7, 0.5)).join('');
  return { width: w, height: h, content: ribs + gutters + rope(-1) + rope(1) };
};

const tweed: Weaver = (_, shades) => {
  const [w, h] = [2, 0.9];
  const line = (y: number): string => `M0 ${short(y)}L${w / 2} ${short(y + h)}L${w} ${short(y)}`;
  const content =
    stroke(line(-h), shades.deep, 0.2, 0.3) +
    stroke(line(0), shades.deep, 0.2, 0.3) +
    stroke(line(-h / 2), shades.light, 0.18, 0.32) +
    stroke(line(h / 2), shades.light, 0.18, 0.32);
  return { width: w, height: h, content };
};

const WEAVERS: Readonly<Record<Weave, Weaver>> = {
  plain: () => undefined,
  stripes: ({ repeat: r }, _, second) => ({ width: r, height: r, content: box(0, r * 0.28, r, r * 0.44, second) }),
  pinstripes: ({ repeat: r }, _, second) => {
    const bar = r * 0.19;
    return { width: r, height: r, content: box(0, 0, bar, r, second) + box(r - bar, 0, bar, r, second) };
  },
  checks,
  dots,
  denim: (_, shades) => ({
    width: 0.6,
    height: 0.6,
    content:
      stroke('M-.1 .7L.7 -.1', shades.light, 0.16, 0.3) + stroke('M-.4 .4L.4 -.4M.2 1L1 .2', shades.deep, 0.12, 0.22),
  }),
  knit,
  cable,
  tweed,
  corduroy: (_, shades) => ({
    width: 1.1,
    height: 1.1,
    content:
      box(0, 0, 0.22, 1.1, shades.deep, 0.3) +
      box(0.88, 0, 0.22, 1.1, shades.deep, 0.3) +
      box(0.42, 0, 0.26, 1.1, shades.light, 0.3),
  }),
  rib: (_, shades) => ({
    width: 1.2,
    height: 1.2,
    content:
      box(0, 0, 0.3, 1.2, shades.deep, 0.26) +
      box(0.9, 0, 0.3, 1.2, shades.deep, 0.26) +
      box(0.45, 0, 0.3, 1.2, shades.light, 0.24),
  }),
};

/** The tile that a fabric is made of, or undefined where it has no pattern. */
export function tileOf(fabric: Fabric): Tile | undefined {
  return WEAVERS[fabric.weave](fabric, shadesOf(fabric.colour), hex(fabric.second));
}

/**
 * The pattern's colour on a cloth: cream on dark ones, navy on light ones, the more of it the higher the `contrast`
 * (0..1); never so near that it would be taken for a stain.
 */
export function companion(colour: Lab, contrast: number): Lab {
  const step = 20 + 36 * contrast;
  if (colour.l < 58) return { l: colour.l + step, a: colour.a * 0.4, b: colour.b * 0.4 + 4 };
  return { l: colour.l - step, a: colour.a * 0.5 + 1, b: colour.b * 0.35 - 10 - 8 * contrast };
}
