/** How a cut-out came out: what a person should look at before it is taken. */

/** What may be wrong. `docs/arrivals.md` says what to do about each. */
export const DOUBTS = ['touches-edge', 'small', 'large', 'several-parts', 'low-contrast'] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Measures {
  /** Share of the photograph that is garment, 0 to 1. */
  readonly area: number;
  /** Share of the photograph's outline that garment lies against, 0 to 1. */
  readonly edge: number;
  /** Pieces it fell into. */
  readonly parts: number;
  /** CIE Lab distance between the garment along its outline and the ground along it. */
  readonly contrast: number;
}

/** Shares of the picture outside of which it is no garment: nothing was found, or no ground. As in training. */
const NO_GARMENT = [0.023, 0.97] as const;
/** A garment fills less, or more, of a photograph that was taken well. */
const USUAL = [0.06, 0.85] as const;
const MOST_EDGE = 0.01;
/** Nearer than this the ground is of the garment's colour, and where one ends is a guess. */
const LEAST_CONTRAST = 8;

export const isGarment = ({ area }: Pick<Measures, 'area'>): boolean => area > NO_GARMENT[0] && area < NO_GARMENT[1];

export function doubtsOf({ area, edge, parts, contrast }: Measures): Doubt[] {
  const found: Record<Doubt, boolean> = {
    'touches-edge': edge > MOST_EDGE,
    small: area < USUAL[0],
    large: area > USUAL[1],
    'several-parts': parts > 1,
    'low-contrast': contrast < LEAST_CONTRAST,
  };
  return DOUBTS.filter(doubt => found[doubt]);
}
