/** `/api/v1/calls`: somebody at the screen asks for somebody of the team. `/api/v1/page`: where a phone finds the box. */
import { Type } from 'typebox';
import { Calls } from '../calls/calls.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const CallParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });

export function callRoutes(app: Api, { events, webhook }: Services): void {
  const calls: Calls = new Calls({
    taken: call => {
      events.publish({ type: 'call', data: call });
      webhook?.tell(call, () => calls.isOpen(call.id));
    },
    answered: call => events.publish({ type: 'call', data: call }),
  });

  app.post(
    '/api/v1/calls',
    {
      config: { access: 'inventory', openAtScreen: true },
      schema: {
        operationId: 'call',
        summary: 'Calls somebody of the team to a screen',
        description:
          'Tells everyone who listens to events, as `call`, and the webhook where one is set. The screen itself needs no key. ' +
          'While a call from the same place waits, the answer is that one. It waits ten minutes at most, and is kept in memory alone.',
        body: named('CallRequest'),
        response: { 201: named('Call'), ...bodyFailures('busy') },
      },
    },
    async (request, reply) => reply.code(201).send(calls.take(request.body.place ?? null)),
  );

  app.get(
    '/api/v1/calls',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'calls',
        summary: 'The calls that nobody has answered yet',
        response: { 200: named('Calls'), ...failures() },
      },
    },
    async () => ({ calls: calls.open }),
  );

  app.get(
    '/api/v1/calls/:id',
    {
      schema: {
        operationId: 'oneCall',
        summary: 'What became of a call',
        params: CallParams,
        response: { 200: named('Call'), ...failures('call-not-found') },
      },
    },
    async request => calls.find(request.params.id),
  );

  app.post(
    '/api/v1/calls/:id/answer',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'answerCall',
        summary: 'Says that somebody comes',
        description: 'The screen that called says so at once. Said twice, the first time counts.',
        params: CallParams,
        response: { 200: named('Call'), ...failures('origin-not-allowed', 'call-not-found') },
      },
    },
    async request => calls.answer(request.params.id),
  );
}

export function pageRoute(app: Api, { pageAddress }: Services): void {
  app.get(
    '/api/v1/page',
    {
      schema: {
        operationId: 'page',
        summary: 'Where a phone on the store’s network finds the page',
        description:
          'For the code that a shopper takes away. Null where a phone could not open it: the box answers to itself alone, shows the store to keys alone, or has a certificate that phones do not know.',
        response: { 200: named('Page'), ...failures() },
      },
    },
    async () => ({ address: pageAddress?.() ?? null }),
  );
}
