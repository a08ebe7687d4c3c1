/**
 * Shapes of points and of what is found near them. Bounds that depend on the model (the length of z, the range of a dial) are
 * checked by the handlers.
 */
import { type Static, Type } from 'typebox';
import { NEARNESS } from '../matching/yardstick.ts';
import { Count, itemFields, MAX_MATCHES, Sku, strict, Word } from './schemas.ts';

const Point = Type.Array(Type.Number(), { minItems: 1, maxItems: 64 });

/** Largest absolute value of a coordinate of z that a request may hold. */
export const MAX_Z = 1e4;

export const Filter = Type.Object(
  {
    categories: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 64 })),
    sizes: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 64 })),
    colours: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 64 })),
    priceMin: Type.Optional(Type.Number({ minimum: 0 })),
    priceMax: Type.Optional(Type.Number({ minimum: 0 })),
    /** Only garments with stock (true unless said otherwise); a garment whose stock is not known counts as in stock. */
    inStock: Type.Optional(Type.Boolean()),
  },
  { ...strict, $id: 'Filter', description: 'Which garments are considered; a word in a list is enough.' },
);

const condition = Type.Optional(Type.Object({ category: Word }, strict));

export const METRICS = ['log-likelihood', 'euclidean', 'mahalanobis'] as const;

/** Exactly one of `dials` and `z`. */
const pointFields = { dials: Type.Optional(Point), z: Type.Optional(Point), condition };

export const PointRequest = Type.Object(pointFields, {
  ...strict,
  $id: 'PointRequest',
  description: 'A point: exactly one of `dials` and `z`.',
});

const matchFields = {
  ...pointFields,
  k: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MATCHES })),
  metric: Type.Optional(Type.Enum([...METRICS])),
  /** Dimensions to match on alone: the marginal likelihood. */
  on: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 63 }), { minItems: 1, maxItems: 64, uniqueItems: true }),
  ),
  tolerance: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
  filter: Type.Optional(Filter),
};

export const DialRequest = Type.Object(matchFields, {
  ...strict,
  $id: 'DialRequest',
  description: 'A point, and how to match it in this store.',
});

export const SCOPES = ['store', 'chain'] as const;

export const MatchRequest = Type.Object(
  {
    ...matchFields,
    /** `chain`: what the chain's other stores have, and this one has not. This store unless said otherwise. */
    scope: Type.Optional(Type.Enum([...SCOPES])),
  },
  { ...strict, $id: 'MatchRequest', description: 'A point, and how to match it.' },
);

export const Match = Type.Object(
  {
    ...itemFields,
    logLikelihood: Type.Number(),
    mahalanobisSquared: Type.Number(),
    /** q(z|x) over the sum of all garments that pass the filters, under `shareTolerance`; 0..1. */
    share: Type.Number(),
    /** How near it is, by how near the garments of its kind are to each other. */
    nearness: Type.Enum([...NEARNESS]),
  },
  { ...strict, $id: 'Match', description: 'A garment, and how likely it makes the point.' },
);

export const Typicality = Type.Object(
  {
    /** Where log mean q(z|x) lies among the store's own garments, 0..100. */
    centile: Type.Number(),
    verdict: Type.Enum(['in-stock-like', 'nearest-we-have', 'nothing-close']),
  },
  { ...strict, $id: 'Typicality', description: 'Whether anything in the store is like the point.' },
);

export const MatchAnswer = Type.Object(
  {
    matches: Type.Array(Match),
    typicality: Typicality,
    considered: Count,
    tolerance: Type.Number(),
    z: Type.Array(Type.Number()),
    edition: Type.String(),
    tookMs: Type.Number(),
  },
  { ...strict, $id: 'MatchAnswer', description: 'The matches, best first; none where no garment passes the filter.' },
);

export const StylesQuery = Type.Object({ families: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })) }, strict);

export const Styles = Type.Object(
  {
    families: Type.Array(
      Type.Object(
        {
          garments: Count,
          /** The garment that stands for the family. */
          medoid: Type.Object(itemFields, strict),
          mu: Type.Array(Type.Number()),
          sigma: Type.Array(Type.Number()),
          dials: Type.Array(Type.Number()),
        },
        strict,
      ),
    ),
    edition: Type.String(),
  },
  { ...strict, $id: 'Styles', description: 'The style families, largest first.' },
);

export const SurpriseQuery = Type.Object(
  {
    category: Type.Optional(Word),
    size: Type.Optional(Word),
    colour: Type.Optional(Word),
    /** The same seed over the same stock draws the same garment and point. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff })),
  },
  strict,
);

export const Surprise = Type.Object(
  { sku: Sku, z: Type.Array(Type.Number()), dials: Type.Array(Type.Number()), edition: Type.String() },
  { ...strict, $id: 'Surprise', description: 'A point, and the garment it was drawn near.' },
);

export type Filter = Static<typeof Filter>;
export type PointRequest = Static<typeof PointRequest>;
export type MatchRequest = Static<typeof MatchRequest>;
export type DialRequest = Static<typeof DialRequest>;
export type Match = Static<typeof Match>;
export type MatchAnswer = Static<typeof MatchAnswer>;
export type Typicality = Static<typeof Typicality>;
export type Styles = Static<typeof Styles>;
export type Surprise = Static<typeof Surprise>;
