/**
 * The exact search: every garment scored, the k best kept (matching.md, sections 2, 3 and 7).
 * One object for one index; a search allocates nothing the size of the store.
 */
import { MatchingError } from './errors.ts';
import type { EncodingIndex } from './index-file.ts';
import { everyDimension } from './likelihood.ts';
import { logSumExp } from './log-sum-exp.ts';
import {
  makeScoreTable,
  type ScoreTable,
  scanDirect,
  scanEuclidean,
  scanMahalanobis,
  scanTable,
} from './score-tables.ts';
import { TopK } from './top-k.ts';
import { centileOf, type Typicality, verdictOf } from './typicality.ts';

export type Metric = 'log-likelihood' | 'euclidean' | 'mahalanobis';

export interface SearchQuery {
  /** n finite numbers. */
  readonly z: ArrayLike<number>;
  /** How many hits at most, 1 and above. */
  readonly k: number;
  /** What the order is by; `log-likelihood` unless said otherwise. */
  readonly metric?: Metric;
  /** tau of the order, in units of z; the index's unless said otherwise. */
  readonly tolerance?: number;
  /** tau of the shares, the bundle's; the order's unless said otherwise. It never changes the order. */
  readonly shareTolerance?: number;
  /** Dimensions to match on alone, each once (the marginal likelihood); all unless said otherwise. */
  readonly on?: readonly number[];
  /** One byte a row: 0 leaves the garment out of hits and shares. */
  readonly allowed?: Uint8Array;
}

export interface Hit {
  readonly row: number;
  readonly sku: string;
  /** log q(z|x) under the order's tolerance, over the dimensions that count. */
  readonly logLikelihood: number;
  readonly mahalanobisSquared: number;
  /** q(z|x) over the sum of all garments allowed, under the share tolerance: 0 to 1. */
  readonly share: number;
}

export interface SearchAnswer {
  /** Best first; equal scores in the order of their SKUs. */
  readonly hits: readonly Hit[];
  /** How many garments were allowed. */
  readonly considered: number;
  /** Over the whole store and all dimensions, under the index's tolerance, whatever the query asks. */
  readonly typicality: Typicality;
}

/** Tables kept beside the index's own: the bundle's share tolerance, and one in waiting while an edition changes. */
const TABLES_KEPT = 2;

/**
 * @param rows how many garments there are to filter
 * @throws MatchingError for a query that cannot be answered, saying what is wrong with it
 */
export function checkQuery(query: SearchQuery, latentDim: number, rows: number): void {
  const { z, k, tolerance, shareTolerance, on, allowed } = query;
  if (z.length !== latentDim) throw new MatchingError(`z has ${z.length} numbers; expected ${latentDim}.`);
  for (let d = 0; d < latentDim; d += 1) {
    if (!Number.isFinite(z[d]!)) throw new MatchingError(`z[${d}] is ${z[d]}; expected a finite number.`);
  }
  if (!Number.isInteger(k) || k < 1) throw new MatchingError(`k is ${k}; expected a whole number, 1 or more.`);
  for (const [name, value] of Object.entries({ tolerance, shareTolerance })) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw new MatchingError(`${name} is ${value}; expected a finite number, 0 or more.`);
    }
  }
  const isDimension = (d: number): boolean => Number.isInteger(d) && d >= 0 && d < latentDim;
  if (on !== undefined && (on.length === 0 || new Set(on).size !== on.length || !on.every(isDimension))) {
    throw new MatchingError(`on is [${on.join(', ')}]; expected some of 0 to ${latentDim - 1}, each once.`);
  }
  if (allowed !== undefined && allowed.length !== rows) {
    throw new MatchingError(`allowed has ${allowed.length} bytes; expected one for each of ${rows} garments.`);
  }
}

export class FlatSearch {
  readonly index: EncodingIndex;
  readonly #own: ScoreTable;
  #kept: ScoreTable[] = [];
  readonly #every: Int32Array;
  readonly #z: Float64Array;
  readonly #typical: Float64Array;
  readonly #scores: Float64Array;
  readonly #other: Float64Array;

  constructor(index: EncodingIndex) {
    this.index = index;
    this.#own = makeScoreTable(index, index.tolerance);
    this.#every = Int32Array.from(everyDimension(index.latentDim));
    this.#z = new Float64Array(index.latentDim);
    this.#typical = new Float64Array(index.count);
    this.#scores = new Float64Array(index.count);
    this.#other = new Float64Array(index.count);
  }

