/**
 * Which encoding each garment is matched by, where the index, the log and the catalogue tell of different moments. The
 * catalogue decides: a garment is matched by the newest encoding that was made from the picture its row names, and by
 * none where there is none.
 */
import type { LogRecord, PutRecord } from '../matching/encoding-log.ts';
import { atOnce } from '../slices.ts';
import type { GarmentPicture } from './garment.ts';

/** What this needs of an index. */
export interface IndexedRows {
  readonly count: number;
  sku(row: number): string;
  pictureSha256(row: number): Uint8Array | undefined;
}

export interface LiveChanges {
  /** Encodings to put beside the index, or over a row of it. */
  readonly put: readonly PutRecord[];
  /** Rows of the index that are not to be matched. */
  readonly removed: readonly string[];
}

const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

/** Rows of the index that are looked at before whoever else waits is let in: each may take a digest for every kind. */
const SLICE = 200;

/**
 * What turns the index into the store as it is, in slices of the index's rows.
 * @param pictures of every garment of the catalogue; null where it has none
 * @param belongs whether an encoding was made from a picture
 */
export function* liveChangesBySlices(
  index: IndexedRows,
  records: readonly LogRecord[],
  pictures: ReadonlyMap<string, GarmentPicture | null>,
  belongs: (digest: Uint8Array, picture: GarmentPicture | null | undefined) => boolean,
): Generator<void, LiveChanges> {
  const newest = new Map<string, PutRecord>();
  const changed = new Set<string>();
  for (const record of records) {
    changed.add(record.sku);
    if (record.kind === 'put' && belongs(record.pictureSha256, pictures.get(record.sku))) {
      newest.set(record.sku, record);
    }
  }
  const removed: string[] = [];
  for (let row = 0; row < index.count; row += 1) {
    if (row % SLICE === SLICE - 1) yield;
    const sku = index.sku(row);
    const picture = pictures.get(sku);
    const digest = index.pictureSha256(row);
    // An index that does not say what it was made from is taken at its word until the log says otherwise.
    const isRight = picture !== undefined && (digest === undefined ? !changed.has(sku) : belongs(digest, picture));
    const put = newest.get(sku);
    if (put !== undefined && same(digest, put.pictureSha256)) newest.delete(sku);
    else if (put === undefined && !isRight) removed.push(sku);
  }
  return { put: [...newest.values()], removed };
}

/** The same at once. */
export const liveChanges = (...parts: Parameters<typeof liveChangesBySlices>): LiveChanges =>
  atOnce(liveChangesBySlices(...parts));
