import { TARGET_MM } from './screen.ts';

/** Between these heights above the floor everyone reaches, standing or sitting, millimetres. */
export const REACH_MM = { low: 380, high: 1_220 } as const;

/** How high the page must at least be for what is 20 mm large on it to keep its place, millimetres: upright, and lying. */
const LEAST_MM = { upright: (120 / 6.25) * TARGET_MM, lying: (67.5 / 6.25) * TARGET_MM } as const;

/** What the screen is, and how it hangs. */
export interface Mounting {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly mmPerPx: number;
  /** Height of the picture's lower edge above the floor, millimetres. */
  readonly floorMm: number;
}

/** CSS pixels that are left free above and below the page. */
export interface Margins {
  readonly head: number;
  readonly foot: number;
}

/**
 * Where the page is put so that everything on it can be reached: never below the reach, and, where `lower` was asked for, not above it
 * either, as far as the page does not become too small for its words.
 */
export function marginsFor({ width, height, mmPerPx, floorMm }: Mounting, lower: boolean): Margins {
  const foot = Math.max(0, REACH_MM.low - floorMm) / mmPerPx;
  const least = LEAST_MM[width < height ? 'upright' : 'lying'] / mmPerPx;
  const over = Math.max(0, floorMm + height * mmPerPx - REACH_MM.high) / mmPerPx;
  const head = lower ? Math.max(0, Math.min(over, height - foot - least)) : 0;
  return { head: Math.round(head), foot: Math.round(Math.min(foot, Math.max(0, height - least))) };
}
