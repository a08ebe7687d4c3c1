/** Where a dialled point can come from: the rows of the matching table (matching.md, section 3). Seeded. */
import type { Bundle } from '../../device/inference/bundle.ts';
import { DialMap } from '../../device/matching/dials.ts';
import type { SearchQuery } from '../../device/matching/flat-search.ts';
import type { EncodingIndex } from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';
import type { StoreKinds } from './store-kinds.ts';

/** Points of one kind, and the garments they started from. */
export interface Points {
  readonly name: string;
  /** n numbers each. */
  readonly z: readonly Float64Array[];
  /** The row each point started from; undefined where it started from none. */
  readonly sources: readonly number[] | undefined;
  /** The kind each point is drawn as by a conditional bundle: its garment's, or one as often as the store has it. */
  readonly conditions: readonly (string | undefined)[];
  /** The garments each point is matched with, one byte a row: those of its kind. Undefined: all. */
  readonly allowed: readonly (Uint8Array | undefined)[];
}

/** What the search is asked for a point. */
export const queryOf = ({ z, allowed }: Points, place: number): Pick<SearchQuery, 'z' | 'allowed'> => {
  const only = allowed[place];
  return { z: z[place]!, ...(only && { allowed: only }) };
};

export const POSTERIOR = 'drawn from a garment’s posterior';
export const TURNED = 'a garment’s mu, two dials turned by 1.5';
export const ONE_TURNED = 'a garment’s mu, one dial turned by 1.5';
export const NORMAL = 'standard normal';
export const UNIFORM = 'uniform on the dials';
export const MU = 'a garment’s mu';

/** How far the dials of TURNED are turned, in spreads. */
export const TURN = 1.5;

/** Draws points over one store and one bundle's dials; the same seed draws the same points. */
export class PointSource {
  readonly #index: EncodingIndex;
  readonly #dials: DialMap;
  readonly #spreads: readonly number[];
  readonly #seed: number;
  readonly #kinds: StoreKinds | undefined;

  /** @param kinds of the store, as a conditional bundle needs them */
  constructor({ manifest }: Pick<Bundle, 'manifest'>, index: EncodingIndex, seed: number, kinds?: StoreKinds) {
    this.#index = index;
    this.#kinds = kinds;
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
    return { name, z: sources.map(make), sources, ...this.#asked(sources) };
  }

  /** @param rows garments of the kinds that the points are drawn as */
  #asked(rows: readonly number[]): Pick<Points, 'conditions' | 'allowed'> {
    const conditions = rows.map(row => this.#kinds?.of(row));
    return { conditions, allowed: conditions.map(condition => this.#kinds?.allowed(condition)) };
  }

  /** Points that started from no garment, drawn as kinds that come as often as the store has them. */
  #fromNone(name: string, z: readonly Float64Array[], seed: number): Points {
    const random = new Random(seed);
    return { name, z, sources: undefined, ...this.#asked(z.map(() => random.integer(this.#index.count))) };
  }

  /** Every garment's mu once, at most `count` of them. */
  mu(count: number): Points {
    const sources = new Random(this.#seed).sample(Math.min(count, this.#index.count), this.#index.count);
    const z = sources.map(row => Float64Array.from(this.#index.posterior(row).mu));
    return { name: MU, z, sources, ...this.#asked(sources) };
  }

  /** z ~ q(z|x). */
  posterior(count: number): Points {
    const random = new Random(this.#seed + 1);
    return this.#from(POSTERIOR, count, random, row => {
      const { mu, sigma } = this.#index.posterior(row);
      return Float64Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal());
    });
  }

  /**
   * A garment's mu with two different dials, or one, turned by 1.5 spreads to either side.
   * @param among the dimensions that may be turned; all unless said otherwise
   */
  turned(count: number, dials: 1 | 2 = 2, among?: readonly number[]): Points {
    const random = new Random(this.#seed + 2);
    const from = among ?? this.#spreads.map((_, d) => d);
    return this.#from(dials === 2 ? TURNED : ONE_TURNED, count, random, row => {
      const z = Float64Array.from(this.#index.posterior(row).mu);
      for (const d of random.sample(dials, from.length).map(place => from[place]!))
        z[d] = z[d]! + TURN * this.#spreads[d]! * (random.integer(2) === 0 ? -1 : 1);
      return z;
    });
  }

  /** Standard normal on the scale of the dials: m + s e, which is N(0, I) for a bundle that standardises its dials. */
  normal(count: number): Points {
    const random = new Random(this.#seed + 3);
    const centre = this.#centre;
    const z = Array.from({ length: count }, () => centre.map((mean, d) => mean + this.#spreads[d]! * random.normal()));
    return this.#fromNone(NORMAL, z, this.#seed + 5);
  }

  /** Every dial uniform over its range. */
  uniform(count: number): Points {
    const random = new Random(this.#seed + 4);
    const { range } = this.#dials;
    const z = Array.from({ length: count }, () =>
      this.#dials.toZ(this.#spreads.map(() => range * (2 * random.uniform() - 1))),
    );
    return this.#fromNone(UNIFORM, z, this.#seed + 6);
  }
}
