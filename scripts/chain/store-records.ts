/** The garments of one store as its state folder has them now, for the chain's catalogue. */
import sharp from 'sharp';
import { StoreDisk } from '../../device/edition/store-disk.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Catalogue } from '../../device/inventory/catalogue.ts';
import { type Garment, type GarmentPicture, minorScale } from '../../device/inventory/garment.ts';
import { liveChanges } from '../../device/inventory/live-encodings.ts';
import { pictureBelongs } from '../../device/inventory/picture-digest.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import type { ChainRecord, ChainStock } from './record.ts';

/** Longer side of a picture on another store's screen, pixels. */
const PICTURE_PIXELS = 320;
const QUALITY = 82;

/** Every garment that can be matched, and its encoding. */
export async function encodingsOf(data: string, bundle: Bundle, catalogue: Catalogue): Promise<Map<string, Posterior>> {
  const { indexBytes, records, pictures } = await new StoreDisk(data, bundle, catalogue).read();
  const { encoderDigest, manifest } = bundle;
  const index = EncodingIndex.open(indexBytes, { encoderDigest, latentDim: manifest.latentDim });
  const { put, removed } = liveChanges(index, records, pictures, pictureBelongs(manifest));
  const found = new Map<string, Posterior>();
  for (let row = 0; row < index.count; row += 1) found.set(index.sku(row), index.posterior(row));
  for (const sku of removed) found.delete(sku);
  for (const { sku, mu, sigma } of put) found.set(sku, { mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) });
  return found;
}

/** Where nobody knows what there is, one size without a name and without a number says that there may be some. */
const stockOf = ({ sizes }: Garment, store: string): ChainStock[] =>
  sizes === null
    ? [{ store, size: '', quantity: null }]
    : sizes.map(({ name, quantity }) => ({ store, size: name, quantity }));

export function recordOf(garment: Garment, posterior: Posterior, store: string): ChainRecord {
  const { sku, title, category, colour, price, currency } = garment;
  const priceScale = minorScale(currency);
  const priceMinor = price === null ? null : Math.round(price * priceScale);
  const { mu, sigma } = posterior;
  const stock = stockOf(garment, store);
  return { sku, title, category, colour, priceMinor, priceScale, currency, mu, sigma, stock, stores: [store] };
}

/** A garment's picture as the chain keeps it; undefined where the file cannot be read. */
export async function smallPicture(
  data: string,
  picture: GarmentPicture | null,
): Promise<ChainRecord['picture'] | undefined> {
  if (picture === null) return undefined;
  try {
    const webp = await sharp(picturePath(data, picture))
      .autoOrient()
      .resize(PICTURE_PIXELS, PICTURE_PIXELS, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, alphaQuality: QUALITY })
      .toBuffer();
    return { hash: picture.hash, webp };
  } catch {
    return undefined;
  }
}
