/** Where the tail's SKUs stand among the index's, so that ties fall the same way whether a garment is in the index or the tail. */
import type { EncodingIndex } from '../index-file.ts';

export class SkuOrder {
  readonly #index: EncodingIndex;
  /** The tail's SKUs in ascending order, each with its place in the tail. */
  readonly #sorted: { readonly sku: string; readonly place: number; readonly before: number }[] = [];

  constructor(index: EncodingIndex) {
    this.#index = index;
  }

  /**
   * Adds the tail's next SKU. Gives, for every row of the tail, its order: between those of the index's rows (which are their
   * row numbers) that its SKU lies between. Of one SKU twice, which only deleted rows are, the order does not matter.
   */
  add(sku: string): Float64Array {
    const sorted = this.#sorted;
    const place = sorted.length;
    const at = lowerBound(sorted.length, i => sorted[i]!.sku < sku);
    sorted.splice(at, 0, { sku, place, before: lowerBound(this.#index.count, row => this.#index.sku(row) < sku) });
    const orders = new Float64Array(sorted.length);
    sorted.forEach((one, rank) => {
      orders[one.place] = one.before - 1 + (rank + 1) / (sorted.length + 1);
    });
    return orders;
  }
}

/** How many of `length` things, those that come first, are before something. */
function lowerBound(length: number, isBefore: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
