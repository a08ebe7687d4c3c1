/** The label's colours: named, and few enough to hang beside each other on one rail. */
import type { Dice } from './dice.ts';
import { distance, fit, type Lab, labOf } from './lab.ts';

export interface Swatch {
  readonly name: string;
  readonly colour: Lab;
  /** How often it is dyed. */
  readonly weight: number;
  /** Whether jeans come in it. */
  readonly denim: boolean;
}

const swatch = (name: string, hex: string, weight: number, denim = false): Swatch => ({
  name,
  colour: labOf(hex),
  weight,
  denim,
});

export const PALETTE: readonly Swatch[] = [
  swatch('Chalk', '#f3f0e8', 9),
  swatch('Ecru', '#e8dfcb', 8, true),
  swatch('Oat', '#d9c8a9', 5),
  swatch('Sand', '#c9b18b', 4),
  swatch('Camel', '#b98b5a', 5),
  swatch('Tobacco', '#8a5a33', 4),
  swatch('Walnut', '#5d4130', 3),
  swatch('Espresso', '#3b2a22', 3),
  swatch('Ink', '#1f2026', 6, true),
  swatch('Graphite', '#43454b', 5, true),
  swatch('Slate', '#6b7280', 4),
  swatch('Pebble', '#9a9a96', 4),
  swatch('Mist', '#c5cad0', 4),
  swatch('Navy', '#1f2c47', 9, true),
  swatch('Indigo', '#31456f', 5, true),
  swatch('Denim', '#4d6c94', 4, true),
  swatch('Sky', '#8fb2d4', 5, true),
  swatch('Ice', '#cbdde8', 4),
  swatch('Cobalt', '#2350a6', 3),
  swatch('Cornflower', '#6480cc', 3),
  swatch('Petrol', '#17505e', 3),
  swatch('Teal', '#1f7c7c', 3),
  swatch('Lagoon', '#58a8a5', 2),
  swatch('Celadon', '#a6cdb7', 3),
  swatch('Sage', '#93a487', 5),
  swatch('Moss', '#65733e', 4),
  swatch('Olive', '#555433', 4),
  swatch('Bottle', '#20452f', 4),
  swatch('Emerald', '#1d7a50', 2),
  swatch('Pistachio', '#c0d295', 2),
  swatch('Butter', '#f4e2a0', 4),
  swatch('Mustard', '#d0a02f', 3),
  swatch('Saffron', '#ea9c2b', 2),
  swatch('Apricot', '#f3b98b', 3),
  swatch('Terracotta', '#bb6243', 4),
  swatch('Rust', '#93422a', 3),
  swatch('Poppy', '#d2382f', 3),
  swatch('Coral', '#ec7761', 3),
  swatch('Brick', '#8c3230', 2),
  swatch('Bordeaux', '#5a1f2c', 4),
  swatch('Plum', '#532f4c', 3),
  swatch('Mauve', '#96728f', 3),
  swatch('Lilac', '#c4b1d8', 3),
  swatch('Violet', '#6b55a0', 2),
  swatch('Fuchsia', '#c03377', 2),
  swatch('Rosewood', '#a5606a', 2),
  swatch('Blush', '#eac7c0', 4),
  swatch('Peony', '#e597ad', 3),
];

const DENIM = PALETTE.filter(s => s.denim);

const nudge = (colour: Lab, dice: Dice, spread: number): Lab =>
  fit({
    l: colour.l + dice.normal() * spread,
    a: colour.a + dice.normal() * spread,
    b: colour.b + dice.normal() * spread,
  });

/** A colour of the palette, no two dye lots quite alike. */
export function dye(dice: Dice, denim = false): Lab {
  const card = denim ? DENIM : PALETTE;
  const weights = Object.fromEntries(card.map((s, i) => [String(i), s.weight]));
  return nudge(card[Number(dice.pick(weights))]!.colour, dice, 1.6);
}

/** Any colour that cloth can have: half of them near the palette, half anywhere a screen can show. */
export function anyDye(dice: Dice, denim = false): Lab {
  if (dice.chance(0.5)) return nudge(dye(dice, denim), dice, 6);
  const l = 14 + 80 * dice.uniform();
  const room = 1 - Math.abs(l - 55) / 75;
  return fit({ l, a: dice.normal() * 26 * room, b: dice.normal() * 28 * room });
}

/** What the label calls a colour: the nearest of its palette. */
export function colourName(colour: Lab): string {
  return PALETTE.reduce((best, s) => (distance(s.colour, colour) < distance(best.colour, colour) ? s : best)).name;
}
