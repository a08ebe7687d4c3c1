/** What the places of a map are called: by the catalogue's own words, found once a map. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { Garment } from '../inventory/garment.ts';
import { type PlaceWord, placeWords } from '../matching/map/place-words.ts';
import type { StoreMap } from '../matching/map/store-map.ts';

/** Attributes that a place may be called by: what a shopper would point at. */
const READERS: Readonly<Record<string, (garment: Garment) => string | null>> = {
  category: ({ category }) => category,
  colour: ({ colour }) => colour,
  pattern: ({ attributes: { pattern } }) => (typeof pattern === 'string' && pattern !== '' ? pattern : null),
};

/** Garments read from the catalogue at once: a few milliseconds of the event loop. */
const PAGE = 200;

/** Of each place its words, those that tell most first. */
export async function wordsOfPlaces(catalogue: Catalogue, map: StoreMap): Promise<PlaceWord[][]> {
  const rows = new Map(map.skus.map((sku, row) => [sku, row]));
  const attributes = new Map(
    Object.keys(READERS).map(name => [name, new Array<string | null>(map.skus.length).fill(null)]),
  );
  let cursor: string | undefined;
  do {
    const page = catalogue.items({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const garment of page.items) {
      const row = rows.get(garment.sku);
      if (row === undefined) continue;
      for (const [name, read] of Object.entries(READERS)) attributes.get(name)![row] = read(garment);
    }
    cursor = page.nextCursor;
    await nextTurn();
  } while (cursor !== undefined);
  return placeWords(map.place, map.places.length, attributes);
}
