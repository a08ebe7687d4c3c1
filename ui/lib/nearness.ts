import type { Match } from '../../device/api/match-schemas.ts';

/** What a garment's tag says. */
export type Nearness = 'very-one' | 'close' | 'kin' | 'nearest';

type Judged = Pick<Match, 'nearness'>;

/**
 * How near a match is, in a word. The daemon has judged it, by how near the garments of its kind are to each other; the first of a
 * poor lot is "the nearest we have", never "close".
 * @param rank 0 for the first match
 */
export function nearnessOf({ nearness }: Judged, rank: number): Nearness {
  if (nearness === 'very-one') return rank === 0 ? 'very-one' : 'close';
  if (nearness === 'in-stock-like') return 'close';
  return rank === 0 ? 'nearest' : 'kin';
}

/** What is said above the rail: the judgement of the first garment and no other, so that it never says more than its tag. */
export const headlineOf = ({ nearness }: Judged): Match['nearness'] => nearness;
