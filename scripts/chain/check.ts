/** Holds a catalogue's answers by its index to the exact order over all its garments. */
import { CANDIDATES, candidatesQuery } from '../../device/chain/chain-queries.ts';
import type { ChainSession } from '../../device/chain/chain-session.ts';
import { LookdialError } from '../../device/errors.ts';
import { logLikelihood } from '../../device/matching/likelihood.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { Random } from '../../device/matching/random.ts';
import { dialledPoints } from './balance.ts';
import { type Database, inTransaction } from './database.ts';
import { type Serving, type Space, servingOf } from './write.ts';

/** Garments of an answer that are compared. */
export const COMPARED = 24;
const PAGE = 5_000;
const SEED = 2;

export interface Question {
  readonly kind: string;
  readonly z: Float64Array;
}

interface Scored {
  readonly sku: string;
  readonly score: number;
}

/** The best of many, kept in order; few enough that an array does. */
class Best {
  readonly #kept: Scored[] = [];

  offer(sku: string, score: number): void {
    const worst = this.#kept.at(-1);
    if (this.#kept.length === COMPARED && worst !== undefined && !(score > worst.score)) return;
    const place = this.#kept.findIndex(one => score > one.score);
    this.#kept.splice(place < 0 ? this.#kept.length : place, 0, { sku, score });
    this.#kept.length = Math.min(this.#kept.length, COMPARED);
  }

  get skus(): string[] {
    return this.#kept.map(({ sku }) => sku);
  }
}

interface Row {
  readonly sku: string;
  readonly kind: string;
  readonly mu: number[];
  readonly sigma: number[];
}

const posteriorOf = ({ mu, sigma }: Row): Posterior => ({
  mu: Float32Array.from(mu),
  sigma: Float32Array.from(sigma),
});

async function* garmentsOf(database: Database, { encoder }: Space): AsyncGenerator<Row[]> {
  for (let after = ''; ; ) {
    const { rows } = await database.query<Row>(
      `SELECT p.sku, coalesce(g.category, '') AS kind, p.mu, p.sigma
       FROM lookdial.posterior p JOIN lookdial.garment g USING (sku)
       WHERE p.encoder = $1 AND p.sku > $2 ORDER BY p.sku LIMIT ${PAGE}`,
      [encoder, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.sku;
  }
}

/** Points near garments of the catalogue, each asked about its garment's kind. @param count of each: no, one, two dials turned */
export async function questionsOf(database: Database, space: Space, count: number): Promise<Question[]> {
  const { rows } = await database.query<Row>(
    `SELECT p.sku, coalesce(g.category, '') AS kind, p.mu, p.sigma
     FROM lookdial.posterior p JOIN lookdial.garment g USING (sku)
     WHERE p.encoder = $1 ORDER BY hashtextextended(p.sku, 1), p.sku LIMIT 2000`,
    [space.encoder],
  );
  const random = new Random(SEED);
  const kinds = [...Map.groupBy(rows, ({ kind }) => kind)].map(
    ([kind, list]) => [kind, list.map(posteriorOf)] as const,
  );
  return Array.from({ length: kinds.length === 0 ? 0 : 3 * count }, (_, place) => {
    const [kind, posteriors] = kinds[random.integer(kinds.length)]!;
    return { kind, z: dialledPoints(posteriors, 3, random)[place % 3]! };
  });
}

async function exactOrders(database: Database, space: Space, questions: readonly Question[]): Promise<string[][]> {
  const best = questions.map(() => new Best());
  const byKind = Map.groupBy(questions.keys(), place => questions[place]!.kind);
  for await (const rows of garmentsOf(database, space)) {
    for (const row of rows) {
      const posterior = posteriorOf(row);
      for (const place of byKind.get(row.kind) ?? []) {
        const { tolerance } = space;
        best[place]!.offer(row.sku, logLikelihood(questions[place]!.z, posterior, { tolerance }));
      }
    }
  }
  return best.map(({ skus }) => skus);
}

export interface Checked {
  readonly questions: number;
  readonly garments: number;
  /** Mean share of the exact first 24 that were found: points of garments, with one dial turned, with two. */
  readonly recall: readonly [number, number, number];
  /** The lowest of one question. */
  readonly lowest: number;
  /** Milliseconds, ascending. */
  readonly took: readonly number[];
  /** PostgreSQL's plan of a question that walks the index; of any where none does. */
  readonly plan: readonly string[];
  /** Questions whose plan walks the index. The others read their whole kind, and find all of it. */
  readonly byIndex: number;
}

/** The plan of one question, as the stores ask it. */
async function planOf(database: Database, space: Space, serving: Serving, { kind, z }: Question): Promise<string[]> {
  const { text, values } = candidatesQuery({
    encoder: space.encoder,
    balance: serving.id,
    transform: serving.transform,
    z,
    filter: { categories: [kind], inStock: false },
    store: '',
  });
  const { rows } = await inTransaction(database, async () => {
    // The planner reckons with what a store's own connection is told.
    await database.query(`SET LOCAL hnsw.ef_search = ${CANDIDATES}; SET LOCAL hnsw.iterative_scan = relaxed_order`);
    return await database.query<{ 'QUERY PLAN': string }>({
      text: `EXPLAIN (COSTS OFF) ${text}`,
      values: values ?? [],
    });
  });
  // The point's own numbers are of no interest, and long.
  return rows.map(row => row['QUERY PLAN'].replace(/'\[[^']*\]'/g, "'[…]'"));
}

const usesIndex = (plan: readonly string[]): boolean =>
  plan.some(line => /Index Scan using \S*vector_\S*_w_idx/.test(line));

/** A plan for each kind that is asked about. */
async function plansOf(
  database: Database,
  space: Space,
  questions: readonly Question[],
): Promise<Map<string, readonly string[]>> {
  const serving = await servingOf(database, space);
  if (serving === undefined) {
    throw new LookdialError('chain-unavailable', 'No vectors serve this encoder yet: npm run chain -- balance.');
  }
  const plans = new Map<string, readonly string[]>();
  for (const question of questions) {
    if (!plans.has(question.kind)) plans.set(question.kind, await planOf(database, space, serving, question));
  }
  return plans;
}

/** @param count questions of each of the three sorts */
export async function check(
  database: Database,
  session: Pick<ChainSession, 'rank'>,
  space: Space,
  count: number,
): Promise<Checked> {
  const questions = await questionsOf(database, space, count);
  const [first] = questions;
  if (first === undefined)
    throw new LookdialError('chain-unavailable', 'The catalogue has no garments by this encoder.');
  const plans = await plansOf(database, space, questions);
  const indexed = [...plans].filter(([, plan]) => usesIndex(plan));
  const exact = await exactOrders(database, space, questions);
  const took: number[] = [];
  const recalls: number[] = [];
  const { encoder, latentDim, tolerance } = space;
  for (const [place, { kind, z }] of questions.entries()) {
    const start = performance.now();
    const filter = { categories: [kind], inStock: false };
    const ranked = await session.rank({ encoder, latentDim, tolerance, z, filter });
    took.push(performance.now() - start);
    const found = new Set(ranked.slice(0, COMPARED).map(({ sku }) => sku));
    const wanted = exact[place]!;
    recalls.push(wanted.filter(sku => found.has(sku)).length / wanted.length);
  }
  const meanOf = (sort: number): number => {
    const mine = recalls.filter((_, place) => place % 3 === sort);
    return mine.reduce((sum, recall) => sum + recall, 0) / mine.length;
  };
  const { rows } = await database.query<{ n: string }>(
    'SELECT count(*) AS n FROM lookdial.posterior WHERE encoder = $1',
    [encoder],
  );
  return {
    questions: questions.length,
    garments: Number(rows[0]?.n),
    recall: [meanOf(0), meanOf(1), meanOf(2)],
    lowest: Math.min(...recalls),
    took: took.toSorted((a, b) => a - b),
    plan: indexed[0]?.[1] ?? plans.get(first.kind) ?? [],
    byIndex: questions.filter(({ kind }) => indexed.some(([name]) => name === kind)).length,
  };
}
