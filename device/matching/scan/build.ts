/**
 * Makes the scan's parts of a store: garments into regions by a kd-split, and in each region 16 cells a dimension.
 * The same store gives the same parts on every machine: there is no chance in it, and no arithmetic but float64's.
 */
import type { Gaussians } from '../score-tables.ts';
import { activeDimensions, regionSizeFor } from './choices.ts';
import {
  BOX_NUMBERS,
  CELLS,
  CHUNK,
  partLengths,
  REGION_ROWS,
  roundUp,
  type ScanParts,
  type ScanShape,
} from './parts.ts';
import { selectGroups } from './select.ts';
import { splitIntoRegions } from './split.ts';

export interface ScanBuildOptions {
  /** Garments a region, a multiple of 64; chosen by the number of garments unless given. */
  readonly regionSize?: number;
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** A float32 number's bits, read as a whole number; those of positive numbers are in their order. */
function bitsOf(value: number): number {
  single[0] = value;
  return singleBits[0]!;
}

/** Where a quarter of a bell ends: four cells of mu, and in each four of sigma, narrower in the middle where most garments are. */
const QUARTERS = [0, 0.165, 0.5, 0.835, 1] as const;

const cutsOf = (start: number, end: number): number[] =>
  QUARTERS.map(share => start + Math.floor(share * (end - start)));

/** An empty box: whatever is put in first becomes its bounds. */
const clear = (box: Float32Array, at: number, step: number): void => {
  box[at] = Infinity;
  box[at + step] = -Infinity;
  box[at + 2 * step] = Infinity;
  box[at + 3 * step] = -Infinity;
};

const include = (box: Float32Array, at: number, step: number, mu: number, sigma: number): void => {
  if (mu < box[at]!) box[at] = mu;
  if (mu > box[at + step]!) box[at + step] = mu;
  if (sigma < box[at + 2 * step]!) box[at + 2 * step] = sigma;
  if (sigma > box[at + 3 * step]!) box[at + 3 * step] = sigma;
};

/** A cell without garments lies out of everyone's reach. */
const closeEmpty = (box: Float32Array, at: number, step: number): void => {
  if (box[at]! !== Infinity) return;
  box[at] = 3e38;
  box[at + step] = 3e38;
  box[at + 2 * step] = 1;
  box[at + 3 * step] = 1;
};

/** Cells of one region, dimension by dimension, and the codes of its garments. */
class RegionCoder {
  readonly #store: Gaussians;
  readonly #parts: ScanParts;
  readonly #keys: Float32Array;
  readonly #places: Uint32Array;

  constructor(store: Gaussians, parts: ScanParts) {
    this.#store = store;
    this.#parts = parts;
    this.#keys = new Float32Array(parts.regionSize);
    this.#places = new Uint32Array(parts.regionSize);
  }

  code(region: number): void {
    const { regionSize, count, dimensions, rows } = this.#parts;
    const first = region * regionSize;
    const inside = rows.subarray(first, Math.min(first + regionSize, count));
    this.#box(region, inside);
    for (let j = 0; j < dimensions.length; j += 1) {
      this.#cells(region, first, inside, j);
      this.#fine(region, first, inside, j);
    }
  }

  /** The region's box and means, over all dimensions. */
  #box(region: number, inside: Uint32Array): void {
    const { latentDim, mu, sigma } = this.#store;
    const { boxes } = this.#parts;
    const step = roundUp(latentDim, 4);
    const at = region * REGION_ROWS * step;
    for (let d = 0; d < step; d += 1) {
      clear(boxes, at + d, step);
      let means = 0;
      let precisions = 0;
      if (d >= latentDim) include(boxes, at + d, step, 0, 1);
      else {
        for (const row of inside) {
          const place = row * latentDim + d;
          include(boxes, at + d, step, mu[place]!, sigma[place]!);
          means += mu[place]!;
          precisions += 1 / (sigma[place]! * sigma[place]!);
        }
      }
      boxes[at + BOX_NUMBERS * step + d] = means / inside.length;
      boxes[at + (BOX_NUMBERS + 1) * step + d] = precisions / inside.length;
    }
  }

