/** `/api/v1/pairings`: staff at the screen let it show a code, for a program to get its key with. */
import type { PairingState } from '../access/pairing.ts';
import type { Pairing } from './access-schemas.ts';
import { keyView } from './keys.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const view = (state: PairingState): Pairing =>
  state.state === 'paired' ? { state: 'paired', key: keyView(state.key) } : state;

export function pairingRoutes(app: Api, { access }: Services): void {
  app.post(
    '/api/v1/pairings',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'startPairing',
        summary: 'Show a code on the screen',
        description: 'A code that was shown before is worth nothing any more.',
        body: named('PairingRequest'),
        response: { 201: named('Pairing'), ...bodyFailures() },
      },
    },
    async (request, reply) => {
      reply.code(201);
      return view(access.pairing.begin(request.body.scope));
    },
  );

  app.get(
    '/api/v1/pairings',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'pairing',
        summary: 'The pairing under way',
        response: { 200: named('Pairing'), ...failures() },
      },
    },
    async () => view(access.pairing.state),
  );

  app.delete(
    '/api/v1/pairings',
    {
      config: { access: 'staff' },
      schema: {
        operationId: 'stopPairing',
        summary: 'Take the code off the screen',
        response: { 200: named('Pairing'), ...failures('origin-not-allowed') },
      },
    },
    async () => {
      access.pairing.end();
      return view(access.pairing.state);
    },
  );
}
