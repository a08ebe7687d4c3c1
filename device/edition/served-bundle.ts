/**
 * Which model a store is served by: the one an update brought, or that of the settings. The catalogue says it, in the same
 * place that it names its index: the two change in one moment.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, openBundle } from '../inference/bundle.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { INDEX_FILE, replaceIndex } from '../inventory/encodings.ts';
import { sha256 } from '../inventory/picture-files.ts';
import type { StoreMetadata, StoreModel } from '../inventory/store-record.ts';
import { lastStore } from '../inventory/store-stamp.ts';
import { IndexError } from '../matching/errors.ts';
import { EncodingIndex } from '../matching/index-file.ts';
import { encoderFolder } from './kept-encodings.ts';

export const UPDATES_FOLDER = 'updates';
const EDITIONS_FOLDER = 'editions';

/** The bundle's folder of an edition that an update brought. */
export const editionFolder = (data: string, edition: string): string =>
  join(data, UPDATES_FOLDER, EDITIONS_FOLDER, edition);

/** The folders of every bundle that a store may be served by, now or again: the one of the settings, and those of updates. */
export async function keptBundles(data: string, settings: string): Promise<string[]> {
  const editions = await readdir(join(data, UPDATES_FOLDER, EDITIONS_FOLDER)).catch(() => []);
  return [settings, ...editions.map(edition => editionFolder(data, edition))];
}

export interface ServedBundle {
  readonly bundle: Bundle;
  /** Undefined where it is the one of the settings. */
  readonly model: StoreModel | undefined;
  /** The one of the settings. */
  readonly settings: Bundle;
}

/**
 * The model that the index of a state folder is of.
 * @param settings the bundle's folder of the settings, and the state folder
 * @throws LookdialError `bundle-invalid`, naming the file
 */
export async function servedBundle({ bundle: folder, data }: { bundle: string; data: string }): Promise<ServedBundle> {
  const settings = await openBundle(folder);
  const model = updateOf(settings, lastStore(data));
  const bundle = model === undefined ? settings : await openBundle(editionFolder(data, model.edition));
  return { bundle, model, settings };
}

/** An update of another bundle than the one of the settings is not asked for any more. */
const updateOf = ({ manifest }: Bundle, store: StoreMetadata | undefined): StoreModel | undefined =>
  store?.model?.of === manifest.id ? store.model : undefined;

/**
 * Goes back to the model before while nothing is served: the store as that model encoded it takes the place of the index. What
 * has arrived since is encoded when the store is opened.
 * @returns the model; undefined where none is kept to go back to
 * @throws LookdialError `bundle-invalid` where its files are damaged too
 */
export async function goBack(
  { bundle: folder, data }: { bundle: string; data: string },
  catalogue: Catalogue,
): Promise<ServedBundle | undefined> {
  const { store } = catalogue;
  if (store?.model === undefined || store.modelBefore === undefined) return undefined;
  const model = store.modelBefore ?? undefined;
  const settings = await openBundle(folder);
  const bundle = model === undefined ? settings : await openBundle(editionFolder(data, model.edition));
  const bytes = await keptIndex(data, bundle);
  if (bytes === undefined) return undefined;
  const index = sha256(bytes).toString('hex');
  await replaceIndex(data, bytes, () => catalogue.setModel(index, { model, goesBack: true, problems: [] }));
  return { bundle, model, settings };
}

async function keptIndex(data: string, { encoderDigest, manifest }: Bundle): Promise<Uint8Array | undefined> {
  const bytes = await readFile(join(encoderFolder(data, encoderDigest), INDEX_FILE)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    return EncodingIndex.open(bytes, { encoderDigest, latentDim: manifest.latentDim }).bytes;
  } catch (error) {
    if (error instanceof IndexError) return undefined;
    throw error;
  }
}
