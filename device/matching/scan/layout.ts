/** Where everything of one store lies in its shared memory. Plain numbers, so that every thread can be told. */
import { CANDIDATES, GRID_BYTES, KERNEL_BYTES, MAX_K, WAITING } from './kernel.ts';
import { CELLS, partLengths, roundUp, type ScanShape } from './parts.ts';

/** A thread's own working space; lengths in bytes are in `Arena.thread`. */
export interface Work {
  readonly query: number;
  /** The cells prepared for a tolerance: two of them, for the order's and the shares'. */
  readonly prepared: readonly [number, number];
  readonly order: number;
  readonly losses: number;
  readonly tables: number;
  readonly grid: number;
  readonly waiting: number;
  readonly passing: number;
  readonly best: number;
  readonly candidates: number;
  /** One byte a row: the query's filter AND what is alive. */
  readonly allowed: number;
  readonly warm: number;
}

export interface StoreLayout extends Omit<ScanShape, 'dimensions'> {
  readonly active: number;
  /** Whether every number is one that the kernel's arithmetic was proved for. */
  readonly inDomain: boolean;
  /** tau of the typicality. */
  readonly tolerance: number;
  readonly mu: number;
  readonly sigma: number;
  readonly rows: number;
  readonly codes: number;
  readonly cells: number;
  readonly boxes: number;
  readonly fine: number;
  readonly dimensions: number;
  /** Garments added since the index was built, at most. */
  readonly tailCapacity: number;
  readonly tailMu: number;
  readonly tailSigma: number;
  /** f64 a row of the tail: its place among the index's rows in the order of SKUs, between two of them. */
  readonly tailOrder: number;
  /** One byte a row, the tail's behind the index's: 0 where the garment was deleted or replaced. */
  readonly alive: number;
  /** i32 each: see `STATE`. */
  readonly state: number;
  readonly work: readonly Work[];
}

/** Places in the store's state, in units of 4 bytes: what has changed, and what the threads of one query share. */
export const STATE = {
  tail: 0,
  dead: 1,
  cancelled: 2,
  /** Three counters of regions, for the order, the shares and the typicality; three bars of 8 bytes. */
  next: 4,
  bars: 8,
  length: 16,
} as const;

/** Offsets in a query's block (assembly/store.ts). */
export const QUERY = {
  z: 0,
  low: 512,
  high: 768,
  on: 1024,
  onWide: 1280,
  folded: 1792,
  bytes: 2048,
} as const;

/** Hands out places one after another, each at a multiple of 64 bytes. */
export class Arena {
  end: number;

  constructor(start: number = KERNEL_BYTES) {
    this.end = roundUp(start, 64);
  }

  take(bytes: number): number {
    const start = this.end;
    // A vector of 16 bytes may be read across the end of anything.
    this.end = roundUp(start + bytes + 16, 64);
    return start;
  }

  thread(shape: ScanShape, tailCapacity: number): Work {
    const { regions } = partLengths(shape);
    const row = 4 * roundUp(shape.latentDim, 4);
    const prepared = regions * (shape.dimensions.length * 4 * 4 * CELLS + 4 * row);
    return {
      query: this.take(QUERY.bytes),
      prepared: [this.take(prepared), this.take(prepared)],
      order: this.take(16 * regions),
      losses: this.take(64 * 4 * CELLS),
      tables: this.take(66 * CELLS),
      grid: this.take(GRID_BYTES),
      waiting: this.take(4 * WAITING),
      passing: this.take(4 * WAITING),
      best: this.take(8 * (MAX_K + 1)),
      candidates: this.take(16 * CANDIDATES),
      allowed: this.take(shape.count + tailCapacity),
      warm: this.take(4 * MAX_K),
    };
  }
}
