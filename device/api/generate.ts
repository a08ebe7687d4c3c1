/** `POST /api/v1/generate`: the garment at a point, as a picture. */
import { Type } from 'typebox';
import { LookdialError } from '../errors.ts';
import { writePicture } from '../inference/pictures.ts';
import { preferred } from './accept.ts';
import { whenGone } from './client-gone.ts';
import { readCategory, readPoint } from './points.ts';
import { bodyFailures, bytes, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { Turns } from './turns.ts';

const DEFAULT_SIZE = 512;
/** Pictures drawn at screen size at once, and that may wait: each takes some megabytes. */
const DRAWN_AT_ONCE = 2;
const MAY_WAIT = 32;
const TYPES = ['image/png', 'image/webp', 'application/octet-stream'] as const;

export const GenerateQuery = Type.Object(
  {
    /** Pixels of the longer side, for PNG and WebP. */
    size: Type.Optional(Type.Integer({ minimum: 64, maximum: 1024 })),
  },
  { additionalProperties: false },
);

/** @param decoding the decoder's queue */
export function generateRoutes(app: Api, { editions, times }: Services, decoding: Turns): void {
  const drawing = new Turns('pictures', DRAWN_AT_ONCE, MAY_WAIT);
  app.post(
    '/api/v1/generate',
    {
      schema: {
        operationId: 'generate',
        summary: 'The garment at a point, as a picture',
        description:
          'Accept decides between PNG, WebP (both drawn at `size`, their outline sharpened as the bundle says) and the raw RGBA of the ' +
          'net (straight alpha, not sharpened; its size in x-width and x-height).',
        body: named('PointRequest'),
        querystring: GenerateQuery,
        response: {
          200: bytes('The picture.', ...TYPES),
          ...bodyFailures('invalid-point', 'not-acceptable', 'busy', 'not-ready', 'inference-failed'),
        },
      },
    },
    async (request, reply) => {
      const type = preferred(request.headers.accept, TYPES);
      if (type === undefined) {
        throw new LookdialError('not-acceptable', `Accept must allow one of ${TYPES.join(', ')}.`, { field: 'accept' });
      }
      const gone = whenGone(reply);
      const { picture, sharpen, id } = await editions.use(async edition => {
        const z = readPoint(edition, request.body);
        const category = readCategory(edition, request.body.condition?.category, 'condition.category');
        const decode = () => times.of('decode', () => edition.inference.decode(z, category));
        const decoded = await decoding.run(decode, gone);
        return { picture: decoded, sharpen: edition.bundle.manifest.decoder.sharpen, id: edition.id };
      });
      reply.header('x-edition', id).header('vary', 'accept').type(type);
      if (type === 'application/octet-stream') {
        const { width, height, rgba } = picture;
        reply.header('x-width', width).header('x-height', height);
        return reply.send(Buffer.from(rgba.buffer, rgba.byteOffset, width * height * 4));
      }
      const format = type === 'image/png' ? 'png' : 'webp';
      const { size = DEFAULT_SIZE } = request.query;
      const draw = () => times.of('draw', () => writePicture(picture, { format, size, sharpen }));
      return reply.send(await drawing.run(draw, gone));
    },
  );
}
