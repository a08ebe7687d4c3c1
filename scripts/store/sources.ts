/** Which store a setting means: the demonstration, the clothing pictures beside the project, or a folder. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { CATALOGUE_FILE } from '../../device/inventory/store-folder.ts';

const PROJECT = resolve(import.meta.dirname, '..', '..');
/** Where the pictures that the shipped model was trained on may lie. */
const CLOTHING = resolve(PROJECT, '..', 'shared', 'data', 'clothing');

export interface StoreSource {
  readonly folder: string;
  readonly name: string;
  /** Made up, and to be drawn where it is not there yet. */
  readonly demonstration: boolean;
}

/**
 * @param setting `demonstration`, `clothing`, or a folder
 * @param data the state folder, which the demonstration is drawn into
 * @throws LookdialError `store-invalid` where the clothing pictures are asked for and not there
 */
export function storeSource(setting: string, data: string, clothing = CLOTHING): StoreSource {
  if (setting === 'demonstration') {
    return { folder: join(resolve(data), 'demonstration'), name: 'Demonstration collection', demonstration: true };
  }
  if (setting !== 'clothing') {
    const folder = resolve(setting);
    return { folder, name: basename(folder), demonstration: false };
  }
  if (!existsSync(join(clothing, CATALOGUE_FILE))) {
    throw new LookdialError(
      'store-invalid',
      `There is no ${join(clothing, CATALOGUE_FILE)}. The store “clothing” is the public clothing data set cut out and ` +
        'described (see models/train): put it there, or name another folder, or take the store “demonstration”.',
    );
  }
  return { folder: clothing, name: 'Clothing data set', demonstration: false };
}
