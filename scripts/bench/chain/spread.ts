/**
 * Many garments out of a few, with the structure of the few kept: what a chain's catalogue is to one of its stores.
 *
 * Within each kind, the encodings x = (mu, log sigma^2) in R^2n are drawn anew by a smoothed bootstrap with shrinkage (West 1993):
 * x' = m + sqrt(1 - h^2) (x_i - m) + h L e, with x_i a garment of the kind at random, m the kind's mean, L L' its covariance and e
 * standard normal. Mean and covariance of the kind, those between mu and sigma included, are kept; so are its clusters, blurred by h.
 */
import type { Posterior } from '../../../device/matching/posterior.ts';
import { Random } from '../../../device/matching/random.ts';

/** h: how far a drawn garment may lie from the one that it is drawn after, in spreads of its kind. */
const BLUR = 0.35;

export interface Encoded {
  readonly kind: string;
  readonly posterior: Posterior;
}

/** A garment that was drawn. */
export interface Drawn<One extends Encoded> extends Encoded {
  /** The one that it was drawn after. */
  readonly after: One;
}

const codeOf = ({ mu, sigma }: Posterior): Float64Array =>
  Float64Array.from({ length: 2 * mu.length }, (_, j) =>
    j < mu.length ? mu[j]! : 2 * Math.log(sigma[j - mu.length]!),
  );

/** The lower triangle L of a covariance, L L' = C (Cholesky); a dimension that does not vary gives a column of zeros. */
function cholesky(covariance: readonly Float64Array[]): Float64Array[] {
  const size = covariance.length;
  const lower = Array.from({ length: size }, () => new Float64Array(size));
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = covariance[i]![j]!;
      for (let k = 0; k < j; k += 1) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) lower[i]![i] = Math.sqrt(Math.max(0, sum));
      else lower[i]![j] = lower[j]![j]! > 1e-9 ? sum / lower[j]![j]! : 0;
    }
  }
  return lower;
}

class Kind<One extends Encoded> {
  readonly #originals: readonly One[];
  readonly #codes: readonly Float64Array[];
  readonly #mean: Float64Array;
  readonly #lower: readonly Float64Array[];
  readonly #widest: number;

  constructor(originals: readonly One[]) {
    const posteriors = originals.map(({ posterior }) => posterior);
    this.#originals = originals;
    this.#codes = posteriors.map(codeOf);
    const size = this.#codes[0]!.length;
    const count = this.#codes.length;
    const mean = new Float64Array(size);
    for (const code of this.#codes) for (let j = 0; j < size; j += 1) mean[j]! += code[j]! / count;
    const covariance = Array.from({ length: size }, () => new Float64Array(size));
    for (const code of this.#codes) {
      for (let i = 0; i < size; i += 1) {
        for (let j = 0; j <= i; j += 1) covariance[i]![j]! += ((code[i]! - mean[i]!) * (code[j]! - mean[j]!)) / count;
      }
    }
    this.#mean = mean;
    this.#lower = cholesky(covariance);
    this.#widest = Math.max(...posteriors.flatMap(({ sigma }) => [...sigma]));
  }

  draw(random: Random): Omit<Drawn<One>, 'kind'> {
    const chosen = random.integer(this.#codes.length);
    const near = this.#codes[chosen]!;
    const normal = Float64Array.from(near, () => random.normal());
    const keep = Math.sqrt(1 - BLUR * BLUR);
    const code = near.map((value, i) => {
      let noise = 0;
      for (let j = 0; j <= i; j += 1) noise += this.#lower[i]![j]! * normal[j]!;
      return this.#mean[i]! + keep * (value - this.#mean[i]!) + BLUR * noise;
    });
    const n = code.length / 2;
    const posterior = {
      mu: Float32Array.from(code.subarray(0, n)),
      // No wider than any that the encoder gave: a garment that is like everything would win everything.
      sigma: Float32Array.from(code.subarray(n), value => Math.min(this.#widest, Math.exp(value / 2))),
    };
    return { posterior, after: this.#originals[chosen]! };
  }
}

/** `count` garments with the kinds in the shares that they have among `originals`; the same seed gives the same ones. */
export function* spread<One extends Encoded>(
  originals: readonly One[],
  count: number,
  seed: number,
): Generator<Drawn<One>> {
  const random = new Random(seed);
  const kinds = Map.groupBy(originals, ({ kind }) => kind);
  const models = new Map(Array.from(kinds, ([kind, list]) => [kind, new Kind(list)]));
  for (let made = 0; made < count; made += 1) {
    const { kind } = originals[random.integer(originals.length)]!;
    yield { kind, ...models.get(kind)!.draw(random) };
  }
}
