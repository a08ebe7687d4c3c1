/**
 * The tables of a chain's catalogue in PostgreSQL with pgvector, all in the schema `lookdial`. docs/chain.md describes them for
 * whoever runs the database.
 */
import { escapeLiteral } from 'pg';

/** What this program writes and reads. A database with a higher one is left alone. */
export const SCHEMA_VERSION = 1;

/** The oldest pgvector with iterative index scans, which keep the answers full where a filter takes some away. */
export const OLDEST_PGVECTOR = '0.8.0';

/** One transaction; run again it changes nothing. */
export const CREATE_SCHEMA = `
CREATE SCHEMA IF NOT EXISTS lookdial;
CREATE TABLE IF NOT EXISTS lookdial.version (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  number integer NOT NULL
);
INSERT INTO lookdial.version (number) VALUES (${SCHEMA_VERSION}) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS lookdial.store (
  id text PRIMARY KEY CHECK (id <> ''),
  name text NOT NULL
);
CREATE TABLE IF NOT EXISTS lookdial.garment (
  sku text PRIMARY KEY CHECK (sku <> ''),
  title text NOT NULL,
  category text,
  colour text,
  price_minor bigint CHECK (price_minor >= 0),
  price_scale integer NOT NULL CHECK (price_scale > 0),
  currency text
);
-- A small copy of the garment's picture, for the screens of stores that do not have it.
CREATE TABLE IF NOT EXISTS lookdial.picture (
  sku text PRIMARY KEY REFERENCES lookdial.garment ON DELETE CASCADE,
  hash text NOT NULL,
  webp bytea NOT NULL
);
ALTER TABLE lookdial.picture ALTER COLUMN webp SET STORAGE EXTERNAL;
-- A size of which nobody knows how many there are has no quantity, and counts as in stock.
CREATE TABLE IF NOT EXISTS lookdial.stock (
  sku text NOT NULL REFERENCES lookdial.garment ON DELETE CASCADE,
  store text NOT NULL REFERENCES lookdial.store ON DELETE CASCADE,
  size text NOT NULL,
  place integer NOT NULL,
  quantity integer CHECK (quantity >= 0),
  PRIMARY KEY (sku, store, size)
);
CREATE INDEX IF NOT EXISTS stock_store ON lookdial.stock (store);
-- What each store sent last, so that it sends only what has changed.
CREATE TABLE IF NOT EXISTS lookdial.sent (
  store text NOT NULL REFERENCES lookdial.store ON DELETE CASCADE,
  encoder text NOT NULL,
  sku text NOT NULL REFERENCES lookdial.garment ON DELETE CASCADE,
  digest text NOT NULL,
  PRIMARY KEY (store, encoder, sku)
);
-- How far a file has been loaded.
CREATE TABLE IF NOT EXISTS lookdial.loading (
  file text PRIMARY KEY,
  bytes bigint NOT NULL,
  lines bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

-- An encoder whose encodings are here; more than one while the stores go over to another model.
CREATE TABLE IF NOT EXISTS lookdial.encoder (
  digest text PRIMARY KEY,
  latent_dim integer NOT NULL CHECK (latent_dim BETWEEN 1 AND 64),
  tolerance double precision NOT NULL CHECK (tolerance >= 0)
);
CREATE SEQUENCE IF NOT EXISTS lookdial.revision;
CREATE TABLE IF NOT EXISTS lookdial.posterior (
  encoder text NOT NULL REFERENCES lookdial.encoder,
  sku text NOT NULL REFERENCES lookdial.garment ON DELETE CASCADE,
  mu real[] NOT NULL,
  sigma real[] NOT NULL,
  revision bigint NOT NULL DEFAULT nextval('lookdial.revision'),
  PRIMARY KEY (encoder, sku)
);
-- A transform of one encoder's encodings to vectors, and their table lookdial.vector_<id>. At most one serves.
CREATE TABLE IF NOT EXISTS lookdial.balance (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  encoder text NOT NULL REFERENCES lookdial.encoder,
  centre double precision[] NOT NULL,
  scale double precision[] NOT NULL,
  radius double precision NOT NULL CHECK (radius >= 0),
  state text NOT NULL CHECK (state IN ('building', 'serving', 'retired')),
  made timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS balance_serving ON lookdial.balance (encoder) WHERE state = 'serving';
`;

/** Kinds with a part of the vectors' table of their own: an index of one kind alone answers a question about it best. */
export const MOST_PARTS = 64;
/** A kind with fewer garments shares a part with the others: reading them all takes no time. */
export const FEWEST_IN_PART = 500;

/** HNSW: links of a garment, and how thoroughly they are chosen while the index is built. */
export const HNSW = { m: 16, efConstruction: 128 } as const;

/** Where the vectors of a balance are. @param id a number out of the table `balance` */
export const vectorTable = (id: number): string => `lookdial.vector_${Math.trunc(id)}`;

/** The vectors' table of a balance, without an index. @param parts kinds that have a part of their own */
export function createVectors(id: number, length: number, parts: readonly string[]): string {
  const table = vectorTable(id);
  const own = parts.map(
    (kind, at) => `CREATE TABLE ${table}_${at} PARTITION OF ${table} FOR VALUES IN (${escapeLiteral(kind)});`,
  );
  return `
CREATE TABLE ${table} (
  kind text NOT NULL,
  sku text NOT NULL,
  revision bigint NOT NULL,
  w vector(${length}) NOT NULL,
  PRIMARY KEY (kind, sku)
) PARTITION BY LIST (kind);
${own.join('\n')}
CREATE TABLE ${table}_rest PARTITION OF ${table} DEFAULT;
CREATE INDEX ON ${table} (sku);`;
}

/** The index of a balance's vectors: made once they are all there, which is many times as quick. */
export const createIndex = (id: number): string =>
  `CREATE INDEX ON ${vectorTable(id)} USING hnsw (w vector_l2_ops) WITH (m = ${HNSW.m}, ef_construction = ${HNSW.efConstruction})`;
