/**
 * The search of one thread over a shared store: exact, by the vector-approximation scan (docs/search.md). What the kernel
 * leaves as candidates is scored by the reference's own function, so that order and numbers are the reference's to the last bit.
 */
import type { Metric, SearchQuery } from '../flat-search.ts';
import { everyDimension, LOG_2_PI, logLikelihood } from '../likelihood.ts';
import { Exhaustive } from './exhaustive.ts';
import { instantiate, type Kernel, MAX_K, OUTCOME } from './kernel.ts';
import { STATE, type StoreLayout, type Work } from './layout.ts';
import { DOMAIN } from './parts.ts';
import { QueryBlock } from './query-block.ts';
import { type Part, type ScanOptions, SearchCancelled } from './scan-part.ts';
import { StoreView } from './store-view.ts';

/** What is left out of a sum of likelihoods comes to less than this share of it. */
export const SUM_TOLERANCE = 1e-6;
/** Fewer garments than one in so many are scored one by one. */
const FEW = 64;
const LARGEST_Z = 1e6;

/** What is added up, or sought: one pass over the store. */
interface Pass {
  readonly which: 0 | 1 | 2;
  readonly tolerance: number;
  readonly on: readonly number[];
  /** Where the bytes of the garments that count are; 0: all do. */
  readonly allowed: number;
  /** How many they are. */
  readonly considered: number;
}

export class ScanSearch {
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #layout: StoreLayout;
  readonly #work: Work;
  readonly #thread: number;
  readonly #store: StoreView;
  readonly #block: QueryBlock;
  readonly #state: Int32Array;
  readonly #exhaustive: Exhaustive;
  readonly #every: readonly number[];
  /** tau that each of the two prepared tables is for; the one used last comes last. */
  #prepared: { at: number; tolerance: number }[];
  /** The last answer: wherever it was, the k-th of these rows bounds the k-th of the next. */
  #last: readonly number[] = [];

