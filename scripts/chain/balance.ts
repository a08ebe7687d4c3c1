/**
 * Balancing: a transform is fitted to the garments as they are, their vectors are made anew beside those that serve, indexed, and
 * then serve in their place, in one moment. Stores ask and send meanwhile as ever.
 */
import {
  createIndex,
  createVectors,
  FEWEST_IN_PART,
  MOST_PARTS,
  vectorTable,
} from '../../device/chain/chain-schema.ts';
import { fitTransform, type Transform, vectorLength } from '../../device/chain/transform.ts';
import { LookdialError } from '../../device/errors.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { Random } from '../../device/matching/random.ts';
import { type Database, inTransaction } from './database.ts';
import { moveKinds, putVectors, type Serving, type Space, type VectorSource, WRITING } from './write.ts';

/** One balancing at a time. */
const BALANCING = 0x4c444c32;
/** Garments that a transform is fitted to. */
const SAMPLE = 5_000;
const POINTS = 4_000;
const PAGE = 1_000;
const SEED = 1;

/**
 * Points as shoppers dial them: drawn from garments' posteriors, none, one or two dials turned to where some other garment lies.
 */
export function dialledPoints(posteriors: readonly Posterior[], count: number, random: Random): Float64Array[] {
  const any = (): Posterior => posteriors[random.integer(posteriors.length)]!;
  return Array.from({ length: count }, (_, place) => {
    const { mu, sigma } = any();
    const z = Float64Array.from(mu, (value, d) => value + sigma[d]! * random.normal());
    for (let turn = 0; turn < place % 3; turn += 1) {
      const dimension = random.integer(z.length);
      z[dimension] = any().mu[dimension]!;
    }
    return z;
  });
}

async function sampleOf(database: Database, { encoder }: Space): Promise<Posterior[]> {
  const { rows } = await database.query<{ mu: number[]; sigma: number[] }>(
    `SELECT mu, sigma FROM lookdial.posterior WHERE encoder = $1 ORDER BY hashtextextended(sku, 0), sku LIMIT ${SAMPLE}`,
    [encoder],
  );
  return rows.map(({ mu, sigma }) => ({ mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) }));
}

/** Kinds that have garments enough for an index of their own. */
async function partsOf(database: Database, { encoder }: Space): Promise<string[]> {
  const { rows } = await database.query<{ kind: string }>(
    `SELECT coalesce(g.category, '') AS kind FROM lookdial.posterior p JOIN lookdial.garment g USING (sku)
     WHERE p.encoder = $1 GROUP BY 1 HAVING count(*) >= ${FEWEST_IN_PART} ORDER BY count(*) DESC, 1 LIMIT ${MOST_PARTS}`,
    [encoder],
  );
  return rows.map(({ kind }) => kind);
}

const SOURCE = `p.sku, coalesce(g.category, '') AS kind, p.revision, p.mu, p.sigma
  FROM lookdial.posterior p JOIN lookdial.garment g USING (sku)`;

export interface Balanced {
  readonly id: number;
  readonly garments: number;
  readonly seconds: { readonly vectors: number; readonly index: number };
}

export interface BalanceOptions {
  /** Told what is done now. */
  readonly say: (line: string) => void;
  readonly progress: (done: number, total: number) => void;
}

/** @throws LookdialError `chain-unavailable` where another balancing is under way, or there is nothing to balance */
export async function balance(database: Database, space: Space, options: BalanceOptions): Promise<Balanced> {
  const { rows } = await database.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [BALANCING]);
  if (rows[0]?.mine !== true) {
    throw new LookdialError('chain-unavailable', 'Another balancing of this catalogue is under way: wait for its end.');
  }
  try {
    await dropUnfinished(database);
    return await rebuild(database, space, options);
  } finally {
    await database.query('SELECT pg_advisory_unlock($1)', [BALANCING]).catch(() => undefined);
  }
}

async function dropUnfinished(database: Database): Promise<void> {
  const { rows } = await database.query<{ id: number }>(`SELECT id FROM lookdial.balance WHERE state <> 'serving'`);
  for (const { id } of rows) await drop(database, id);
}

const drop = (database: Database, id: number): Promise<void> =>
  inTransaction(database, async () => {
    await database.query(`DROP TABLE IF EXISTS ${vectorTable(id)}`);
    await database.query('DELETE FROM lookdial.balance WHERE id = $1', [id]);
  });

