/** An edition and what has come and gone since its index was built: made of what a state folder holds, and of what arrives. */
import type { Catalogue } from '../inventory/catalogue.ts';
import { liveChangesBySlices } from '../inventory/live-encodings.ts';
import { pictureBelongs } from '../inventory/picture-digest.ts';
import type { PutRecord } from '../matching/encoding-log.ts';
import { inTurns } from '../slices.ts';
import { type Edition, type EditionParts, openEditionBeside } from './edition.ts';
import { buildNextIndex } from './next-index.ts';
import type { StoreDisk, StoreReading } from './store-disk.ts';

/** A change of what is matched: an encoding, or none any more. */
export type Change = PutRecord | { readonly kind: 'delete'; readonly sku: string };

/** With less than this share of its room left, an index is to be built anew. */
const LOW = 0.25;

/** What makes editions of a store's indices, beside the one that is served. */
export const openerOf =
  (
    parts: Pick<EditionParts, 'bundle' | 'inference' | 'names' | 'tailCapacity'> & {
      readonly catalogue: Catalogue;
      readonly disk: StoreDisk;
    },
  ) =>
  (indexBytes: Uint8Array): Promise<Edition> => {
    const { bundle, inference, names, tailCapacity, catalogue, disk } = parts;
    const { indexPath } = disk;
    const attributesOf: EditionParts['attributesOf'] = sku => catalogue.item(sku)?.attributes;
    return openEditionBeside({ bundle, inference, indexBytes, indexPath, attributesOf, names, tailCapacity });
  };

export class LiveEdition {
  readonly edition: Edition;
  /** Encodings that the index has not, or has otherwise, by SKU. */
  readonly #added = new Map<string, PutRecord>();
  /** SKUs whose rows of the index are not matched any more. */
  readonly #gone = new Set<string>();

  constructor(edition: Edition) {
    this.edition = edition;
  }

  /**
   * The store of a state folder. Where more has come than the search has room for, an index is built of it first.
   * @param open makes an edition of an index
   */
  static async of(
    reading: Pick<StoreReading, 'indexBytes' | 'records' | 'pictures'>,
    open: (indexBytes: Uint8Array) => Promise<Edition>,
  ): Promise<LiveEdition> {
    const live = new LiveEdition(await open(reading.indexBytes));
    const { index, bundle, garments, search } = live.edition;
    const belongs = pictureBelongs(bundle.manifest);
    const changes = await inTurns(liveChangesBySlices(index, reading.records, reading.pictures, belongs));
    if (changes.put.length > garments.room) {
      for (const record of changes.put) live.#added.set(record.sku, record);
      for (const sku of changes.removed) live.#gone.add(sku);
      const bytes = await live.buildNext();
      await search.close();
      return new LiveEdition(await open(bytes));
    }
    await live.apply([...changes.removed.map(sku => ({ kind: 'delete' as const, sku })), ...changes.put]);
    return live;
  }

  /** How many encodings are beside the index, or missing from it. */
  get changes(): number {
    return this.#added.size + this.#gone.size;
  }

  /** Whether there is little room left for encodings beside the index. */
  get isLow(): boolean {
    const { garments, index } = this.edition;
    const used = garments.count - index.count;
    return garments.room < LOW * (garments.room + used);
  }

  /**
   * Makes changes searchable, in their order.
   * @throws TailFullError where there is no room; MatchingError for an encoding that cannot be searched
   */
  async apply(changes: readonly Change[]): Promise<void> {
    const { search, index } = this.edition;
    if (changes.length > 0) await search.warm();
    for (const change of changes) {
      if (change.kind === 'put') {
        await search.insert(change.sku, {
          mu: Float32Array.from(change.mu),
          sigma: Float32Array.from(change.sigma),
        });
        this.#added.set(change.sku, change);
      } else {
        await search.remove(change.sku);
        this.#added.delete(change.sku);
      }
      if (index.rowOf(change.sku) >= 0) this.#gone.add(change.sku);
    }
  }

  /** The index of the store as it is now, whatever comes while it is built. */
  buildNext(signal?: AbortSignal): Promise<Uint8Array> {
    const { bundle, indexBytes: bytes } = this.edition;
    const { encoderDigest, manifest } = bundle;
    const { latentDim, tolerance } = manifest;
    const added = [...this.#added.values()];
    const replaced = [...this.#gone, ...this.#added.keys()];
    return buildNextIndex({ bytes, encoderDigest, latentDim, tolerance, replaced, added }, signal);
  }
}
