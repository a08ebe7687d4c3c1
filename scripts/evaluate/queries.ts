/** Where a dialled point can come from: the rows of the matching table (matching.md, section 3). Seeded. */
import type { Bundle } from '../../device/inference/bundle.ts';
import { DialMap } from '../../device/matching/dials.ts';
import type { EncodingIndex } from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';

/** Points of one kind, and the garments they started from. */
export interface Points {
  readonly name: string;
  /** n numbers each. */
  readonly z: readonly Float64Array[];
  /** The row each point started from; undefined where it started from none. */
  readonly sources: readonly number[] | undefined;
}

export const POSTERIOR = 'drawn from a garment’s posterior';
export const TURNED = 'a garment’s mu, two dials turned by 1.5';
export const NORMAL = 'standard normal';
export const UNIFORM = 'uniform on the dials';
export const MU = 'a garment’s mu';

/** How far the two dials of TURNED are turned, in spreads. */
const TURN = 1.5;

/** Draws points over one store and one bundle's dials; the same seed draws the same points. */
export class PointSource {
  readonly #index: EncodingIndex;
  readonly #dials: DialMap;
  readonly #spreads: readonly number[];
  readonly #seed: number;

  constructor({ manifest }: Pick<Bundle, 'manifest'>, index: EncodingIndex, seed: number) {
    this.#index = index;
    this.#dials = new DialMap(manifest.latentDim, manifest.range, manifest.dials);
    this.#spreads = Array.from({ length: manifest.latentDim }, (_, d) => manifest.dials?.[d]?.spread ?? 1);
    this.#seed = seed;
  }

  get #centre(): Float64Array {
    return this.#dials.toZ(new Float64Array(this.#spreads.length));
  }

  /** Points that started from a garment. */
  #from(name: string, count: number, random: Random, make: (row: number) => Float64Array): Points {
    const sources = Array.from({ length: count }, () => random.integer(this.#index.count));
    return { name, z: sources.map(make), sources };
  }

  /** Every garment's mu once, at most `count` of them. */
  mu(count: number): Points {
    const sources = new Random(this.#seed).sample(Math.min(count, this.#index.count), this.#index.count);
    return { name: MU, z: sources.map(row => Float64Array.from(this.#index.posterior(row).mu)), sources };
  }

  /** z ~ q(z|x). */
  posterior(count: number): Points {
    const random = new Random(this.#seed + 1);
    return this.#from(POSTERIOR, count, random, row => {
      const { mu, sigma } = this.#index.posterior(row);
      return Float64Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal());
    });
  }

  /** A garment's mu with two different dials (one where there is but one) turned by 1.5 spreads to either side. */
  turned(count: number): Points {
    const random = new Random(this.#seed + 2);
    const n = this.#spreads.length;
    return this.#from(TURNED, count, random, row => {
      const z = Float64Array.from(this.#index.posterior(row).mu);
      for (const d of random.sample(2, n)) z[d] = z[d]! + TURN * this.#spreads[d]! * (random.integer(2) === 0 ? -1 : 1);
      return z;
    });
  }

  /** Standard normal on the scale of the dials: m + s e, which is N(0, I) for a bundle that standardises its dials. */
  normal(count: number): Points {
    const random = new Random(this.#seed + 3);
    const centre = this.#centre;
    const z = Array.from({ length: count }, () => centre.map((mean, d) => mean + this.#spreads[d]! * random.normal()));
    return { name: NORMAL, z, sources: undefined };
  }

  /** Every dial uniform over its range. */
  uniform(count: number): Points {
    const random = new Random(this.#seed + 4);
    const { range } = this.#dials;
    const z = Array.from({ length: count }, () =>
      this.#dials.toZ(this.#spreads.map(() => range * (2 * random.uniform() - 1))),
    );
    return { name: UNIFORM, z, sources: undefined };
  }
}
