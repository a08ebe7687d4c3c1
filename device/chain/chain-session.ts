/** A store's line to its chain's catalogue: a bounded pool of connections, three questions, and a limit on the time of each. */

import pg, { type Pool, type PoolClient, type QueryConfig } from 'pg';
import type { GarmentFilter } from '../garment-filter.ts';
import { logLikelihood, mahalanobisSquared } from '../matching/likelihood.ts';
import type { Posterior } from '../matching/posterior.ts';
import { balanceQuery, candidatesQuery, garmentsQuery, pictureQuery, sessionSettings } from './chain-queries.ts';
import {
  type Balance,
  BalanceRow,
  CandidateRow,
  type ChainGarment,
  GarmentRow,
  Rubbish,
  rowsOf,
} from './chain-rows.ts';
import { type Connection, poolConfig } from './connection.ts';
import { MeteredClient } from './metered-client.ts';
import { formLength, type Transform } from './transform.ts';

/** Connections at once: a screen asks for one thing at a time. */
const MOST_CONNECTIONS = 4;
/** A connection is kept for the next question so long, milliseconds. */
const IDLE_MS = 5 * 60_000;
/** Making one may take longer than an answer: it is then there for the next question. Milliseconds. */
const CONNECT_MS = 10_000;
/** How long it is believed which transform serves, milliseconds. */
const BALANCE_MS = 30_000;
const UNDEFINED_TABLE = '42P01';
const MAX_PICTURE_BYTES = 512 * 1024;

/** No answer came in time. */
export class TooSlow extends Error {
  constructor(timeoutMs: number) {
    super(`The chain’s catalogue did not answer within ${timeoutMs} ms.`);
    this.name = 'TooSlow';
  }
}

/** The catalogue has no encodings by this encoder. */
export class NotLoaded extends Error {
  constructor(encoder: string) {
    super(
      `The chain’s catalogue has no vectors of the encoder ${encoder.slice(0, 12)}: npm run chain -- load, or balance.`,
    );
    this.name = 'NotLoaded';
  }
}

export interface SessionOptions {
  readonly connection: Connection;
  /** This store's name in the catalogue. */
  readonly store: string;
  readonly timeoutMs: number;
}

export interface RankQuestion {
  /** SHA-256 in hex. */
  readonly encoder: string;
  readonly latentDim: number;
  readonly tolerance: number;
  readonly z: Float64Array;
  readonly filter: GarmentFilter;
}

export interface Ranked {
  readonly sku: string;
  readonly logLikelihood: number;
  readonly mahalanobisSquared: number;
}

