/** `GET /api/v1/chain/items/{sku}/image` and `/api/v1/holds`: what a screen needs of garments that other stores have. */
import { randomInt } from 'node:crypto';
import { Type } from 'typebox';
import { LookdialError } from '../errors.ts';
import { chainOf } from './chain-matching.ts';
import type { Hold } from './chain-schemas.ts';
import { whenGone } from './client-gone.ts';
import { ItemParams } from './items.ts';
import { bodyFailures, bytes, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';
/** Holds that are kept for who asks later. */
const KEPT_HOLDS = 200;
/** Letters and digits that nobody takes for one another, said aloud or written down. */
const LETTERS = 'ACDEFHJKLMNPRTUVWXY34679';
const CODE_LENGTH = 4;

const newCode = (): string => Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

function imageRoute(app: Api, services: Services): void {
  app.get(
    '/api/v1/chain/items/:sku/image',
    {
      schema: {
        operationId: 'chainImage',
        summary: 'A small picture of a garment that other stores have',
        params: ItemParams,
        querystring: Type.Object(
          {
            /** Begins the picture’s hash: the answer may be kept for good. */
            v: Type.Optional(Type.String({ maxLength: 64 })),
            /** Taken as every picture’s address takes it; there is one size. */
            size: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_096 })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: bytes('The picture.', 'image/webp'),
          ...failures('no-picture', 'chain-unset', 'chain-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const picture = await chainOf(services).picture(sku, whenGone(reply));
      if (picture === undefined) {
        throw new LookdialError('no-picture', `The chain has no picture of ${sku}.`, { field: 'sku' });
      }
      const keep = request.query.v === undefined ? 'no-cache' : FOR_GOOD;
      return reply.header('cache-control', keep).type('image/webp').send(Buffer.from(picture));
    },
  );
}

function holdRoutes(app: Api, services: Services): void {
  const holds: Hold[] = [];
  app.post(
    '/api/v1/holds',
    {
      config: { access: 'inventory', openAtScreen: true },
      schema: {
        operationId: 'hold',
        summary: 'Asks another store to hold a garment',
        description:
          'Tells everyone who listens to events, as `hold`; an integrator carries it to the other store. The screen itself needs no key. ' +
          'Nothing is kept of who asks: shopper and staff know it by its code.',
        body: named('HoldRequest'),
        response: {
          201: named('Hold'),
          ...bodyFailures('item-not-found', 'hold-gone', 'chain-unset', 'chain-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { sku, store, size } = request.body;
      const chain = chainOf(services);
      const garment = await chain.garment(sku, whenGone(reply));
      if (garment === undefined) {
        throw new LookdialError('item-not-found', `The chain has no garment ${sku}.`, { field: 'sku' });
      }
      const there = garment.stock.find(({ id }) => id === store);
      if (there === undefined || (size !== undefined && !there.sizes.some(({ name }) => name === size))) {
        const what = size === undefined ? sku : `${sku} in ${size}`;
        throw new LookdialError('hold-gone', `${store} has none of ${what} now. Ask for the matches again.`, {
          field: there === undefined ? 'store' : 'size',
        });
      }
      const { title } = garment;
      const asked = { code: newCode(), sku, title, size: size ?? null, store, storeName: there.name };
      const hold: Hold = { ...asked, from: chain.store, at: new Date().toISOString() };
      holds.unshift(hold);
      holds.length = Math.min(holds.length, KEPT_HOLDS);
      services.events.publish({ type: 'hold', data: hold });
      return reply.code(201).send(hold);
    },
  );

  app.get(
    '/api/v1/holds',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'holds',
        summary: 'What was asked to be held',
        description: `The last ${KEPT_HOLDS} since the daemon started, the newest first: for an integrator that was away.`,
        response: { 200: named('Holds'), ...failures() },
      },
    },
    async () => ({ holds }),
  );
}

export function chainRoutes(app: Api, services: Services): void {
  imageRoute(app, services);
  holdRoutes(app, services);
}
