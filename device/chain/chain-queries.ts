/** The questions that a store asks a chain's catalogue. PostgreSQL 15 or newer with pgvector 0.8 or newer. */
import type { QueryConfig } from 'pg';
import type { GarmentFilter } from '../garment-filter.ts';
import { vectorTable } from './chain-schema.ts';
import { pointVector, type Transform } from './transform.ts';

/** Garments that the index is asked for; the best of them are found exactly. */
export const CANDIDATES = 200;
/** Stores of one garment that are named; of more it is said how many there are. */
const MOST_STORES = 12;

/**
 * What a connection is told once. The index looks at as many as are asked for, and goes on where a filter takes some away; after
 * `timeoutMs` the server gives up a question that nobody waits for any more.
 */
export const sessionSettings = (timeoutMs: number): string => `
SET hnsw.ef_search = ${CANDIDATES};
SET hnsw.iterative_scan = relaxed_order;
SET statement_timeout = ${Math.trunc(timeoutMs)};
SET client_encoding = 'UTF8';`;

/** The transform that serves an encoder. */
export const balanceQuery = (encoder: string): QueryConfig => ({
  text: `SELECT b.id, e.latent_dim, e.tolerance, b.centre, b.scale, b.radius
    FROM lookdial.balance b JOIN lookdial.encoder e ON e.digest = b.encoder
    WHERE b.encoder = $1 AND b.state = 'serving'`,
  values: [encoder],
});

/** pgvector's text form. */
export const vectorText = (vector: ArrayLike<number>): string => `[${Array.from(vector, Math.fround).join(',')}]`;

/** Adds values as they are named, and gives their places. */
class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

const STOCKED = '(s.quantity IS NULL OR s.quantity > 0)';

/**
 * What must hold of a garment beside its kind. Each is asked garment by garment, in the index's order: written as a join, the
 * planner would read all that pass, and sort them.
 */
function conditions(filter: GarmentFilter, store: string, values: Values): string[] {
  const { sizes, colours, priceMin, priceMax, inStock = true } = filter;
  const found: string[] = [];
  if (inStock || sizes !== undefined) {
    const size = sizes === undefined ? '' : `AND s.size = ANY(${values.add(sizes)}::text[])`;
    found.push(`(SELECT true FROM lookdial.stock s WHERE s.sku = v.sku AND s.store <> ${values.add(store)}
      ${inStock ? `AND ${STOCKED}` : ''} ${size} LIMIT 1)`);
  }
  const price = 'g.price_minor::float8 / g.price_scale';
  const ofGarment = [
    ...(colours === undefined ? [] : [`g.colour = ANY(${values.add(colours)}::text[])`]),
    ...(priceMin === undefined ? [] : [`${price} >= ${values.add(priceMin)}::float8`]),
    ...(priceMax === undefined ? [] : [`${price} <= ${values.add(priceMax)}::float8`]),
  ];
  if (ofGarment.length > 0) {
    found.push(`(SELECT true FROM lookdial.garment g WHERE g.sku = v.sku AND ${ofGarment.join(' AND ')})`);
  }
  return found;
}

export interface CandidatesOptions {
  readonly encoder: string;
  readonly balance: number;
  readonly transform: Transform;
  /** n numbers. */
  readonly z: ArrayLike<number>;
  readonly filter: GarmentFilter;
  /** This store: what it has itself is not asked for. */
  readonly store: string;
}

/** The garments whose vectors lie nearest to the point's, by the index, with their encodings. */
export function candidatesQuery({ encoder, balance, transform, z, filter, store }: CandidatesOptions): QueryConfig {
  const values = new Values();
  const point = values.add(vectorText(pointVector(z, transform)));
  const kinds = filter.categories === undefined ? [] : [`v.kind = ANY(${values.add(filter.categories)}::text[])`];
  const where = [...kinds, ...conditions(filter, store, values)];
  return {
    text: `SELECT v.sku, p.mu, p.sigma FROM (
        SELECT v.sku FROM ${vectorTable(balance)} v
        ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
        ORDER BY v.w <-> ${point}::vector LIMIT ${CANDIDATES}
      ) v JOIN lookdial.posterior p ON p.encoder = ${values.add(encoder)} AND p.sku = v.sku`,
    values: values.list,
  };
}

/** What the catalogue says of garments, and which other stores have them: those with the most first. */
export const garmentsQuery = (skus: readonly string[], store: string): QueryConfig => ({
  text: `SELECT g.sku, g.title, g.category, g.colour, g.price_minor::float8 / g.price_scale AS price, g.currency,
      p.hash AS picture, coalesce(others.stores, 0)::int AS stores, coalesce(others.stock, '[]') AS stock
    FROM lookdial.garment g
    LEFT JOIN lookdial.picture p ON p.sku = g.sku
    LEFT JOIN LATERAL (
      SELECT max(one.stores) AS stores,
        json_agg(json_build_object('id', one.id, 'name', one.name, 'sizes', one.sizes) ORDER BY one.place) AS stock
      FROM (
        SELECT st.id, st.name, count(*) OVER () AS stores,
          row_number() OVER (ORDER BY sum(s.quantity) DESC NULLS LAST, st.name, st.id) AS place,
          json_agg(json_build_object('name', s.size, 'quantity', s.quantity) ORDER BY s.place, s.size) AS sizes
        FROM lookdial.stock s JOIN lookdial.store st ON st.id = s.store
        WHERE s.sku = g.sku AND s.store <> $2 AND ${STOCKED}
        GROUP BY st.id, st.name
        ORDER BY place LIMIT ${MOST_STORES}
      ) one
    ) others ON true
    WHERE g.sku = ANY($1::text[])`,
  values: [skus, store],
});

export const pictureQuery = (sku: string): QueryConfig => ({
  text: 'SELECT webp FROM lookdial.picture WHERE sku = $1',
  values: [sku],
});
