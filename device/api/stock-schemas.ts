/** Shapes of orders about stock. */
import { type Static, Type } from 'typebox';
import { Count, Quantity, Size, SizeName, Sku, strict } from './schemas.ts';

/** Changes that one request may hold: what the event loop has to do for them is a few milliseconds. */
export const MAX_STOCK_CHANGES = 500;

/** Exactly one of the two: how many there are now, or how many more (a sale: -1). */
const amount = {
  quantity: Type.Optional(Quantity),
  change: Type.Optional(Type.Integer({ minimum: -9_999_999, maximum: 9_999_999 })),
};

/** What makes an order that comes twice count once; all three or none. */
const turn = {
  source: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  epoch: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  seq: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
};

export const StockUpdate = Type.Object(
  {
    sizes: Type.Array(Type.Object({ name: SizeName, ...amount }, strict), { minItems: 1, maxItems: 100 }),
    ...turn,
  },
  { ...strict, $id: 'StockUpdate', description: 'How many of a garment’s sizes there are, or how many more.' },
);

export const StockBatch = Type.Object(
  {
    changes: Type.Array(Type.Object({ sku: Sku, size: SizeName, ...amount }, strict), {
      minItems: 1,
      maxItems: MAX_STOCK_CHANGES,
    }),
    ...turn,
  },
  { ...strict, $id: 'StockBatch', description: 'Changes to the stock, carried out in their order, all or none.' },
);

export const StockHeaders = Type.Object({
  /** Another way to make an order that comes twice count once: any text of your own, one for each order. */
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});

export const Stock = Type.Object(
  {
    sku: Sku,
    sizes: Type.Union([Type.Array(Size), Type.Null()]),
    /** Sizes of which more went than there were: there are none now. */
    floored: Type.Array(Type.String()),
  },
  { ...strict, $id: 'Stock', description: 'A garment’s sizes as the order left them.' },
);

export const StockBatchAnswer = Type.Object(
  {
    applied: Count,
    /** SKUs that this store has not; their changes were left out. */
    unknown: Type.Array(Type.String()),
    /** Sizes of which more went than there were: there are none now. */
    floored: Type.Array(Type.Object({ sku: Sku, size: Type.String() }, strict)),
  },
  { ...strict, $id: 'StockBatchAnswer', description: 'What became of the changes.' },
);

export type StockUpdate = Static<typeof StockUpdate>;
export type StockBatch = Static<typeof StockBatch>;
export type Stock = Static<typeof Stock>;
export type StockBatchAnswer = Static<typeof StockBatchAnswer>;
