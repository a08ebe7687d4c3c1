/** How near the best match looks to the dialled picture, by where the point comes from and by the rule (matching.md, 3). */
import type { FlatSearch, Metric } from '../../device/matching/flat-search.ts';
import type { PictureSet } from './picture-set.ts';
import { type Points, queryOf } from './queries.ts';

export interface Rule {
  readonly name: string;
  readonly metric: Metric;
  /** tau, in units of z. */
  readonly tolerance: number;
}

const TAUS = [0, 0.25, 0.5, 1];

export const tauName = (tolerance: number): string => `tau = ${tolerance}`;

/** The columns: the taus, with the bundle's own among them, and the two distances. */
export const rulesFor = (tolerance: number): Rule[] => [
  ...[...new Set([...TAUS, tolerance])]
    .sort((a, b) => a - b)
    .map(tau => ({ name: tauName(tau), metric: 'log-likelihood' as const, tolerance: tau })),
  { name: 'euclidean', metric: 'euclidean', tolerance: 0 },
  { name: 'mahalanobis', metric: 'mahalanobis', tolerance: 0 },
];

export interface TableRow {
  readonly name: string;
  readonly points: number;
  /** Mean squared error of the best match's picture, by rule. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of the garment in the store that looks most like it, and of a random one: of the point's kind, where it has one. */
  readonly bestPossible: number;
  readonly randomGarment: number;
  /** Share of the points won by one single garment, by rule. */
  readonly winners: Readonly<Record<string, number>>;
}

/** What is known of each point of a row, for the calibration of typicality. */
export interface PointErrors {
  readonly top: Float64Array;
  readonly best: Float64Array;
}

/** The garment that wins each point. */
export function winnersOf(search: FlatSearch, points: Points, { metric, tolerance }: Rule): number[] {
  // A share tolerance gets a table, which the same tolerance for the order then uses: 6 times as fast.
  const rule = { k: 1, metric, tolerance, shareTolerance: tolerance };
  return points.z.map((_, place) => search.search({ ...queryOf(points, place), ...rule }).hits[0]!.row);
}

/** Share of the points that are won by one and the same garment. */
export function largestShare(winners: readonly number[]): number {
  const won = new Map<number, number>();
  for (const row of winners) won.set(row, (won.get(row) ?? 0) + 1);
  return Math.max(...won.values()) / winners.length;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/**
 * One row of the table.
 * @param drawn the dialled pictures, small, one a point
 * @param own the rule the box goes by
 */
export function tableRow(
  search: FlatSearch,
  pictures: PictureSet,
  points: Points,
  drawn: readonly Float32Array[],
  own: Rule,
): { row: TableRow; errors: PointErrors } {
  const errors: Record<string, number> = {};
  const winners: Record<string, number> = {};
  const top = new Float64Array(drawn.length);
  const best = new Float64Array(drawn.length);
  for (const rule of rulesFor(own.tolerance)) {
    const won = winnersOf(search, points, rule);
    const byPoint = drawn.map((picture, place) => pictures.error(picture, won[place]!));
    errors[rule.name] = mean(byPoint);
    winners[rule.name] = largestShare(won);
    if (rule.name !== own.name) continue;
    top.set(byPoint);
    drawn.forEach((picture, place) => {
      best[place] = pictures.least(picture, won[place]!, points.allowed[place]);
    });
  }
  const randomGarment = mean(drawn.map((picture, place) => pictures.mean(picture, points.allowed[place])));
  const row = { name: points.name, points: drawn.length, errors, bestPossible: mean(best), randomGarment, winners };
  return { row, errors: { top, best } };
}

/** The tau whose best match looks nearest for points near the data; of equals the smallest. */
export function bestTolerance(near: TableRow, tolerance: number): number {
  const taus = rulesFor(tolerance).filter(rule => rule.metric === 'log-likelihood');
  return taus.reduce((best, rule) => (near.errors[rule.name]! < near.errors[best.name]! ? rule : best)).tolerance;
}
