/**
 * The store that comes with the project: a collection that the shipped model draws itself, since photographs are not
 * ours to give away (docs/decisions/0003). The same seed and bundle give the same collection.
 */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import { canonicalJson } from '../../device/inference/canonical-json.ts';
import type { DecodedPicture, Inference } from '../../device/inference/inference.ts';
import { writePicture } from '../../device/inference/pictures.ts';
import { syncFolder, writeAside } from '../../device/inventory/durable.ts';
import { sha256 } from '../../device/inventory/picture-files.ts';
import { CATALOGUE_FILE } from '../../device/inventory/store-folder.ts';
import { Random } from '../../device/matching/random.ts';
import { colourOf, colourWord } from './colour-word.ts';
import { csvLine } from './csv-line.ts';
import { GarmentChooser } from './garment-chooser.ts';
import type { KindGaussian } from './kind-sampler.ts';
import { makeUp } from './made-up.ts';

/** Grows when the same seed and bundle would give another collection. */
const FORMAT = 1;
const SEED = 20;
export const GARMENTS = 600;
/** Longer side of a picture, pixels: a tile of the kiosk on a sharp screen. */
const PICTURE_SIZE = 384;
const RECIPE_FILE = 'demonstration.json';
const COLUMNS = ['sku', 'image', 'title', 'category', 'colour', 'price', 'currency', 'sizes', 'location', 'season'];

export interface DrawOptions {
  /** Where it goes; what is there is replaced once the new one is whole. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly inference: Pick<Inference, 'decode' | 'encode'>;
  readonly garments?: number;
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What a collection depends on. */
const recipeOf = ({ manifest }: Bundle, garments: number, seed: number): string => {
  const { latentDim, encoder, decoder, dials, kinds, files } = manifest;
  const digests = files.filter(({ role }) => role !== 'golden').map(file => file.sha256);
  const made = { format: FORMAT, seed, garments, latentDim, encoder, decoder, dials, kinds, digests };
  return sha256(Buffer.from(canonicalJson(made))).toString('hex');
};

/** Whether the collection in `folder` is whole and what this bundle would draw. */
export async function isDrawn(folder: string, bundle: Bundle, garments = GARMENTS, seed = SEED): Promise<boolean> {
  const written = await readFile(join(folder, RECIPE_FILE), 'utf8').catch(() => undefined);
  return written === recipeOf(bundle, garments, seed);
}

/** How many of each kind: by the root of its share, so that a store of T-shirts has some hats too. */
function quotas(kinds: readonly KindGaussian[], garments: number): number[] {
  const roots = kinds.map(({ share }) => Math.sqrt(share));
  const sum = roots.reduce((total, root) => total + root, 0);
  let given = 0;
  let reached = 0;
  return roots.map(root => {
    reached += root;
    const quota = Math.round((garments * reached) / sum) - given;
    given += quota;
    return quota;
  });
}

class Collection {
  readonly #options: DrawOptions;
  readonly #chooser: GarmentChooser;
  readonly #words: Random;

  constructor(options: DrawOptions, seed: number) {
    this.#options = options;
    this.#chooser = new GarmentChooser(options.bundle, options.inference, new Random(seed));
    this.#words = new Random(seed + 1);
  }

  /** Draws into `aside`; the rows of the catalogue, its header first. */
  async draw(aside: string, garments: number): Promise<string[]> {
    const { onProgress, signal } = this.#options;
    onProgress?.(0, garments);
    const rows = [csvLine(COLUMNS)];
    const kinds = await this.#chooser.drawable(signal);
    const shares = quotas(kinds, garments);
    const wanted = kinds.flatMap((kind, place) => Array.from({ length: shares[place] ?? 0 }, () => kind));
    // One picture is written while the next is chosen.
    let writing: Promise<void> = Promise.resolve();
    try {
      for (const [place, kind] of wanted.entries()) {
        signal?.throwIfAborted();
        const [picture] = await Promise.all([this.#chooser.choose(kind, signal), writing]);
        onProgress?.(place + 1, garments);
        if (picture === undefined) continue;
        const sku = `DEMO-${String(rows.length).padStart(4, '0')}`;
        rows.push(this.#row(sku, kind, picture));
        writing = this.#write(join(aside, 'images', `${sku}.webp`), picture);
      }
    } finally {
      await writing;
    }
    return rows;
  }

  #row(sku: string, kind: KindGaussian, picture: DecodedPicture): string {
    const measured = colourOf(picture);
    const colour = measured === undefined ? null : colourWord(measured.mean);
    const { title, price, currency, sizes, location, season } = makeUp(kind.name, colour, this.#words);
    const described = [title, kind.name ?? '', colour ?? '', price, currency, sizes, location, season];
    return csvLine([sku, `${sku}.webp`, ...described]);
  }

  async #write(path: string, picture: DecodedPicture): Promise<void> {
    const { sharpen } = this.#options.bundle.manifest.decoder;
    await writeAside(path, await writePicture(picture, { format: 'webp', size: PICTURE_SIZE, sharpen }));
  }
}

/**
 * Draws the demonstration collection: pictures with a transparent background, and a catalogue.
 * @returns how many garments there are: fewer than asked for where a kind would not come out
 * @throws LookdialError `inference-failed`, `store-invalid` where nothing could be drawn; the signal's reason where it was stopped: then nothing has changed
 */
export async function drawDemonstration(options: DrawOptions): Promise<number> {
  const { folder, bundle, garments = GARMENTS, seed = SEED } = options;
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(join(aside, 'images'), { recursive: true });
  const rows = await new Collection(options, seed).draw(aside, garments);
  if (rows.length === 1) {
    await rm(aside, { recursive: true, force: true });
    throw new LookdialError(
      'store-invalid',
      `The model ${bundle.name} draws nothing that could hang in a store, so there is no demonstration of it: ` +
        'bring a store of your own, as docs/stores.md tells.',
    );
  }
  await writeAside(join(aside, CATALOGUE_FILE), Buffer.from(rows.join('')));
  await writeAside(join(aside, RECIPE_FILE), Buffer.from(recipeOf(bundle, garments, seed)));
  for (const one of [join(aside, 'images'), aside]) await syncFolder(one);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  await syncFolder(dirname(folder));
  return rows.length - 1;
}
