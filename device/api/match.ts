/** `POST /api/v1/match`: which garments in the store, or elsewhere in the chain, make the dialled point most likely. */
import { Type } from 'typebox';
import { answerChainMatch, chainOf } from './chain-matching.ts';
import { whenGone } from './client-gone.ts';
import { answerMatch, askerOf, ScreenHeaders } from './matching.ts';
import { readCategory, readPoint } from './points.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

export function matchRoutes(app: Api, services: Services): void {
  const { editions, catalogue, times } = services;
  app.post(
    '/api/v1/match',
    {
      schema: {
        operationId: 'match',
        summary: 'The garments nearest to a point',
        description:
          'Exactly one of `dials` and `z`. `matches` is empty where no garment passes the filter. With `scope` chain: what other stores of the chain have ' +
          'and this one has not, as a ChainAnswer; this store’s own matches are asked for without it, and never wait for the chain.',
        headers: ScreenHeaders,
        body: named('MatchRequest'),
        response: {
          200: Type.Union([named('MatchAnswer'), named('ChainAnswer')]),
          ...bodyFailures('invalid-point', 'superseded', 'not-ready', 'chain-unset', 'chain-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { body, headers } = request;
      const asker = askerOf('match', headers, whenGone(reply), times);
      return await editions.use(async edition => {
        const z = readPoint(edition, body);
        // Every kind is considered whatever the condition; a kind that is none is a mistake all the same.
        readCategory(edition, body.condition?.category, 'condition.category');
        if (body.scope === 'chain') {
          return await answerChainMatch(edition, catalogue, chainOf(services), z, body, asker);
        }
        return await answerMatch(edition, catalogue, z, body, asker);
      });
    },
  );
}
