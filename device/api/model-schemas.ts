/** Shapes of the model that serves. */
import { type Static, Type } from 'typebox';
import { StaffWordsByLanguage } from './dial-word-schemas.ts';
import { Count, orNull, strict } from './schemas.ts';

const word = orNull(Type.String());

export const Dial = Type.Object(
  {
    /** The dimension of z, and the place in `dials`, this dial sets. */
    index: Count,
    /** In English as staff have it, or else what it is called without them. */
    name: word,
    low: word,
    high: word,
    /** What it is called without staff: by the bundle, or by the catalogue's attribute that goes along with it. */
    own: Type.Object({ name: word, low: word, high: word }, strict),
    /** What staff call it, by language; they win over `own`. */
    words: StaffWordsByLanguage,
    activity: Type.Number(),
    kl: Type.Number(),
    /** Stock along the dial from -a to a: garments a bin over the fullest bin, 0..1. */
    density: Type.Array(Type.Number({ minimum: 0, maximum: 1 })),
    /** The kinds on which the dial does something, where it does not on every one: a skirt has no sleeves. */
    kinds: Type.Union([Type.Array(Type.String()), Type.Null()]),
  },
  { ...strict, $id: 'Dial', description: 'One dial of the model, and the stock along it.' },
);

export const Model = Type.Object(
  {
    bundle: Type.Object({ id: Type.String(), version: Type.String(), title: Type.String() }, strict),
    edition: Type.String(),
    provider: Type.String(),
    /** The encoder's digest, SHA-256 in hex: names of dials belong to it. */
    encoder: Type.String(),
    latentDim: Count,
    range: Type.Number(),
    tolerance: Type.Number(),
    shareTolerance: Type.Number(),
    parametrisation: Type.String(),
    /** Pixels of `generate` and `dial`, and how much the alpha logit is sharpened at screen size (1: not at all). */
    picture: Type.Object({ width: Count, height: Count, sharpen: Type.Number() }, strict),
    /** Whether `scope: "chain"` can be asked for. */
    chain: Type.Boolean(),
    /** Shown dials, in the order to show them. */
    dials: Type.Array(Dial),
    conditions: Type.Union([
      Type.Object({ categories: Type.Array(Type.String()), default: Type.String() }, strict),
      Type.Null(),
    ]),
    store: Type.Object(
      {
        name: Type.String(),
        /** True for a collection that is made up, so that the screen can say so. */
        demonstration: Type.Boolean(),
        garments: Count,
        encoded: Count,
        currency: Type.Union([Type.String(), Type.Null()]),
        /** What the filters can offer, most garments first. */
        categories: Type.Array(Type.Object({ name: Type.String(), garments: Count }, strict)),
        sizes: Type.Array(Type.Object({ name: Type.String(), garments: Count }, strict)),
        colours: Type.Array(Type.Object({ name: Type.String(), garments: Count }, strict)),
      },
      strict,
    ),
  },
  { ...strict, $id: 'Model', description: 'The model that serves, its dials, and the store.' },
);

export type Dial = Static<typeof Dial>;
export type Model = Static<typeof Model>;
