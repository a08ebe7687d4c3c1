import { contours } from 'd3-contour';
import type { Sheet } from './map-answer.ts';
import type { Size } from './map-camera.ts';

/** Cells of the grid that the coast is found on. */
const GRID = 160;
/** How far a garment's land reaches: the blur's width in cells, and how often it is blurred. */
const BLUR = 2;
const BLURS = 3;
/** Where the land ends, and where the lines of the water lie beyond: in garments a cell as they lie on average. */
const COAST = 0.085;
const WATERS = [0.04, 0.017, 0.006] as const;
const REGION = 0.45;

/** Closed lines in units of the sheet: x, y, x, y, ... */
export type Rings = readonly (readonly number[])[];

export interface Land {
  readonly coast: Rings;
  /** Lines of the water, the nearest to the coast first. */
  readonly waters: readonly Rings[];
  /** The ground of each place. */
  readonly regions: readonly Rings[];
}

/** Where land is: around the garments, with more of it where they are more. */
export function landOf({ skus, xy, place, places }: Sheet, paper: Size): Land {
  const all = new Float64Array(GRID * GRID);
  const each = places.map(() => new Float64Array(GRID * GRID));
  // A handful of garments has land as a thousand has.
  const weight = 1200 / Math.max(1, skus.length) ** 0.9;
  const cellOf = (value: number, side: number): number =>
    Math.min(GRID - 1, Math.max(0, Math.floor((value * GRID) / side)));
  for (let garment = 0; garment < skus.length; garment++) {
    const cell = cellOf(xy[2 * garment]!, paper.width) + GRID * cellOf(xy[2 * garment + 1]!, paper.height);
    all[cell] = Math.min(4, all[cell]! + weight);
    const own = each[place[garment]!];
    if (own !== undefined) own[cell] = Math.min(4, own[cell]! + weight);
  }
  blur(all);
  const [coast = [], ...waters] = [COAST, ...WATERS].map(level => ringsOf(all, level, paper));
  const regions = each.map(own => {
    blur(own);
    // A place's ground is where most of what lies there is its own.
    const share = own.map((value, cell) => (all[cell]! > COAST / 2 ? value / all[cell]! : 0));
    return ringsOf(share, REGION, paper);
  });
  return { coast, waters, regions };
}

/** Three box blurs come near to a Gaussian one. */
function blur(values: Float64Array): void {
  const before = new Float64Array(GRID);
  for (let time = 0; time < BLURS; time++) {
    for (const [step, line] of [
      [1, GRID],
      [GRID, 1],
    ] as const) {
      for (let at = 0; at < GRID; at++) blurLine(values, at * line, step, before);
    }
  }
}

/** Each value becomes the mean of those around it: a sum that takes in one and lets one go at each step. */
function blurLine(values: Float64Array, start: number, step: number, before: Float64Array): void {
  for (let cell = 0; cell < GRID; cell++) before[cell] = values[start + cell * step]!;
  let sum = 0;
  for (let cell = -BLUR; cell < GRID; cell++) {
    sum += before[cell + BLUR] ?? 0;
    if (cell < 0) continue;
    values[start + cell * step] = sum / (2 * BLUR + 1);
    sum -= before[cell - BLUR] ?? 0;
  }
}

function ringsOf(values: Float64Array, level: number, { width, height }: Size): Rings {
  const { coordinates } = contours()
    .size([GRID, GRID])
    .contour([...values], level);
  return coordinates.flat().map(ring => ring.flatMap(([x = 0, y = 0]) => [(x * width) / GRID, (y * height) / GRID]));
}
