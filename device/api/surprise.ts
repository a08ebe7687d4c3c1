/** `GET /api/v1/surprise`: a point drawn near a garment that is there. */
import { randomInt } from 'node:crypto';
import { LookdialError } from '../errors.ts';
import { Random } from '../matching/random.ts';
import { drawSurprise } from '../matching/surprise.ts';
import { SurpriseQuery } from './match-schemas.ts';
import { dialsOf } from './points.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const SEEDS = 2 ** 32;

const only = (word: string | undefined): string[] | undefined => (word === undefined ? undefined : [word]);

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
      const { category, size, colour, seed = randomInt(SEEDS) } = request.query;
      const filter = { categories: only(category), sizes: only(size), colours: only(colour) };
      return await editions.use(edition => {
        const { mask } = catalogue.allowed(filter, edition.garments);
        const drawn = drawSurprise(edition.garments, new Random(seed), mask);
        if (drawn === undefined) {
          throw new LookdialError('no-match-allowed', 'No garment in stock passes the filters. Take one away.');
        }
        const { row, z } = drawn;
        return { sku: edition.garments.sku(row), z: Array.from(z), dials: dialsOf(edition, z), edition: edition.id };
      });
    },
  );
}
