/** `GET /api/v1/items/{sku}/image`: a garment's picture, whole or small. What it shows is named by its content, so it may be kept for good. */
import { open } from 'node:fs/promises';
import { Type } from 'typebox';
import { LookdialError } from '../errors.ts';
import type { GarmentPicture } from '../inventory/garment.ts';
import { picturePath } from '../inventory/picture-files.ts';
import { garmentOf, ItemParams } from './items.ts';
import { bytes, failures } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { THUMBNAIL_SIZES, THUMBNAIL_TYPE, Thumbnails } from './thumbnails.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';

export const ImageQuery = Type.Object(
  {
    /** Longer side in pixels, as WebP; the picture itself unless said otherwise. */
    size: Type.Optional(Type.Enum([...THUMBNAIL_SIZES])),
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

/** Opens a picture's file, or says what is missing. */
async function openPicture(path: string, sku: string): Promise<{ size: number; stream: NodeJS.ReadableStream }> {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    return { size, stream: file.createReadStream() };
  } catch (cause) {
    throw new LookdialError(
      'store-invalid',
      `The picture of ${sku} cannot be read from the box’s disk. Index the store again: npm run index -- --store FOLDER.`,
      { cause },
    );
  }
}

export function itemImageRoutes(app: Api, { catalogue, config }: Services): void {
  const thumbnails = new Thumbnails({ maxPixels: config.maxPicturePixels });
  const pathOf = (picture: GarmentPicture): string => picturePath(config.data, picture);

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
          304: { description: 'The client has it already.', content: {} },
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
      reply.header('etag', tag).header('cache-control', named ? FOR_GOOD : 'no-cache');
      if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
      if (size !== undefined) {
        return reply.type(THUMBNAIL_TYPE).send(await thumbnails.get(picture.hash, pathOf(picture), size));
      }
      const { size: length, stream } = await openPicture(pathOf(picture), sku);
      return reply.type(picture.type).header('content-length', length).send(stream);
    },
  );
}
