/** `POST /api/v1/dial`: one round trip for a drag, the picture and the matches at once. */

import { whenGone } from './client-gone.ts';
import { writeFrame } from './dial-frame.ts';
import { answerMatch, askerOf, ScreenHeaders } from './matching.ts';
import { readCategory, readPoint } from './points.ts';
import { bodyFailures, bytes, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import type { Turns } from './turns.ts';

/** @param decoding the decoder's queue */
export function dialRoutes(app: Api, { editions, catalogue, times }: Services, decoding: Turns): void {
  app.post(
    '/api/v1/dial',
    {
      schema: {
        operationId: 'dial',
        summary: 'The picture and the matches of a point, in one binary answer',
        description:
          'Little-endian: bytes 0-3 "LDL1"; u16 width; u16 height; u32 length of the JSON in bytes; u32 reserved, 0; then width * height * ' +
          '4 bytes RGBA (straight alpha, not sharpened); then the JSON of MatchAnswer in UTF-8.',
        headers: ScreenHeaders,
        body: named('DialRequest'),
        response: {
          200: bytes('The frame.', 'application/octet-stream'),
          ...bodyFailures('invalid-point', 'superseded', 'busy', 'not-ready', 'inference-failed'),
        },
      },
    },
    async (request, reply) => {
      const { body, headers } = request;
      const gone = whenGone(reply);
      const asker = askerOf('dial', headers, gone, times);
      const frame = await editions.use(async edition => {
        const z = readPoint(edition, body);
        const category = readCategory(edition, body.condition?.category, 'condition.category');
        // The decoder works in a thread of its own: the search is done here meanwhile.
        const drawn = decoding.run(() => times.of('decode', () => edition.inference.decode(z, category)), gone);
        const [picture, answer] = await Promise.all([
          drawn,
          Promise.try(answerMatch, edition, catalogue, z, body, asker),
        ]);
        return writeFrame(picture, JSON.stringify(answer));
      });
      return reply.type('application/octet-stream').send(frame);
    },
  );
}
