/** `/api/v1/staff`: the PIN at the screen, and the session that it opens. Answered at the box itself alone. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { IDLE_MS } from '../access/staff-session.ts';
import { LookdialError } from '../errors.ts';
import { whoAsks } from './access-guard.ts';
import { isAtScreen } from './loopback.ts';
import type { Limits } from './rate-limits.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

/** @throws LookdialError `loopback-only` */
async function atScreenAlone(request: FastifyRequest): Promise<void> {
  if (isAtScreen(request)) return;
  throw new LookdialError(
    'loopback-only',
    'Staff enter the PIN at the store’s own screen: http://127.0.0.1 and the daemon’s port.',
  );
}

const empty = Type.Null({ description: 'Done.' });

export function staffRoutes(app: Api, { access, certificate }: Services, { tries }: Limits): void {
  app.get(
    '/api/v1/staff',
    {
      onRequest: atScreenAlone,
      schema: {
        operationId: 'staff',
        summary: 'Whether there is a PIN, and whether it is locked',
        response: { 200: named('Staff'), ...failures('loopback-only', 'access-unavailable') },
      },
    },
    async () => {
      const shown = certificate?.();
      return {
        pin: access.pin.version === 0 ? ('unset' as const) : ('set' as const),
        lockedSeconds: Math.ceil(access.pin.lockedMs / 1000),
        certificate:
          shown === undefined
            ? null
            : { fingerprint: shown.fingerprint, validTo: shown.validTo.toISOString(), port: shown.port },
      };
    },
  );

  app.put(
    '/api/v1/staff/pin',
    {
      onRequest: [atScreenAlone, tries],
      schema: {
        operationId: 'setPin',
        summary: 'Set the PIN, or change it',
        description:
          'The first may be set by whoever stands at the screen. To change one takes a staff session, and ends it.',
        body: named('PinRequest'),
        response: { 204: empty, ...bodyFailures('loopback-only', 'pin-set', 'key-refused', 'access-unavailable') },
      },
    },
    async (request, reply) => {
      const staff = whoAsks(access, request)?.kind === 'staff';
      const who = { kind: staff ? 'staff' : 'screen' } as const;
      const doing = { who, address: request.ip, what: 'PUT /api/v1/staff/pin' };
      await access.setPin(request.body.pin, { replacing: staff, doing });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/staff/session',
    {
      onRequest: [atScreenAlone, tries],
      schema: {
        operationId: 'enter',
        summary: 'Enter the PIN',
        description: 'One session at a time: a new one ends the one before.',
        body: named('PinRequest'),
        response: {
          201: named('StaffSession'),
          ...bodyFailures('loopback-only', 'pin-unset', 'pin-wrong', 'pin-locked', 'busy', 'access-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const doing = { who: { kind: 'staff' }, address: request.ip, what: 'POST /api/v1/staff/session' } as const;
      const token = await access.enter(request.body.pin, doing);
      reply.code(201);
      return { token, idleSeconds: IDLE_MS / 1000 };
    },
  );

  app.delete(
    '/api/v1/staff/session',
    {
      config: { access: 'staff', auditsItself: true },
      schema: {
        operationId: 'leave',
        summary: 'End the staff session',
        response: { 204: empty, ...failures('origin-not-allowed') },
      },
    },
    async (_request, reply) => {
      access.staff.end();
      return reply.code(204).send(null);
    },
  );
}
