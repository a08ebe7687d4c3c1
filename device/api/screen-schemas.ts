/** The shape of what is known of a screen; schema first as `schemas.ts`. */
import { type Static, Type } from 'typebox';
import { orNull, strict } from './schemas.ts';

export const Screen = Type.Object(
  {
    /** Seconds since the page said that it runs, of this daemon's life; null where it has not. */
    heardSecondsAgo: orNull(Type.Number({ minimum: 0 })),
  },
  {
    ...strict,
    $id: 'Screen',
    description: 'When the page on a screen was heard last. Nothing of it is about a person.',
  },
);

export type Screen = Static<typeof Screen>;
