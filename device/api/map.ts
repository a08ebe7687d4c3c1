/** `GET` and `POST /api/v1/map`: where each garment of the store lies on one sheet, and the places there. */
import { createHash } from 'node:crypto';
import type { Edition } from '../edition/edition.ts';
import { MapLayout, type Spot } from '../edition/map-layout.ts';
import { LookdialError } from '../errors.ts';
import { filterOf, type GarmentFilter } from '../garment-filter.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { PlaceWord } from '../matching/map/place-words.ts';
import type { StoreMap } from '../matching/map/store-map.ts';
import { matchesTag } from './item-images.ts';
import { writeMapFrame } from './map-frame.ts';
import { MapQuery, type StoreMapAnswer } from './map-schemas.ts';
import { wordsOfPlaces } from './map-words.ts';
import { bodyFailures, bytes, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

/** Seconds after which a map that is being made may be asked for again. */
const ASK_AGAIN = 2;

const MAP = bytes('The map: docs/api.md has the layout.', 'application/octet-stream');

/** The answer to a filter, as long as nothing has changed. */
interface Kept {
  readonly key: string;
  readonly layout: MapLayout;
  readonly frame: Buffer;
  readonly tag: string;
}

/** What is on the sheet: garments that the catalogue has, in stock or not. */
interface OnSheet {
  readonly rows: number[];
  readonly skus: string[];
  readonly spots: Spot[];
}

function onSheet(catalogue: Catalogue, layout: MapLayout): OnSheet {
  const { garments } = layout.edition;
  const { mask } = catalogue.allowed({ inStock: false }, garments);
  const sheet: OnSheet = { rows: [], skus: [], spots: [] };
  for (const [row, listed] of mask.entries()) {
    const spot = listed === 0 ? undefined : layout.of(row);
    if (spot === undefined) continue;
    sheet.rows.push(row);
    sheet.skus.push(garments.sku(row));
    sheet.spots.push(spot);
  }
  return sheet;
}

/** Of each place the garment that stands for it: its medoid, or the nearest to its middle of those that pass. */
function standing(
  { places }: StoreMap,
  { skus, spots }: OnSheet,
  passes: Uint8Array,
): { garments: number; sku: string | null }[] {
  const found = places.map(() => ({ garments: 0, sku: null as string | null, apart: Number.POSITIVE_INFINITY }));
  spots.forEach(({ x, y, place }, at) => {
    const [one, middle] = [found[place], places[place]];
    if (passes[at] === 0 || one === undefined || middle === undefined) return;
    one.garments += 1;
    const apart = skus[at] === middle.medoid ? -1 : Math.hypot(x - middle.x, y - middle.y);
    if (apart < one.apart) Object.assign(one, { sku: skus[at], apart });
  });
  return found.map(({ garments, sku }) => ({ garments, sku }));
}

function frameOf(
  catalogue: Catalogue,
  layout: MapLayout,
  sheet: OnSheet,
  words: readonly PlaceWord[][],
  filter: GarmentFilter,
): Buffer {
  const { mask } = catalogue.allowed(filter, layout.edition.garments);
  const passes = Uint8Array.from(sheet.rows, row => mask[row] ?? 0);
  const stands = standing(layout.map, sheet, passes);
  const answer: StoreMapAnswer = {
    edition: layout.edition.id,
    places: layout.map.places.map(({ x, y }, place) => ({
      x,
      y,
      garments: stands[place]?.garments ?? 0,
      sku: stands[place]?.sku ?? null,
      words: (words[place] ?? []).map(({ attribute, values }) => ({ attribute, values: [...values] })),
    })),
  };
  return writeMapFrame({
    json: JSON.stringify(answer),
    skus: sheet.skus,
    xy: Uint16Array.from(sheet.spots.flatMap(({ x, y }) => [x, y])),
    place: Uint8Array.from(sheet.spots, ({ place }) => place),
    passes,
  });
}

/** Rows that the map's own index has not: what has come since. */
const arrivals = ({ garments, index }: Edition): number[] =>
  Array.from({ length: garments.count - index.count }, (_, at) => index.count + at).filter(row =>
    garments.isAlive(row),
  );

export function mapRoutes(app: Api, { editions, catalogue, maps }: Services): void {
  const words = new WeakMap<StoreMap, Promise<PlaceWord[][]>>();
  let layout: MapLayout | undefined;
  /** What does not depend on the filter, and the answer to the filter that was asked with last. */
  let sheet: { state: string; layout: MapLayout; on: OnSheet } | undefined;
  let kept: Kept | undefined;

  const layoutOf = (edition: Edition): MapLayout => {
    const map = maps.of(edition);
    if (map === undefined) {
      throw new LookdialError('no-map', 'Ask again in a moment.', { retryAfter: ASK_AGAIN });
    }
    if (layout?.edition !== edition || layout.map !== map) layout = new MapLayout(edition, map);
    return layout;
  };
  const sheetOf = (here: MapLayout, state: string): OnSheet => {
    if (sheet?.state !== state || sheet.layout !== here) {
      sheet = { state, layout: here, on: onSheet(catalogue, here) };
    }
    return sheet.on;
  };
  const wordsOf = (map: StoreMap): Promise<PlaceWord[][]> => {
    let found = words.get(map);
    if (found === undefined) {
      found = wordsOfPlaces(catalogue, map);
      words.set(map, found);
      // A failure is not kept: the next one to ask tries again.
      found.catch(() => words.delete(map));
    }
    return found;
  };

  const answerTo = (filter: GarmentFilter): Promise<Kept> =>
    editions.use(async edition => {
      const here = layoutOf(edition);
      const called = await wordsOf(here.map);
      await here.place(arrivals(edition));
      const state = `${catalogue.changes} ${edition.garments.changes}`;
      const key = `${state} ${JSON.stringify(filter)}`;
      if (kept?.key !== key || kept.layout !== here) {
        const made = frameOf(catalogue, here, sheetOf(here, state), called, filter);
        const digest = createHash('sha256').update(made).digest('base64url').slice(0, 16);
        kept = { key, layout: here, frame: made, tag: `"${edition.id}-${digest}"` };
      }
      return kept;
    });

  app.get(
    '/api/v1/map',
    {
      schema: {
        operationId: 'map',
        summary: 'The store on one sheet: every garment’s position, and the style families as places',
        querystring: MapQuery,
        response: {
          200: MAP,
          304: { type: 'null', description: 'The client has it already.' },
          ...failures('no-map', 'not-ready'),
        },
      },
    },
    async (request, reply) => {
      const { frame, tag } = await answerTo(filterOf(request.query));
      reply.headers({ etag: tag, 'cache-control': 'no-cache' });
      if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send(null);
      return reply.type('application/octet-stream').send(frame);
    },
  );

  app.post(
    '/api/v1/map',
    {
      schema: {
        operationId: 'mapOf',
        summary: 'The same by any filter',
        body: named('MapRequest'),
        response: { 200: MAP, ...bodyFailures('no-map', 'not-ready') },
      },
    },
    async ({ body: { filter = {} } }, reply) => {
      const { frame } = await answerTo(filter);
      return reply.type('application/octet-stream').send(frame);
    },
  );
}
