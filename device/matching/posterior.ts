/** The diagonal Gaussian that an encoder makes of one garment, and what the encoder's second output means. */
import { PosteriorError } from './errors.ts';

/** q(z|x) = N(mu, diag sigma^2): n numbers each, in units of z. */
export interface Posterior {
  readonly mu: Float64Array | Float32Array;
  readonly sigma: Float64Array | Float32Array;
}

export type Parametrisation = 'logvar' | 'logsigma' | 'variance' | 'sigma' | 'softplus';

/** log(1 + exp(v)) without overflow. */
const softplus = (v: number): number => (v > 0 ? v + Math.log1p(Math.exp(-v)) : Math.log1p(Math.exp(v)));

/** Number v of the second output to sigma (matching.md, section 1), before clamping. */
const TO_SIGMA: Record<Parametrisation, (v: number) => number> = {
  logvar: v => Math.exp(v / 2),
  logsigma: Math.exp,
  variance: Math.sqrt,
  sigma: v => v,
  softplus,
};

/**
 * The encoder's second output as sigma, clamped to the bundle's `sigmaRange`.
 * @param values n numbers as the encoder gave them
 * @param range smallest and largest sigma, in units of z
 * @throws PosteriorError for a number that is not finite, or is negative where it stands for a variance or a sigma
 */
export function toSigma(
  values: ArrayLike<number>,
  parametrisation: Parametrisation,
  range: readonly [low: number, high: number],
): Float64Array {
  const convert = TO_SIGMA[parametrisation];
  const mayBeNegative = parametrisation !== 'variance' && parametrisation !== 'sigma';
  const [low, high] = range;
  return Float64Array.from(values, (value, dimension) => {
    if (!Number.isFinite(value) || (value < 0 && !mayBeNegative)) {
      throw new PosteriorError(
        `The encoder gave ${value} as ${parametrisation} of dimension ${dimension}; expected a finite number${mayBeNegative ? '' : ' that is not negative'}.`,
      );
    }
    return Math.min(high, Math.max(low, convert(value)));
  });
}

/**
 * The encoder's first output as mu.
 * @throws PosteriorError for a number that is not finite
 */
export function toMu(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value, dimension) => {
    if (!Number.isFinite(value)) {
      throw new PosteriorError(`The encoder gave ${value} as mu of dimension ${dimension}; expected a finite number.`);
    }
    return value;
  });
}
