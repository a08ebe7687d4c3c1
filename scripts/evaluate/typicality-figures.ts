/** Whether typicality says what it should: rarely "nothing close" of the store's own, often of points unlike all of it. */
import type { FlatSearch } from '../../device/matching/flat-search.ts';
import { spearman } from '../../device/matching/spearman.ts';
import type { Verdict } from '../../device/matching/typicality.ts';
import type { PointErrors } from './matching-table.ts';
import type { Points } from './queries.ts';

/** Centiles between which the picture errors are averaged. */
const BANDS = [0, 1, 5, 10, 25, 50, 75, 100] as const;

export interface VerdictShares extends Readonly<Record<Verdict, number>> {
  readonly name: string;
  readonly points: number;
}

export interface CentileBand {
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** Mean picture error of the best match and of the garment that looks most like it; undefined without points. */
  readonly top: number | undefined;
  readonly best: number | undefined;
}

/** With the error of the best match, and of the garment that looks most like the dialled picture; -1 is best. */
export interface Correlations {
  readonly top: number;
  readonly best: number;
}

export interface TypicalityFigures {
  readonly verdicts: readonly VerdictShares[];
  readonly bands: readonly CentileBand[];
  /** Rank correlation with the picture errors: of T(z), and of -|z - centre|^2 in spreads, which knows nothing of stock. */
  readonly spearman: { readonly typicality: Correlations; readonly distance: Correlations };
}

/** How many of the points get each verdict. */
export function verdictShares(search: FlatSearch, { name, z }: Points): VerdictShares {
  const counts: Record<Verdict, number> = { 'in-stock-like': 0, 'nearest-we-have': 0, 'nothing-close': 0 };
  for (const point of z) counts[search.search({ z: point, k: 1 }).typicality.verdict] += 1;
  const share = (verdict: Verdict): number => counts[verdict] / z.length;
  return {
    name,
    points: z.length,
    'in-stock-like': share('in-stock-like'),
    'nearest-we-have': share('nearest-we-have'),
    'nothing-close': share('nothing-close'),
  };
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param drawn the points whose pictures were compared, with their errors
 * @param others points of which the verdict alone is counted
 * @param distance of a point from the centre of the dials, squared
 */
export function typicalityFigures(
  search: FlatSearch,
  drawn: readonly { points: Points; errors: PointErrors }[],
  others: readonly Points[],
  distance: (z: Float64Array) => number,
): TypicalityFigures {
  const all = drawn.flatMap(({ points, errors }) =>
    points.z.map((z, place) => {
      const { typicality } = search.search({ z, k: 1 });
      return { ...typicality, distance: distance(z), top: errors.top[place]!, best: errors.best[place]! };
    }),
  );
  const bands = BANDS.slice(1).map((to, place) => {
    const from = BANDS[place]!;
    const inside = all.filter(({ centile }) => centile >= from && (centile < to || to === 100));
    const [top, best] = [mean(inside.map(point => point.top)), mean(inside.map(point => point.best))];
    return { from, to, points: inside.length, top, best };
  });
  const column = (of: (point: (typeof all)[number]) => number): Float64Array => Float64Array.from(all, of);
  const correlations = (values: Float64Array): Correlations => ({
    top: spearman(
      values,
      column(point => point.top),
    ),
    best: spearman(
      values,
      column(point => point.best),
    ),
  });
  return {
    verdicts: [...others, ...drawn.map(({ points }) => points)].map(points => verdictShares(search, points)),
    bands,
    spearman: {
      typicality: correlations(column(point => point.logMean)),
      distance: correlations(column(point => -point.distance)),
    },
  };
}
