/** `PUT /api/v1/items/{sku}`: a garment as an integrator describes it. Its picture is the arrivals’ to bring. */
import { LookdialError } from '../errors.ts';
import { minorScale } from '../inventory/garment.ts';
import type { ItemAnswer, ItemRecord } from '../inventory/stock-ledger.ts';
import { itemOf } from './garment-view.ts';
import type { InventoryNews } from './inventory-news.ts';
import type { ItemWrite } from './item-schemas.ts';
import { garmentOf, ItemParams } from './items.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { shown } from './validation.ts';

const CONTROL = /\p{Cc}/u;
/** How far a price may lie from a whole number of cents: what binary fractions make of 49.9, and no more. */
const ROUNDING = 1e-6;

const refuse = (detail: string, field: string): never => {
  throw new LookdialError('invalid-request', detail, { field });
};

/** A word as it is kept, by one spelling of the several that look the same. */
function word(field: string, text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  if (CONTROL.test(text)) refuse(`${field} holds a line break or another control character.`, field);
  const clean = text.trim().normalize('NFC');
  return clean === '' ? refuse(`${field} must not be empty; leave it out, or say null.`, field) : clean;
}

function minorOf(price: number | null | undefined, currency: string | null): number | null {
  if (price === undefined || price === null) return null;
  const exact = price * minorScale(currency);
  const minor = Math.round(exact);
  if (Math.abs(exact - minor) <= ROUNDING) return minor;
  return refuse(`price is ${price}, and must be a whole number of the currency’s smallest unit.`, 'price');
}

function recordOf(sku: string, body: ItemWrite): ItemRecord {
  if (CONTROL.test(sku) || sku.trim().normalize('NFC') !== sku) {
    refuse('sku must have no control characters, no spaces at its ends, and its accents composed (NFC).', 'sku');
  }
  const currency = body.currency ?? null;
  const { sizes } = body;
  const names = (sizes ?? []).map(({ name }, place) => word(`sizes[${place}].name`, name) ?? '');
  const twice = names.findIndex((name, place) => names.indexOf(name) !== place);
  if (twice >= 0) refuse(`sizes[${twice}] is ${shown(names[twice])}, which is there already.`, `sizes[${twice}]`);
  return {
    sku,
    title: word('title', body.title) ?? sku,
    category: word('category', body.category),
    colour: word('colour', body.colour),
    priceMinor: minorOf(body.price, currency),
    currency,
    location: word('location', body.location),
    attributes: body.attributes ?? {},
    ...(sizes !== undefined && {
      sizes: sizes?.map(({ quantity }, place) => ({ name: names[place] ?? '', quantity })) ?? null,
    }),
  };
}

export function itemWriteRoutes(app: Api, { editions, catalogue }: Services, news: InventoryNews): void {
  app.put(
    '/api/v1/items/:sku',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'putItem',
        summary: 'Describes a garment, new or known',
        description:
          'On the disk when it is answered. Its picture, and its stock where `sizes` is left out, stay as they are. A garment without an encoding is listed, and never matched.',
        params: ItemParams,
        body: named('ItemWrite'),
        response: { 200: named('Item'), 201: named('Item'), ...bodyFailures('not-ready', 'write-failed', 'busy') },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const item = recordOf(sku, request.body);
      return await editions.use(async ({ garments: rows }) => {
        const { answer, garments } = await catalogue.write({ kind: 'item', item });
        news.tell(garments.map(one => one.sku));
        reply.code((answer as ItemAnswer).created ? 201 : 200);
        return itemOf(garmentOf(catalogue, sku), rows);
      });
    },
  );
}