  #cells(region: number, first: number, inside: Uint32Array, j: number): void {
    const { latentDim, mu, sigma } = this.#store;
    const { dimensions, cells } = this.#parts;
    const d = dimensions[j]!;
    const [keys, places] = [this.#keys, this.#places];
    for (let place = 0; place < inside.length; place += 1) {
      keys[place] = mu[inside[place]! * latentDim + d]!;
      places[place] = place;
    }
    const byMu = cutsOf(0, inside.length);
    selectGroups(keys, places, byMu);
    const at = (region * dimensions.length + j) * BOX_NUMBERS * CELLS;
    for (let group = 0; group < 4; group += 1) {
      const [start, end] = [byMu[group]!, byMu[group + 1]!];
      for (let place = start; place < end; place += 1) keys[place] = sigma[inside[places[place]!]! * latentDim + d]!;
      const bySigma = cutsOf(start, end);
      selectGroups(keys, places, bySigma);
      for (let part = 0; part < 4; part += 1) {
        const cell = 4 * group + part;
        clear(cells, at + cell, CELLS);
        for (let place = bySigma[part]!; place < bySigma[part + 1]!; place += 1) {
          const slot = places[place]!;
          const from = inside[slot]! * latentDim + d;
          include(cells, at + cell, CELLS, mu[from]!, sigma[from]!);
          this.#put(first + slot, j, cell);
        }
        closeEmpty(cells, at + cell, CELLS);
      }
    }
  }

  /** 8 bits of mu, by even steps over the region's box; 8 of sigma, by even steps over its bits, which are in its order. */
  #fine(region: number, first: number, inside: Uint32Array, j: number): void {
    const { latentDim, mu, sigma } = this.#store;
    const { dimensions, boxes, fine } = this.#parts;
    const d = dimensions[j]!;
    const row = roundUp(latentDim, 4);
    const box = region * REGION_ROWS * row + d;
    const low = boxes[box]!;
    const step = Math.fround(Math.fround(boxes[box + row]! - low) / 256);
    const narrow = bitsOf(boxes[box + 2 * row]!);
    const sigmaStep = ((bitsOf(boxes[box + 3 * row]!) - narrow) >> 8) + 1;
    const half = roundUp(dimensions.length, 4);
    for (let place = 0; place < inside.length; place += 1) {
      const from = inside[place]! * latentDim + d;
      const at = 2 * half * (first + place) + j;
      fine[at] = step === 0 ? 0 : Math.min(255, Math.floor((mu[from]! - low) / step));
      fine[at + half] = Math.floor((bitsOf(sigma[from]!) - narrow) / sigmaStep);
    }
  }

  #put(slot: number, j: number, cell: number): void {
    const packed = (this.#parts.dimensions.length + 1) >> 1;
    const chunk = slot - (slot % CHUNK);
    const place = chunk * packed + (j >> 1) * CHUNK + (slot % CHUNK);
    this.#parts.codes[place] = this.#parts.codes[place]! | (cell << ((j & 1) * 4));
  }
}

/**
 * Builds the scan's parts, yielding the share done, 0 to 1, every few thousand garments. Beside the parts themselves it
 * takes 4 bytes a garment.
 * @param store numbers within `DOMAIN`
 */
export function* buildScan(store: Gaussians, options: ScanBuildOptions = {}): Generator<number, ScanParts> {
  const { count, latentDim } = store;
  const shape: ScanShape = {
    count,
    latentDim,
    regionSize: options.regionSize ?? regionSizeFor(count),
    dimensions: activeDimensions(store),
  };
  const lengths = partLengths(shape);
  const parts: ScanParts = {
    ...shape,
    rows: new Uint32Array(lengths.rows),
    codes: new Uint8Array(lengths.codes),
    cells: new Float32Array(lengths.cells),
    boxes: new Float32Array(lengths.boxes),
    fine: new Uint8Array(lengths.fine),
  };
  for (const share of splitIntoRegions(store, shape.regionSize, parts.rows)) yield share / 2;
  const coder = new RegionCoder(store, parts);
  for (let region = 0; region < lengths.regions; region += 1) {
    coder.code(region);
    yield 0.5 + (region + 1) / lengths.regions / 2;
  }
  return parts;
}

/** `buildScan` to its end. @param progress told the share done, 0 to 1 */
export function buildScanNow(
  store: Gaussians,
  options: ScanBuildOptions = {},
  progress: (share: number) => void = () => undefined,
): ScanParts {
  const steps = buildScan(store, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    progress(step.value);
  }
}
