/** A chain's catalogue for tests: PostgreSQL with pgvector in this process (PGlite), behind its socket server, asked over TCP as a real one is. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREATE_SCHEMA } from '../../device/chain/chain-schema.ts';
import { type Connection, readConnection } from '../../device/chain/connection.ts';
import { Random } from '../../device/matching/random.ts';
import { type LocalPostgres, startPglite } from '../../scripts/bench/chain/pglite.ts';
import { type Database, withDatabase } from '../../scripts/chain/database.ts';
import type { ChainRecord, ChainStock } from '../../scripts/chain/record.ts';
import type { Space } from '../../scripts/chain/write.ts';

/** A password that must turn up nowhere. */
export const SECRET = 'a-secret-of-the-chain';

/** Writes a connection file as its owner would. @returns its path */
export async function writeConnection(folder: string, entries: Record<string, unknown>): Promise<string> {
  const path = join(folder, 'chain.json');
  await writeFile(path, JSON.stringify(entries));
  await chmod(path, 0o600);
  return path;
}

export class TestChain {
  readonly connection: Connection;
  /** The connection's file. */
  readonly path: string;
  readonly #folder: string;
  readonly #postgres: LocalPostgres;

  private constructor(folder: string, path: string, postgres: LocalPostgres) {
    this.#folder = folder;
    this.path = path;
    this.connection = readConnection(path);
    this.#postgres = postgres;
  }

  /** Takes some seconds: start one for a file of tests. @param tables false for an empty database */
  static async start({ tables = true } = {}): Promise<TestChain> {
    const folder = await mkdtemp(join(tmpdir(), 'lookdial-chain-'));
    const postgres = await startPglite();
    const path = await writeConnection(folder, { ...postgres.entries, password: SECRET });
    const chain = new TestChain(folder, path, postgres);
    if (tables) {
      await postgres.database.exec('CREATE EXTENSION vector');
      await chain.clear();
    }
    return chain;
  }

  /** The catalogue as `init` leaves it, with nothing in it. */
  async clear(): Promise<void> {
    await this.#postgres.database.exec(`DROP SCHEMA IF EXISTS lookdial CASCADE; ${CREATE_SCHEMA}`);
  }

  use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return withDatabase(this.connection, work);
  }

  /** Rows straight from the database. */
  async rows<T>(sql: string): Promise<T[]> {
    return (await this.#postgres.database.query<T>(sql)).rows;
  }

  async close(): Promise<void> {
    await this.#postgres.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export const SPACE: Space = { encoder: 'e'.repeat(64), latentDim: 4, tolerance: 0 };

export const chainRecord = (sku: string, fields: Partial<ChainRecord> = {}): ChainRecord => {
  const stock: readonly ChainStock[] = fields.stock ?? [{ store: 'mitte', size: 'M', quantity: 2 }];
  return {
    sku,
    title: `Garment ${sku}`,
    category: 'Dress',
    colour: 'red',
    priceMinor: 4990,
    priceScale: 100,
    currency: 'EUR',
    mu: [0, 0, 0, 0],
    sigma: [0.2, 0.2, 0.2, 0.2],
    stores: [...new Set(stock.map(({ store }) => store))],
    ...fields,
    stock,
  };
};

/** Garments of three kinds, each with an encoding of its own; the same seed gives the same. */
export function chainRecords(count: number, { latentDim }: Space = SPACE, seed = 1): ChainRecord[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, place) =>
    chainRecord(`c${String(place).padStart(5, '0')}`, {
      category: ['Dress', 'Shirt', 'Skirt'][place % 3] ?? null,
      mu: Array.from({ length: latentDim }, () => random.normal()),
      sigma: Array.from({ length: latentDim }, () => 0.1 + 0.3 * random.uniform()),
    }),
  );
}
