/**
 * What an encoding was made from, as 32 bytes: the picture, and for a conditional encoder the kind it was read as
 * (models/INDEX.md, "Picture digests").
 */
import type { Manifest } from '../inference/manifest.ts';
import type { GarmentPicture } from './garment.ts';
import { sha256 } from './picture-files.ts';

type Conditional = Pick<Manifest, 'conditions'> & { readonly encoder: Pick<Manifest['encoder'], 'conditionInput'> };

/** The category an encoder is asked with: the garment's where it knows it, else its default; undefined where it takes none. */
export function conditionOf({ conditions, encoder }: Conditional, category: string | null): string | undefined {
  if (conditions === undefined || encoder.conditionInput === undefined) return undefined;
  return category !== null && conditions.categories.includes(category) ? category : conditions.default;
}

/** @param picture SHA-256 of the picture file, 32 bytes */
export const encodedFrom = (picture: Uint8Array, condition: string | undefined): Uint8Array =>
  condition === undefined ? picture : sha256(Buffer.concat([picture, Buffer.from(condition)]));

/** Tells whether an encoding was made from a picture, whatever kind it was read as. */
export function pictureBelongs(
  manifest: Conditional,
): (digest: Uint8Array, picture: GarmentPicture | null | undefined) => boolean {
  const { conditions, encoder } = manifest;
  const categories = encoder.conditionInput === undefined ? undefined : conditions?.categories;
  return (digest, picture) => {
    if (picture === null || picture === undefined) return false;
    const of = Buffer.from(picture.hash, 'hex');
    if (categories === undefined) return of.equals(digest);
    return categories.some(category => Buffer.compare(encodedFrom(of, category), digest) === 0);
  };
}
