/** A garment as the catalogue knows it, and how prices are kept: whole minor units, never fractions. */

export interface GarmentSize {
  readonly name: string;
  /** How many hang in the store. */
  readonly quantity: number;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface GarmentPicture {
  /** SHA-256 of the file's bytes, hex; also its name in the state folder. */
  readonly hash: string;
  /** `image/jpeg`, `image/png` or `image/webp`. */
  readonly type: string;
}

/** A garment that has a picture, as far as its encoding needs it. */
export interface Pictured {
  readonly sku: string;
  readonly category: string | null;
  readonly picture: GarmentPicture;
}

/** A garment and the picture that it is to have from now on. */
export interface PictureChange {
  readonly sku: string;
  readonly picture: GarmentPicture;
}

interface GarmentFields {
  readonly sku: string;
  readonly title: string;
  readonly category: string | null;
  readonly colour: string | null;
  /** ISO 4217. */
  readonly currency: string | null;
  /** Null where the catalogue does not say: then stock is not known, and counts as in stock. */
  readonly sizes: readonly GarmentSize[] | null;
  /** Where it hangs, in the store's own words. */
  readonly location: string | null;
  readonly attributes: Attributes;
}

/** A garment as it is written. */
export interface GarmentRecord extends GarmentFields {
  /** Price in the currency's minor unit (cents), a whole number. */
  readonly priceMinor: number | null;
  /** Null where its picture could not be read. */
  readonly picture: GarmentPicture | null;
}

/** A garment as it is read. */
export interface Garment extends GarmentFields {
  /** Price in units of `currency`, e.g. 49.9. */
  readonly price: number | null;
  readonly picture: GarmentPicture | null;
  /** Why it has no encoding, as a sentence; null where nothing is known against it. */
  readonly problem: string | null;
}

/** A format takes longer to make than a row to read. */
const digitsOf = new Map<string, number>();

/** Digits of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD; 2 where there is no currency. */
export function minorDigits(currency: string | null): number {
  if (currency === null) return 2;
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  return digits;
}

/** Minor units in one unit of `currency`: 100 for EUR. */
export const minorScale = (currency: string | null): number => 10 ** minorDigits(currency);

/** One text for every way of writing it: no case, no accents, no double spaces. For looking up, not for showing. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
