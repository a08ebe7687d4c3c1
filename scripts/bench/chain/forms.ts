/** What an index finds of the exact order by each form of the vectors: the linear form as it is, balanced, and balanced and lifted. */
import { CANDIDATES, vectorText } from '../../../device/chain/chain-queries.ts';
import { HNSW } from '../../../device/chain/chain-schema.ts';
import { fitTransform, garmentVector, linearForm, pointForm, pointVector } from '../../../device/chain/transform.ts';
import { logLikelihood } from '../../../device/matching/likelihood.ts';
import type { Posterior } from '../../../device/matching/posterior.ts';
import { Random } from '../../../device/matching/random.ts';
import { dialledPoints } from '../../chain/balance.ts';
import type { Database } from '../../chain/database.ts';

const COMPARED = 24;
const BATCH = 500;

interface Form {
  readonly name: string;
  readonly operators: 'vector_ip_ops' | 'vector_l2_ops';
  readonly ofGarment: (posterior: Posterior) => Float64Array;
  readonly ofPoint: (z: Float64Array) => Float64Array;
}

function formsOf(posteriors: readonly Posterior[], latentDim: number): Form[] {
  const points = dialledPoints(posteriors, 2_000, new Random(3));
  const transform = fitTransform(posteriors.slice(0, 5_000), points, latentDim, 0);
  const ip = 'vector_ip_ops';
  return [
    { name: 'raw', operators: ip, ofGarment: one => linearForm(one, 0), ofPoint: pointForm },
    {
      name: 'centred and balanced',
      operators: ip,
      ofGarment: one => garmentVector(one, transform).subarray(0, -1),
      ofPoint: z => pointVector(z, transform).subarray(0, -1),
    },
    {
      name: 'centred, balanced and lifted',
      operators: 'vector_l2_ops',
      ofGarment: one => garmentVector(one, transform),
      ofPoint: z => pointVector(z, transform),
    },
  ];
}

export interface FormScore {
  readonly name: string;
  readonly indexSeconds: number;
  readonly recall: number;
}

async function index(database: Database, form: Form, posteriors: readonly Posterior[]): Promise<number> {
  const length = form.ofGarment(posteriors[0]!).length;
  await database.query('DROP TABLE IF EXISTS bench_form');
  await database.query(`CREATE TABLE bench_form (row integer NOT NULL, w vector(${length}) NOT NULL)`);
  for (let start = 0; start < posteriors.length; start += BATCH) {
    const batch = posteriors.slice(start, start + BATCH);
    await database.query('INSERT INTO bench_form SELECT * FROM unnest($1::int[], $2::vector[])', [
      batch.map((_, place) => start + place),
      batch.map(one => vectorText(form.ofGarment(one))),
    ]);
  }
  const started = performance.now();
  const options = `m = ${HNSW.m}, ef_construction = ${HNSW.efConstruction}`;
  await database.query(`CREATE INDEX ON bench_form USING hnsw (w ${form.operators}) WITH (${options})`);
  await database.query('ANALYZE bench_form');
  return (performance.now() - started) / 1_000;
}

/** @param posteriors garments of one kind @param count questions */
export async function scoreForms(
  database: Database,
  posteriors: readonly Posterior[],
  latentDim: number,
  count: number,
): Promise<FormScore[]> {
  const questions = dialledPoints(posteriors, count, new Random(5));
  const exact = questions.map(z =>
    posteriors
      .map((posterior, row) => ({ row, score: logLikelihood(z, posterior) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, COMPARED)
      .map(({ row }) => row),
  );
  const scores: FormScore[] = [];
  // The planner would rather read all than walk an index, and find all: then no form would differ from another.
  await database.query(`SET enable_seqscan = off; SET hnsw.ef_search = ${CANDIDATES}`);
  for (const form of formsOf(posteriors, latentDim)) {
    const indexSeconds = await index(database, form, posteriors);
    const operator = form.operators === 'vector_ip_ops' ? '<#>' : '<->';
    let found = 0;
    for (const [place, z] of questions.entries()) {
      const { rows } = await database.query<{ row: number }>(
        `SELECT row FROM bench_form ORDER BY w ${operator} $1::vector LIMIT ${CANDIDATES}`,
        [vectorText(form.ofPoint(z))],
      );
      const got = new Set(rows.map(({ row }) => row));
      found += exact[place]!.filter(row => got.has(row)).length;
    }
    scores.push({ name: form.name, indexSeconds, recall: found / (COMPARED * questions.length) });
  }
  await database.query('DROP TABLE bench_form; RESET enable_seqscan');
  return scores;
}