  constructor(kernel: WebAssembly.Module, memory: WebAssembly.Memory, layout: StoreLayout, thread = 0) {
    const work = layout.work[thread];
    if (work === undefined) throw new RangeError(`The store was laid out for ${layout.work.length} search threads.`);
    this.#memory = memory;
    this.#layout = layout;
    this.#work = work;
    this.#thread = thread;
    this.#kernel = instantiate(kernel, memory);
    this.#store = new StoreView(memory, layout);
    this.#block = new QueryBlock(memory, work.query, new Uint8Array(memory.buffer, layout.dimensions, layout.active));
    this.#state = new Int32Array(memory.buffer, layout.state, STATE.length);
    this.#exhaustive = new Exhaustive(this.#store);
    this.#every = everyDimension(layout.latentDim);
    this.#prepared = work.prepared.map(at => ({ at, tolerance: Number.NaN }));
    const { latentDim, count, regionSize, active, mu, sigma, rows, codes, cells, boxes, fine } = layout;
    const { dimensions, tailMu, tailSigma } = layout;
    this.#kernel.attachIndex(
      latentDim,
      count,
      regionSize,
      active,
      mu,
      sigma,
      rows,
      codes,
      cells,
      boxes,
      fine,
      dimensions,
      tailMu,
      tailSigma,
    );
    const { query, order, losses, tables, grid, waiting, passing, best, candidates } = work;
    this.#kernel.attachWork(query, order, losses, tables, grid, waiting, passing, best, candidates);
  }

  /**
   * The k best alone, without the sums that shares and typicality need. The query must have been checked (`checkQuery`).
   * @throws SearchCancelled
   */
  top(query: SearchQuery, options: ScanOptions = {}): Pick<Part, 'rows' | 'scores' | 'considered'> {
    this.#block.write(query.z, query.on ?? this.#every);
    return this.#top(query, this.#pass(query), options);
  }

  /**
   * This thread's part of a whole answer. Threads on the same query share counters and bars in the store's state, which
   * must have been cleared (`clearQuery`) before the first of them begins.
   * @throws SearchCancelled
   */
  part(query: SearchQuery, options: ScanOptions = {}): Part {
    const pass = this.#pass(query);
    const { tolerance, on, allowed, considered } = pass;
    const shareTolerance = query.shareTolerance ?? tolerance;
    if (!this.#fits(query.z, shareTolerance)) return this.#exhausted(query, pass, shareTolerance);
    this.#block.write(query.z, on);
    const top = this.#top(query, pass, options);
    const counters = { passed: this.#kernel.passedCodes(), scored: this.#kernel.scoredWide() };
    const near = top.rows;
    const shareSum = this.#sum(query.z, near, { which: 1, tolerance: shareTolerance, on, allowed, considered });
    const typical: Pass = {
      which: 2,
      tolerance: this.#layout.tolerance,
      on: this.#every,
      allowed: this.#dead > 0 ? this.#layout.alive : 0,
      considered: this.#size,
    };
    const isSame = shareTolerance === typical.tolerance && allowed === typical.allowed && query.on === undefined;
    if (!isSame) this.#block.write(query.z, this.#every);
    const typicalSum = isSame ? shareSum : this.#sum(query.z, near, typical);
    return { ...top, ...counters, shareSum, typicalSum };
  }

  /**
   * log of the sum of all likelihoods at a garment's own mu but its own, under the index's tolerance, short by less than
   * exp(-`cut`) of itself for every garment left out. The store must have no tail, and all of it be alive and within `DOMAIN`.
   */
  sumWithout(row: number, cut: number): number {
    const { count, tolerance } = this.#layout;
    const { allowed } = this.#work;
    const bytes = new Uint8Array(this.#memory.buffer, allowed, count);
    bytes.fill(1);
    bytes[row] = 0;
    const { mu } = this.#store.posterior(row);
    this.#block.write(mu, this.#every);
    const pass: Pass = { which: 2, tolerance, on: this.#every, allowed, considered: count - 1 };
    this.#begin(pass);
    this.#kernel.seekSum(cut, 0);
    this.#run(pass);
    return this.#kernel.logSum();
  }

  /** Garments that the last pass scored in float64. */
  get lastScored(): number {
    return this.#kernel.scoredWide();
  }

  get #dead(): number {
    return this.#state[STATE.dead]!;
  }

  get #rows(): number {
    return this.#layout.count + this.#state[STATE.tail]!;
  }

  get #size(): number {
    return this.#rows - this.#dead;
  }

  #fits(z: ArrayLike<number>, ...tolerances: number[]): boolean {
    if (!this.#layout.inDomain || tolerances.some(tolerance => tolerance > DOMAIN.tolerance)) return false;
    for (let d = 0; d < z.length; d += 1) if (Math.abs(z[d]!) > LARGEST_Z) return false;
    return true;
  }

  /** The order's pass: puts the filter where the kernel looks for it. */
  #pass(query: SearchQuery): Pass {
    const tolerance = query.tolerance ?? this.#layout.tolerance;
    const on = query.on === undefined ? this.#every : query.on.toSorted((a, b) => a - b);
    const { alive } = this.#layout;
    if (query.allowed === undefined) {
      return { which: 0, tolerance, on, allowed: this.#dead > 0 ? alive : 0, considered: this.#size };
    }
    const { allowed } = this.#work;
    new Uint8Array(this.#memory.buffer, allowed, this.#rows).set(query.allowed);
    const considered = this.#kernel.intersect(allowed, allowed, alive, this.#rows);
    return { which: 0, tolerance, on, allowed, considered };
  }

  #top(query: SearchQuery, pass: Pass, { warm = false }: ScanOptions): Pick<Part, 'rows' | 'scores' | 'considered'> {
    const metric: Metric = query.metric ?? 'log-likelihood';
    const k = Math.min(query.k, pass.considered);
    const { considered } = pass;
    if (k === 0) return { rows: [], scores: [], considered };
    const isScan = metric === 'log-likelihood' && k <= MAX_K && this.#fits(query.z, pass.tolerance);
    const found = isScan ? this.#scanTop(k, pass, warm) : undefined;
    if (found === undefined) return { ...this.#exhaust(query, metric, pass), considered };
    const options = { tolerance: pass.tolerance, on: pass.on };
    const scores = found.map(row => logLikelihood(query.z, this.#store.posterior(row), options));
    const order = found
      .map((_, place) => place)
      .sort((a, b) => scores[b]! - scores[a]! || this.#store.order(found[a]!) - this.#store.order(found[b]!))
      .slice(0, k);
    const rows = order.map(place => found[place]!);
    this.#last = rows;
    return { rows, scores: order.map(place => scores[place]!), considered };
  }

  /** Candidates for the k best in no order, or undefined where too many tie. */
  #scanTop(k: number, pass: Pass, warm: boolean): number[] | undefined {
    this.#begin(pass);
    this.#kernel.seekTop(k, this.#bar(pass));
    if (warm && this.#last.length >= k) {
      new Uint32Array(this.#memory.buffer, this.#work.warm, k).set(this.#last.slice(0, k));
      this.#kernel.warm(this.#work.warm, k);
    }
    if (this.#run(pass) === OUTCOME.overflowed) return undefined;
    const left = this.#kernel.candidatesLeft();
    const candidates = new Uint32Array(this.#memory.buffer, this.#work.candidates, 4 * left);
    return Array.from({ length: left }, (_, place) => candidates[4 * place]!);
  }

  /** log of this thread's part of the sum of likelihoods, short by no more than `SUM_TOLERANCE` of the whole. */
  #sum(z: ArrayLike<number>, near: readonly number[], pass: Pass): number {
    if (pass.considered === 0) return -Infinity;
    this.#begin(pass);
    const cut = Math.log(pass.considered / SUM_TOLERANCE);
    this.#kernel.seekSum(cut, this.#bar(pass));
    // The nearest garments' likelihoods are a part of the sum: what is negligible beside them is negligible.
    let largest = -Infinity;
    for (const row of near) {
      largest = Math.max(largest, logLikelihood(z, this.#store.posterior(row), pass));
    }
    this.#kernel.raiseBar(largest - cut - 1e-9 * (1 + Math.abs(largest)));
    this.#run(pass);
    return this.#kernel.logSum();
  }

  #begin({ tolerance, on, allowed }: Pass): void {
    const squared = tolerance * tolerance;
    const table = this.#prepared.find(one => one.tolerance === tolerance) ?? this.#prepared[0]!;
    this.#kernel.usePrepared(table.at);
    if (table.tolerance !== tolerance) {
      this.#kernel.prepare(squared);
      table.tolerance = tolerance;
    }
    this.#prepared = [...this.#prepared.filter(one => one !== table), table];
    const cancelled = this.#layout.state + 4 * STATE.cancelled;
    this.#kernel.begin(squared, -0.5 * on.length * LOG_2_PI, allowed, cancelled);
  }

  #bar({ which }: Pass): number {
    return this.#layout.work.length > 1 ? this.#layout.state + 4 * STATE.bars + 8 * which : 0;
  }

  /** Has the kernel look at all garments that count: the tail, then the index's few, or its regions. */
  #run(pass: Pass): number {
    const { count } = this.#layout;
    if (this.#thread === 0) this.#kernel.scoreRows(count, this.#rows);
    let outcome: number = OUTCOME.answered;
    if (pass.allowed !== 0 && pass.considered * FEW < count) {
      if (this.#thread === 0) outcome = this.#kernel.scoreAllowed();
    } else {
      this.#kernel.orderRegions();
      if (pass.which === 0) this.#kernel.sampleRegion();
      outcome = this.#kernel.scanRegions(this.#layout.state + 4 * (STATE.next + pass.which));
    }
    if (outcome === OUTCOME.cancelled) throw new SearchCancelled();
    return outcome;
  }

  #exhaust(query: SearchQuery, metric: Metric, pass: Pass): { rows: number[]; scores: number[] } {
    if (this.#thread !== 0) return { rows: [], scores: [] };
    const { tolerance, on } = pass;
    return this.#exhaustive.top(query.z, query.k, metric, tolerance, on, this.#bytes(pass.allowed));
  }

  /** The whole answer without the kernel: for numbers its arithmetic was not proved for. */
  #exhausted(query: SearchQuery, pass: Pass, shareTolerance: number): Part {
    const nothing = { shareSum: -Infinity, typicalSum: -Infinity, passed: 0, scored: 0 };
    const top = this.#exhaust(query, query.metric ?? 'log-likelihood', pass);
    if (this.#thread !== 0) return { ...top, ...nothing, considered: pass.considered };
    const { z } = query;
    const alive = this.#bytes(this.#dead > 0 ? this.#layout.alive : 0);
    return {
      ...top,
      ...nothing,
      considered: pass.considered,
      shareSum: this.#exhaustive.sum(z, shareTolerance, pass.on, this.#bytes(pass.allowed)),
      typicalSum: this.#exhaustive.sum(z, this.#layout.tolerance, this.#every, alive),
    };
  }

  #bytes(at: number): Uint8Array | undefined {
    return at === 0 ? undefined : new Uint8Array(this.#memory.buffer, at, this.#rows);
  }
}
