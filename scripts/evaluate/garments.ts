/** The garments of an indexed store, by the rows of its index: their pictures, kinds and attributes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import type { Attributes } from '../../device/inventory/garment.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';

export interface Garments {
  /** The picture file's bytes. */
  picture(row: number): Promise<Uint8Array>;
  category(row: number): string | null;
  attributes(row: number): Attributes;
}

/** Reads from a state folder. */
export class IndexedGarments implements Garments {
  readonly #data: string;
  readonly #index: EncodingIndex;
  readonly #catalogue: Catalogue;

  private constructor(data: string, index: EncodingIndex, catalogue: Catalogue) {
    this.#data = data;
    this.#index = index;
    this.#catalogue = catalogue;
  }

  /** @throws LookdialError where there is no catalogue in the state folder */
  static open(data: string, index: EncodingIndex): IndexedGarments {
    return new IndexedGarments(data, index, Catalogue.open(join(data, CATALOGUE_DATABASE)));
  }

  /** The same garments by the rows of another index over some of them; one `close` is for both. */
  over(index: EncodingIndex): IndexedGarments {
    return new IndexedGarments(this.#data, index, this.#catalogue);
  }

  #item(row: number) {
    const sku = this.#index.sku(row);
    const item = this.#catalogue.item(sku);
    if (item === undefined) {
      throw new LookdialError(
        'index-invalid',
        `The index in ${this.#data} has garment ${sku}, and the catalogue beside it does not: index the store again.`,
      );
    }
    return item;
  }

  async picture(row: number): Promise<Uint8Array> {
    const { sku, picture } = this.#item(row);
    if (picture === null) {
      throw new LookdialError('index-invalid', `Garment ${sku} is encoded and has no picture: index the store again.`);
    }
    return readFile(picturePath(this.#data, picture));
  }

  category(row: number): string | null {
    return this.#item(row).category;
  }

  attributes(row: number): Attributes {
    return this.#item(row).attributes;
  }

  close(): void {
    this.#catalogue.close();
  }
}

/** The category a conditional bundle is asked with for a garment; undefined for a bundle without conditions. */
export function conditionOf(
  conditions: { readonly categories: readonly string[]; readonly default: string } | undefined,
  category: string | null,
): string | undefined {
  if (conditions === undefined) return undefined;
  return category !== null && conditions.categories.includes(category) ? category : conditions.default;
}

/**
 * The index without the garments of some categories.
 * @throws LookdialError `store-invalid` for a category that no garment has
 */
export function leaveOut(index: EncodingIndex, garments: Garments, categories: readonly string[]): EncodingIndex {
  if (categories.length === 0) return index;
  const { encoderDigest, latentDim, tolerance } = index;
  const rows = Array.from({ length: index.count }, (_, row) => row);
  const known = [...new Set(rows.map(row => garments.category(row) ?? ''))].filter(name => name !== '').sort();
  const unknown = categories.find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new LookdialError(
      'store-invalid',
      `No garment of the store is of category ${JSON.stringify(unknown)}; there are ${known.join(', ') || 'none'}.`,
    );
  }
  const entries = rows
    .filter(row => !categories.includes(garments.category(row) ?? ''))
    .map(row => ({ sku: index.sku(row), ...index.posterior(row) }));
  const bytes = buildIndex({ encoderDigest, latentDim, tolerance, entries });
  return EncodingIndex.open(bytes, { encoderDigest, latentDim });
}

/** The catalogue's numbers and yes-or-noes as columns, one number a row; NaN where it says nothing. */
export function numericAttributes(garments: Garments, count: number): Map<string, Float64Array> {
  const columns = new Map<string, Float64Array>();
  for (let row = 0; row < count; row += 1) {
    for (const [name, value] of Object.entries(garments.attributes(row))) {
      if (typeof value === 'string') continue;
      const column = columns.get(name) ?? new Float64Array(count).fill(Number.NaN);
      column[row] = Number(value);
      columns.set(name, column);
    }
  }
  return columns;
}
