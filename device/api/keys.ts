/** `/api/v1/keys`: who has one, getting one for the code on the screen, and taking one back. */
import { Type } from 'typebox';
import type { Key as KeptKey } from '../access/keys.ts';
import type { Key } from './access-schemas.ts';
import type { Limits } from './rate-limits.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

export const KeyParams = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 40 }) },
  { additionalProperties: false },
);

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();
const timeOrNull = (milliseconds: number | null): string | null => (milliseconds === null ? null : time(milliseconds));

/** A key as the API shows it. */
export const keyView = ({ id, name, scope, created, lastUsed, revoked }: KeptKey): Key => ({
  id,
  name,
  scope,
  created: time(created),
  lastUsed: timeOrNull(lastUsed),
  revoked: timeOrNull(revoked),
});

export function keyRoutes(app: Api, { access }: Services, { tries }: Limits): void {
  app.get(
    '/api/v1/keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'keys',
        summary: 'Every key',
        description: 'Those that can be used, the newest first; then those taken back lately.',
        response: { 200: named('Keys'), ...failures() },
      },
    },
    async () => ({ keys: access.keys.list().map(keyView) }),
  );

  app.post(
    '/api/v1/keys',
    {
      onRequest: tries,
      schema: {
        operationId: 'pair',
        summary: 'A key, for the code on the screen',
        description: 'The code is good for 120 s, once, and for five tries. The token is told this once.',
        body: named('KeyRequest'),
        response: {
          201: named('NewKey'),
          ...bodyFailures('code-wrong', 'pairing-closed', 'too-many-keys', 'access-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { code, name } = request.body;
      const doing = { who: { kind: 'pairing' }, address: request.ip, what: 'POST /api/v1/keys' } as const;
      const { key, token } = access.pairing.redeem(code, scope => access.createKey(name, scope, doing));
      reply.code(201);
      return { key: keyView(key), token };
    },
  );

  app.delete(
    '/api/v1/keys/:id',
    {
      config: { access: 'admin', auditsItself: true },
      schema: {
        operationId: 'revoke',
        summary: 'Take a key back',
        description: 'The next request with it is refused.',
        params: KeyParams,
        response: { 200: named('Key'), ...failures('key-not-found', 'origin-not-allowed') },
      },
    },
    async request => {
      const { who = { kind: 'staff' } as const, ip } = request;
      return keyView(access.revokeKey(request.params.id, { who, address: ip, what: 'DELETE /api/v1/keys/:id' }));
    },
  );
}
