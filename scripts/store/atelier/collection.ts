/**
 * The demonstration collection: a store folder (docs/stores.md) of drawn garments. The same seed makes the same bytes;
 * a run that was interrupted goes on, since each picture's name bears the digest of its drawing.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LookdialError } from '../../../device/errors.ts';
import { replaceDurably, syncFolder, writeAside } from '../../../device/inventory/durable.ts';
import { CATALOGUE_FILE } from '../../../device/inventory/store-folder.ts';
import { csvLine } from '../csv-line.ts';
import { Dice } from './dice.ts';
import { drawGarment } from './draw.ts';
import { SIDE } from './drawing.ts';
import { type Garment, throwGarment } from './garment.ts';
import { type Kind, MEASURES } from './kind.ts';
import { KINDS } from './kinds/index.ts';
import { type Label, labelOf } from './label.ts';
import { colourName } from './palette.ts';
import { inOrder, webpOf } from './render.ts';

/** Grows when the same seed would make another collection. */
const FORMAT = 2;
export const GARMENTS = 2_400;
export const SEED = 7;
export const COLLECTION_NAME = 'Lookdial demonstration collection';
const MARK_FILE = 'atelier.json';
const PICTURES = 'images';
const OWN_PICTURE = /^DEMO-\d{4,}-[0-9a-f]{8}\.webp(\.new)?$/;

const COLUMNS = [
  'sku',
  'image',
  'title',
  'category',
  'colour',
  'price',
  'currency',
  'sizes',
  'location',
  'season',
  'collection',
  'cloth',
  'pattern',
  'lightness',
  'red-green',
  'yellow-blue',
  ...MEASURES,
  'contrast',
  'repeat',
  'details',
] as const;

export interface CollectionOptions {
  readonly folder: string;
  readonly garments?: number;
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Pictures drawn at once; twice as many as there are cores unless said otherwise. */
  readonly jobs?: number;
}

const markOf = (garments: number, seed: number): string =>
  `${JSON.stringify({ about: `${COLLECTION_NAME}: drawn by Lookdial, nothing in it exists or is for sale.`, format: FORMAT, garments, seed }, null, 1)}\n`;

/** Whether `folder` holds this very collection, whole. */
export async function isMade({ folder, garments = GARMENTS, seed = SEED }: CollectionOptions): Promise<boolean> {
  return (await readFile(join(folder, MARK_FILE), 'utf8').catch(() => undefined)) === markOf(garments, seed);
}

export const skuOf = (number: number): string => `DEMO-${String(number + 1).padStart(4, '0')}`;

/** The garment of a number in the collection of a seed. */
export const garmentOf = (seed: number, number: number): Garment => throwGarment(new Dice(`${seed}/${number}`));

function rowOf(sku: string, image: string, garment: Garment, label: Label): string {
  const { fabric, measures, contrast, style } = garment;
  const kind: Kind = KINDS[garment.kind];
  const patterned = fabric.repeat > 0;
  const cells: Record<(typeof COLUMNS)[number], string> = {
    sku,
    image,
    ...label,
    category: kind.category,
    colour: colourName(fabric.colour),
    currency: 'EUR',
    collection: COLLECTION_NAME,
    pattern: fabric.weave,
    lightness: fabric.colour.l.toFixed(1),
    'red-green': fabric.colour.a.toFixed(1),
    'yellow-blue': fabric.colour.b.toFixed(1),
    ...(Object.fromEntries(MEASURES.map(name => [name, measures[name]?.toFixed(1) ?? ''])) as Record<
      (typeof MEASURES)[number],
      string
    >),
    contrast: patterned ? contrast.toFixed(2) : '',
    repeat: patterned ? fabric.repeat.toFixed(1) : '',
    details: Object.entries(style)
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
  };
  return csvLine(COLUMNS.map(name => cells[name]));
}

async function claim(folder: string): Promise<Set<string>> {
  const [marked, listed] = await Promise.all(
    [MARK_FILE, CATALOGUE_FILE].map(name =>
      readFile(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (listed && !marked) {
    throw new LookdialError(
      'store-invalid',
      `${folder} has a ${CATALOGUE_FILE} that the atelier did not write. Name another folder for the demonstration.`,
    );
  }
  await mkdir(join(folder, PICTURES), { recursive: true });
  // From here to its end the collection is not whole.
  if (marked) await replaceDurably(join(folder, MARK_FILE), Buffer.from('{}\n'));
  return new Set(await readdir(join(folder, PICTURES)));
}

/**
 * Makes the collection; pictures that are there already are taken as they are.
 * @throws LookdialError `store-invalid` where the folder holds a store of somebody else's; the signal's reason where it was
 * stopped: the same call then goes on
 */
export async function makeCollection(options: CollectionOptions): Promise<void> {
  const { folder, garments = GARMENTS, seed = SEED, onProgress, ...run } = options;
  const there = await claim(folder);
  const rows: string[] = [`${COLUMNS.join(',')}\n`];
  const taken = new Set<string>();
  const images = new Set<string>();
  await inOrder(
    garments,
    async number => {
      const garment = garmentOf(seed, number);
      const svg = drawGarment(garment, SIDE);
      const image = `${skuOf(number)}-${createHash('sha256').update(`${FORMAT}${svg}`).digest('hex').slice(0, 8)}.webp`;
      if (!there.has(image)) {
        const path = join(folder, PICTURES, image);
        await writeAside(`${path}.new`, await webpOf(svg));
        await rename(`${path}.new`, path);
      }
      return { garment, image };
    },
    ({ garment, image }, number) => {
      const label = labelOf(garment, new Dice(`${seed}/${number}/label`), taken);
      rows.push(rowOf(skuOf(number), image, garment, label));
      images.add(image);
      onProgress?.(number + 1, garments);
    },
    run,
  );
  for (const name of there)
    if (!images.has(name) && OWN_PICTURE.test(name)) await rm(join(folder, PICTURES, name), { force: true });
  await syncFolder(join(folder, PICTURES));
  await replaceDurably(join(folder, CATALOGUE_FILE), Buffer.from(rows.join('')));
  await replaceDurably(join(folder, MARK_FILE), Buffer.from(markOf(garments, seed)));
  await syncFolder(dirname(folder));
}
