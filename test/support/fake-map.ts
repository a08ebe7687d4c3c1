import { writeMapFrame } from '../../device/api/map-frame.ts';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import type { FakeStock } from './fake-stock.ts';

/** The store by its first two dials; each kind is a place. */
export function fakeMap(stock: FakeStock, filter: GarmentFilter): Buffer {
  const { garments } = stock;
  const kinds = [...new Set(garments.map(({ category }) => category))];
  const spread = (value: number): number => Math.round(32_768 + 26_000 * Math.tanh(value / 2));
  const passing = garments.map(item => stock.isPassing(item, filter));
  const places = kinds.map((name, place) => {
    const own = garments.filter(({ category }, at) => category === name && passing[at]);
    const [x, y] = [18_000 + 28_000 * (place % 2), 12_000 + 18_000 * Math.floor(place / 2)];
    return {
      x,
      y,
      garments: own.length,
      sku: own[0]?.sku ?? null,
      words: [{ attribute: 'category', values: [name] }],
    };
  });
  return writeMapFrame({
    json: JSON.stringify({ edition: stock.edition, places }),
    skus: garments.map(({ sku }) => sku),
    xy: Uint16Array.from(
      garments.flatMap(({ mu, category }) => {
        const place = places[kinds.indexOf(category)]!;
        return [0.6 * place.x + 0.4 * spread(mu[0]!), 0.6 * place.y + 0.4 * spread(mu[1]!)];
      }),
    ),
    place: Uint8Array.from(garments, ({ category }) => kinds.indexOf(category)),
    passes: Uint8Array.from(passing, Number),
  });
}
