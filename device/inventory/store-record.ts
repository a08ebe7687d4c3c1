/** What the catalogue says of the store as a whole: where it came from, and the model that its index is of. */
import type { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';
import type { Problem } from './problem-table.ts';

/** A model that an update brought. */
export interface StoreModel {
  /** Name of its folder among the editions. */
  readonly edition: string;
  /** SHA-256 in hex. */
  readonly encoderDigest: string;
  /** Id of the bundle that it is an update of: in the place of another it is not taken. */
  readonly of: string;
}

export interface StoreMetadata {
  readonly name: string;
  /** True for a collection that is made up. */
  readonly demonstration: boolean;
  /** The folder the garments came from. */
  readonly source: string;
  /** What the index and the catalogue were made from; equal stamps need no second run. */
  readonly stamp: string;
  /** SHA-256 in hex of the index file that belongs to these garments. */
  readonly index: string;
  /** Set where garments have been imported since: then the folder is not all there is, and is not indexed over them unasked. */
  readonly imported?: boolean;
  /** The model that the index is of, where an update brought one; left out: the one of the settings. */
  readonly model?: StoreModel | undefined;
  /** The one before, whose encodings are kept; null: that of the settings; left out: there was none. */
  readonly modelBefore?: StoreModel | null | undefined;
}

/** Another model serves. */
export interface ModelChanged {
  /** Undefined: the one of the settings. */
  readonly model: StoreModel | undefined;
  /** What is left is not to be gone back to. */
  readonly goesBack?: boolean;
  readonly problems: readonly Problem[];
}

/** What is to be known of the model that a run encodes by. */
export interface RunModel {
  /** What the catalogue said when the run began; undefined: the model of the settings. */
  readonly model?: StoreModel | undefined;
}

/**
 * What the catalogue is to say of the model after a run.
 * @param id of the bundle of the settings
 * @throws LookdialError `store-invalid` where the store has gone over to another model since the run began
 */
export function modelAfter(
  store: StoreMetadata | undefined,
  { model }: RunModel,
  id: string,
): Pick<StoreMetadata, 'model' | 'modelBefore'> {
  const now = store?.model?.of === id ? store.model : undefined;
  if (now?.edition !== model?.edition) {
    throw new LookdialError('store-invalid', 'The store has gone over to another model meanwhile. Run it again.');
  }
  return now === undefined ? {} : { model: now, modelBefore: store?.modelBefore };
}

export function putStore(database: DatabaseSync, store: StoreMetadata): void {
  database.prepare("INSERT OR REPLACE INTO metadata VALUES ('store', ?)").run(JSON.stringify(store));
}

export function storeOf(database: DatabaseSync): StoreMetadata | undefined {
  const value = database.prepare("SELECT value FROM metadata WHERE name = 'store'").get()?.value;
  return typeof value === 'string' ? (JSON.parse(value) as StoreMetadata) : undefined;
}
