/** Writes garments into a chain's catalogue: a batch is one transaction, and the same batch again changes nothing. */
import { vectorText } from '../../device/chain/chain-queries.ts';
import { vectorTable } from '../../device/chain/chain-schema.ts';
import { garmentVector, type Transform } from '../../device/chain/transform.ts';
import type { Database } from './database.ts';
import type { ChainRecord } from './record.ts';

/** Whoever writes garments holds it with the others; whoever changes which vectors serve, alone. */
export const WRITING = 0x4c444c31;

export interface Space {
  /** SHA-256 in hex of the encoder. */
  readonly encoder: string;
  readonly latentDim: number;
  readonly tolerance: number;
}

export interface Serving {
  readonly id: number;
  readonly transform: Transform;
}

const arrayText = (numbers: ArrayLike<number>): string => `{${Array.from(numbers, Math.fround).join(',')}}`;

/** The transform that serves an encoder; undefined where none does yet. */
export async function servingOf(database: Database, { encoder, tolerance }: Space): Promise<Serving | undefined> {
  const { rows } = await database.query<{ id: number; centre: number[]; scale: number[]; radius: number }>(
    `SELECT id, centre, scale, radius FROM lookdial.balance WHERE encoder = $1 AND state = 'serving'`,
    [encoder],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id, centre, scale, radius } = row;
  return {
    id,
    transform: { tolerance, centre: Float64Array.from(centre), scale: Float64Array.from(scale), radius },
  };
}

async function putGarments(database: Database, records: readonly ChainRecord[]): Promise<void> {
  const column = <K extends keyof ChainRecord>(name: K): ChainRecord[K][] => records.map(record => record[name]);
  await database.query(
    `INSERT INTO lookdial.garment AS g (sku, title, category, colour, price_minor, price_scale, currency)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::text[])
     ON CONFLICT (sku) DO UPDATE SET title = excluded.title, category = excluded.category, colour = excluded.colour,
       price_minor = excluded.price_minor, price_scale = excluded.price_scale, currency = excluded.currency
     WHERE (g.title, g.category, g.colour, g.price_minor, g.price_scale, g.currency) IS DISTINCT FROM
       (excluded.title, excluded.category, excluded.colour, excluded.price_minor, excluded.price_scale, excluded.currency)`,
    [
      column('sku'),
      column('title'),
      column('category'),
      column('colour'),
      column('priceMinor'),
      column('priceScale'),
      column('currency'),
    ],
  );
}

async function putStock(database: Database, records: readonly ChainRecord[]): Promise<void> {
  const told = records.flatMap(({ sku, stores }) => stores.map(store => ({ sku, store })));
  await database.query(
    `INSERT INTO lookdial.store (id, name) SELECT DISTINCT one, one FROM unnest($1::text[]) one ORDER BY 1
     ON CONFLICT DO NOTHING`,
    [told.map(({ store }) => store)],
  );
  await database.query(
    `DELETE FROM lookdial.stock s USING unnest($1::text[], $2::text[]) AS told (sku, store)
     WHERE s.sku = told.sku AND s.store = told.store`,
    [told.map(({ sku }) => sku), told.map(({ store }) => store)],
  );
  const rows = records.flatMap(({ sku, stock }) => stock.map((one, place) => ({ sku, place, ...one })));
  await database.query(
    `INSERT INTO lookdial.stock (sku, store, size, place, quantity)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[])`,
    [
      rows.map(({ sku }) => sku),
      rows.map(({ store }) => store),
      rows.map(({ size }) => size),
      rows.map(({ place }) => place),
      rows.map(({ quantity }) => quantity),
    ],
  );
}

async function putPictures(database: Database, records: readonly ChainRecord[]): Promise<void> {
  const told = records.flatMap(({ sku, picture }) => (picture === undefined ? [] : [{ sku, ...picture }]));
  if (told.length === 0) return;
  await database.query(
    `INSERT INTO lookdial.picture AS p (sku, hash, webp) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
     ON CONFLICT (sku) DO UPDATE SET hash = excluded.hash, webp = excluded.webp WHERE p.hash <> excluded.hash`,
    [told.map(({ sku }) => sku), told.map(({ hash }) => hash), told.map(({ webp }) => Buffer.from(webp))],
  );
}

