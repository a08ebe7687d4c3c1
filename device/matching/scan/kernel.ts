/** The compiled kernel's face: what assembly/index.ts exports. */

export interface Kernel {
  attachIndex(
    latentDim: number,
    count: number,
    regionSize: number,
    active: number,
    mu: number,
    sigma: number,
    rows: number,
    codes: number,
    cells: number,
    boxes: number,
    fine: number,
    dimensions: number,
    tailMu: number,
    tailSigma: number,
  ): void;
  attachWork(
    query: number,
    order: number,
    losses: number,
    tables: number,
    grid: number,
    waiting: number,
    passing: number,
    best: number,
    candidates: number,
  ): void;
  usePrepared(prepared: number): void;
  prepare(tauSquared: number): void;
  begin(tauSquared: number, constant: number, allowed: number, cancelled: number): void;
  seekTop(k: number, shared: number): void;
  seekSum(cut: number, shared: number): void;
  warm(list: number, k: number): void;
  raiseBar(value: number): void;
  scoreRows(from: number, to: number): void;
  scoreAllowed(): number;
  intersect(to: number, a: number, b: number, length: number): number;
  orderRegions(): void;
  sampleRegion(): void;
  scanRegions(next: number): number;
  candidatesLeft(): number;
  logSum(): number;
  passedCodes(): number;
  scoredWide(): number;
}

/** What `scoreAllowed` and `scanRegions` answer. */
export const OUTCOME = { answered: 0, cancelled: 1, overflowed: 2 } as const;

/** Most hits the kernel keeps. */
export const MAX_K = 200;
/** Rows that may wait to be scored, and candidates kept beyond the k best (16 bytes each). */
export const WAITING = 256 + 64;
export const CANDIDATES = 8192;
/** The grid of a region (assembly/fine.ts), and the bounds behind it. */
export const GRID_BYTES = 6 * 288 + 32;
/** The first bytes of the memory hold the kernel's own constants. */
export const KERNEL_BYTES = 65_536;

export const instantiate = (kernel: WebAssembly.Module, memory: WebAssembly.Memory): Kernel => {
  const abort = (): never => {
    throw new Error('The search kernel stopped at an assertion.');
  };
  const { exports } = new WebAssembly.Instance(kernel, { env: { memory, abort } });
  return exports as unknown as Kernel;
};
