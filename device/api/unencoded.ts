/**
 * Garments that no dial finds: `GET /api/v1/unencoded` says which and why, `POST /api/v1/items/{sku}/encode` tries a picture again.
 * A new photograph is the arrivals’ to bring.
 */
import { readFile } from 'node:fs/promises';
import type { Edition } from '../edition/edition.ts';
import { encodeArrival } from '../edition/mend.ts';
import { LookdialError } from '../errors.ts';
import { formatOf } from '../inference/pictures.ts';
import type { Catalogue, Problem } from '../inventory/catalogue.ts';
import type { Garment } from '../inventory/garment.ts';
import { DEFAULT_PAGE, readCursor, writeCursor } from '../inventory/items-page.ts';
import { picturePath, sha256 } from '../inventory/picture-files.ts';
import { StorePictures } from '../inventory/store-folder.ts';
import { whenGone } from './client-gone.ts';
import { itemOf } from './garment-view.ts';
import { garmentOf, ItemParams } from './items.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { Turns } from './turns.ts';
import { type UnencodedItem, UnencodedQuery } from './unencoded-schemas.ts';
import { shown } from './validation.ts';

/** Pictures tried again at once, and that may wait: each is read whole. */
const AT_ONCE = 1;
const MAY_WAIT = 8;
/** A net that fails once may have been restarting. */
const TRIES = 2;

/** The SKUs of what is not matched, in their order. */
const skusOf = (catalogue: Catalogue, { garments }: Edition): string[] =>
  Array.from(catalogue.everyGarment(), ({ sku }) => sku)
    .filter(sku => garments.rowOf(sku) < 0)
    .sort((a, b) => (a < b ? -1 : 1));

function reasonOf({ picture }: Garment, problem: Problem | undefined): UnencodedItem['reason'] {
  if (problem !== undefined) return problem.fault ?? 'unknown';
  return picture === null ? 'no-picture' : 'waiting';
}

function unencodedItem(
  garment: Garment,
  { catalogue, edition }: { catalogue: Catalogue; edition: Edition },
): UnencodedItem {
  const problem = catalogue.notEncoded(garment.sku);
  return {
    ...itemOf(garment, edition.garments),
    reason: reasonOf(garment, problem),
    detail: problem?.reason ?? null,
    canTryAgain: garment.picture !== null || problem?.source !== undefined,
  };
}

export function unencodedRoutes(app: Api, services: Services): void {
  const { editions, catalogue } = services;
  const turns = new Turns('pictures to try again', AT_ONCE, MAY_WAIT);
  let kept: { edition: Edition; changes: number; rows: number; skus: string[] } | undefined;
  const skusNow = (edition: Edition): string[] => {
    const { changes } = catalogue;
    const { changes: rows } = edition.garments;
    if (kept?.edition !== edition || kept.changes !== changes || kept.rows !== rows) {
      kept = { edition, changes, rows, skus: skusOf(catalogue, edition) };
    }
    return kept.skus;
  };

  app.get(
    '/api/v1/unencoded',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'unencoded',
        summary: 'The garments without an encoding, and why they have none',
        querystring: UnencodedQuery,
        response: { 200: named('Unencoded'), ...failures('not-ready') },
      },
    },
    async request =>
      await editions.use(edition => {
        const { cursor, limit = DEFAULT_PAGE } = request.query;
        const skus = skusNow(edition);
        const after = cursor === undefined ? '' : readCursor(cursor);
        const from = skus.findIndex(sku => sku > after);
        const page = from < 0 ? [] : skus.slice(from, from + limit);
        const more = from >= 0 && from + limit < skus.length;
        const found = page.flatMap(sku => catalogue.item(sku) ?? []);
        return {
          count: skus.length,
          items: found.map(garment => unencodedItem(garment, { catalogue, edition })),
          ...(more ? { nextCursor: writeCursor(page.at(-1) ?? '') } : {}),
        };
      }),
  );

  app.post(
    '/api/v1/items/:sku/encode',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'tryAgain',
        summary: 'Try again to encode the picture of a garment',
        description:
          'The picture that is kept, or the one that the last index run or import could not take, where it was. When the answer comes, the garment is matched. A garment that has its encoding stays as it is.',
        params: ItemParams,
        response: {
          200: named('Item'),
          ...failures(
            'origin-not-allowed',
            'item-not-found',
            'no-picture',
            'picture-unreadable',
            'picture-too-large',
            'item-not-encoded',
            'busy',
            'indexing-under-way',
            'disk-full',
            'write-failed',
            'not-ready',
            'index-invalid',
          ),
        },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const garment = garmentOf(catalogue, sku);
      return await editions.use(async edition => {
        if (edition.garments.rowOf(sku) < 0) {
          await turns.run(() => tryAgain(services, edition, garment), whenGone(reply));
        }
        return await editions.use(({ garments }) => itemOf(garmentOf(catalogue, sku), garments));
      });
    },
  );
}

/** The bytes of the picture there is. @throws LookdialError `no-picture`, `picture-unreadable`, `picture-too-large` */
async function pictureOf({ catalogue, config }: Services, { sku, picture }: Garment): Promise<Buffer> {
  if (picture !== null) {
    try {
      return await readFile(picturePath(config.data, picture));
    } catch (cause) {
      const why = `The picture of ${shown(sku)} is not in the state folder any more. Take a new photograph.`;
      throw new LookdialError('picture-unreadable', why, { cause });
    }
  }
  const source = catalogue.notEncoded(sku)?.source;
  if (source === undefined) {
    throw new LookdialError('no-picture', `There is no picture of ${shown(sku)} to be tried again. Take a photograph.`);
  }
  return await new StorePictures(source.folder, config.maxPictureBytes).read(source.image);
}

async function tryAgain(services: Services, edition: Edition, garment: Garment): Promise<void> {
  const { live, catalogue, config } = services;
  const { sku } = garment;
  const bytes = await pictureOf(services, garment);
  const format = formatOf(bytes);
  if (format === undefined) {
    throw new LookdialError('picture-unreadable', 'It is neither a JPEG, a PNG nor a WebP picture.');
  }
  const picture = garment.picture ?? { hash: sha256(bytes).toString('hex'), type: `image/${format}` };
  const { bundle, inference } = edition;
  const { maxPicturePixels } = config;
  for (let tries = 1; ; tries++) {
    try {
      const arrival = await encodeArrival({ sku, picture, bytes }, { bundle, inference, catalogue, maxPicturePixels });
      await live.current().put(arrival);
      return;
    } catch (error) {
      if (!(error instanceof LookdialError) || error.code !== 'inference-failed') throw error;
      if (inference.state === 'down') throw new LookdialError('not-ready', error.message, { cause: error });
      if (tries < TRIES) continue;
      const why = `The model does not take the picture of ${shown(sku)}: ${error.message} Take a new photograph.`;
      throw new LookdialError('item-not-encoded', why, { cause: error });
    }
  }
}
