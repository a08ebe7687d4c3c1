/** The shapes of the map of the store. */
import { type Static, Type } from 'typebox';
import { Filter } from './match-schemas.ts';
import { Count, Sku, strict, Word } from './schemas.ts';

export const MapQuery = Type.Object(
  {
    category: Type.Optional(Word),
    size: Type.Optional(Word),
    colour: Type.Optional(Word),
    priceMin: Type.Optional(Type.Number({ minimum: 0 })),
    priceMax: Type.Optional(Type.Number({ minimum: 0 })),
  },
  strict,
);

export const MapRequest = Type.Object(
  { filter: Type.Optional(Filter) },
  { ...strict, $id: 'MapRequest', description: 'Which garments are to stand out.' },
);

/** What the JSON of the map's binary answer holds. */
export const StoreMapAnswer = Type.Object(
  {
    edition: Type.String(),
    places: Type.Array(
      Type.Object(
        {
          x: Count,
          y: Count,
          /** How many garments of it pass the filter, and one that stands for them: null where none does. */
          garments: Count,
          sku: Type.Union([Sku, Type.Null()]),
          /** What its garments have in common and the store's others have not, in the catalogue's words: those that tell most first. */
          words: Type.Array(Type.Object({ attribute: Type.String(), values: Type.Array(Type.String()) }, strict)),
        },
        strict,
      ),
    ),
  },
  {
    ...strict,
    $id: 'StoreMap',
    description: 'The JSON in the answer of `map`: the places, largest style family first.',
  },
);

export type StoreMapAnswer = Static<typeof StoreMapAnswer>;
export type MapRequest = Static<typeof MapRequest>;
