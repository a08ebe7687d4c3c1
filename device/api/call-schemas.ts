/** The API's shapes for calls from the screen, and for where a phone finds it; schema first as `schemas.ts`. */
import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false };
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const CallRequest = Type.Object(
  {
    /** What the screen is called, where there are several: staff must know where to go. */
    place: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  },
  { ...strict, $id: 'CallRequest', description: 'A call for somebody of the team.' },
);

export const Call = Type.Object(
  {
    id: Type.String(),
    place: orNull(Type.String()),
    /** ISO 8601, UTC. */
    at: Type.String(),
    /** When somebody of the team said that they come; null until then. */
    answeredAt: orNull(Type.String()),
  },
  { ...strict, $id: 'Call', description: 'A call from a screen. Nothing of it is about a person.' },
);

export const Calls = Type.Object(
  { calls: Type.Array(Call) },
  { ...strict, $id: 'Calls', description: 'The calls that nobody has answered yet, the oldest first.' },
);

export const Page = Type.Object(
  {
    /** Where a phone on the store's network finds the page; null where it does not. */
    address: orNull(Type.String()),
  },
  { ...strict, $id: 'Page', description: 'The page’s address on the store’s network.' },
);

export type CallRequest = Static<typeof CallRequest>;
export type Call = Static<typeof Call>;
export type Calls = Static<typeof Calls>;
export type Page = Static<typeof Page>;
