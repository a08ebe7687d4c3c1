/**
 * Where everything lies in the one shared memory. Each thread has an instance of this module of its own, so that these
 * variables are a thread's own, while the numbers they point at are everybody's. The host lays the memory out
 * (device/matching/scan/layout.ts) and tells the kernel once, with `attachIndex` and `attachWork`.
 */

/** Latent dimensions, and the same rounded up to a multiple of 4: the length of every row of boxes. */
export let n: i32 = 0;
export let n4: i32 = 0;
/** Garments in the index; rows from `count` on are the tail's. */
export let count: u32 = 0;
/** Garments a region (a multiple of 64; the last region may hold fewer), and regions. */
export let regionSize: u32 = 0;
export let regions: u32 = 0;
/** Dimensions with cells, and the bytes a garment's codes take: two dimensions a byte. */
export let active: i32 = 0;
export let packed: i32 = 0;
/** Dimensions with cells, rounded up to a multiple of 4. */
export let active4: i32 = 0;

/** count x n float32, garments in order of SKU; then the tail's. */
export let mu: usize = 0;
export let sigma: usize = 0;
export let tailMu: usize = 0;
export let tailSigma: usize = 0;
/** u32 a slot: the row of the garment that lies there. */
export let rows: usize = 0;
/** 64 garments at a time: `packed` runs of 64 bytes; low half of a byte: the even dimension's cell, high half: the odd one's. */
export let codes: usize = 0;
/** A region's `active` dimensions: muLow, muHigh, sigmaLow, sigmaHigh of 16 cells each. */
export let cells: usize = 0;
/** A region's box: muLow, muHigh, sigmaLow, sigmaHigh, mean of mu, mean of 1 / sigma^2, of n4 dimensions each. */
export let boxes: usize = 0;
/** A slot's codes of 8 bits: `active4` of mu, then as many of sigma. */
export let fine: usize = 0;
/** u8 an active dimension: which one it is. */
export let dimensions: usize = 0;

/** The thread's own: see `Work` in layout.ts. */
export let query: usize = 0;
export let prepared: usize = 0;
export let order: usize = 0;
export let losses: usize = 0;
export let tables: usize = 0;
export let grid: usize = 0;
export let most: usize = 0;
export let waiting: usize = 0;
export let passing: usize = 0;
export let best: usize = 0;
export let candidates: usize = 0;

export const CELLS: i32 = 16;
/** Six rows of the grid (fine.ts), 72 numbers each, and behind them `most` (tables.ts). */
@inline
export const GRID_BYTES: usize = 6 * 288;
/** Bytes of one dimension's 16 cells, four numbers each; of the same prepared for a tolerance. */
export const CELL_BYTES: i32 = 4 * 16 * 4;

export function attachIndex(
  n_: i32,
  count_: u32,
  regionSize_: u32,
  active_: i32,
  mu_: usize,
  sigma_: usize,
  rows_: usize,
  codes_: usize,
  cells_: usize,
  boxes_: usize,
  fine_: usize,
  dimensions_: usize,
  tailMu_: usize,
  tailSigma_: usize,
): void {
  n = n_;
  n4 = (n_ + 3) & ~3;
  count = count_;
  regionSize = regionSize_;
  regions = (count_ + regionSize_ - 1) / regionSize_;
  active = active_;
  packed = (active_ + 1) >> 1;
  active4 = (active_ + 3) & ~3;
  mu = mu_;
  sigma = sigma_;
  rows = rows_;
  codes = codes_;
  cells = cells_;
  boxes = boxes_;
  fine = fine_;
  dimensions = dimensions_;
  tailMu = tailMu_;
  tailSigma = tailSigma_;
}

export function attachWork(
  query_: usize,
  order_: usize,
  losses_: usize,
  tables_: usize,
  grid_: usize,
  waiting_: usize,
  passing_: usize,
  best_: usize,
  candidates_: usize,
): void {
  query = query_;
  order = order_;
  losses = losses_;
  tables = tables_;
  grid = grid_;
  most = grid_ + GRID_BYTES;
  waiting = waiting_;
  passing = passing_;
  best = best_;
  candidates = candidates_;
}

/** The query's block: z, the float32 numbers just below and above it, and which dimensions count (as masks). */
@inline
export const Z: usize = 0;
@inline
export const Z_LOW: usize = 64 * 8;
@inline
export const Z_HIGH: usize = 64 * 12;
@inline
export const ON: usize = 64 * 16;
@inline
export const ON_WIDE: usize = 64 * 20;
@inline
export const FOLDED: usize = 64 * 28;
/** Where the cells prepared for the query's tolerance are, or are to be put. */
export function usePrepared(prepared_: usize): void {
  prepared = prepared_;
}
