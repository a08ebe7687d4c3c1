/**
 * A store's encodings in one shared memory, where every search thread and the kernel read them in place: the index file, the
 * scan's parts, and a live tail of what has changed since the index was built.
 */
import { MatchingError } from '../errors.ts';
import { EncodingIndex, type IndexExpectation } from '../index-file.ts';
import type { IndexEntry } from '../index-writer.ts';
import type { Posterior } from '../posterior.ts';
import { buildScanNow, type ScanBuildOptions } from './build.ts';
import { KERNEL_BYTES } from './kernel.ts';
import { layOut, MOST_PAGES, PAGE } from './lay-out.ts';
import { STATE, type StoreLayout } from './layout.ts';
import { DOMAIN, isInDomain } from './parts.ts';
import { SkuOrder } from './sku-order.ts';

export interface SharedStoreOptions extends ScanBuildOptions {
  /** Search threads that will work on it; 1 unless given. */
  readonly threads?: number;
  /** Garments that may be added before the index must be built anew; 1024 unless given. */
  readonly tailCapacity?: number;
}

/** Garments that may be added before the index must be built anew, unless options say otherwise. */
export const TAIL_CAPACITY = 1_024;

/** The tail has no room left: the index is to be built anew from `entries()`. */
export class TailFullError extends MatchingError {}

export class SharedStore {
  readonly memory: WebAssembly.Memory;
  readonly layout: StoreLayout;
  readonly index: EncodingIndex;
  /** The tail's SKUs, deleted ones included, in the order they came. */
  readonly #tail: string[] = [];
  /** The row that each of them was last given. */
  readonly #tailRows = new Map<string, number>();
  readonly #order: SkuOrder;
  readonly #alive: Uint8Array;
  readonly #state: Int32Array;

  private constructor(memory: WebAssembly.Memory, index: EncodingIndex, options: SharedStoreOptions) {
    this.memory = memory;
    this.index = index;
    const parts = index.scan ?? buildScanNow(index, options);
    const { threads = 1, tailCapacity = TAIL_CAPACITY } = options;
    this.layout = layOut(memory, index, parts, { threads, tailCapacity, tolerance: index.tolerance });
    this.#order = new SkuOrder(index);
    const { alive, state, count } = this.layout;
    this.#alive = new Uint8Array(memory.buffer, alive, count + tailCapacity);
    this.#alive.fill(1, 0, count);
    this.#state = new Int32Array(memory.buffer, state, STATE.length);
  }

  /**
   * Reads an index file straight into the shared memory: there is no second copy.
   * @param fill is given the place for the file's `length` bytes
   * @throws IndexError as `EncodingIndex.open`
   */
  static load(
    length: number,
    fill: (target: Uint8Array) => void,
    expected: IndexExpectation,
    options: SharedStoreOptions = {},
  ): SharedStore {
    const pages = Math.ceil((KERNEL_BYTES + length + 16) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
    const target = new Uint8Array(memory.buffer, KERNEL_BYTES, length);
    fill(target);
    return new SharedStore(memory, EncodingIndex.open(target, expected), options);
  }

  /** As `load`, of bytes that are in memory already. */
  static of(bytes: Uint8Array, expected: IndexExpectation, options: SharedStoreOptions = {}): SharedStore {
    return SharedStore.load(bytes.length, target => target.set(bytes), expected, options);
  }

  /** Rows that a filter has a byte for: the index's, then the tail's. */
  get rows(): number {
    return this.layout.count + this.#tail.length;
  }

  /** Garments that can be found. */
  get size(): number {
    return this.rows - this.#state[STATE.dead]!;
  }

  /** Whether nothing has changed since the index was built. */
  get isPristine(): boolean {
    return this.#tail.length === 0 && this.#state[STATE.dead] === 0;
  }

  isAlive(row: number): boolean {
    return this.#alive[row] === 1;
  }

  sku(row: number): string {
    return this.#tail[row - this.layout.count] ?? this.index.sku(row);
  }

  /** The row of a garment that can be found, or -1. */
  rowOf(sku: string): number {
    const row = this.index.rowOf(sku);
    if (row >= 0 && this.isAlive(row)) return row;
    const added = this.#tailRows.get(sku);
    return added !== undefined && this.isAlive(added) ? added : -1;
  }

  posterior(row: number): Posterior {
    const { count, latentDim, tailMu, tailSigma } = this.layout;
    if (row < count) return this.index.posterior(row);
    const offset = (row - count) * latentDim * 4;
    return {
      mu: new Float32Array(this.memory.buffer, tailMu + offset, latentDim),
      sigma: new Float32Array(this.memory.buffer, tailSigma + offset, latentDim),
    };
  }

  /**
   * Adds a garment, or replaces its encoding. No search may be under way.
   * @throws TailFullError where there is no room; MatchingError for numbers no search takes
   */
  insert(sku: string, posterior: Posterior): void {
    const { count, latentDim, tailCapacity } = this.layout;
    if (this.#tail.length === tailCapacity) {
      throw new TailFullError(`${tailCapacity} garments were added since the index was built: build it anew.`);
    }
    const [mu, sigma] = [Float32Array.from(posterior.mu), Float32Array.from(posterior.sigma)];
    if (mu.length !== latentDim || sigma.length !== latentDim || !isInDomain(mu, sigma)) {
      throw new MatchingError(
        `The encoding of garment ${sku} cannot be searched; expected ${latentDim} means up to ${DOMAIN.mu} and sigmas from ${DOMAIN.sigma.join(' to ')}.`,
      );
    }
    this.remove(sku);
    const row = count + this.#tail.length;
    this.#tail.push(sku);
    this.#tailRows.set(sku, row);
    const place = this.posterior(row);
    place.mu.set(mu);
    place.sigma.set(sigma);
    this.#alive[row] = 1;
    this.#state[STATE.tail] = this.#tail.length;
    const orders = new Float64Array(this.memory.buffer, this.layout.tailOrder, tailCapacity);
    orders.set(this.#order.add(sku));
  }

  /** Takes a garment away. No search may be under way. @returns whether it was there */
  remove(sku: string): boolean {
    const row = this.rowOf(sku);
    if (row < 0) return false;
    this.#alive[row] = 0;
    this.#state[STATE.dead] = this.#state[STATE.dead]! + 1;
    return true;
  }

  /** Every garment that can be found, to build the next index from. */
  *entries(): Generator<IndexEntry> {
    for (let row = 0; row < this.rows; row += 1) {
      if (!this.isAlive(row)) continue;
      const pictureSha256 = row < this.layout.count ? this.index.pictureSha256(row) : undefined;
      yield { sku: this.sku(row), ...this.posterior(row), ...(pictureSha256 && { pictureSha256 }) };
    }
  }
}
