/** `GET /api/v1/items/{sku}/image`: a garment's picture, whole or small. What it shows is named by its content, so it may be kept for good. */
import { open } from 'node:fs/promises';
import { Type } from 'typebox';
import { LookdialError } from '../errors.ts';
import { picturePath } from '../inventory/picture-files.ts';
import { garmentOf, ItemParams } from './items.ts';
import { bytes, failures } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { THUMBNAIL_SIZES, THUMBNAIL_TYPE, type ThumbnailSize, Thumbnails } from './thumbnails.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';

export const ImageQuery = Type.Object(
  {
    /** Longer side in pixels, as WebP; the picture itself unless said otherwise. */
    size: Type.Optional(Type.Unsafe<ThumbnailSize>({ type: 'integer', enum: THUMBNAIL_SIZES })),
    /** Begins the picture's hash: the answer to an address that has it may be kept for good. */
    v: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
);

/** Whether `If-None-Match` names the tag (RFC 9110, section 13.1.2: compared weakly). */
export const matchesTag = (header: string | undefined, tag: string): boolean =>
  (header ?? '')
    .split(',')
    .map(one => one.trim().replace(/^W\//, ''))
    .some(one => one === '*' || one === tag);

/** A picture that the catalogue has and the disk has not, or not whole. */
const lost = (sku: string, cause: unknown): LookdialError =>
  cause instanceof LookdialError
    ? cause
    : new LookdialError(
        'store-invalid',
        `The picture of ${sku} cannot be read from the box’s disk. Index the store again: npm run index -- --store FOLDER.`,
        { cause },
      );

async function openPicture(path: string): Promise<{ length: number; stream: NodeJS.ReadableStream }> {
  const file = await open(path);
  const { size } = await file.stat();
  return { length: size, stream: file.createReadStream() };
}

export function itemImageRoutes(app: Api, { catalogue, config }: Services): void {
  const thumbnails = new Thumbnails({ maxPixels: config.maxPicturePixels });

  app.get(
    '/api/v1/items/:sku/image',
    {
      schema: {
        operationId: 'image',
        summary: 'A garment’s picture',
        params: ItemParams,
        querystring: ImageQuery,
        response: {
          200: bytes('The picture.', 'image/jpeg', 'image/png', 'image/webp'),
          304: { type: 'null', description: 'The client has it already.' },
          ...failures('item-not-found', 'no-picture', 'store-invalid', 'busy'),
        },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const { size, v } = request.query;
      const { picture } = garmentOf(catalogue, sku);
      if (picture === null)
        throw new LookdialError('no-picture', `The garment ${sku} has no picture.`, { field: 'sku' });
      const tag = `"${picture.hash}${size === undefined ? '' : `-${size}`}"`;
      const named = v !== undefined && v.length >= 8 && picture.hash.startsWith(v);
      const keep = { etag: tag, 'cache-control': named ? FOR_GOOD : 'no-cache' };
      if (matchesTag(request.headers['if-none-match'], tag)) return reply.headers(keep).code(304).send(null);
      const path = picturePath(config.data, picture);
      try {
        if (size !== undefined) {
          const small = await thumbnails.get(picture.hash, path, size);
          return reply.headers(keep).type(THUMBNAIL_TYPE).send(small);
        }
        const { length, stream } = await openPicture(path);
        return reply.headers(keep).type(picture.type).header('content-length', length).send(stream);
      } catch (cause) {
        throw lost(sku, cause);
      }
    },
  );
}