/** @returns the revisions of the encodings that are others than before, by SKU */
async function putPosteriors(
  database: Database,
  encoder: string,
  records: readonly ChainRecord[],
): Promise<Map<string, string>> {
  const { rows } = await database.query<{ sku: string; revision: string }>(
    `INSERT INTO lookdial.posterior AS p (encoder, sku, mu, sigma)
     SELECT $1, sku, mu::real[], sigma::real[] FROM unnest($2::text[], $3::text[], $4::text[]) AS told (sku, mu, sigma)
     ON CONFLICT (encoder, sku) DO UPDATE
       SET mu = excluded.mu, sigma = excluded.sigma, revision = nextval('lookdial.revision')
     WHERE p.mu <> excluded.mu OR p.sigma <> excluded.sigma
     RETURNING sku, revision`,
    [
      encoder,
      records.map(({ sku }) => sku),
      records.map(({ mu }) => arrayText(mu)),
      records.map(({ sigma }) => arrayText(sigma)),
    ],
  );
  return new Map(rows.map(({ sku, revision }) => [sku, revision]));
}

export interface VectorSource {
  readonly sku: string;
  readonly kind: string;
  readonly revision: string;
  readonly mu: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
}

/** Puts vectors where a balance has them. */
export async function putVectors(
  database: Database,
  { id, transform }: Serving,
  sources: readonly VectorSource[],
): Promise<void> {
  if (sources.length === 0) return;
  const table = vectorTable(id);
  const skus = sources.map(({ sku }) => sku);
  const kinds = sources.map(({ kind }) => kind);
  const posterior = ({ mu, sigma }: VectorSource) => ({
    mu: Float32Array.from(mu),
    sigma: Float32Array.from(sigma),
  });
  await database.query(
    `DELETE FROM ${table} v USING unnest($1::text[], $2::text[]) AS told (sku, kind) WHERE v.sku = told.sku AND v.kind <> told.kind`,
    [skus, kinds],
  );
  await database.query(
    `INSERT INTO ${table} (kind, sku, revision, w)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::vector[])
     ON CONFLICT (kind, sku) DO UPDATE SET revision = excluded.revision, w = excluded.w`,
    [
      kinds,
      skus,
      sources.map(({ revision }) => revision),
      sources.map(source => vectorText(garmentVector(posterior(source), transform))),
    ],
  );
}

/** Garments of a kind that has been set right since lie in another part of the vectors. */
export const moveKinds = (id: number): string =>
  `UPDATE ${vectorTable(id)} v SET kind = coalesce(g.category, '') FROM lookdial.garment g
   WHERE g.sku = v.sku AND v.kind <> coalesce(g.category, '')`;

/**
 * Writes garments, their encodings, stock, pictures and vectors. Call it in a transaction. Several may write at once.
 * @param records no SKU twice
 * @returns how many encodings were new or others than before
 */
export async function writeBatch(
  database: Database,
  space: Space,
  records: readonly ChainRecord[],
): Promise<{ readonly encoded: number }> {
  // One order for everybody: two stores that write the same garments wait for one another, and never both at once.
  const sorted = records.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
  await database.query('SELECT pg_advisory_xact_lock_shared($1)', [WRITING]);
  await putGarments(database, sorted);
  await putPictures(database, sorted);
  await putStock(database, sorted);
  const revisions = await putPosteriors(database, space.encoder, sorted);
  const serving = await servingOf(database, space);
  if (serving !== undefined) {
    const changed = sorted.flatMap(({ sku, category, mu, sigma }) => {
      const revision = revisions.get(sku);
      return revision === undefined ? [] : [{ sku, kind: category ?? '', revision, mu, sigma }];
    });
    await putVectors(database, serving, changed);
    await database.query(`${moveKinds(serving.id)} AND v.sku = ANY($1::text[])`, [sorted.map(({ sku }) => sku)]);
  }
  return { encoded: revisions.size };
}

/** Says which encoder's encodings are to come. @throws nothing; an encoder is its digest, and never another */
export async function putSpace(database: Database, { encoder, latentDim, tolerance }: Space): Promise<void> {
  await database.query(
    `INSERT INTO lookdial.encoder (digest, latent_dim, tolerance) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [encoder, latentDim, tolerance],
  );
}