  /** @throws MatchingError for a query that cannot be answered, saying what is wrong with it */
  search(query: SearchQuery): SearchAnswer {
    const { index } = this;
    checkQuery(query, index.latentDim, index.count);
    this.#z.set(query.z);
    const tolerance = query.tolerance ?? index.tolerance;
    const shareTolerance = query.shareTolerance ?? tolerance;
    const on = query.on === undefined ? undefined : Int32Array.from(query.on).sort();
    scanTable(index, this.#own, this.#z, this.#typical);
    const typicality = this.#typicality();
    // The share tolerance is the bundle's, and gets a table; a tolerance that a request may choose freely does not.
    if (on === undefined && shareTolerance !== index.tolerance) this.#table(shareTolerance, true);

    const likelihoods = this.#scan(tolerance, on, this.#scores);
    const order = this.#order(query.metric ?? 'log-likelihood', tolerance, on, likelihoods);
    const best = new TopK(Math.max(1, Math.min(query.k, index.count)));
    let considered = 0;
    for (let row = 0; row < order.length; row += 1) {
      if (query.allowed !== undefined && query.allowed[row] === 0) continue;
      considered += 1;
      best.offer(order[row]!, row);
    }
    const rows = best.rows();
    const logLikelihoods = rows.map(row => likelihoods[row]!);
    const shares = this.#shares(rows, shareTolerance, tolerance, on, likelihoods, query.allowed);
    const hits = rows.map((row, place) => ({
      row,
      sku: index.sku(row),
      logLikelihood: logLikelihoods[place]!,
      mahalanobisSquared: this.#mahalanobis(row, tolerance, on ?? this.#every),
      share: shares[place]!,
    }));
    return { hits, considered, typicality };
  }

  #typicality(): Typicality {
    const { index } = this;
    const logMean = logSumExp(this.#typical) - Math.log(Math.max(1, index.count));
    const centile = centileOf(logMean, index.typicalityCentiles);
    return { logMean, centile, verdict: verdictOf(centile) };
  }

  /** The table of a tolerance where there is one; makes one if `keep` asks for it. */
  #table(tolerance: number, keep = false): ScoreTable | undefined {
    if (tolerance === this.#own.tolerance) return this.#own;
    const kept = this.#kept.find(table => table.tolerance === tolerance);
    if (kept !== undefined || !keep) return kept;
    const made = makeScoreTable(this.index, tolerance);
    this.#kept = [made, ...this.#kept].slice(0, TABLES_KEPT);
    return made;
  }

  /** log q(z|x) of every garment, in `into` or, where they are there already, in the typicality's scores. */
  #scan(tolerance: number, on: Int32Array | undefined, into: Float64Array): Float64Array {
    if (on === undefined && tolerance === this.index.tolerance) return this.#typical;
    const table = on === undefined ? this.#table(tolerance) : undefined;
    if (table === undefined) scanDirect(this.index, tolerance, on ?? this.#every, this.#z, into);
    else scanTable(this.index, table, this.#z, into);
    return into;
  }

  /** What the order is by, the larger the better. */
  #order(metric: Metric, tolerance: number, on: Int32Array | undefined, likelihoods: Float64Array): Float64Array {
    if (metric === 'log-likelihood') return likelihoods;
    if (metric === 'euclidean') scanEuclidean(this.index, on ?? this.#every, this.#z, this.#other);
    else scanMahalanobis(this.index, tolerance, on ?? this.#every, this.#z, this.#other);
    return this.#other;
  }

  #shares(
    rows: readonly number[],
    shareTolerance: number,
    tolerance: number,
    on: Int32Array | undefined,
    likelihoods: Float64Array,
    allowed: Uint8Array | undefined,
  ): number[] {
    const scores = shareTolerance === tolerance ? likelihoods : this.#scan(shareTolerance, on, this.#other);
    const total = logSumExp(scores, allowed);
    return rows.map(row => (total === -Infinity ? 0 : Math.min(1, Math.exp(scores[row]! - total))));
  }

  #mahalanobis(row: number, tolerance: number, on: Int32Array): number {
    const { mu, sigma, latentDim } = this.index;
    let loss = 0;
    for (const d of on) {
      const place = row * latentDim + d;
      const difference = this.#z[d]! - mu[place]!;
      loss += difference * difference * (0.5 / (sigma[place]! * sigma[place]! + tolerance * tolerance));
    }
    return 2 * loss;
  }
}
