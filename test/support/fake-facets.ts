/** How many drawn garments each choice of a filter would leave. */
import type { Facets } from '../../device/api/choice-schemas.ts';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import { countFacets, priceBands } from '../../device/inventory/facet-counts.ts';
import type { Garment } from '../../device/inventory/garment.ts';
import { bySize } from '../../device/inventory/size-order.ts';
import { passes } from '../../device/inventory/stock-filter.ts';
import { type FakeStock, garmentOf } from './fake-stock.ts';

export function fakeFacets(stock: FakeStock, filter: GarmentFilter = {}): Facets {
  const garments = stock.garments.map(item => garmentOf(stock.now(item)));
  const inStock = garments.filter(garment => passes(garment, {}));
  const counts = countFacets(garments, filter, priceBands(inStock.flatMap(({ price }) => price ?? [])));
  const names = (of: (garment: Garment) => string | readonly string[]): string[] => [...new Set(inStock.flatMap(of))];
  const image = (of: (garment: Garment) => boolean): string => `/api/v1/items/${inStock.find(of)?.sku ?? 'F000'}/image`;
  return {
    considered: counts.considered,
    categories: names(({ category }) => category ?? []).map(name => ({
      name,
      garments: counts.categories.get(name) ?? 0,
      image: image(({ category }) => category === name),
    })),
    sizes: names(({ sizes }) => (sizes ?? []).map(({ name }) => name))
      .sort(bySize)
      .map(name => ({ name, garments: counts.sizes.get(name) ?? 0 })),
    colours: names(({ colour }) => colour ?? []).map(name => ({
      name,
      garments: counts.colours.get(name) ?? 0,
      image: image(({ colour }) => colour === name),
    })),
    prices: counts.prices.map(band => ({ ...band })),
    edition: stock.edition,
  };
}
