/** `GET /api/v1/items` and one garment: itself, its posterior, and more like it. Its picture is in item-images.ts. */
import { Type } from 'typebox';
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { Garment } from '../inventory/garment.ts';
import { rankSimilar } from '../matching/similar.ts';
import { itemOf, viewOf } from './garment-view.ts';
import { ItemsQuery, SimilarQuery } from './item-schemas.ts';
import { dialsOf } from './points.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { shown } from './validation.ts';

const DEFAULT_SIMILAR = 24;

export const ItemParams = Type.Object(
  { sku: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
);

/** @throws LookdialError `item-not-found` */
export function garmentOf(catalogue: Catalogue, sku: string): Garment {
  const garment = catalogue.item(sku);
  if (garment !== undefined) return garment;
  throw new LookdialError('item-not-found', `There is no garment with the SKU ${shown(sku)}.`, { field: 'sku' });
}

/** @throws LookdialError `item-not-found`, `item-not-encoded` */
function rowOf(catalogue: Catalogue, edition: Edition, sku: string): number {
  const { problem } = garmentOf(catalogue, sku);
  const row = edition.garments.rowOf(sku);
  if (row >= 0) return row;
  throw new LookdialError(
    'item-not-encoded',
    `The garment ${shown(sku)} has no encoding${problem === null ? ' yet' : `: ${problem}`}`,
    { field: 'sku' },
  );
}

export function itemRoutes(app: Api, { editions, catalogue }: Services): void {
  app.get(
    '/api/v1/items',
    {
      schema: {
        operationId: 'items',
        summary: 'The catalogue, in the order of its SKUs',
        querystring: ItemsQuery,
        response: { 200: named('Items'), ...failures('not-ready') },
      },
    },
    async request =>
      await editions.use(({ garments }) => {
        const { items, nextCursor } = catalogue.items(request.query);
        return {
          items: items.map(garment => itemOf(garment, garments)),
          ...(nextCursor === undefined ? {} : { nextCursor }),
        };
      }),
  );

  app.get(
    '/api/v1/items/:sku',
    {
      schema: {
        operationId: 'item',
        summary: 'One garment',
        params: ItemParams,
        response: { 200: named('Item'), ...failures('item-not-found', 'not-ready') },
      },
    },
    async request => await editions.use(({ garments }) => itemOf(garmentOf(catalogue, request.params.sku), garments)),
  );

  app.get(
    '/api/v1/items/:sku/posterior',
    {
      schema: {
        operationId: 'posterior',
        summary: 'What the encoder made of a garment',
        params: ItemParams,
        response: { 200: named('Posterior'), ...failures('item-not-found', 'item-not-encoded', 'not-ready') },
      },
    },
    async request =>
      await editions.use(edition => {
        const { mu, sigma } = edition.garments.posterior(rowOf(catalogue, edition, request.params.sku));
        return {
          mu: Array.from(mu),
          sigma: Array.from(sigma),
          dials: dialsOf(edition, mu),
          encoder: edition.index.encoderDigest,
        };
      }),
  );

  app.get(
    '/api/v1/items/:sku/similar',
    {
      schema: {
        operationId: 'similar',
        summary: 'Garments in stock that are like this one, nearest first',
        params: ItemParams,
        querystring: SimilarQuery,
        response: { 200: named('Similar'), ...failures('item-not-found', 'item-not-encoded', 'not-ready') },
      },
    },
    async request =>
      await editions.use(edition => {
        const { k = DEFAULT_SIMILAR, measure = 'jeffreys' } = request.query;
        const { tolerance } = edition.bundle.manifest;
        const row = rowOf(catalogue, edition, request.params.sku);
        const allowed = catalogue.allowed({}, edition.garments).mask;
        const matches = rankSimilar(edition.garments, row, { k, measure, tolerance, allowed }).flatMap(
          ({ sku, value }) => {
            const garment = catalogue.item(sku);
            return garment === undefined ? [] : [{ ...viewOf(garment), value }];
          },
        );
        return { matches, measure, tolerance, edition: edition.id };
      }),
  );
}