/** Numbers as an array's text has them, `{1,2.5}`: many times as quick as taking it to be any array of anything. */
const numbersOf = (text: string): number[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number));
const FLOAT4S = 1021;
const FLOAT8S = 1022;

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    format !== 'binary' && (oid === FLOAT4S || oid === FLOAT8S)
      ? numbersOf
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export class ChainSession {
  readonly #pool: Pool;
  readonly #store: string;
  readonly #timeoutMs: number;
  readonly #balances = new Map<string, { readonly balance: Balance; readonly until: number }>();

  constructor({ connection, store, timeoutMs }: SessionOptions) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#pool = new pg.Pool({
      ...poolConfig(connection),
      types,
      Client: MeteredClient,
      max: MOST_CONNECTIONS,
      idleTimeoutMillis: IDLE_MS,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      application_name: 'lookdial',
    });
    // A connection that breaks while nobody uses it is replaced when somebody does.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', client => {
      client.on('error', () => undefined);
      // In its turn before the first question; where it fails, that fails too.
      client.query(sessionSettings(timeoutMs)).catch(() => undefined);
    });
  }

  /** Connects, so that the first question does not have to. */
  async warm(): Promise<void> {
    const client = await this.#pool.connect();
    client.release();
  }

  /**
   * The nearest garments that other stores have, by the index, in the order of the likelihood in float64; ties by SKU.
   * @throws TooSlow, NotLoaded, Rubbish, or what the connection threw
   */
  async rank(question: RankQuestion): Promise<Ranked[]> {
    return await this.#ask(async query => {
      const { encoder, tolerance, z } = question;
      const rows = await this.#candidates(question, query);
      const ranked = rowsOf(CandidateRow, rows, 'encoding').map(({ sku, mu, sigma }) => {
        if (mu.length !== z.length || sigma.length !== z.length) throw new Rubbish(`an encoding not by ${encoder}`);
        // Kept as float32, as in a store's own index: the same numbers give the same likelihood.
        const posterior: Posterior = { mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) };
        return {
          sku,
          logLikelihood: logLikelihood(z, posterior, { tolerance }),
          mahalanobisSquared: mahalanobisSquared(z, posterior, { tolerance }),
        };
      });
      if (ranked.some(one => !Number.isFinite(one.logLikelihood))) throw new Rubbish('an encoding that is none');
      return ranked.sort((a, b) => b.logLikelihood - a.logLikelihood || (a.sku < b.sku ? -1 : 1));
    });
  }

  /** What the catalogue says of these garments, in their order; those it does not have are left out. */
  async garments(skus: readonly string[]): Promise<ChainGarment[]> {
    return await this.#ask(async query => {
      const rows = rowsOf(GarmentRow, await query(garmentsQuery(skus, this.#store)), 'garment');
      const bySku = new Map(rows.map(row => [row.sku, row]));
      return skus.flatMap(sku => bySku.get(sku) ?? []);
    });
  }

  /** A garment's small picture, WebP; undefined where there is none. */
  async picture(sku: string): Promise<Uint8Array | undefined> {
    return await this.#ask(async query => {
      const [row] = await query(pictureQuery(sku));
      if (row === undefined) return undefined;
      const { webp } = row as { webp?: unknown };
      if (!Buffer.isBuffer(webp) || webp.length > MAX_PICTURE_BYTES) throw new Rubbish('a picture that is none');
      return Uint8Array.from(webp);
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #candidates(question: RankQuestion, query: Query): Promise<unknown[]> {
    const { encoder, z, filter } = question;
    for (let attempt = 0; ; attempt += 1) {
      const balance = await this.#balanceOf(question, query);
      const { tolerance, centre, scale, radius } = balance;
      const transform: Transform = {
        tolerance,
        centre: Float64Array.from(centre),
        scale: Float64Array.from(scale),
        radius,
      };
      try {
        return await query(candidatesQuery({ encoder, balance: balance.id, transform, z, filter, store: this.#store }));
      } catch (error) {
        // Another transform serves by now, and the old one's table is gone.
        if ((error as { code?: unknown }).code !== UNDEFINED_TABLE || attempt > 0) throw error;
        this.#balances.delete(encoder);
      }
    }
  }

  async #balanceOf({ encoder, latentDim, tolerance }: RankQuestion, query: Query): Promise<Balance> {
    const kept = this.#balances.get(encoder);
    const now = performance.now();
    if (kept !== undefined && kept.until > now) return kept.balance;
    const [balance] = rowsOf(BalanceRow, await query(balanceQuery(encoder)), 'transform');
    if (balance === undefined) throw new NotLoaded(encoder);
    const { centre, scale } = balance;
    const length = formLength(latentDim);
    if (balance.latent_dim !== latentDim || centre.length !== length || scale.length !== length) {
      throw new Rubbish(`a transform of another size than the ${latentDim} dimensions of this store’s model`);
    }
    if (balance.tolerance !== tolerance) {
      throw new Rubbish(`vectors for the tolerance ${balance.tolerance}, and this store’s model has ${tolerance}`);
    }
    this.#balances.set(encoder, { balance, until: now + BALANCE_MS });
    return balance;
  }

  /** A connection that came too late for its question is there for the next, if it answers anything at all. */
  async #keepLate(connecting: Promise<PoolClient>): Promise<void> {
    const client = await connecting.catch(() => undefined);
    if (client === undefined) return;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const limit = setTimeout(resolve, this.#timeoutMs, false);
    client.query('SELECT 1').then(
      () => resolve(true),
      () => resolve(false),
    );
    const answers = await promise;
    clearTimeout(limit);
    client.release(!answers);
  }

  /** Runs one question on one connection. What is not done in time is cut off, connection and all. */
  async #ask<T>(run: (query: Query) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const late = Promise.withResolvers<never>();
    const cutOff = (): void => late.reject(new TooSlow(this.#timeoutMs));
    limit.addEventListener('abort', cutOff, { once: true });
    const connecting = this.#pool.connect();
    let client: PoolClient | undefined;
    let broken = true;
    try {
      client = await Promise.race([connecting, late.promise]);
      const connected = client;
      if (connected instanceof MeteredClient) connected.begin();
      const query: Query = async config => (await connected.query<object>(config)).rows;
      const answer = await Promise.race([run(query), late.promise]);
      broken = false;
      return answer;
    } catch (error) {
      // A sentence of the server's leaves the connection whole.
      broken = !(error instanceof NotLoaded || error instanceof pg.DatabaseError);
      throw (client instanceof MeteredClient && client.cutOff) || error;
    } finally {
      limit.removeEventListener('abort', cutOff);
      if (client === undefined) void this.#keepLate(connecting);
      else client.release(broken);
    }
  }
}

type Query = (config: QueryConfig) => Promise<object[]>;
