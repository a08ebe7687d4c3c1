/**
 * What a bundle says about itself: the schema of `manifest.json`, and the type made from it.
 * `models/BUNDLE.md` explains each field to the person who writes one.
 */
import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false };
const literals = <T extends string[]>(...values: [...T]) => Type.Enum(values);

/** A path inside the bundle: no way up, no absolute path, no backslash. */
export const MemberPath = Type.String({
  pattern: '^(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$',
  maxLength: 200,
});
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const TensorName = Type.String({ minLength: 1, maxLength: 200 });
const Vector = Type.Array(Type.Number(), { minItems: 1, maxItems: 64 });
const Size = Type.Integer({ minimum: 8, maximum: 1024 });
const Layout = literals('NCHW', 'NHWC');
const ColourOrder = literals('RGB', 'BGR');
/** The values that bytes 0 and 255 stand for, e.g. [0, 1], [-1, 1], or [1, 0] for an encoder fed with 1 - x. */
const ByteRange = Type.Tuple([Type.Number(), Type.Number()]);

export const PARAMETRISATIONS = ['logvar', 'logsigma', 'variance', 'sigma', 'softplus'] as const;

const Encoder = Type.Object(
  {
    input: Type.Object(
      {
        name: TensorName,
        layout: Layout,
        width: Size,
        height: Size,
        channels: literals('grey', 'rgb'),
        colourOrder: Type.Optional(ColourOrder),
        range: ByteRange,
        /** Subtracted and divided by after `range`, one number a channel, in the model's own channel order. */
        mean: Type.Optional(Type.Array(Type.Number(), { minItems: 1, maxItems: 3 })),
        std: Type.Optional(Type.Array(Type.Number(), { minItems: 1, maxItems: 3 })),
        /** sRGB bytes behind transparent pixels and around a picture that is not of the input's shape. */
        background: Type.Tuple([
          Type.Integer({ minimum: 0, maximum: 255 }),
          Type.Integer({ minimum: 0, maximum: 255 }),
          Type.Integer({ minimum: 0, maximum: 255 }),
        ]),
      },
      strict,
    ),
    outputs: Type.Object(
      {
        mu: TensorName,
        scale: Type.Object({ name: TensorName, parametrisation: literals(...PARAMETRISATIONS) }, strict),
      },
      strict,
    ),
    sigmaRange: Type.Tuple([Type.Number({ exclusiveMinimum: 0 }), Type.Number({ exclusiveMinimum: 0 })]),
    /** Name of the one-hot input; present if and only if the bundle has `conditions` and this net takes them. */
    conditionInput: Type.Optional(TensorName),
  },
  strict,
);

const Decoder = Type.Object(
  {
    input: Type.Object({ name: TensorName }, strict),
    outputs: Type.Object(
      {
        colour: Type.Object(
          {
            name: TensorName,
            layout: Layout,
            width: Size,
            height: Size,
            channels: literals('grey', 'rgb', 'rgba'),
            colourOrder: Type.Optional(ColourOrder),
            range: ByteRange,
          },
          strict,
        ),
        /** A coverage map of its own, as a logit or in 0..1; colour is scaled up to its size. */
        alpha: Type.Optional(
          Type.Object(
            { name: TensorName, layout: Layout, width: Size, height: Size, scale: literals('logit', 'unit') },
            strict,
          ),
        ),
      },
      strict,
    ),
    /** How much steeper the alpha logit is drawn at screen size: shown alpha = logistic(sharpen * logit). 1 leaves it. */
    sharpen: Type.Number({ minimum: 1, maximum: 32 }),
    conditionInput: Type.Optional(TensorName),
  },
  strict,
);

const Dial = Type.Object(
  {
    /** m, s and r of z = m + s u r / a. */
    mean: Type.Number(),
    spread: Type.Number({ exclusiveMinimum: 0 }),
    reach: Type.Number({ exclusiveMinimum: 0, maximum: 10 }),
    /** Mean KL of this dimension's posterior to N(0, 1), nats. */
    kl: Type.Number(),
    /** Variance of mu over the training store (Burda et al. 2015). */
    activity: Type.Number({ minimum: 0 }),
    shown: Type.Boolean(),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    low: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    high: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  strict,
);

const Kind = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 60 }),
    /** Part of the training store that is of this kind, 0..1. */
    share: Type.Number({ minimum: 0, maximum: 1 }),
    mean: Vector,
    /** Lower Cholesky factor of the covariance of mu, rows one after another: n (n + 1) / 2 numbers. */
    factor: Type.Array(Type.Number(), { minItems: 1, maxItems: 2080 }),
  },
  strict,
);

const File = Type.Object(
  {
    path: MemberPath,
    sha256: Sha256,
    bytes: Type.Integer({ minimum: 1 }),
    role: literals('encoder', 'decoder', 'golden'),
    /** Providers this file is meant for; the first file of a role that lists a provider is taken. Models only. */
    runtimes: Type.Optional(Type.Array(literals('cpu', 'webgpu', 'cuda', 'tensorrt'), { minItems: 1 })),
    precision: Type.Optional(literals('float32', 'float16', 'int8')),
    /**
     * How far from the golden outputs this file may be. Encoder: `mu` in sigmas and `logSigma`, the largest over all
     * dials. Decoder: `rms` over the picture's values in 0..1.
     */
    tolerance: Type.Optional(
      Type.Object(
        {
          mu: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
          logSigma: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
          rms: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
        },
        strict,
      ),
    ),
  },
  strict,
);

/** Inputs and what the float model made of them; tensors as raw little-endian float32 files. */
const Golden = Type.Object(
  {
    encoder: Type.Array(
      Type.Object({ input: MemberPath, category: Type.Optional(Type.String()), mu: Vector, sigma: Vector }, strict),
      { minItems: 1, maxItems: 64 },
    ),
    decoder: Type.Array(
      Type.Object(
        { z: Vector, category: Type.Optional(Type.String()), colour: MemberPath, alpha: Type.Optional(MemberPath) },
        strict,
      ),
      { minItems: 1, maxItems: 64 },
    ),
  },
  strict,
);

export const Manifest = Type.Object(
  {
    format: Type.Literal('lookdial-bundle/1'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' }),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    licence: Type.String({ minLength: 1 }),
    trainingData: Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        origin: Type.String({ minLength: 1 }),
        licence: Type.String({ minLength: 1 }),
        garments: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
    latentDim: Type.Integer({ minimum: 1, maximum: 64 }),
    /** a: a dial runs over [-a, a]. */
    range: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
    /** One a dimension, in z's order. Absent: the dial is z itself, and every dimension is shown. */
    dials: Type.Optional(Type.Array(Dial, { minItems: 1, maxItems: 64 })),
    encoder: Encoder,
    decoder: Decoder,
    /** One-hot over `categories`, in this order. Absent: an unconditional model. */
    conditions: Type.Optional(
      Type.Object(
        {
          categories: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 256 }),
          default: Type.String(),
        },
        strict,
      ),
    ),
    /** tau, in units of z. */
    tolerance: Type.Number({ minimum: 0 }),
    shareTolerance: Type.Number({ minimum: 0 }),
    kinds: Type.Optional(Type.Array(Kind, { maxItems: 256 })),
    files: Type.Array(File, { minItems: 3, maxItems: 256 }),
    golden: Golden,
    /** Figures of the evaluation: whatever the trainer measured, printed as it is. */
    evaluation: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);

export type Manifest = Static<typeof Manifest>;
export type Parametrisation = (typeof PARAMETRISATIONS)[number];
export type ModelFile = Manifest['files'][number];
