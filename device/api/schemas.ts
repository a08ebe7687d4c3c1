/**
 * The API's shapes, schema first: one schema validates, serialises, documents and types. The kiosk imports the types only.
 * Bounds that depend on the model (the length of z, the range of a dial) are checked by the handlers.
 */
import { type Static, Type } from 'typebox';
import { NEARNESS } from '../matching/yardstick.ts';

const strict = { additionalProperties: false };
const literals = <T extends string[]>(...values: [...T]) => Type.Enum(values);

const Sku = Type.String({ minLength: 1, maxLength: 128 });
const Word = Type.String({ minLength: 1, maxLength: 200 });
const Count = Type.Integer({ minimum: 0 });
const Point = Type.Array(Type.Number(), { minItems: 1, maxItems: 64 });

export const MAX_MATCHES = 200;
export const MAX_PAGE = 200;
/** Largest absolute value of a coordinate of z that a request may hold. */
export const MAX_Z = 1e4;

export const Dial = Type.Object(
  {
    /** The dimension of z, and the place in `dials`, this dial sets. */
    index: Count,
    name: Type.Union([Type.String(), Type.Null()]),
    low: Type.Union([Type.String(), Type.Null()]),
    high: Type.Union([Type.String(), Type.Null()]),
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
  metric: Type.Optional(literals(...METRICS)),
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
    scope: Type.Optional(literals(...SCOPES)),
  },
  { ...strict, $id: 'MatchRequest', description: 'A point, and how to match it.' },
);

export const Size = Type.Object(
  { name: Type.String(), quantity: Count },
  { ...strict, $id: 'Size', description: 'A size, and how many of it hang in the store.' },
);

const itemFields = {
  sku: Sku,
  title: Type.String(),
  category: Type.Union([Type.String(), Type.Null()]),
  colour: Type.Union([Type.String(), Type.Null()]),
  /** In units of `currency`, e.g. 49.9. */
  price: Type.Union([Type.Number(), Type.Null()]),
  currency: Type.Union([Type.String(), Type.Null()]),
  /** Null where the catalogue does not say. */
  sizes: Type.Union([Type.Array(Size), Type.Null()]),
  location: Type.Union([Type.String(), Type.Null()]),
  /** Where its picture is, a path on this box that changes when the picture does. */
  image: Type.String(),
};

export const Match = Type.Object(
  {
    ...itemFields,
    logLikelihood: Type.Number(),
    mahalanobisSquared: Type.Number(),
    /** q(z|x) over the sum of all garments that pass the filters, under `shareTolerance`; 0..1. */
    share: Type.Number(),
    /** How near it is, by how near the garments of its kind are to each other. */
    nearness: literals(...NEARNESS),
  },
  { ...strict, $id: 'Match', description: 'A garment, and how likely it makes the point.' },
);

export const Typicality = Type.Object(
  {
    /** Where log mean q(z|x) lies among the store's own garments, 0..100. */
    centile: Type.Number(),
    verdict: literals('in-stock-like', 'nearest-we-have', 'nothing-close'),
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

export const Item = Type.Object(
  {
    ...itemFields,
    encoded: Type.Boolean(),
    attributes: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  },
  { ...strict, $id: 'Item', description: 'One garment of the catalogue.' },
);

export const ItemsQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200 })),
    category: Type.Optional(Word),
    cursor: Type.Optional(Type.String({ maxLength: 400 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE })),
  },
  strict,
);

export const Items = Type.Object(
  { items: Type.Array(Item), nextCursor: Type.Optional(Type.String()) },
  { ...strict, $id: 'Items', description: 'A page of the catalogue; the last has no `nextCursor`.' },
);

export const Posterior = Type.Object(
  {
    mu: Type.Array(Type.Number()),
    sigma: Type.Array(Type.Number()),
    /** mu on the dials, clamped to [-a, a]. */
    dials: Type.Array(Type.Number()),
    /** The encoder's digest, SHA-256 in hex. */
    encoder: Type.String(),
  },
  { ...strict, $id: 'Posterior', description: 'The Gaussian that the encoder made of the garment.' },
);

export const MEASURES = ['jeffreys', 'kl', 'bhattacharyya', 'wasserstein', 'mutual-likelihood'] as const;

export const SimilarQuery = Type.Object(
  {
    k: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MATCHES })),
    measure: Type.Optional(literals(...MEASURES)),
  },
  strict,
);