async function rebuild(database: Database, space: Space, { say, progress }: BalanceOptions): Promise<Balanced> {
  const sample = await sampleOf(database, space);
  if (sample.length === 0) {
    throw new LookdialError(
      'chain-unavailable',
      `There is no garment by the encoder ${space.encoder.slice(0, 12)} yet.`,
    );
  }
  const points = dialledPoints(sample, POINTS, new Random(SEED));
  const transform = fitTransform(sample, points, space.latentDim, space.tolerance);
  const started = performance.now();
  const serving = await begin(database, space, transform);
  const garments = await fill(database, space, serving, progress);
  const filled = performance.now();
  say(
    `Indexing ${garments.toLocaleString('en-GB')} vectors. The database does it alone; it takes minutes for some hundred thousand.`,
  );
  await database.query(createIndex(serving.id));
  await database.query(`ANALYZE ${vectorTable(serving.id)}`);
  const seconds = { vectors: (filled - started) / 1_000, index: (performance.now() - filled) / 1_000 };
  // What was written meanwhile, while others write on; then the rest of it, while nobody does.
  await catchUp(database, space, serving);
  const old = await takeOver(database, space, serving);
  if (old !== undefined) await drop(database, old);
  return { id: serving.id, garments, seconds };
}

function begin(database: Database, { encoder, latentDim }: Space, transform: Transform): Promise<Serving> {
  return inTransaction(database, async () => {
    const { rows } = await database.query<{ id: number }>(
      `INSERT INTO lookdial.balance (encoder, centre, scale, radius, state) VALUES ($1, $2, $3, $4, 'building') RETURNING id`,
      [encoder, Array.from(transform.centre), Array.from(transform.scale), transform.radius],
    );
    const id = rows[0]!.id;
    await database.query(
      createVectors(id, vectorLength(latentDim), await partsOf(database, { encoder, latentDim, tolerance: 0 })),
    );
    return { id, transform };
  });
}

async function fill(
  database: Database,
  { encoder }: Space,
  serving: Serving,
  progress: BalanceOptions['progress'],
): Promise<number> {
  const { rows: counted } = await database.query<{ n: string }>(
    'SELECT count(*) AS n FROM lookdial.posterior WHERE encoder = $1',
    [encoder],
  );
  const total = Number(counted[0]?.n);
  let after = '';
  for (let done = 0; ; ) {
    const { rows } = await database.query<VectorSource>(
      `SELECT ${SOURCE} WHERE p.encoder = $1 AND p.sku > $2 ORDER BY p.sku LIMIT ${PAGE}`,
      [encoder, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return done;
    await inTransaction(database, () => putVectors(database, serving, rows));
    after = last.sku;
    done += rows.length;
    progress(done, Math.max(total, done));
  }
}

/** Encodings that have come, or are others, since their vectors were made. */
async function catchUp(database: Database, { encoder }: Space, serving: Serving): Promise<void> {
  for (;;) {
    const { rows } = await database.query<VectorSource>(
      `SELECT ${SOURCE} LEFT JOIN ${vectorTable(serving.id)} v ON v.sku = p.sku
       WHERE p.encoder = $1 AND v.revision IS DISTINCT FROM p.revision LIMIT ${PAGE}`,
      [encoder],
    );
    if (rows.length === 0) return;
    await putVectors(database, serving, rows);
  }
}

/** @returns the balance that served until now */
function takeOver(database: Database, space: Space, serving: Serving): Promise<number | undefined> {
  const { encoder } = space;
  return inTransaction(database, async () => {
    await database.query('SELECT pg_advisory_xact_lock($1)', [WRITING]);
    await catchUp(database, space, serving);
    await database.query(moveKinds(serving.id));
    await database.query(
      `DELETE FROM ${vectorTable(serving.id)} v
       WHERE NOT EXISTS (SELECT 1 FROM lookdial.posterior p WHERE p.encoder = $1 AND p.sku = v.sku)`,
      [encoder],
    );
    const { rows } = await database.query<{ id: number }>(
      `UPDATE lookdial.balance SET state = 'retired' WHERE encoder = $1 AND state = 'serving' RETURNING id`,
      [encoder],
    );
    await database.query(`UPDATE lookdial.balance SET state = 'serving' WHERE id = $1`, [serving.id]);
    return rows[0]?.id;
  });
}
