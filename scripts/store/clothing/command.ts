/** `npm run store -- clothing`: gets the public clothing data set and makes a store of it. */
import { join } from 'node:path';
import { readConfig } from '../../../device/config.ts';
import { CutOuts } from '../../../device/cutout/cutouts.ts';
import { LookdialError } from '../../../device/errors.ts';
import type { CommandContext } from '../atelier/commands.ts';
import { shownPath } from '../prepare.ts';
import { counted, duration, Progress } from '../progress.ts';
import { besideProject } from '../sources.ts';
import { isClothing, makeClothing } from './collection.ts';
import { Download } from './download.ts';
import { type ClothingSource, PUBLIC_SOURCE } from './source.ts';

/** So many of the photographs that could not be had are named. */
const NAMED = 10;

/** @param source where the data set is */
export async function clothing(
  { options, terminal, print, signal }: CommandContext,
  source: ClothingSource = PUBLIC_SOURCE,
): Promise<void> {
  const { data, maxPicturePixels } = readConfig(process.env);
  const there = options.out === undefined ? besideProject() : undefined;
  if (there !== undefined) {
    print(`The clothing pictures are in ${shownPath(there)}, and are taken from there.`);
    return;
  }
  const folder = options.out ?? join(data, 'clothing');
  if (await isClothing(folder, source)) {
    print(`The clothing store is in ${shownPath(folder)} already.`);
    return;
  }
  print(`Getting the clothing data set (CC0 1.0) from ${new URL(source.files).host} into ${shownPath(folder)}.`);
  const progress = new Progress({ terminal, label: 'Cutting out', unit: 'photographs' });
  const cutOuts = new CutOuts({ maxPixels: maxPicturePixels });
  const began = performance.now();
  try {
    const { garments, leftOut, failed } = await makeClothing({
      folder,
      source,
      download: new Download({ signal }),
      cutOuts,
      onProgress: (done, total) => progress.update(done, total),
      signal,
    });
    progress.end();
    print(`${counted(garments)} garments in ${duration(performance.now() - began)}.`);
    if (leftOut > 0) print(`Photographs left out, for no garment was found in them: ${counted(leftOut)}.`);
    if (failed.length === 0) return;
    const named = failed.slice(0, NAMED).map(line => `\n  ${line}`);
    throw new LookdialError(
      'store-invalid',
      `Photographs that are missing: ${counted(failed.length)}. Give the same command again to get them:${named.join('')}`,
    );
  } finally {
    progress.end();
    await cutOuts.close();
  }
}
