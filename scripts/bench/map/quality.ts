/** How much of a store's neighbourhoods a map keeps: by the garments' own divergences, on a sample of them. */
import { jeffreys } from '../../../device/matching/divergence.ts';
import type { EncodingIndex } from '../../../device/matching/index-file.ts';
import { Random } from '../../../device/matching/random.ts';

export interface MapQuality {
  /** Of a garment's k nearest by Jeffreys divergence, the part that is among its k nearest on the map, 0 to 1. */
  readonly kept: number;
  /** Trustworthiness (Venna & Kaski 2001): 1 where nothing lies near on the map that is not near in the store. */
  readonly trust: number;
}

const K = 15;

/** @param xy x and y of each row of the index @param most garments that are looked at */
export function qualityOf(
  index: EncodingIndex,
  xy: ArrayLike<number>,
  most = Math.min(500, Math.ceil(5e6 / index.count)),
): MapQuality {
  const { count } = index;
  const sample = new Random(3).sample(Math.min(most, count), count);
  let [kept, untrue] = [0, 0];
  for (const row of sample) {
    const asked = index.posterior(row);
    const far = Float64Array.from({ length: count }, (_, other) =>
      other === row ? -1 : jeffreys(asked, index.posterior(other), index.tolerance),
    );
    const apart = Float64Array.from({ length: count }, (_, other) =>
      other === row ? -1 : Math.hypot(xy[2 * other]! - xy[2 * row]!, xy[2 * other + 1]! - xy[2 * row + 1]!),
    );
    const rank = new Int32Array(count);
    sorted(far).forEach((other, at) => {
      rank[other] = at;
    });
    for (const other of sorted(apart).slice(1, K + 1)) {
      if (rank[other]! <= K) kept += 1;
      else untrue += rank[other]! - K;
    }
  }
  const looked = sample.length;
  return { kept: kept / (K * looked), trust: 1 - (2 * untrue) / (looked * K * (2 * count - 3 * K - 1)) };
}

const sorted = (values: Float64Array): number[] => [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
