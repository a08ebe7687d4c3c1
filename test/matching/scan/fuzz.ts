/**
 * Seeded model-based fuzzing of the search: insertions, deletions, filters, compactions, restarts, cancellations and queries at
 * random, each answer held against the formula itself over a plain map of garments.
 */
import assert from 'node:assert/strict';
import { encodeHeader, encodeRecord, type LogRecord, readLog } from '../../../device/matching/encoding-log.ts';
import type { SearchAnswer, SearchQuery } from '../../../device/matching/flat-search.ts';
import { buildIndex } from '../../../device/matching/index-file.ts';
import { everyDimension, logLikelihood, mahalanobisSquared } from '../../../device/matching/likelihood.ts';
import { logSumExp } from '../../../device/matching/log-sum-exp.ts';
import type { Posterior } from '../../../device/matching/posterior.ts';
import { Random } from '../../../device/matching/random.ts';
import { cancelQuery, clearQuery, searchAlone } from '../../../device/matching/scan/answer.ts';
import { SearchCancelled } from '../../../device/matching/scan/scan-part.ts';
import { ScanSearch } from '../../../device/matching/scan/scan-search.ts';
import { SharedStore, TailFullError } from '../../../device/matching/scan/shared-store.ts';
import { assertSame, DIGEST, drawFilter, expected, skuOf } from './support.ts';

export interface FuzzOptions {
  readonly kernel: WebAssembly.Module;
  readonly seed: number;
  readonly operations: number;
  readonly latentDim: number;
}

const REGION = 64;
const TAIL = 96;
const MOST_GARMENTS = 450;
const NO_PICTURE = new Uint8Array(32);

/** How often each operation is drawn, in parts of the whole. */
const WEIGHTS = { query: 50, insert: 22, replace: 8, remove: 16, cancel: 2, restart: 1, compact: 1 } as const;
type Operation = keyof typeof WEIGHTS;
export type Tally = Record<Operation, number>;

class Fuzz {
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #model = new Map<string, Posterior>();
  #index: Uint8Array;
  /** What the log of encodings holds since the index was built. */
  #log: Uint8Array[];
  #store: SharedStore;
  #search: ScanSearch;
  #made = 0;
  readonly tally: Tally = { query: 0, insert: 0, replace: 0, remove: 0, cancel: 0, restart: 0, compact: 0 };