export const Similar = Type.Object(
  {
    /** Nearest first; `value` is the measure's own number. */
    matches: Type.Array(Type.Object({ ...itemFields, value: Type.Number() }, strict)),
    measure: literals(...MEASURES),
    tolerance: Type.Number(),
    edition: Type.String(),
  },
  { ...strict, $id: 'Similar', description: 'Garments in stock, nearest first.' },
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

/** Changes that one request may hold: what the event loop has to do for them is a few milliseconds. */
export const MAX_STOCK_CHANGES = 500;

const Quantity = Type.Integer({ minimum: 0, maximum: 9_999_999 });
const SizeName = Type.String({ minLength: 1, maxLength: 40 });
/** Exactly one of the two: how many there are now, or how many more (a sale: -1). */
const amount = {
  quantity: Type.Optional(Quantity),
  change: Type.Optional(Type.Integer({ minimum: -9_999_999, maximum: 9_999_999 })),
};
/** What makes an order that comes twice count once; all three or none. */
const turn = {
  source: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  epoch: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  seq: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
};

export const StockUpdate = Type.Object(
  {
    sizes: Type.Array(Type.Object({ name: SizeName, ...amount }, strict), { minItems: 1, maxItems: 100 }),
    ...turn,
  },
  { ...strict, $id: 'StockUpdate', description: 'How many of a garment’s sizes there are, or how many more.' },
);

export const StockBatch = Type.Object(
  {
    changes: Type.Array(Type.Object({ sku: Sku, size: SizeName, ...amount }, strict), {
      minItems: 1,
      maxItems: MAX_STOCK_CHANGES,
    }),
    ...turn,
  },
  { ...strict, $id: 'StockBatch', description: 'Changes to the stock, carried out in their order, all or none.' },
);

export const StockHeaders = Type.Object({
  /** Another way to make an order that comes twice count once: any text of your own, one for each order. */
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});

export const Stock = Type.Object(
  {
    sku: Sku,
    sizes: Type.Union([Type.Array(Size), Type.Null()]),
    /** Sizes of which more went than there were: there are none now. */
    floored: Type.Array(Type.String()),
  },
  { ...strict, $id: 'Stock', description: 'A garment’s sizes as the order left them.' },
);

export const StockBatchAnswer = Type.Object(
  {
    applied: Count,
    /** SKUs that this store has not; their changes were left out. */
    unknown: Type.Array(Type.String()),
    /** Sizes of which more went than there were: there are none now. */
    floored: Type.Array(Type.Object({ sku: Sku, size: Type.String() }, strict)),
  },
  { ...strict, $id: 'StockBatchAnswer', description: 'What became of the changes.' },
);

export const ItemWrite = Type.Object(
  {
    title: Word,
    category: Type.Optional(Type.Union([Word, Type.Null()])),
    colour: Type.Optional(Type.Union([Word, Type.Null()])),
    /** In units of `currency`, e.g. 49.9. */
    price: Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 9_999_999_999 }), Type.Null()])),
    /** ISO 4217. */
    currency: Type.Optional(Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()])),
    /** Left out, the stock stays as it is; null: it is not known. */
    sizes: Type.Optional(
      Type.Union([
        Type.Array(Type.Object({ name: SizeName, quantity: Quantity }, strict), { maxItems: 100 }),
        Type.Null(),
      ]),
    ),
    location: Type.Optional(Type.Union([Word, Type.Null()])),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 200 }),
        Type.Union([Type.String({ maxLength: 2_000 }), Type.Number(), Type.Boolean()]),
        { maxProperties: 200 },
      ),
    ),
  },
  {
    ...strict,
    $id: 'ItemWrite',
    description: 'A garment as it is to be; what is left out is empty, but for its stock.',
  },
);

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    field: Type.Optional(Type.String()),
  },
  { ...strict, $id: 'Problem', description: 'What is wrong, as RFC 9457 has it; `code` is stable.' },
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

export type Dial = Static<typeof Dial>;
export type Model = Static<typeof Model>;
export type Filter = Static<typeof Filter>;
export type PointRequest = Static<typeof PointRequest>;
export type MatchRequest = Static<typeof MatchRequest>;
export type DialRequest = Static<typeof DialRequest>;
export type Match = Static<typeof Match>;
export type MatchAnswer = Static<typeof MatchAnswer>;
export type Typicality = Static<typeof Typicality>;
export type Encoded = Static<typeof Encoded>;
export type Item = Static<typeof Item>;
export type Items = Static<typeof Items>;
export type Posterior = Static<typeof Posterior>;
export type Similar = Static<typeof Similar>;
export type Styles = Static<typeof Styles>;
export type Surprise = Static<typeof Surprise>;
export type StockUpdate = Static<typeof StockUpdate>;
export type StockBatch = Static<typeof StockBatch>;
export type Stock = Static<typeof Stock>;
export type StockBatchAnswer = Static<typeof StockBatchAnswer>;
export type ItemWrite = Static<typeof ItemWrite>;
export type Problem = Static<typeof Problem>;
export type CutOut = Static<typeof CutOut>;
export type Arrived = Static<typeof Arrived>;
