/** Shapes of new pictures: what is cut out of a photograph, and what the encoder makes of it. */
import { type Static, Type } from 'typebox';
import { strict } from './schemas.ts';

export const Encoded = Type.Object(
  {
    mu: Type.Array(Type.Number()),
    sigma: Type.Array(Type.Number()),
    /** mu on the dials, clamped to [-a, a]. */
    dials: Type.Array(Type.Number()),
    edition: Type.String(),
  },
  { ...strict, $id: 'Encoded', description: 'What the encoder makes of the picture.' },
);

const cutOutFields = {
  /** How the ground was told from the garment: `transparent` has none, `plain` is light and even, `grabcut` any other. */
  method: Type.Union([Type.Literal('transparent'), Type.Literal('plain'), Type.Literal('grabcut')]),
  /** What a person should look at before the cut-out is taken; empty where it came out well. */
  doubts: Type.Array(
    Type.Union([
      Type.Literal('touches-edge'),
      Type.Literal('small'),
      Type.Literal('large'),
      Type.Literal('several-parts'),
      Type.Literal('low-contrast'),
    ]),
  ),
  /** Share of the photograph that is garment. */
  area: Type.Number({ minimum: 0, maximum: 1 }),
};

export const CutOut = Type.Object(
  {
    /** Says which cut-out is meant, when it is taken. */
    cutout: Type.String(),
    /** Where it can be looked at. */
    image: Type.String(),
    /** Until when it is kept: ISO 8601, UTC. */
    expires: Type.String(),
    ...cutOutFields,
  },
  { ...strict, $id: 'CutOut', description: 'A garment cut out of its photograph, to be looked at.' },
);

export const Arrived = Type.Object(
  {
    sku: Type.String(),
    encoded: Type.Literal(true),
    /** Where its picture is. */
    image: Type.String(),
    cutout: Type.Object(cutOutFields, strict),
    mu: Type.Array(Type.Number()),
    sigma: Type.Array(Type.Number()),
    /** mu on the dials, clamped to [-a, a]. */
    dials: Type.Array(Type.Number()),
    edition: Type.String(),
  },
  { ...strict, $id: 'Arrived', description: 'A garment that has a new picture and is matched by it.' },
);

export type Encoded = Static<typeof Encoded>;
export type CutOut = Static<typeof CutOut>;
export type Arrived = Static<typeof Arrived>;
