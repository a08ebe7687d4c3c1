/** The dimensions of an edition's z that tell the colour, found once an edition from the catalogue's colours. */
import type { Catalogue } from '../inventory/catalogue.ts';
import { colourDials } from '../matching/colour-dials.ts';
import type { Edition } from './edition.ts';

/** Garments that are looked at, at most: more of them say nothing else. */
const LOOKED_AT = 4_096;

const found = new WeakMap<Edition, { readonly garments: number; readonly on: readonly number[] }>();

/** Ascending; empty where no dimension does, or the catalogue names too few colours to say. */
export function colourDialsOf(edition: Edition, catalogue: Catalogue): readonly number[] {
  const { garments } = edition;
  const { mask, count } = catalogue.allowed({ inStock: false }, garments);
  const known = found.get(edition);
  // A few garments more or less change nothing; a store that has grown by a quarter is looked at again.
  if (known !== undefined && count <= known.garments * 1.25) return known.on;
  const step = Math.max(1, Math.ceil(mask.length / LOOKED_AT));
  const colours = Array.from(mask, (allowed, row) =>
    allowed === 0 || row % step !== 0 ? null : (catalogue.item(garments.sku(row))?.colour ?? null),
  );
  const on = colourDials(garments, edition.bundle.manifest.latentDim, colours);
  found.set(edition, { garments: count, on });
  return on;
}
