/** A garment of the catalogue as the API shows it. */

import type { Garment } from '../inventory/garment.ts';
import type { Garments } from '../matching/garments.ts';
import type { Item } from './item-schemas.ts';
import type { Match } from './match-schemas.ts';

export type GarmentView = Omit<Match, 'logLikelihood' | 'mahalanobisSquared' | 'share' | 'nearness'>;

/** Where a garment's picture is: an address that changes with the picture, so that it may be kept for good. */
export const imagePath = ({ sku, picture }: Pick<Garment, 'sku' | 'picture'>): string =>
  `/api/v1/items/${encodeURIComponent(sku)}/image${picture === null ? '' : `?v=${picture.hash.slice(0, 16)}`}`;

const views = new WeakMap<Garment, GarmentView>();

/** What every list of garments shows; made once for each garment the catalogue keeps ready. */
export function viewOf(garment: Garment): GarmentView {
  const known = views.get(garment);
  if (known !== undefined) return known;
  const { sku, title, category, colour, price, currency, sizes, location } = garment;
  const view: GarmentView = {
    sku,
    title,
    category,
    colour,
    price,
    currency,
    sizes: sizes === null ? null : [...sizes],
    location,
    image: imagePath(garment),
  };
  views.set(garment, view);
  return view;
}

/** The same with what the catalogue says beside. */
export const itemOf = (garment: Garment, garments: Pick<Garments, 'rowOf'>): Item => ({
  ...viewOf(garment),
  encoded: garments.rowOf(garment.sku) >= 0,
  attributes: garment.attributes,
});
