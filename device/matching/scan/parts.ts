/**
 * What the scan adds to an index: the garments' places in regions, their codes, and the boxes the codes stand for.
 * They lie in optional sections of the index file (models/INDEX.md, "The scan's sections") or are made when it is opened.
 */
import { IndexError } from '../errors.ts';

/** Cells a dimension: a code is 4 bits. */
export const CELLS = 16;
/** Garments are scanned 64 at a time. */
export const CHUNK = 64;
/** Numbers a cell or a box has: the smallest and largest mu, the smallest and largest sigma. */
export const BOX_NUMBERS = 4;
/** A region's box has two rows more: the mean of mu and the mean of 1 / sigma^2, which only say where to look first. */
export const REGION_ROWS = BOX_NUMBERS + 2;

export interface ScanShape {
  /** Garments, and dimensions of z. */
  readonly count: number;
  readonly latentDim: number;
  /** Garments a region, a multiple of 64. */
  readonly regionSize: number;
  /** Dimensions that have cells, the one that tells garments apart best first. The others are in the regions' boxes alone. */
  readonly dimensions: Uint8Array;
}

export interface ScanParts extends ScanShape {
  /** Row of the garment in each slot: a permutation of 0 to count - 1. */
  readonly rows: Uint32Array;
  /** For 64 slots at a time and two dimensions at a time, 64 bytes: low half the first dimension's cell, high half the second's. */
  readonly codes: Uint8Array;
  /** For each region and each dimension with cells: muLow, muHigh, sigmaLow, sigmaHigh, 16 each. */
  readonly cells: Float32Array;
  /** For each slot: 8 bits of mu a dimension with cells, their number rounded up to a multiple of 4, then 8 bits of sigma each. */
  readonly fine: Uint8Array;
  /** For each region: muLow, muHigh, sigmaLow, sigmaHigh, mean of mu, mean of 1 / sigma^2, each n rounded up to a multiple of 4. */
  readonly boxes: Float32Array;
}

export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Lengths, in elements, of the arrays of `ScanParts`. */
export function partLengths({ count, latentDim, regionSize, dimensions }: ScanShape): {
  regions: number;
  rows: number;
  codes: number;
  cells: number;
  boxes: number;
  fine: number;
} {
  const regions = Math.ceil(count / regionSize);
  return {
    regions,
    rows: count,
    codes: roundUp(count, CHUNK) * Math.ceil(dimensions.length / 2),
    cells: regions * dimensions.length * BOX_NUMBERS * CELLS,
    boxes: regions * REGION_ROWS * roundUp(latentDim, 4),
    fine: 2 * count * roundUp(dimensions.length, 4),
  };
}

/** What the kernel's float32 arithmetic was proved for; a store with other numbers takes the exhaustive search. */
export const DOMAIN = { sigma: [3.2e-5, 3e4], mu: 1e6, tolerance: 3e4 } as const;

/** Whether every number of the store is within `DOMAIN`. */
export function isInDomain(mu: Float32Array, sigma: Float32Array): boolean {
  const [low, high] = DOMAIN.sigma;
  for (let place = 0; place < mu.length; place += 1) {
    if (!(Math.abs(mu[place]!) <= DOMAIN.mu && sigma[place]! >= low && sigma[place]! <= high)) return false;
  }
  return true;
}

/**
 * Checks what a checksum cannot: that the parts fit the store.
 * @throws IndexError `layout` or `content`
 */
export function checkParts(parts: ScanParts): void {
  const { latentDim, regionSize, dimensions, rows, count } = parts;
  if (!Number.isInteger(regionSize) || regionSize < CHUNK || regionSize % CHUNK !== 0) {
    throw new IndexError('layout', `The scan's regions hold ${regionSize} garments; expected a multiple of ${CHUNK}.`);
  }
  if (new Set(dimensions).size !== dimensions.length || dimensions.some(d => d >= latentDim)) {
    throw new IndexError(
      'content',
      `The scan's cells are of dimensions ${dimensions.join(', ')}; expected some of 0 to ${latentDim - 1}, each once.`,
    );
  }
  const lengths = partLengths(parts);
  for (const name of ['rows', 'codes', 'cells', 'boxes', 'fine'] as const) {
    if (parts[name].length !== lengths[name]) {
      throw new IndexError(
        'layout',
        `The scan's ${name} have length ${parts[name].length}; expected ${lengths[name]} for ${count} garments.`,
      );
    }
  }
  const seen = new Uint8Array(count);
  rows.forEach((row, slot) => {
    if (row >= count || seen[row] === 1) {
      throw new IndexError('content', `Slot ${slot} of the scan holds row ${row}; expected each row once.`);
    }
    seen[row] = 1;
  });
}
