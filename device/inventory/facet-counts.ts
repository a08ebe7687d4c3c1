/** How many garments each choice of a filter would leave: counted over all of them at once, as the stock is now. */
import type { GarmentFilter } from '../garment-filter.ts';
import type { Garment } from './garment.ts';
import { passes } from './stock-filter.ts';

/** A band of prices, in units of the currency; both ends belong to it. */
export interface PriceBand {
  readonly min?: number;
  readonly max?: number;
}

export interface FacetCounts {
  /** Garments that pass the whole filter. */
  readonly considered: number;
  /** Of each choice, how many would pass with it in the place of what is chosen there. */
  readonly categories: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly colours: ReadonlyMap<string, number>;
  readonly prices: readonly (PriceBand & { readonly garments: number })[];
}

const BANDS = 4;
/** A band ends below where the next begins, by the smallest coin there is. */
const COIN = 0.01;

/** The nearest round price: two digits that count, the finer the smaller the first of them. */
function roundPrice(price: number): number {
  const power = 10 ** Math.floor(Math.log10(price));
  const first = price / power;
  const parts = first < 2 ? 5 : first < 5 ? 2 : 1;
  return Math.round((price / power) * parts) * (power / parts);
}

/** Up to four bands with about as many garments in each, cut at round prices; none where all cost the same. */
export function priceBands(prices: readonly number[]): PriceBand[] {
  const sorted = prices.filter(price => price > 0).toSorted((a, b) => a - b);
  const [cheapest, dearest] = [sorted[0], sorted.at(-1)];
  if (cheapest === undefined || dearest === undefined) return [];
  const cuts = Array.from({ length: BANDS - 1 }, (_, cut) =>
    roundPrice(sorted[Math.floor(((cut + 1) / BANDS) * sorted.length)]!),
  );
  const inside = [...new Set(cuts)].filter(cut => cut > cheapest && cut <= dearest);
  if (inside.length === 0) return [];
  return [undefined, ...inside].map((min, at) => {
    const next = inside[at];
    return {
      ...(min === undefined ? {} : { min }),
      ...(next === undefined ? {} : { max: Math.round((next - COIN) * 100) / 100 }),
    };
  });
}

const within = (price: number | null, { min, max }: PriceBand): boolean =>
  price !== null && price >= (min ?? 0) && price <= (max ?? Number.POSITIVE_INFINITY);

/** @param garments those that have an encoding */
export function countFacets(
  garments: Iterable<Garment>,
  filter: GarmentFilter,
  bands: readonly PriceBand[],
): FacetCounts {
  const { categories, sizes, colours, priceMin, priceMax, inStock = true } = filter;
  // Of a garment it is asked once for each room whether everything but that room lets it pass.
  const rest = { inStock };
  const price = { priceMin, priceMax };
  const but = {
    categories: { ...rest, sizes, colours, ...price },
    sizes: { ...rest, categories, colours, ...price },
    colours: { ...rest, categories, sizes, ...price },
    prices: { ...rest, categories, sizes, colours },
  };
  const counts = {
    categories: new Map<string, number>(),
    sizes: new Map<string, number>(),
    colours: new Map<string, number>(),
  };
  const byBand = bands.map(() => 0);
  let considered = 0;
  const add = (room: keyof typeof counts, name: string): void => {
    counts[room].set(name, (counts[room].get(name) ?? 0) + 1);
  };
  for (const garment of garments) {
    if (passes(garment, filter)) considered += 1;
    if (garment.category !== null && passes(garment, but.categories)) add('categories', garment.category);
    if (garment.colour !== null && passes(garment, but.colours)) add('colours', garment.colour);
    if (garment.sizes !== null && passes(garment, but.sizes)) {
      for (const { name, quantity } of garment.sizes) if (quantity > 0 || !inStock) add('sizes', name);
    }
    if (garment.price !== null && passes(garment, but.prices)) {
      for (const [at, band] of bands.entries()) if (within(garment.price, band)) byBand[at] = byBand[at]! + 1;
    }
  }
  return { considered, ...counts, prices: bands.map((band, at) => ({ ...band, garments: byBand[at]! })) };
}
