/** Which store a setting means: the collection that is drawn, the public clothing pictures, or a folder. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { CATALOGUE_FILE } from '../../device/inventory/store-folder.ts';
import { COLLECTION_NAME } from './atelier/collection.ts';

const PROJECT = resolve(import.meta.dirname, '..', '..');
/** Where the pictures that the clothing model was trained on may lie. */
const CLOTHING = resolve(PROJECT, '..', 'shared', 'data', 'clothing');

const isStore = (folder: string): boolean => existsSync(join(folder, CATALOGUE_FILE));

/** The folder beside the project that has the clothing pictures, where there is one. */
export const besideProject = (clothing = CLOTHING): string | undefined => (isStore(clothing) ? clothing : undefined);

export interface StoreSource {
  readonly folder: string;
  readonly name: string;
  /** Made up, and to be drawn by the atelier where it is not there yet (docs/atelier.md). */
  readonly demonstration: boolean;
}

/**
 * @param setting `atelier`, `clothing`, or a folder
 * @param data the state folder, where stores lie that are drawn or got
 * @throws LookdialError `store-invalid` where the clothing pictures are asked for and not there
 */
export function storeSource(setting: string, data: string, clothing = CLOTHING): StoreSource {
  if (setting === 'atelier') {
    return { folder: join(resolve(data), 'atelier'), name: COLLECTION_NAME, demonstration: true };
  }
  if (setting !== 'clothing') {
    const folder = resolve(setting);
    return { folder, name: basename(folder), demonstration: false };
  }
  const got = join(resolve(data), 'clothing');
  const there = besideProject(clothing) ?? (isStore(got) ? got : undefined);
  if (there === undefined) {
    throw new LookdialError(
      'store-invalid',
      `The clothing pictures are neither in ${clothing} nor in ${got}. Get them from their public home with ` +
        '“npm run store -- clothing”, or take another store: “atelier”, or a folder.',
    );
  }
  return { folder: there, name: 'Clothing data set', demonstration: false };
}
