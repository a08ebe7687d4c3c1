/** `GET /api/v1/surprise`: a point drawn near a garment that is there. */
import { randomInt } from 'node:crypto';
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import { filterOf, type GarmentFilter } from '../garment-filter.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { Random } from '../matching/random.ts';
import { drawSurprise, type Locked } from '../matching/surprise.ts';
import { type Surprise, SurpriseQuery } from './match-schemas.ts';
import { checkDimensions, dialsOf, readPoint } from './points.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const SEEDS = 2 ** 32;

interface Wish {
  readonly filter: GarmentFilter;
  readonly seed: number | undefined;
  readonly locked?: Locked;
}

/** @throws LookdialError `no-match-allowed` */
function surprise(edition: Edition, catalogue: Catalogue, { filter, seed, locked }: Wish): Surprise {
  const { garments } = edition;
  const { mask } = catalogue.allowed(filter, garments);
  const drawn = drawSurprise(garments, new Random(seed ?? randomInt(SEEDS)), mask, locked);
  if (drawn === undefined) {
    throw new LookdialError('no-match-allowed', 'No garment in stock passes the filters. Take one away.');
  }
  const { row, z } = drawn;
  return { sku: garments.sku(row), z: Array.from(z), dials: dialsOf(edition, z), edition: edition.id };
}

export function surpriseRoutes(app: Api, { editions, catalogue }: Services): void {
  app.get(
    '/api/v1/surprise',
    {
      schema: {
        operationId: 'surprise',
        summary: 'A point near a garment of the store, drawn at random',
        querystring: SurpriseQuery,
        response: { 200: named('Surprise'), ...failures('no-match-allowed', 'not-ready') },
      },
    },
    async request => {
      const { seed, ...written } = request.query;
      return await editions.use(edition => surprise(edition, catalogue, { filter: filterOf(written), seed }));
    },
  );

  app.post(
    '/api/v1/surprise',
    {
      schema: {
        operationId: 'surpriseWithin',
        summary: 'The same where some dials stay as they are, or by any filter',
        body: named('SurpriseRequest'),
        response: { 200: named('Surprise'), ...bodyFailures('invalid-point', 'no-match-allowed', 'not-ready') },
      },
    },
    async ({ body }) => {
      const { filter = {}, locked: on, seed } = body;
      return await editions.use(edition => {
        checkDimensions(edition, on, 'locked');
        if (on === undefined) return surprise(edition, catalogue, { filter, seed });
        const z = readPoint(edition, body);
        const tolerance = edition.bundle.manifest.shareTolerance;
        return surprise(edition, catalogue, { filter, seed, locked: { on, z, tolerance } });
      });
    },
  );
}
