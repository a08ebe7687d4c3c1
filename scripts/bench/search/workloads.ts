/** Seeded stores and queries to measure the search on: what a variational autoencoder makes of apparel, and worse. */
import { Random } from '../../../device/matching/random.ts';
import type { Gaussians } from '../../../device/matching/score-tables.ts';

/**
 * `structured`: sigma depends on the dimension and on the kind of garment, as encoders make it. `unstructured`: it is drawn for
 * every garment and dimension alone, from wide to narrow, which leaves bounding boxes with nothing to say.
 */
export type Spread = 'structured' | 'unstructured';

const KINDS = 200;
/** The share of dimensions whose posteriors have collapsed to the prior. */
const COLLAPSED = 0.25;
/** Spread of mu within a kind, and between kinds so that all in all it is near 1. */
const WITHIN = 0.4;
const BETWEEN = Math.sqrt(1 - WITHIN * WITHIN * 1.13);
const SIGMA = [0.05, 1] as const;

const clamp = (value: number): number => Math.min(SIGMA[1], Math.max(SIGMA[0], value));

export interface Workload extends Gaussians {
  /** Dimensions that have not collapsed. */
  readonly active: readonly number[];
}

/** A store of `count` garments; that of a smaller count has the same first garments. */
export function makeStore(count: number, latentDim: number, spread: Spread, seed: number): Workload {
  const random = new Random(seed * 1_000 + latentDim);
  const order = Array.from({ length: latentDim }, (_, d) => d);
  for (let i = latentDim - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const collapsed = new Set(order.slice(0, Math.round(COLLAPSED * latentDim)));
  const weights = Array.from({ length: KINDS }, () => Math.exp(random.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const cumulative = weights.map(weight => (reached += weight / total));
  const base = Array.from({ length: latentDim }, () => Math.log(0.06) + random.uniform() * Math.log(0.7 / 0.06));
  const make = (next: () => number): Float64Array => Float64Array.from({ length: KINDS * latentDim }, next);
  const centres = make(() => BETWEEN * random.normal());
  const widths = make(() => WITHIN * Math.exp(0.35 * random.normal()));
  const shifts = make(() => 0.25 * random.normal());
  const mu = new Float32Array(count * latentDim);
  const sigma = new Float32Array(count * latentDim);
  for (let row = 0, place = 0; row < count; row += 1) {
    const drawn = random.uniform();
    const kind = Math.max(
      0,
      cumulative.findIndex(share => drawn < share),
    );
    const jitter = 0.15 * random.normal();
    for (let d = 0; d < latentDim; d += 1, place += 1) {
      const at = kind * latentDim + d;
      if (collapsed.has(d)) {
        mu[place] = 0.03 * random.normal();
        sigma[place] = clamp(0.985 + 0.01 * random.normal());
        continue;
      }
      mu[place] = centres[at]! + widths[at]! * random.normal();
      const log =
        spread === 'structured'
          ? base[d]! + shifts[at]! + jitter + 0.3 * random.normal()
          : Math.log(0.22) + 0.75 * random.normal();
      sigma[place] = clamp(Math.exp(log));
    }
  }
  return { count, latentDim, mu, sigma, active: order.filter(d => !collapsed.has(d)).sort((a, b) => a - b) };
}

/** Points to search from. */
export const QUERY_KINDS = ['posterior', 'drag', 'far-out'] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** Steps of one drag: a dial is turned by 2 in so many small steps. */
export const DRAG_STEPS = 30;

/** z drawn from the posterior of one of the first garments. */
function draw({ count, latentDim, mu, sigma }: Gaussians, random: Random): Float64Array {
  const row = random.integer(Math.min(count, 10_000));
  return Float64Array.from({ length: latentDim }, (_, d) => {
    const place = row * latentDim + d;
    return mu[place]! + sigma[place]! * random.normal();
  });
}

/**
 * Queries of one kind. `posterior`: drawn from a garment's posterior. `drag`: one dial turned, step by step, from such a point
 * on. `far-out`: uniform in [-5, 5]^n.
 */
export function makeQueries(store: Workload, kind: QueryKind, length: number, seed: number): Float64Array[] {
  const random = new Random(seed * 7_919 + QUERY_KINDS.indexOf(kind));
  if (kind === 'posterior') return Array.from({ length }, () => draw(store, random));
  if (kind === 'far-out') {
    return Array.from({ length }, () =>
      Float64Array.from({ length: store.latentDim }, () => 10 * random.uniform() - 5),
    );
  }
  const queries: Float64Array[] = [];
  while (queries.length < length) {
    const start = draw(store, random);
    const dial = store.active[random.integer(Math.max(1, store.active.length))] ?? 0;
    const turn = random.uniform() < 0.5 ? 2 : -2;
    for (let step = 1; step <= DRAG_STEPS && queries.length < length; step += 1) {
      queries.push(start.map((value, d) => (d === dial ? value + (turn * step) / DRAG_STEPS : value)));
    }
  }
  return queries;
}
