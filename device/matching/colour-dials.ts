/** Which dimensions of z tell a garment's colour, for "goes with it" (matching.md, section 7). */
import type { Garments } from './garments.ts';

/** Share of a dimension's variance that lies between the colours, from which on it tells the colour. */
export const LEAST_TOLD = 0.5;
/** Fewer garments than this can reach it by chance. */
const FEWEST_GARMENTS = 50;

/**
 * The dimensions in which garments of one colour are alike and those of two differ: correlation ratio eta^2 at least LEAST_TOLD.
 * A colour with a single garment says nothing.
 * @param colours one a row, null where it is not known
 */
export function colourDials(garments: Garments, latentDim: number, colours: readonly (string | null)[]): number[] {
  const byColour = new Map<string, number[]>();
  for (const [row, colour] of colours.entries()) {
    if (colour === null) continue;
    const rows = byColour.get(colour);
    if (rows === undefined) byColour.set(colour, [row]);
    else rows.push(row);
  }
  const groups = [...byColour.values()].filter(({ length }) => length > 1);
  const rows = groups.flat();
  if (rows.length < FEWEST_GARMENTS || groups.length < 2) return [];
  const mean = (of: readonly number[], d: number): number =>
    of.reduce((sum, row) => sum + garments.muAt(row, d), 0) / of.length;
  return Array.from({ length: latentDim }, (_, d) => d).filter(d => {
    const centre = mean(rows, d);
    const total = rows.reduce((sum, row) => sum + (garments.muAt(row, d) - centre) ** 2, 0);
    const between = groups.reduce((sum, group) => sum + group.length * (mean(group, d) - centre) ** 2, 0);
    return total > 0 && between / total >= LEAST_TOLD;
  });
}
