/**
 * What the API's shapes share. Each shape is a schema first, in the `*-schemas.ts` of its subject: one schema validates, serialises,
 * documents and types. The kiosk imports the types only.
 */
import { type Static, type TSchema, Type } from 'typebox';

export const strict = { additionalProperties: false };
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Sku = Type.String({ minLength: 1, maxLength: 128 });
export const Word = Type.String({ minLength: 1, maxLength: 200 });
export const Count = Type.Integer({ minimum: 0 });
export const Quantity = Type.Integer({ minimum: 0, maximum: 9_999_999 });
export const SizeName = Type.String({ minLength: 1, maxLength: 40 });

export const MAX_MATCHES = 200;
const MAX_PAGE = 200;

/** How a list of garments is asked for page by page. */
export const pageFields = {
  /** The `nextCursor` of the page before. */
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE })),
};

export const Size = Type.Object(
  { name: Type.String(), quantity: Count },
  { ...strict, $id: 'Size', description: 'A size, and how many of it hang in the store.' },
);

/** What every garment is told by, of this store or of another. */
export const describedFields = {
  sku: Sku,
  title: Type.String(),
  category: orNull(Type.String()),
  colour: orNull(Type.String()),
  /** In units of `currency`, e.g. 49.9. */
  price: orNull(Type.Number()),
  currency: orNull(Type.String()),
};

/** A garment of this store, wherever one is answered. */
export const itemFields = {
  ...describedFields,
  /** Null where the catalogue does not say. */
  sizes: orNull(Type.Array(Size)),
  location: orNull(Type.String()),
  /** Where its picture is, a path on this box that changes when the picture does. */
  image: Type.String(),
};

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    field: Type.Optional(Type.String()),
  },
  { ...strict, $id: 'Problem', description: 'What is wrong, as RFC 9457 has it; `code` is stable.' },
);

export type Problem = Static<typeof Problem>;