  constructor(options: FuzzOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const entries = Array.from({ length: 150 }, () => ({ sku: this.#newSku(), ...this.#draw() }));
    for (const { sku, mu, sigma } of entries) this.#model.set(sku, { mu, sigma });
    const { latentDim } = options;
    this.#index = buildIndex({ encoderDigest: DIGEST, latentDim, tolerance: 0.1, entries });
    this.#log = [encodeHeader(expected(latentDim))];
    this.#store = this.#open();
    this.#search = this.#start();
  }

  run(): void {
    const total = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < this.#options.operations; i += 1) {
      const drawn = this.#random.integer(total);
      let reached = 0;
      const operation = (Object.keys(WEIGHTS) as Operation[]).find(name => {
        reached += WEIGHTS[name];
        return drawn < reached;
      });
      if (operation === undefined) throw new RangeError(`Nothing weighs ${drawn}.`);
      this.tally[operation] += 1;
      try {
        this.#do(operation);
      } catch (error) {
        const { seed, latentDim } = this.#options;
        throw new Error(`Operation ${i} (${operation}) of seed ${seed}, n = ${latentDim}, failed.`, { cause: error });
      }
    }
  }

  #do(operation: Operation): void {
    const random = this.#random;
    const some = (): string | undefined => [...this.#model.keys()][random.integer(Math.max(1, this.#model.size))];
    if (operation === 'query') this.#ask();
    else if (operation === 'insert' && this.#model.size < MOST_GARMENTS) this.#put(this.#newSku());
    else if (operation === 'replace') this.#put(some() ?? this.#newSku());
    else if (operation === 'remove') this.#remove(some() ?? 'nothing');
    else if (operation === 'cancel') this.#cancel();
    else if (operation === 'restart') this.#restart();
    else if (operation === 'compact') this.#compact();
  }

  #newSku(): string {
    this.#made += 1;
    return skuOf(this.#made);
  }

  /** A new posterior, a copy of another garment's, or one on a coarse grid: ties are to be frequent. */
  #draw(): { mu: Float32Array; sigma: Float32Array } {
    const random = this.#random;
    const { latentDim: length } = this.#options;
    const kind = random.integer(5);
    const twin = [...this.#model.values()][random.integer(Math.max(1, this.#model.size))];
    if (kind === 0 && twin !== undefined) {
      return { mu: Float32Array.from(twin.mu), sigma: Float32Array.from(twin.sigma) };
    }
    if (kind === 1) {
      return {
        mu: Float32Array.from({ length }, () => random.integer(5) - 2),
        sigma: Float32Array.from({ length }, () => 0.5 * (1 + random.integer(2))),
      };
    }
    return {
      mu: Float32Array.from({ length }, () => random.normal()),
      sigma: Float32Array.from({ length }, () => 10 ** (2.5 * random.uniform() - 2)),
    };
  }

  #open(): SharedStore {
    const { latentDim } = this.#options;
    return SharedStore.of(this.#index, expected(latentDim), { regionSize: REGION, tailCapacity: TAIL });
  }

  #start(): ScanSearch {
    return new ScanSearch(this.#options.kernel, this.#store.memory, this.#store.layout);
  }

  #put(sku: string): void {
    const posterior = this.#draw();
    try {
      this.#store.insert(sku, posterior);
    } catch (error) {
      if (!(error instanceof TailFullError)) throw error;
      this.#compact();
      this.#store.insert(sku, posterior);
    }
    this.#model.set(sku, posterior);
    this.#log.push(encodeRecord({ kind: 'put', sku, pictureSha256: NO_PICTURE, ...posterior }));
  }

  #remove(sku: string): void {
    assert.equal(this.#store.remove(sku), this.#model.delete(sku));
    this.#log.push(encodeRecord({ kind: 'delete', sku }));
  }

  /** The daemon ends and begins again: index and log are all it has. */
  #restart(): void {
    this.#store = this.#open();
    this.#search = this.#start();
    const { records } = readLog(new Uint8Array(Buffer.concat(this.#log)), expected(this.#options.latentDim));
    for (const record of records) this.#replay(record);
  }

  #replay(record: LogRecord): void {
    if (record.kind === 'delete') this.#store.remove(record.sku);
    else {
      const { sku, mu, sigma } = record;
      this.#store.insert(sku, { mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) });
    }
  }

  #compact(): void {
    const { latentDim } = this.#options;
    const { tolerance, typicalityCentiles: centiles } = this.#store.index;
    const entries = this.#store.entries();
    this.#index = buildIndex({ encoderDigest: DIGEST, latentDim, tolerance, entries, centiles });
    this.#log = [encodeHeader(expected(latentDim))];
    this.#store = this.#open();
    this.#search = this.#start();
  }

  #cancel(): void {
    clearQuery(this.#store);
    cancelQuery(this.#store);
    const query = { z: new Array<number>(this.#options.latentDim).fill(0), k: 3 };
    try {
      this.#search.part(query);
    } catch (error) {
      if (!(error instanceof SearchCancelled)) throw error;
    }
  }

  #query(): SearchQuery {
    const random = this.#random;
    const { latentDim } = this.#options;
    const one = [...this.#model.values()][random.integer(Math.max(1, this.#model.size))];
    const z = everyDimension(latentDim).map(d => {
      if (one === undefined || random.integer(12) === 0) return 6 * random.uniform() - 3;
      return one.mu[d]! + (random.integer(3) === 0 ? 0 : one.sigma[d]! * random.normal());
    });
    return {
      z,
      k: [1, 3, 24, 200, 1_000][random.integer(5)]!,
      ...(random.integer(3) === 0 && { tolerance: [0, 0.1, 0.7][random.integer(3)]! }),
      ...(random.integer(2) === 0 && { shareTolerance: [0, 0.3][random.integer(2)]! }),
      ...(random.integer(4) === 0 && { on: random.sample(1 + random.integer(latentDim), latentDim) }),
      ...(random.integer(2) === 0 && {
        allowed: drawFilter(random, this.#store.rows, [0.9, 0.3, 0.01][random.integer(3)]!),
      }),
    };
  }

  #ask(): void {
    const query = this.#query();
    const got = searchAlone(this.#store, this.#search, query, { warm: this.#random.integer(4) > 0 });
    assertSame(got, this.#truth(query), false);
  }

  /** The answer by the formula, garment by garment. */
  #truth(query: SearchQuery): SearchAnswer {
    const { z, k, allowed, on } = query;
    const { tolerance: own } = this.#store.index;
    const tolerance = query.tolerance ?? own;
    const isAllowed = (sku: string): boolean => allowed === undefined || allowed[this.#store.rowOf(sku)] !== 0;
    const options = { tolerance, ...(on && { on }) };
    const shared = { ...options, tolerance: query.shareTolerance ?? tolerance };
    const garments = [...this.#model].sort(([a], [b]) => (a < b ? -1 : 1));
    const found = garments
      .filter(([sku]) => isAllowed(sku))
      .map(([sku, posterior]) => ({ sku, posterior, score: logLikelihood(z, posterior, options) }))
      .sort((a, b) => b.score - a.score);
    const total = logSumExp(Float64Array.from(found, one => logLikelihood(z, one.posterior, shared)));
    const typical = Float64Array.from(garments, ([, posterior]) => logLikelihood(z, posterior, { tolerance: own }));
    return {
      hits: found.slice(0, k).map(({ sku, posterior, score }) => ({
        row: -1,
        sku,
        logLikelihood: score,
        mahalanobisSquared: mahalanobisSquared(z, posterior, options),
        share: Math.min(1, Math.exp(logLikelihood(z, posterior, shared) - total)),
      })),
      considered: found.length,
      typicality: {
        logMean: logSumExp(typical) - Math.log(Math.max(1, garments.length)),
        centile: Number.NaN,
        verdict: 'in-stock-like',
      },
    };
  }
}

/** Runs `operations` at random. @returns how many there were of each */
export function fuzzSearch(options: FuzzOptions): Tally {
  const fuzz = new Fuzz(options);
  fuzz.run();
  return fuzz.tally;
}
