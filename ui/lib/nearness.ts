import type { Match, Typicality } from '../../device/api/match-schemas.ts';

export type Nearness = 'very-one' | 'close' | 'kin' | 'nearest';

/**
 * (z - mu)^2 / sigma^2 per dimension. Chance alone makes 1 of it for a point of the garment itself (nine in ten lie under
 * 1.5 in the demonstration collection); between a garment and its nearest neighbour there it is 20 (median).
 */
const VERY_ONE = 2;
const CLOSE = 20;

/**
 * How near a match is, in a word. Distance decides, not rank: the first of a poor lot is "the nearest we have", never "close".
 * @param rank 0 for the first match. @param dimensions n, the length of z.
 */
export function nearnessOf(
  match: Pick<Match, 'mahalanobisSquared'>,
  rank: number,
  dimensions: number,
  verdict: Typicality['verdict'],
): Nearness {
  const perDimension = match.mahalanobisSquared / dimensions;
  if (rank === 0 && perDimension <= VERY_ONE && verdict !== 'nothing-close') return 'very-one';
  if (perDimension <= CLOSE && verdict !== 'nothing-close') return 'close';
  return rank === 0 ? 'nearest' : 'kin';
}

/**
 * What is said above the rail. It promises no more than the first garment's tag: typicality looks at the whole store, and a polo of
 * a rare green is like many garments there, though no polo is.
 */
export function headlineOf(
  first: Pick<Match, 'mahalanobisSquared'>,
  dimensions: number,
  verdict: Typicality['verdict'],
): 'very-one' | Typicality['verdict'] {
  const nearness = nearnessOf(first, 0, dimensions, verdict);
  if (nearness === 'very-one') return nearness;
  return nearness === 'nearest' && verdict === 'in-stock-like' ? 'nearest-we-have' : verdict;
}
