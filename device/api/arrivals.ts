/**
 * What arrives, by photograph: `POST /api/v1/cutouts` shows what would be kept of it, `POST /api/v1/items/{sku}/image` takes it.
 * When that is answered the garment is matched.
 */
import { Type } from 'typebox';
import { type CutOut, CutOuts } from '../cutout/cutouts.ts';
import { Previews } from '../cutout/previews.ts';
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import { readPicture } from '../inference/pictures.ts';
import type { Garment } from '../inventory/garment.ts';
import { conditionOf } from '../inventory/picture-digest.ts';
import { sha256 } from '../inventory/picture-files.ts';
import type { Arrived } from './arrival-schemas.ts';
import { whenGone } from './client-gone.ts';
import { PICTURES } from './encode.ts';
import { imagePath } from './garment-view.ts';
import { garmentOf, ItemParams } from './items.ts';
import { dialsOf } from './points.ts';
import { bodyFailures, bytes, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { Turns } from './turns.ts';

/** Photographs read and cut out at once, and that may wait: each may be a large body, so a turn is taken before a body is read. */
const AT_ONCE = 1;
const MAY_WAIT = 8;

const CutOutId = Type.String({ minLength: 1, maxLength: 64 });
export const CutOutParams = Type.Object({ id: CutOutId }, { additionalProperties: false });
export const ArrivalQuery = Type.Object(
  {
    /** The `cutout` of an answer to `POST /api/v1/cutouts`, in place of a body. */
    cutout: Type.Optional(CutOutId),
  },
  { additionalProperties: false },
);

const qualityOf = ({ method, doubts, measures }: CutOut) => ({ method, doubts: [...doubts], area: measures.area });

const bytesOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new Uint8Array());

/** @returns how many photographs wait for their turn */
export function arrivalRoutes(app: Api, services: Services): () => number {
  const { config } = services;
  const cutOuts = new CutOuts({ maxPixels: config.maxPicturePixels });
  const previews = new Previews();
  const turns = new Turns('photographs', AT_ONCE, MAY_WAIT);
  app.addHook('onClose', () => cutOuts.close());

  app.get(
    '/api/v1/cutouts/:id',
    {
      schema: {
        operationId: 'cutout',
        summary: 'A cut-out to look at, before it is taken',
        params: CutOutParams,
        response: { 200: bytes('The cut-out.', ...PICTURES), ...failures('cutout-not-found') },
      },
    },
    async (request, reply) => {
      const preview = previews.get(request.params.id);
      return reply.type(preview.type).send(preview.bytes);
    },
  );

  // A scope of its own, where pictures are the only bodies there are.
  app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(PICTURES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (_request, reply) => {
      const leave = await turns.enter(whenGone(reply));
      reply.raw.once('close', leave);
      if (reply.raw.closed) leave();
    });
    previewRoute(scope as Api, services, cutOuts, previews);
    arrivalRoute(scope as Api, services, cutOuts, previews);
  });
  return () => turns.waiting;
}

const CUT_FAILURES = ['picture-unreadable', 'picture-too-large', 'no-garment-found', 'busy'] as const;

function previewRoute(scope: Api, { config, times }: Services, cutOuts: CutOuts, previews: Previews): void {
  scope.post(
    '/api/v1/cutouts',
    {
      bodyLimit: config.maxPictureBytes,
      config: { access: 'inventory' },
      schema: {
        operationId: 'makeCutout',
        summary: 'Cut a garment out of its photograph, to look at it',
        description:
          'The body is the photograph: image/jpeg, image/png or image/webp. Nothing is changed; the cut-out is kept for ten minutes, and `POST /api/v1/items/{sku}/image?cutout=` takes it.',
        consumes: PICTURES,
        response: { 200: named('CutOut'), ...bodyFailures(...CUT_FAILURES) },
      },
    },
    async (request, reply) => {
      const preview = previews.keep(
        await times.of('cutout', () => cutOuts.cut(bytesOf(request.body), whenGone(reply))),
      );
      const { id, expires } = preview;
      const image = `/api/v1/cutouts/${id}`;
      return { cutout: id, image, expires: expires.toISOString(), ...qualityOf(preview) };
    },
  );
}

function arrivalRoute(scope: Api, services: Services, cutOuts: CutOuts, previews: Previews): void {
  const { editions, catalogue, config, times } = services;
  scope.post(
    '/api/v1/items/:sku/image',
    {
      bodyLimit: config.maxPictureBytes,
      config: { access: 'inventory' },
      schema: {
        operationId: 'arrive',
        summary: 'Give a garment of the catalogue its picture, by photograph',
        description:
          'The body is the photograph: image/jpeg, image/png or image/webp; or there is none, and `cutout` names one that was looked at. It is cut out, encoded and kept on the disk: when the answer comes, the garment is matched by it.',
        consumes: PICTURES,
        params: ItemParams,
        querystring: ArrivalQuery,
        response: {
          200: named('Arrived'),
          ...bodyFailures(
            ...CUT_FAILURES,
            'item-not-found',
            'cutout-not-found',
            'indexing-under-way',
            'write-failed',
            'not-ready',
            'inference-failed',
            'index-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      const { cutout } = request.query;
      const body = bytesOf(request.body);
      if (cutout !== undefined && body.length > 0) {
        throw new LookdialError('invalid-request', 'Send a photograph, or name a cut-out: not both.', {
          field: 'cutout',
        });
      }
      const garment = garmentOf(catalogue, request.params.sku);
      const cut =
        cutout === undefined
          ? await times.of('cutout', () => cutOuts.cut(body, whenGone(reply)))
          : previews.get(cutout);
      return await editions.use(edition => arrive(services, edition, garment, cut));
    },
  );
}

/** Encodes what was cut out, and has it kept. */
async function arrive(
  { live, config, times }: Services,
  edition: Edition,
  garment: Garment,
  cut: CutOut,
): Promise<Arrived> {
  const { bundle, inference } = edition;
  const { manifest, encoderDigest } = bundle;
  const { sku, category } = garment;
  const condition = conditionOf(manifest, category);
  const limits = { maxPixels: config.maxPicturePixels };
  const input = await times.of('read', () => readPicture(cut.bytes, manifest.encoder.input, limits));
  const posterior = await times.of('encode', () => inference.encode(input, condition));
  const picture = { hash: sha256(cut.bytes).toString('hex'), type: cut.type };
  await live.current().put({ sku, picture, bytes: cut.bytes, posterior, condition, encoderDigest });
  return {
    sku,
    encoded: true,
    image: imagePath({ sku, picture }),
    cutout: qualityOf(cut),
    mu: Array.from(posterior.mu),
    sigma: Array.from(posterior.sigma),
    dials: dialsOf(edition, posterior.mu),
    edition: edition.id,
  };
}
