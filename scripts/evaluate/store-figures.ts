/** What the store's encodings tell of a bundle without a picture: life of the dials, the aggregate, recall, winners. */
import type { Bundle } from '../../device/inference/bundle.ts';
import type { FlatSearch, Metric } from '../../device/matching/flat-search.ts';
import type { EncodingIndex } from '../../device/matching/index-file.ts';
import { type Points, queryOf } from './queries.ts';

export interface DialFigures {
  readonly dimension: number;
  readonly name: string | undefined;
  readonly shown: boolean;
  /** Mean KL of the dimension to N(0, 1) over the store, nats. */
  readonly kl: number;
  /** Variance of mu (Burda et al. 2015: alive above 0.01). */
  readonly activity: number;
  /** Mean and spread of the aggregated posterior on the dial, in its spreads: 0 and 1 where the dial fits the store. */
  readonly mean: number;
  readonly spread: number;
}

export function dialFigures({ manifest }: Pick<Bundle, 'manifest'>, index: EncodingIndex): DialFigures[] {
  const { count, latentDim, mu, sigma } = index;
  return Array.from({ length: latentDim }, (_, dimension) => {
    const dial = manifest.dials?.[dimension];
    let [sum, squares, widths, kl] = [0, 0, 0, 0];
    for (let place = dimension; place < count * latentDim; place += latentDim) {
      const [m, v] = [mu[place]!, sigma[place]! ** 2];
      sum += m;
      squares += m * m;
      widths += v;
      kl += 0.5 * (m * m + v - 1 - Math.log(v));
    }
    const mean = sum / count;
    const activity = squares / count - mean * mean;
    const unit = dial?.spread ?? 1;
    return {
      dimension,
      name: dial?.name,
      shown: dial?.shown ?? true,
      kl: kl / count,
      activity,
      mean: (mean - (dial?.mean ?? 0)) / unit,
      spread: Math.sqrt(activity + widths / count) / unit,
    };
  });
}

export const RECALL_METRICS = ['log-likelihood', 'euclidean', 'mahalanobis'] as const satisfies readonly Metric[];

/** Share of the points drawn from a garment's posterior whose best match is that garment, by metric, without tolerance. */
export function recallAtOne(search: FlatSearch, points: Points): Record<Metric, number> {
  const { z, sources = [] } = points;
  const recall = (metric: Metric): number => {
    const found = z.filter((_, place) => {
      const rule = { k: 1, metric, tolerance: 0, shareTolerance: 0 };
      const [hit] = search.search({ ...queryOf(points, place), ...rule }).hits;
      return hit?.row === sources[place];
    });
    return found.length / z.length;
  };
  return {
    'log-likelihood': recall('log-likelihood'),
    euclidean: recall('euclidean'),
    mahalanobis: recall('mahalanobis'),
  };
}
