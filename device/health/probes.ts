/** `GET /healthz` and `/readyz`, for the box's own watchdog: is the daemon alive, and can it answer a shopper. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isOnBox } from '../api/loopback.ts';
import { failures } from '../api/route-schemas.ts';
import type { Api, Services } from '../api/services.ts';
import { LookdialError } from '../errors.ts';

const strict = { additionalProperties: false };

export const Health = Type.Object({ status: Type.Literal('ok'), uptimeSeconds: Type.Number() }, strict);

export const Readiness = Type.Object(
  { status: Type.Literal('ready'), edition: Type.String(), provider: Type.String() },
  strict,
);

export function probeRoutes(app: Api, { editions }: Services): void {
  const guard = async (request: FastifyRequest): Promise<void> => {
    if (isOnBox(request)) return;
    throw new LookdialError('loopback-only', 'Ask from the box itself: http://127.0.0.1 and the daemon’s port.');
  };

  app.get(
    '/healthz',
    {
      onRequest: guard,
      schema: {
        operationId: 'health',
        summary: 'Whether the daemon is alive',
        response: { 200: Health, ...failures('loopback-only') },
      },
    },
    async () => ({ status: 'ok' as const, uptimeSeconds: Math.round(process.uptime()) }),
  );

  app.get(
    '/readyz',
    {
      onRequest: guard,
      schema: {
        operationId: 'readiness',
        summary: 'Whether a model is serving',
        response: { 200: Readiness, ...failures('loopback-only', 'not-ready') },
      },
    },
    async () => {
      const edition = editions.edition;
      if (edition === undefined) throw new LookdialError('not-ready', 'The model is still being loaded.');
      const { state, provider } = edition.inference;
      if (state === 'down') {
        throw new LookdialError('not-ready', 'The model is down. Look at the daemon’s log, then start it again.');
      }
      return { status: 'ready' as const, edition: edition.id, provider };
    },
  );
}
