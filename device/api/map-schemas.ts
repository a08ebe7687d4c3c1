/** The shapes of the map of the store. */
import { type Static, Type } from 'typebox';
import { Filter } from './match-schemas.ts';
import { Count, Sku, strict } from './schemas.ts';

const { categories, sizes, colours, ...others } = Filter.properties;

/** The filter of every other call, as an address has it: a word of a list is given again for each that is enough. */
export const MapQuery = Type.Object({ category: categories, size: sizes, colour: colours, ...others }, strict);

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
