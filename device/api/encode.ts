/** `POST /api/v1/encode`: what the encoder makes of a picture. */
import { Type } from 'typebox';
import { readPicture } from '../inference/pictures.ts';
import { whenGone } from './client-gone.ts';
import { dialsOf, readCategory } from './points.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { Turns } from './turns.ts';

export const PICTURES = ['image/jpeg', 'image/png', 'image/webp'];
/** Pictures read at once, and that may wait: each may be a large body, so a turn is taken before a body is read. */
const READ_AT_ONCE = 2;
const MAY_WAIT = 16;

export const EncodeQuery = Type.Object(
  {
    /** The garment's kind, for a conditional model; the manifest's default unless said otherwise. */
    category: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
);

export function encodeRoutes(app: Api, { editions, config, times }: Services): void {
  const turns = new Turns('pictures', READ_AT_ONCE, MAY_WAIT);
  // A scope of its own, where pictures are the only bodies there are.
  app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(PICTURES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (_request, reply) => {
      const leave = await turns.enter(whenGone(reply));
      reply.raw.once('close', leave);
      if (reply.raw.closed) leave();
    });
    (scope as Api).post(
      '/api/v1/encode',
      {
        bodyLimit: config.maxPictureBytes,
        schema: {
          operationId: 'encode',
          summary: 'The posterior of a picture',
          description: 'The body is the picture: image/jpeg, image/png or image/webp. Nothing of it is kept.',
          consumes: PICTURES,
          querystring: EncodeQuery,
          response: {
            200: named('Encoded'),
            ...bodyFailures('picture-unreadable', 'picture-too-large', 'busy', 'not-ready', 'inference-failed'),
          },
        },
      },
      async request => {
        const body: unknown = request.body;
        const bytes = body instanceof Uint8Array ? body : new Uint8Array();
        return await editions.use(async edition => {
          const category = readCategory(edition, request.query.category, 'category');
          const { input } = edition.bundle.manifest.encoder;
          const limits = { maxPixels: config.maxPicturePixels };
          const tensor = await times.of('read', () => readPicture(bytes, input, limits));
          const { mu, sigma } = await times.of('encode', () => edition.inference.encode(tensor, category));
          return { mu: Array.from(mu), sigma: Array.from(sigma), dials: dialsOf(edition, mu), edition: edition.id };
        });
      },
    );
  });
}
