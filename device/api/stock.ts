/** `PATCH /api/v1/items/{sku}/stock` and `POST /api/v1/stock:batch`: what the till says is there. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LookdialError } from '../errors.ts';
import type { Carried } from '../inventory/catalogue-writer.ts';
import type { Receipt, StockAnswer, StockChange } from '../inventory/stock-ledger.ts';
import type { InventoryNews } from './inventory-news.ts';
import { ItemParams } from './items.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { StockHeaders } from './stock-schemas.ts';

/** Largest batch, bytes: 500 changes with the longest names there are. */
const MAX_BATCH = 256 * 1024;
const VISIBLE = /^[\x21-\x7e]+$/;
const CONTROL = /\p{Cc}/u;

interface Turn {
  readonly source?: string | undefined;
  readonly epoch?: number | undefined;
  readonly seq?: number | undefined;
}

const refuse = (detail: string, field: string): never => {
  throw new LookdialError('invalid-request', detail, { field });
};

/** What makes an order count once; undefined where the request has nothing of the kind. */
function receiptOf({ headers }: Pick<FastifyRequest, 'headers'>, { source, epoch, seq }: Turn): Receipt | undefined {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && !VISIBLE.test(key))
    refuse('idempotency-key must be visible ASCII, without spaces.', 'idempotency-key');
  const given = [source, epoch, seq].filter(one => one !== undefined).length;
  if (given > 0 && key !== undefined)
    refuse('An idempotency-key and a seq are both given: give one of the two.', 'idempotency-key');
  if (typeof key === 'string') return { kind: 'key', key };
  if (given === 0) return undefined;
  if (source === undefined) return refuse('source, epoch and seq go together; source is missing.', 'source');
  if (epoch === undefined) return refuse('source, epoch and seq go together; epoch is missing.', 'epoch');
  if (seq === undefined) return refuse('source, epoch and seq go together; seq is missing.', 'seq');
  return { kind: 'sequence', source, epoch, sequence: seq };
}

/** @param fieldOf names the place of a change in the body */
function check(
  changes: readonly StockChange[],
  receipt: Receipt | undefined,
  fieldOf: (place: number) => string,
): void {
  for (const [place, { size, quantity, change }] of changes.entries()) {
    if ((quantity === undefined) === (change === undefined)) {
      const got = quantity === undefined ? 'has neither quantity nor change' : 'has both quantity and change';
      refuse(`${fieldOf(place)} ${got}; give exactly one.`, fieldOf(place));
    }
    if (CONTROL.test(size))
      refuse(`${fieldOf(place)} has a size with a control character in its name.`, fieldOf(place));
    if (change !== undefined && receipt === undefined) {
      refuse(
        `${fieldOf(place)} has a change, which would count twice if the request came twice: send an idempotency-key, or source, epoch and seq.`,
        fieldOf(place),
      );
    }
  }
}

/** Tells of what has changed, and whether anything has. */
function settle({ replayed, garments }: Carried, news: InventoryNews, reply: FastifyReply): void {
  news.tell(garments.map(({ sku }) => sku));
  if (replayed) reply.header('idempotent-replayed', 'true');
}

export function stockRoutes(app: Api, { catalogue }: Services, news: InventoryNews): void {
  app.patch(
    '/api/v1/items/:sku/stock',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'stock',
        summary: 'Sets how many of a garment’s sizes there are',
        description:
          'On the disk when it is answered. An order that comes twice, by its key or by (source, epoch, seq), counts once and is answered the same.',
        params: ItemParams,
        headers: StockHeaders,
        body: named('StockUpdate'),
        response: {
          200: named('Stock'),
          ...bodyFailures('item-not-found', 'idempotency-conflict', 'sequence-mismatch', 'write-failed', 'busy'),
        },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const changes = body.sizes.map(({ name, ...amount }) => ({ sku: params.sku, size: name, ...amount }));
      const receipt = receiptOf(request, body);
      check(changes, receipt, place => `sizes[${place}]`);
      const carried = await catalogue.write({ kind: 'stock', changes, strict: true, receipt });
      settle(carried, news, reply);
      const { sizes = null, floored } = carried.answer as StockAnswer;
      return { sku: params.sku, sizes: sizes === null ? null : [...sizes], floored: floored.map(({ size }) => size) };
    },
  );

  app.post(
    // A colon that is one is written twice.
    '/api/v1/stock::batch',
    {
      config: { access: 'inventory' },
      bodyLimit: MAX_BATCH,
      schema: {
        operationId: 'stockBatch',
        summary: 'Changes the stock of many garments',
        description:
          'All of it or nothing, and on the disk when it is answered; garments that this store has not are left out and named. An order that comes twice counts once.',
        headers: StockHeaders,
        body: named('StockBatch'),
        response: {
          200: named('StockBatchAnswer'),
          ...bodyFailures('idempotency-conflict', 'sequence-mismatch', 'write-failed', 'busy'),
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const receipt = receiptOf(request, body);
      check(body.changes, receipt, place => `changes[${place}]`);
      const carried = await catalogue.write({ kind: 'stock', changes: body.changes, strict: false, receipt });
      settle(carried, news, reply);
      const { applied, unknown, floored } = carried.answer as StockAnswer;
      return { applied, unknown: [...unknown], floored: [...floored] };
    },
  );
}
