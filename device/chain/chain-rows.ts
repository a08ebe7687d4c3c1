/** What the chain's catalogue may answer. It is another machine's word: every row is held to its shape before it is used. */
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

/** The catalogue answered, and what it said is none of what was asked for. */
export class Rubbish extends Error {
  constructor(what: string) {
    super(`The chain’s catalogue answered with ${what}.`);
    this.name = 'Rubbish';
  }
}

const word = (maxLength: number) => Type.String({ maxLength });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 31 });
const Sku = Type.String({ minLength: 1, maxLength: 128 });

export const BalanceRow = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  latent_dim: Type.Integer({ minimum: 1, maximum: 64 }),
  tolerance: Type.Number({ minimum: 0 }),
  centre: Type.Array(Type.Number()),
  scale: Type.Array(Type.Number({ exclusiveMinimum: 0 })),
  radius: Type.Number({ minimum: 0 }),
});
export const CandidateRow = Type.Object({
  sku: Sku,
  mu: Type.Array(Type.Number(), { maxItems: 64 }),
  sigma: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { maxItems: 64 }),
});
export const GarmentRow = Type.Object({
  sku: Sku,
  title: word(200),
  category: orNull(word(200)),
  colour: orNull(word(200)),
  price: orNull(Type.Number({ minimum: 0 })),
  currency: orNull(Type.String({ pattern: '^[A-Z]{3}$' })),
  /** The picture's hash; null where there is none. */
  picture: orNull(Type.String({ pattern: '^[0-9a-f]{16,64}$' })),
  /** How many other stores have it. */
  stores: Count,
  /** Those of them with the most, each with its sizes in order; a quantity that is not known is null. */
  stock: Type.Array(
    Type.Object({
      id: word(128),
      name: word(200),
      sizes: Type.Array(Type.Object({ name: word(40), quantity: orNull(Count) }), { maxItems: 100 }),
    }),
  ),
});

export type Balance = Static<typeof BalanceRow>;
export type Candidate = Static<typeof CandidateRow>;
export type ChainGarment = Static<typeof GarmentRow>;

/** @throws Rubbish where a row is not of this shape */
export function rowsOf<T extends TSchema>(schema: T, rows: readonly unknown[], what: string): Static<T>[] {
  for (const row of rows) if (!Value.Check(schema, row)) throw new Rubbish(`a ${what} that is none`);
  return rows as Static<T>[];
}
