/** A garment of the chain as a file of JSON lines or a store's own catalogue brings it, and what must hold of it. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { minorDigits } from '../../device/inventory/garment.ts';

const strict = { additionalProperties: false };
const Word = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\p{Cc}]*$' });
const orNull = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
const Numbers = Type.Array(Type.Number(), { minItems: 1, maxItems: 64 });

const Line = Type.Object(
  {
    sku: Type.String({ minLength: 1, maxLength: 128 }),
    title: Word,
    category: orNull(Word),
    colour: orNull(Word),
    /** In units of `currency`. */
    price: orNull(Type.Number({ minimum: 0, maximum: 9_999_999_999 })),
    currency: orNull(Type.String({ pattern: '^[A-Z]{3}$' })),
    mu: Numbers,
    sigma: Numbers,
    stock: Type.Optional(
      Type.Array(
        Type.Object(
          {
            store: Type.String({ minLength: 1, maxLength: 128 }),
            size: Type.String({ minLength: 1, maxLength: 40 }),
            /** Null where nobody knows. */
            quantity: Type.Union([Type.Integer({ minimum: 0, maximum: 9_999_999 }), Type.Null()]),
          },
          strict,
        ),
        { maxItems: 200_000 },
      ),
    ),
  },
  strict,
);

export interface ChainStock {
  readonly store: string;
  readonly size: string;
  readonly quantity: number | null;
}

export interface ChainRecord {
  readonly sku: string;
  readonly title: string;
  readonly category: string | null;
  readonly colour: string | null;
  readonly priceMinor: number | null;
  readonly priceScale: number;
  readonly currency: string | null;
  readonly mu: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
  /** What the stores that are named have, in the order of the sizes; of other stores it says nothing. */
  readonly stock: readonly ChainStock[];
  /** Stores whose stock is told, those that have none any more too. */
  readonly stores: readonly string[];
  /** A small picture, WebP; undefined where none is told. */
  readonly picture?: { readonly hash: string; readonly webp: Uint8Array } | undefined;
}

/** @returns a clause about what is wrong, or the garment. @param latentDim n, where it is known already */
export function readRecord(text: string, latentDim: number): ChainRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!Value.Check(Line, value)) {
    const [error] = Value.Errors(Line, value);
    return `${error?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${error?.message ?? 'is not what a garment has'}`;
  }
  return recordOf(value, latentDim);
}

function recordOf(line: Static<typeof Line>, latentDim: number): ChainRecord | string {
  const { sku, title, category = null, colour = null, price = null, currency = null, mu, sigma, stock = [] } = line;
  if (mu.length !== latentDim) return `mu has ${mu.length} numbers, and must have ${latentDim}`;
  if (sigma.length !== latentDim) return `sigma has ${sigma.length} numbers, and must have ${latentDim}`;
  // As float32, which is how they are kept: what is not 0 here may be 0 there.
  if (![...mu, ...sigma].every(one => Number.isFinite(Math.fround(one)))) return 'mu and sigma must be finite';
  if (!sigma.every(one => Math.fround(one) > 1e-30)) return 'sigma must be above 0';
  const digits = minorDigits(currency);
  const twice = new Set(stock.map(one => `${one.store}\n${one.size}`)).size < stock.length;
  if (twice) return 'stock has a size of a store twice';
  return {
    sku,
    title,
    category,
    colour,
    priceMinor: price === null ? null : Math.round(price * 10 ** digits),
    priceScale: 10 ** digits,
    currency,
    mu,
    sigma,
    stock,
    stores: [...new Set(stock.map(one => one.store))],
  };
}
