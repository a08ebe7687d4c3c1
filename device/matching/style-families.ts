/** Style families: a store's garments clustered as Gaussians, as many families as BIC likes best (matching.md, section 5). */
import { MatchingError } from './errors.ts';
import type { EncodingIndex } from './index-file.ts';
import { KlClustering, momentMatch } from './kl-clustering.ts';
import { everyDimension } from './likelihood.ts';
import { medoidOf } from './medoid.ts';
import type { Posterior } from './posterior.ts';
import { Random } from './random.ts';

export interface StyleFamily extends Posterior {
  /** The moment match of the members: the one Gaussian with the least sum of KL from them. */
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
  /** Rows of the members, ascending; one at least. */
  readonly rows: readonly number[];
  /** The row of the member that stands for the family: the least sum of Jeffreys divergences to the others. */
  readonly medoid: number;
}

export interface StyleOptions {
  /** How many families; chosen by BIC between 4 and 16 unless said. Never more than there are garments. */
  readonly families?: number;
  readonly seed: number;
  /** Rows to cluster; all unless said otherwise. */
  readonly rows?: readonly number[];
}

export interface Styles {
  /** Largest first. */
  readonly families: readonly StyleFamily[];
  /** Sum of KL(q_i || centre of its family), nats. */
  readonly objective: number;
  /** The objective after each step, never rising. */
  readonly trace: readonly number[];
  /** The less the better. */
  readonly bic: number;
}

const FEWEST = 4;
const MOST = 16;
const MOST_STEPS = 100;
/** BIC compares the numbers of families on a seeded sample of so many garments at most. */
const SAMPLE = 2_000;
/** A step that gains less than this part of the objective is the last. */
const GAIN = 1e-5;

/**
 * -2 log of the expected classification likelihood, without the entropies of the posteriors that no clustering changes,
 * and the price of each family: n means, n sigmas and its part of the store.
 */
function bicOf(clustering: KlClustering, latentDim: number): number {
  const total = clustering.family.length;
  const families = clustering.families;
  const mixing = clustering.members().reduce((sum, { length }) => sum - length * Math.log(length / total), 0);
  return 2 * (clustering.objective + mixing) + (families * (2 * latentDim + 1) - 1) * Math.log(total);
}

function run(index: EncodingIndex, rows: readonly number[], families: number, seed: number) {
  const clustering = new KlClustering(index, rows, families, new Random(seed));
  const trace = [clustering.objective];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const moved = clustering.step();
    const before = trace.at(-1)!;
    trace.push(clustering.objective);
    if (!moved || before - clustering.objective <= GAIN * before) break;
  }
  return { clustering, trace, bic: bicOf(clustering, index.latentDim) };
}

/** The number of families with the least BIC, 4 to 16, on a sample of the rows. */
function chooseFamilies(index: EncodingIndex, rows: readonly number[], seed: number): number {
  const sample = new Random(seed).sample(Math.min(SAMPLE, rows.length), rows.length).map(place => rows[place]!);
  const last = Math.min(MOST, rows.length);
  let best = { families: Math.min(FEWEST, last), bic: Number.POSITIVE_INFINITY };
  for (let families = Math.min(FEWEST, last); families <= last; families += 1) {
    const { bic } = run(index, sample, families, seed);
    if (bic < best.bic) best = { families, bic };
  }
  return best.families;
}

/**
 * The store's style families. The same rows and seed give the same families.
 * @throws MatchingError for a number of families that is none
 */
export function clusterStyles(index: EncodingIndex, options: StyleOptions): Styles {
  const { seed, families: wanted } = options;
  const rows = options.rows ?? everyDimension(index.count);
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1)) {
    throw new MatchingError(`families is ${wanted}; expected a whole number, 1 or more.`);
  }
  if (rows.length === 0) return { families: [], objective: 0, trace: [], bic: 0 };
  const count = Math.min(wanted ?? chooseFamilies(index, rows, seed), rows.length);
  const { clustering, trace, bic } = run(index, rows, count, seed);
  const families = clustering
    .members()
    .map(places => {
      const members = places.map(place => rows[place]!).sort((a, b) => a - b);
      return { ...momentMatch(index, members), rows: members, medoid: medoidOf(index, members) };
    })
    .sort((a, b) => b.rows.length - a.rows.length || a.rows[0]! - b.rows[0]!);
  return { families, objective: clustering.objective, trace, bic };
}
