/**
 * The clothing store: photographs of the public data set, got, checked, cut out and framed like those the shipped model was
 * trained on. A run that was interrupted goes on: what is there is not got again.
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { CutOuts } from '../../../device/cutout/cutouts.ts';
import { LookdialError } from '../../../device/errors.ts';
import { replaceDurably, syncFolder, writeAside } from '../../../device/inventory/durable.ts';
import { inLanes } from '../../../device/inventory/lanes.ts';
import { CATALOGUE_FILE } from '../../../device/inventory/store-folder.ts';
import { colourOf, colourWord } from '../colour-word.ts';
import { csvLine } from '../csv-line.ts';
import type { Download } from './download.ts';
import { type ClothingSource, type Listed, listPictures, readLabels, readPhotograph } from './source.ts';

/** Grows when the same photographs would give other pictures. */
const FORMAT = 1;
const MARK_FILE = 'clothing.json';
const LEFT_OUT_FILE = 'left-out.json';
const PICTURES = 'images';
/** Longer side of a picture, pixels: a tile of the kiosk on a sharp screen. */
const SIDE = 512;
/** Photographs under way at once: one is cut out while others are got. */
const LANES = 6;
/** Labels of photographs that show no garment, or nobody knew which. */
const UNLABELLED = new Set(['Not sure', 'Other', 'Skip']);
const COLUMNS = ['image', 'category', 'colour', 'kids'];

export interface ClothingOptions {
  readonly folder: string;
  readonly source: ClothingSource;
  readonly download: Download;
  readonly cutOuts: Pick<CutOuts, 'cut'>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface ClothingReport {
  readonly garments: number;
  /** Photographs in which no garment was found. */
  readonly leftOut: number;
  /** Photographs that could not be had, as sentences. */
  readonly failed: readonly string[];
}

interface Label {
  /** The photograph's name without its ending. */
  readonly name: string;
  /** Git's name for its content. */
  readonly sha: string;
  readonly category: string;
  readonly kids: boolean;
}

const markOf = ({ images, labels }: ClothingSource): string =>
  `${JSON.stringify({ about: 'The public clothing data set, CC0 1.0, cut out.', format: FORMAT, images, labels }, null, 1)}\n`;

/** Whether the store in `folder` is whole. */
export async function isClothing(folder: string, source: ClothingSource): Promise<boolean> {
  return (await readFile(join(folder, MARK_FILE), 'utf8').catch(() => undefined)) === markOf(source);
}

function labelled(csv: Buffer, listed: Listed): Label[] {
  const rows = parse<Record<string, string>>(csv, { columns: true });
  return rows.flatMap(({ image = '', label: category = '', kids }) => {
    const sha = listed.get(`${image}.jpg`);
    return sha === undefined || UNLABELLED.has(category) ? [] : [{ name: image, sha, category, kids: kids === 'True' }];
  });
}

/** Photographs without a garment, from earlier runs. */
async function knownLeftOut(folder: string): Promise<Set<string>> {
  const written = await readFile(join(folder, LEFT_OUT_FILE), 'utf8').catch(() => '[]');
  try {
    const names: unknown = JSON.parse(written);
    return new Set(Array.isArray(names) ? names.map(String) : []);
  } catch {
    return new Set();
  }
}

class ClothingRun {
  readonly #options: ClothingOptions;
  readonly #there: Set<string>;
  readonly #leftOut: Set<string>;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ClothingOptions, there: Set<string>, leftOut: Set<string>) {
    this.#options = options;
    this.#there = there;
    this.#leftOut = leftOut;
  }

  /** Makes the picture of one photograph where it is missing. @returns false where no garment is in it */
  async make({ name, sha }: Label): Promise<boolean> {
    if (this.#there.has(`${name}.webp`)) return true;
    if (this.#leftOut.has(name)) return false;
    const { folder, source, download, cutOuts, signal } = this.#options;
    const photograph = await readPhotograph(source, `${name}.jpg`, sha, download);
    const path = join(folder, PICTURES, `${name}.webp`);
    try {
      const { bytes } = await cutOuts.cut(photograph, signal);
      const picture = sharp(bytes).resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true });
      await writeAside(`${path}.new`, await picture.webp({ quality: 90, alphaQuality: 100 }).toBuffer());
      await rename(`${path}.new`, path);
      return true;
    } catch (error) {
      const isKnown = error instanceof LookdialError && ['no-garment-found', 'picture-unreadable'].includes(error.code);
      if (!isKnown) throw error;
      await this.#leave(name);
      return false;
    }
  }

  /** Writes down that a photograph is not to be got again. */
  #leave(name: string): Promise<void> {
    this.#leftOut.add(name);
    const path = join(this.#options.folder, LEFT_OUT_FILE);
    this.#writing = this.#writing.then(() => replaceDurably(path, Buffer.from(JSON.stringify([...this.#leftOut]))));
    return this.#writing;
  }

  /** The row of a picture that is there. */
  async row({ name, category, kids }: Label): Promise<string> {
    const file = join(this.#options.folder, PICTURES, `${name}.webp`);
    const small = await sharp(file).resize(64, 64, { fit: 'inside' }).ensureAlpha().raw().toBuffer();
    const colour = colourOf({ rgba: withoutWhite(small) });
    return csvLine([basename(file), category, colour === undefined ? '' : colourWord(colour), String(kids)]);
  }
}

/** On a plain ground the picture is opaque: what is white all over is ground there. */
function withoutWhite(rgba: Buffer): Uint8Array {
  const copy = Uint8Array.from(rgba);
  for (let at = 0; at < copy.length; at += 4) {
    if (copy[at]! > 250 && copy[at + 1]! > 250 && copy[at + 2]! > 250) copy[at + 3] = 0;
  }
  return copy;
}

/**
 * Makes the store; what is there already is taken as it is.
 * @throws LookdialError `store-invalid` where the data set cannot be had or is another one; the signal's reason where it was
 * stopped: the same call then goes on
 */
export async function makeClothing(options: ClothingOptions): Promise<ClothingReport> {
  const { folder, source, download, onProgress, signal } = options;
  await mkdir(join(folder, PICTURES), { recursive: true });
  await rm(join(folder, MARK_FILE), { force: true });
  const listed = await listPictures(source, download);
  const labels = labelled(await readLabels(source, download), listed);
  const run = new ClothingRun(options, new Set(await readdir(join(folder, PICTURES))), await knownLeftOut(folder));
  const rows: (string | undefined)[] = labels.map(() => undefined);
  const failed: string[] = [];
  let [done, leftOut] = [0, 0];
  const one = async (place: number): Promise<void> => {
    const label = labels[place]!;
    try {
      if (await run.make(label)) rows[place] = await run.row(label);
      else leftOut += 1;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof LookdialError)) throw error;
      failed.push(error.message);
    }
    done += 1;
    onProgress?.(done, labels.length);
  };
  await inLanes(labels.keys(), LANES, one, signal);
  await syncFolder(join(folder, PICTURES));
  const made = rows.filter(row => row !== undefined);
  await replaceDurably(join(folder, CATALOGUE_FILE), Buffer.from([csvLine(COLUMNS), ...made].join('')));
  if (failed.length === 0) await replaceDurably(join(folder, MARK_FILE), Buffer.from(markOf(source)));
  return { garments: made.length, leftOut, failed };
}
