/** Stores for tests: folders with a catalogue and drawn pictures, and garments without a folder. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import sharp from 'sharp';
import type { GarmentRecord } from '../../device/inventory/garment.ts';
import type { StoreMetadata } from '../../device/inventory/store-record.ts';
import { Dice } from '../../scripts/store/atelier/dice.ts';
import { drawGarment } from '../../scripts/store/atelier/draw.ts';
import { throwGarment } from '../../scripts/store/atelier/garment.ts';
import { afterwards } from './afterwards.ts';

/** A folder of the test's own, gone when the test ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lookdial-store-'));
  afterwards(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** One CSV field, quoted where it must be. */
export const csvField = (value: string, delimiter = ','): string =>
  value.includes(delimiter) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** A CSV text of these rows. */
export const csvText = (rows: readonly (readonly string[])[], delimiter = ',', lineBreak = '\n'): string =>
  rows.map(row => row.map(value => csvField(value, delimiter)).join(delimiter) + lineBreak).join('');

/** A garment of the atelier over white, shirts and skirts in turn; a different seed gives different bytes. */
export function drawPicture(
  seed: number,
  { size = 64, format = 'png' as 'png' | 'webp' | 'jpeg' } = {},
): Promise<Buffer> {
  const garment = throwGarment(new Dice(`test/${seed}`), { kind: seed % 2 === 0 ? 'shirt' : 'skirt' });
  const svg = Buffer.from(drawGarment(garment, size));
  return sharp(svg).flatten({ background: 'white' }).toFormat(format).toBuffer();
}

/** `catalogue.csv` and `images/g000.png`...: `count` garments, the first `['image', 'title', 'category', 'price']`. */
export async function makeStoreFolder(folder: string, count: number): Promise<string> {
  await mkdir(join(folder, 'images'), { recursive: true });
  const rows = [['image', 'title', 'category', 'price', 'currency', 'sizes']];
  for (let seed = 0; seed < count; seed++) {
    const image = `g${String(seed).padStart(3, '0')}.png`;
    await writeFile(join(folder, 'images', image), await drawPicture(seed));
    rows.push([image, `Garment ${seed}`, seed % 2 === 0 ? 'Shirt' : 'Skirt', '19.90', 'EUR', `S:${seed % 3} M:1`]);
  }
  await writeFile(join(folder, 'catalogue.csv'), csvText(rows));
  return folder;
}

/** A garment with nothing said but what is asked for. */
export const garment = (sku: string, fields: Partial<GarmentRecord> = {}): GarmentRecord => ({
  sku,
  title: sku,
  category: null,
  colour: null,
  priceMinor: null,
  currency: null,
  sizes: null,
  location: null,
  picture: { hash: sku.padEnd(64, '0').slice(0, 64), type: 'image/png' },
  attributes: {},
  ...fields,
});

export const storeMetadata: StoreMetadata = {
  name: 'Test store',
  demonstration: false,
  source: '/a/store',
  stamp: 'stamp',
  index: 'digest',
};
