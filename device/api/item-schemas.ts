/** Shapes of the catalogue's garments: asked for, written, and what is like one of them. */
import { type Static, Type } from 'typebox';
import { itemFields, MAX_MATCHES, pageFields, Quantity, SizeName, strict, Word } from './schemas.ts';

export const Item = Type.Object(
  {
    ...itemFields,
    encoded: Type.Boolean(),
    attributes: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  { ...strict, $id: 'Item', description: 'One garment of the catalogue.' },
);

export const ItemsQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200 })),
    category: Type.Optional(Word),
    ...pageFields,
  },
  strict,
);

export const Items = Type.Object(
  { items: Type.Array(Item), nextCursor: Type.Optional(Type.String()) },
  { ...strict, $id: 'Items', description: 'A page of the catalogue; the last has no `nextCursor`.' },
);

export const Posterior = Type.Object(
  {
    mu: Type.Array(Type.Number()),
    sigma: Type.Array(Type.Number()),
    /** mu on the dials, clamped to [-a, a]. */
    dials: Type.Array(Type.Number()),
    /** The encoder's digest, SHA-256 in hex. */
    encoder: Type.String(),
  },
  { ...strict, $id: 'Posterior', description: 'The Gaussian that the encoder made of the garment.' },
);

export const MEASURES = ['jeffreys', 'kl', 'bhattacharyya', 'wasserstein', 'mutual-likelihood'] as const;

export const SimilarQuery = Type.Object(
  {
    k: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MATCHES })),
    measure: Type.Optional(Type.Enum([...MEASURES])),
  },
  strict,
);

export const Similar = Type.Object(
  {
    /** Nearest first; `value` is the measure's own number. */
    matches: Type.Array(Type.Object({ ...itemFields, value: Type.Number() }, strict)),
    measure: Type.Enum([...MEASURES]),
    tolerance: Type.Number(),
    edition: Type.String(),
  },
  { ...strict, $id: 'Similar', description: 'Garments in stock, nearest first.' },
);

export const ItemWrite = Type.Object(
  {
    title: Word,
    category: Type.Optional(Type.Union([Word, Type.Null()])),
    colour: Type.Optional(Type.Union([Word, Type.Null()])),
    /** In units of `currency`, e.g. 49.9. */
    price: Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 9_999_999_999 }), Type.Null()])),
    /** ISO 4217. */
    currency: Type.Optional(Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()])),
    /** Left out, the stock stays as it is; null: it is not known. */
    sizes: Type.Optional(
      Type.Union([
        Type.Array(Type.Object({ name: SizeName, quantity: Quantity }, strict), { maxItems: 100 }),
        Type.Null(),
      ]),
    ),
    location: Type.Optional(Type.Union([Word, Type.Null()])),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 200 }),
        Type.Union([Type.String({ maxLength: 2_000 }), Type.Number(), Type.Boolean()]),
        { maxProperties: 200 },
      ),
    ),
  },
  {
    ...strict,
    $id: 'ItemWrite',
    description: 'A garment as it is to be; what is left out is empty, but for its stock.',
  },
);

export type Item = Static<typeof Item>;
export type Items = Static<typeof Items>;
export type Posterior = Static<typeof Posterior>;
export type Similar = Static<typeof Similar>;
export type ItemWrite = Static<typeof ItemWrite>;
