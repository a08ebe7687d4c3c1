/** `POST /api/v1/match`: which garments in the store make the dialled point most likely. */
import { answerMatch } from './matching.ts';
import { readCategory, readPoint } from './points.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

export function matchRoutes(app: Api, { editions, catalogue }: Services): void {
  app.post(
    '/api/v1/match',
    {
      schema: {
        operationId: 'match',
        summary: 'The garments nearest to a point',
        description: 'Exactly one of `dials` and `z`. `matches` is empty where no garment passes the filter.',
        body: named('MatchRequest'),
        response: { 200: named('MatchAnswer'), ...bodyFailures('invalid-point', 'not-ready') },
      },
    },
    async request => {
      const since = performance.now();
      const { body } = request;
      return await editions.use(edition => {
        const z = readPoint(edition, body);
        // Every kind is considered whatever the condition; a kind that is none is a mistake all the same.
        readCategory(edition, body.condition?.category, 'condition.category');
        return answerMatch(edition, catalogue, z, body, since);
      });
    },
  );
}
