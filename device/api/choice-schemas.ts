/** Shapes of what a shopper chooses among: filters with their counts, what goes with a garment, a surprise that keeps some dials. */
import { type Static, Type } from 'typebox';
import { Filter, Match } from './match-schemas.ts';
import { MAX_MATCHES } from './schemas.ts';

const strict = { additionalProperties: false };
const Word = Type.String({ minLength: 1, maxLength: 200 });
const Count = Type.Integer({ minimum: 0 });
const Point = Type.Array(Type.Number(), { minItems: 1, maxItems: 64 });
const Dimensions = Type.Array(Type.Integer({ minimum: 0, maximum: 63 }), {
  minItems: 1,
  maxItems: 64,
  uniqueItems: true,
});
/** Exactly one of `dials` and `z`. */
const pointFields = { dials: Type.Optional(Point), z: Type.Optional(Point) };

export const FacetsRequest = Type.Object(
  { filter: Type.Optional(Filter) },
  { ...strict, $id: 'FacetsRequest', description: 'What is chosen already.' },
);

const choice = { name: Type.String(), garments: Count };
/** A garment that shows what is meant: where its picture is; null where none of it is there. */
const image = Type.Union([Type.String(), Type.Null()]);

export const Facets = Type.Object(
  {
    /** Garments that pass the filter. */
    considered: Count,
    categories: Type.Array(Type.Object({ ...choice, image }, strict)),
    sizes: Type.Array(Type.Object(choice, strict)),
    colours: Type.Array(Type.Object({ ...choice, image }, strict)),
    /** Bands of the price, cheapest first; both ends belong to a band, and the first and the last are open. */
    prices: Type.Array(
      Type.Object({ min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()), garments: Count }, strict),
    ),
    edition: Type.String(),
  },
  {
    ...strict,
    $id: 'Facets',
    description: 'Each choice of a filter, and how many garments it would leave in the place of what is chosen there.',
  },
);

export const GoesWithRequest = Type.Object(
  {
    ...pointFields,
    /** The kind that is dialled, which is left out; that of the nearest garment unless said otherwise. */
    category: Type.Optional(Word),
    k: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MATCHES })),
  },
  { ...strict, $id: 'GoesWithRequest', description: 'A point: exactly one of `dials` and `z`.' },
);

export const GoesWith = Type.Object(
  {
    matches: Type.Array(Match),
    /** The dimensions that tell the colour, which alone were matched on; empty where none does: then nothing matches. */
    on: Type.Array(Type.Integer({ minimum: 0 })),
    /** The kind that was left out; null where the nearest garment has none. */
    category: Type.Union([Type.String(), Type.Null()]),
    edition: Type.String(),
  },
  {
    ...strict,
    $id: 'GoesWith',
    description: 'Garments in stock of other kinds that go with it, best first, at most two of a kind.',
  },
);

export const SurpriseRequest = Type.Object(
  {
    ...pointFields,
    filter: Type.Optional(Filter),
    /** Dimensions that stay as they are at the point given. */
    locked: Type.Optional(Dimensions),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff })),
  },
  {
    ...strict,
    $id: 'SurpriseRequest',
    description: 'What the surprise has to keep to; the point is left out where nothing is locked.',
  },
);

export type FacetsRequest = Static<typeof FacetsRequest>;
export type Facets = Static<typeof Facets>;
export type GoesWithRequest = Static<typeof GoesWithRequest>;
export type GoesWith = Static<typeof GoesWith>;
export type SurpriseRequest = Static<typeof SurpriseRequest>;
