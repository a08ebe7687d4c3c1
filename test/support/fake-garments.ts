/**
 * Drawn garments for a fake daemon: a decoder that is a formula, and a store of its own drawings. Nothing is learnt and
 * nothing is measured with it; it lets the kiosk be tested without a model, and with faults a real daemon does not have.
 */
import sharp from 'sharp';
import type { Model } from '../../device/api/model-schemas.ts';
import { fieldOf } from '../../ui/lib/garment-field.ts';
import { paint } from '../../ui/lib/garment-paint.ts';

export const SIDE = 128;
const PICTURE_SIDE = 480;
export const RANGE = 5;
export const SHARPEN = 6;

/** m and k of z = m + k u: no dial is its z, so that a page that mixes them up is found out. */
export const SCALE = { mean: 0.2, slope: 0.3 } as const;

export const DIALS: Pick<Model['dials'][number], 'name' | 'low' | 'high'>[] = [
  { name: 'lightness', low: 'darker', high: 'lighter' },
  { name: 'length', low: 'shorter', high: 'longer' },
  { name: 'red-green', low: 'greener', high: 'redder' },
  { name: 'fullness', low: 'slimmer', high: 'fuller' },
  { name: 'yellow-blue', low: 'bluer', high: 'yellower' },
  { name: 'taper', low: 'narrower hem', high: 'wider hem' },
  { name: null, low: null, high: null },
  { name: null, low: null, high: null },
];

export const toZ = (dials: readonly number[]): number[] => dials.map(u => SCALE.mean + SCALE.slope * u);
export const toDials = (z: readonly number[]): number[] => z.map(value => (value - SCALE.mean) / SCALE.slope);

const mix = (low: number, high: number, part: number): number => low + (high - low) * part;
const soft = (u: number): number => 1 / (1 + Math.exp(-u * 0.55));

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Distance of a point from a segment. */
function fromSegment(x: number, y: number, [ax, ay, bx, by]: readonly [number, number, number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Colour of the garment at a point before light falls on it, RGB about 0..255. */
export function tintOf(z: readonly number[]): readonly [number, number, number] {
  const [lightness, , red, , yellow] = toDials(z).map(soft) as number[];
  const base = mix(60, 215, lightness!);
  return [base + mix(-45, 55, red!) + mix(-20, 25, yellow!), base + mix(25, -35, red!), base + mix(60, -70, yellow!)];
}

/** The garment at a point, as the net would give it: straight alpha from an outline's logit, not sharpened. */
export function decode(z: readonly number[]): Rgba {
  const [, length, , full, , taper, sleeve, neck] = toDials(z).map(soft) as number[];
  const [top, hem] = [0.16, mix(0.56, 0.93, length!)];
  const shoulder = mix(0.15, 0.24, full!);
  const waist = shoulder * mix(0.74, 1, full!);
  const bottom = mix(0.11, 0.36, taper!) * mix(0.85, 1.1, full!);
  const reach = mix(0.02, 0.34, sleeve!);
  const depth = mix(0.02, 0.1, neck!);
  const width = (y: number): number => {
    const down = (y - top) / (hem - top);
    return down < 0.45 ? mix(shoulder, waist, down / 0.45) : mix(waist, bottom, ((down - 0.45) / 0.55) ** 1.2);
  };
  const tint = tintOf(z);
  const rgba = new Uint8Array(SIDE * SIDE * 4);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const x = Math.abs((column + 0.5) / SIDE - 0.5);
      const y = (row + 0.5) / SIDE;
      const body = Math.min(width(Math.min(hem, Math.max(top, y))) - x, hem - y, y - top - 0.06 * (x / shoulder) ** 2);
      const arm =
        0.062 - fromSegment(x, y, [shoulder - 0.03, top + 0.075, shoulder + reach * 0.55, top + 0.06 + reach]);
      const collar = Math.hypot(x, (y - top + 0.02) * 0.9) - 0.055 - depth * 0.6;
      const logit = Math.min(Math.max(body, arm), collar) * SIDE * 2;
      const at = (row * SIDE + column) * 4;
      const fold = 1 - 0.1 * x - 0.05 * Math.cos(x * 40 * waist) + 0.04 * (0.5 - y);
      for (let index = 0; index < 3; index++) rgba[at + index] = Math.min(250, Math.max(8, tint[index]! * fold));
      rgba[at + 3] = Math.round(255 / (1 + Math.exp(-logit)));
    }
  }
  return { width: SIDE, height: SIDE, rgba };
}

/** A catalogue picture of the garment at z: PNG with alpha. */
export async function drawPicture(z: readonly number[]): Promise<Buffer> {
  const { rgba, size } = paint(fieldOf(decode(z), SHARPEN, 'flat'), PICTURE_SIDE, SHARPEN);
  return sharp(rgba, { raw: { width: size, height: size, channels: 4 } })
    .png()
    .toBuffer();
}

export interface FakeGarment {
  readonly sku: string;
  readonly title: string;
  readonly category: string;
  readonly price: number | null;
  readonly sizes: { name: string; quantity: number }[] | null;
  readonly location: string | null;
  readonly mu: readonly number[];
}

const SIZES = ['XS', 'S', 'M', 'L', 'XL'];

/** The same store every time: a plain one in the middle of all dials, then a low-discrepancy walk over most of their range. */
export function fakeStore(garments: number): FakeGarment[] {
  return Array.from({ length: garments }, (_, number) => {
    const dials = DIALS.map((_, dial) => {
      const part = ((number + 1) * (Math.sqrt([2, 3, 5, 7, 11, 13, 17, 19][dial]!) % 1)) % 1;
      return number === 0 ? 0 : mix(-0.85, 0.85, part) * RANGE;
    });
    const category = dials[1]! > 1 ? 'Dress' : dials[6]! > 0 ? 'Longsleeve' : 'T-Shirt';
    return {
      sku: `F${String(number).padStart(3, '0')}`,
      title: `${{ Dress: 'Dress', Longsleeve: 'Long sleeve', 'T-Shirt': 'T-shirt' }[category]} no. ${number + 1}`,
      category,
      price: number % 11 === 10 ? null : 19 + ((number * 7) % 23) * 5 + (number % 2 === 0 ? 0.95 : 0),
      sizes: number % 9 === 8 ? null : SIZES.map((name, size) => ({ name, quantity: (number * 3 + size * 5) % 4 })),
      location: number % 7 === 6 ? null : `Rail ${1 + (number % 6)}, ${number % 2 === 0 ? 'left' : 'right'}`,
      mu: toZ(dials),
    };
  });
}
