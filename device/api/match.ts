/** `POST /api/v1/match`: which garments in the store make the dialled point most likely. */
import { whenGone } from './client-gone.ts';
import { answerMatch, askerOf, ScreenHeaders } from './matching.ts';
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
        headers: ScreenHeaders,
        body: named('MatchRequest'),
        response: { 200: named('MatchAnswer'), ...bodyFailures('invalid-point', 'superseded', 'not-ready') },
      },
    },
    async (request, reply) => {
      const { body, headers } = request;
      const asker = askerOf('match', headers, whenGone(reply));
      return await editions.use(edition => {
        const z = readPoint(edition, body);
        // Every kind is considered whatever the condition; a kind that is none is a mistake all the same.
        readCategory(edition, body.condition?.category, 'condition.category');
        return answerMatch(edition, catalogue, z, body, asker);
      });
    },
  );
}
