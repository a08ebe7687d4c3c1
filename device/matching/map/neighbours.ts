/**
 * Nearest garments by Jeffreys divergence, the measure of "more like this" (matching.md, section 4), for whoever needs those of
 * every garment: exact, over packed numbers, and a pair is left as soon as it is too far.
 */
import type { Posterior } from '../posterior.ts';

interface Rows {
  posterior(row: number): Posterior;
}

/** Dimensions looked at before a pair is asked whether it is too far already. */
const STRIDE = 4;

/** Means, variances and precisions of some garments, those dimensions first that tell most garments apart. */
export class PairTable {
  readonly count: number;
  readonly latentDim: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly precision: Float64Array;
  readonly #order: readonly number[];

  /** @param tolerance tau, in units of z: sigma^2 + tau^2 stands for sigma^2 @param like packed in the same order as another table */
  constructor(garments: Rows, rows: readonly number[], latentDim: number, tolerance: number, like?: PairTable) {
    this.count = rows.length;
    this.latentDim = latentDim;
    this.#order = like === undefined ? tellingFirst(garments, rows, latentDim) : like.#order;
    this.mean = new Float64Array(this.count * latentDim);
    this.variance = new Float64Array(this.count * latentDim);
    this.precision = new Float64Array(this.count * latentDim);
    rows.forEach((row, place) => {
      const { mu, sigma } = garments.posterior(row);
      this.#order.forEach((d, at) => {
        const variance = sigma[d]! ** 2 + tolerance ** 2;
        this.mean[place * latentDim + at] = mu[d]!;
        this.variance[place * latentDim + at] = variance;
        this.precision[place * latentDim + at] = 1 / variance;
      });
    });
  }
}

/** Dimensions by the spread of mu over the mean sigma, largest first. */
function tellingFirst(garments: Rows, rows: readonly number[], latentDim: number): number[] {
  const telling = Array.from({ length: latentDim }, (_, d) => {
    let [sum, squares, sigmas] = [0, 0, 0];
    for (const row of rows) {
      const { mu, sigma } = garments.posterior(row);
      sum += mu[d]!;
      squares += mu[d]! ** 2;
      sigmas += sigma[d]!;
    }
    const variance = Math.max(0, squares / rows.length - (sum / rows.length) ** 2);
    return { d, spread: Math.sqrt(variance) / (sigmas / rows.length) };
  });
  return telling.sort((a, b) => b.spread - a.spread || a.d - b.d).map(({ d }) => d);
}

/** The nearest of one garment, nearest first. */
export interface Nearest {
  /** Places in the table. */
  readonly places: Int32Array;
  /** Jeffreys divergences, nats. */
  readonly divergences: Float64Array;
}

/**
 * The k garments of `table` nearest to the one at `place` of `asked`; ties in the table's order.
 * @param k 1 and above; fewer are given where there are fewer
 * @param itself its own place in `table`, which is left out; -1 where it has none
 */
export function nearestOf(asked: PairTable, place: number, table: PairTable, k: number, itself: number): Nearest {
  const n = table.latentDim;
  const most = Math.min(k, table.count - (itself >= 0 && itself < table.count ? 1 : 0));
  const places = new Int32Array(most);
  const divergences = new Float64Array(most).fill(Number.POSITIVE_INFINITY);
  if (most === 0) return { places, divergences };
  const { mean: ma, variance: va, precision: pa } = asked;
  const { mean: mb, variance: vb, precision: pb } = table;
  const from = place * n;
  let worst = Number.POSITIVE_INFINITY;
  for (let other = 0; other < table.count; other += 1) {
    if (other === itself) continue;
    const at = other * n;
    let sum = 0;
    for (let d = 0; d < n && sum < worst; ) {
      for (const end = Math.min(n, d + STRIDE); d < end; d += 1) {
        const apart = ma[from + d]! - mb[at + d]!;
        const [one, two] = [pa[from + d]!, pb[at + d]!];
        const wider = va[from + d]! - vb[at + d]!;
        sum += wider * wider * one * two + apart * apart * (one + two);
      }
    }
    if (!(sum < worst)) continue;
    let rank = most - 1;
    for (; rank > 0 && divergences[rank - 1]! > sum; rank -= 1) {
      divergences[rank] = divergences[rank - 1]!;
      places[rank] = places[rank - 1]!;
    }
    divergences[rank] = sum;
    places[rank] = other;
    worst = divergences[most - 1]!;
  }
  return { places, divergences: divergences.map(twice => twice / 2) };
}
