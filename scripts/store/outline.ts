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

/** Sizes of the pieces that touch side by side, largest first. */
function pieces(covered: Uint8Array, width: number): number[] {
  const seen = new Uint8Array(covered.length);
  const sizes: number[] = [];
  for (let seed = 0; seed < covered.length; seed++) {
    if (covered[seed] === 0 || seen[seed] === 1) continue;
    const stack = [seed];
    seen[seed] = 1;
    let size = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      size++;
      const x = at % width;
      const beside = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width];
      for (const next of beside) {
        if (covered[next] !== 1 || seen[next] === 1) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    sizes.push(size);
  }
  return sizes.sort((a, b) => b - a);
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
  const [largest = 0] = pieces(covered, width);
  return {
    coverage: count / area,
    whole: largest / count,
    softness: half / Math.max(edges, 1),
    // Steps along the grid overstate a slanted line by 4 / pi on average.
    roughness: (edges * Math.PI) / 4 / (2 * Math.sqrt(Math.PI * count)),
    rim: rim / (2 * (width + height) - 4),
  };
}

/** Bounds found by looking at drawings of the clothing bundle: what lies outside is mostly torn, melted or cropped. */
const BOUNDS = { coverage: [0.06, 0.8], whole: 0.985, softness: 2.5, roughness: 3, rim: 0.1 } as const;

export const isPlausible = ({ coverage, whole, softness, roughness, rim }: Outline): boolean =>
  coverage >= BOUNDS.coverage[0] &&
  coverage <= BOUNDS.coverage[1] &&
  whole >= BOUNDS.whole &&
  softness <= BOUNDS.softness &&
  roughness <= BOUNDS.roughness &&
  rim <= BOUNDS.rim;
