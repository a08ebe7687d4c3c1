/** What a drawn garment's outline is like, to tell one that could hang in a store from a blot. */
import type { DecodedPicture } from '../../device/inference/inference.ts';

export interface Outline {
  /** Share of the picture that is covered, 0..1. */
  readonly coverage: number;
  /** Share of the cover that hangs together in one piece, 0..1. */
  readonly whole: number;
  /** Half-transparent pixels a pixel of outline: about 1 for a crisp one. */
  readonly softness: number;
  /** Length of the outline over that of a circle of the same area; 1 is a disc. */
  readonly roughness: number;
  /** Share of the picture's rim that is covered, 0..1. */
  readonly rim: number;
}

/** From here on a pixel counts as covered. */
const COVERED = 128;
/** Between these a pixel is neither garment nor background. */
const HALF = [51, 204] as const;

/** How many covered pixels hang together, side by side, in the largest piece. */
function largestPiece(covered: Uint8Array, width: number): number {
  const left = Uint8Array.from(covered);
  const stack = new Int32Array(covered.length);
  let largest = 0;
  for (let seed = 0; seed < left.length; seed++) {
    if (left[seed] === 0) continue;
    let size = 0;
    let depth = 0;
    const reach = (at: number): void => {
      if (left[at] !== 1) return;
      left[at] = 0;
      stack[depth++] = at;
    };
    reach(seed);
    while (depth > 0) {
      const at = stack[--depth] ?? 0;
      size++;
      const x = at % width;
      if (x > 0) reach(at - 1);
      if (x < width - 1) reach(at + 1);
      reach(at - width);
      reach(at + width);
    }
    largest = Math.max(largest, size);
  }
  return largest;
}

/** Measures a decoded picture's alpha; undefined where the picture is opaque throughout or empty. */
export function outlineOf({ width, height, rgba }: DecodedPicture): Outline | undefined {
  const area = width * height;
  const covered = new Uint8Array(area);
  let half = 0;
  let count = 0;
  let rim = 0;
  let edges = 0;
  for (let at = 0; at < area; at++) {
    const alpha = rgba[4 * at + 3] ?? 0;
    if (alpha >= HALF[0] && alpha <= HALF[1]) half++;
    if (alpha < COVERED) continue;
    covered[at] = 1;
    count++;
    const x = at % width;
    if (x === 0 || x === width - 1 || at < width || at >= area - width) rim++;
  }
  if (count === 0 || count === area) return undefined;
  for (let at = 0; at < area; at++) {
    if (at % width !== width - 1 && covered[at] !== covered[at + 1]) edges++;
    if (at + width < area && covered[at] !== covered[at + width]) edges++;
  }
  return {
    coverage: count / area,
    whole: largestPiece(covered, width) / count,
    softness: half / Math.max(edges, 1),
    // Steps along the grid overstate a slanted line by 4 / pi on average.
    roughness: (edges * Math.PI) / 4 / (2 * Math.sqrt(Math.PI * count)),
    rim: rim / (2 * (width + height) - 4),
  };
}

/** Bounds found by looking at drawings of the clothing bundle: what lies outside is mostly torn, melted or cropped. */
const BOUNDS = { coverage: [0.06, 0.8], whole: 0.985, softness: 3.5, roughness: 3, rim: 0.1 } as const;

export const isPlausible = ({ coverage, whole, softness, roughness, rim }: Outline): boolean =>
  coverage >= BOUNDS.coverage[0] &&
  coverage <= BOUNDS.coverage[1] &&
  whole >= BOUNDS.whole &&
  softness <= BOUNDS.softness &&
  roughness <= BOUNDS.roughness &&
  rim <= BOUNDS.rim;
