/** Shapes of the garments that no dial finds. */
import { type Static, Type } from 'typebox';
import { Item } from './item-schemas.ts';
import { Count, orNull, pageFields, strict } from './schemas.ts';

export const UnencodedQuery = Type.Object(pageFields, strict);

/**
 * Why a garment has no encoding. `no-picture`: nobody has photographed it yet. `waiting`: it has a picture, which is or was to be
 * encoded beside what is served. `unknown`: it was noted by a program that kept no more than the sentence. The others are what an
 * error of the same code is.
 */
export const UNENCODED_REASONS = [
  'no-picture',
  'waiting',
  'picture-unreadable',
  'picture-too-large',
  'inference-failed',
  'unknown',
] as const;

export const Unencoded = Type.Object(
  {
    /** All of them, however many are on this page. */
    count: Count,
    items: Type.Array(
      Type.Object(
        {
          ...Item.properties,
          reason: Type.Enum([...UNENCODED_REASONS]),
          /** What was noted, as a sentence for whoever looks after the box; null where nothing was. */
          detail: orNull(Type.String()),
          /** Whether there is a picture to be tried again. */
          canTryAgain: Type.Boolean(),
        },
        strict,
      ),
    ),
    nextCursor: Type.Optional(Type.String()),
  },
  { ...strict, $id: 'Unencoded', description: 'Garments without an encoding, in the order of their SKUs, and why.' },
);

export type Unencoded = Static<typeof Unencoded>;
export type UnencodedItem = Unencoded['items'][number];
