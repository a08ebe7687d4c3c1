/** Shapes of what is elsewhere in the chain. */
import { type Static, Type } from 'typebox';
import { Count, describedFields, orNull, Sku, strict } from './schemas.ts';

export const ChainStore = Type.Object(
  {
    /** What the chain calls the store; it is what a hold names. */
    id: Type.String(),
    name: Type.String(),
    /** Sizes it has; a quantity that is not known is null. A size without a name is a garment whose sizes are not known. */
    sizes: Type.Array(Type.Object({ name: Type.String(), quantity: orNull(Count) }, strict)),
  },
  { ...strict, $id: 'ChainStore', description: 'Another store of the chain, and what it has of a garment.' },
);

export const ChainMatch = Type.Object(
  {
    ...describedFields,
    /** Where its picture is, a path on this box; null where the chain has none. */
    image: orNull(Type.String()),
    logLikelihood: Type.Number(),
    mahalanobisSquared: Type.Number(),
    /** How many other stores have it. */
    storeCount: Count,
    /** Those of them with the most, twelve at most. */
    stores: Type.Array(ChainStore),
  },
  { ...strict, $id: 'ChainMatch', description: 'A garment that other stores of the chain have.' },
);

export const ChainAnswer = Type.Object(
  {
    scope: Type.Literal('chain'),
    matches: Type.Array(ChainMatch),
    tolerance: Type.Number(),
    z: Type.Array(Type.Number()),
    edition: Type.String(),
    tookMs: Type.Number(),
  },
  {
    ...strict,
    $id: 'ChainAnswer',
    description: 'What other stores of the chain have and this one has not, best first.',
  },
);

export const HoldRequest = Type.Object(
  {
    sku: Sku,
    /** The `id` of the store that is to hold it. */
    store: Type.String({ minLength: 1, maxLength: 128 }),
    size: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  { ...strict, $id: 'HoldRequest', description: 'A garment to hold, and the store that has it.' },
);

export const Hold = Type.Object(
  {
    /** A short word that the shopper and the staff of both stores know it by. */
    code: Type.String(),
    sku: Sku,
    title: Type.String(),
    size: orNull(Type.String()),
    /** The store that is to hold it, and its name. */
    store: Type.String(),
    storeName: Type.String(),
    /** The store that asks. */
    from: Type.String(),
    /** ISO 8601, UTC. */
    at: Type.String(),
  },
  {
    ...strict,
    $id: 'Hold',
    description: 'A garment that another store is asked to hold. Nothing of it is about a person.',
  },
);

export const Holds = Type.Object(
  { holds: Type.Array(Hold) },
  { ...strict, $id: 'Holds', description: 'What was asked for since the daemon started, the newest first.' },
);

export type ChainStore = Static<typeof ChainStore>;
export type ChainMatch = Static<typeof ChainMatch>;
export type ChainAnswer = Static<typeof ChainAnswer>;
export type HoldRequest = Static<typeof HoldRequest>;
export type Hold = Static<typeof Hold>;
