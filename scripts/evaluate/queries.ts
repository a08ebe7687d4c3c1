/** Where a dialled point can come from: the rows of the matching table (matching.md, section 3). Seeded. */
import { kindsOfDials } from '../../device/edition/kind-dials.ts';
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
export const ANYWHERE = 'uniform on all dials, those too that the kind lacks';
export const MU = 'a garment’s mu';

/** How far the dials of TURNED are turned, in spreads. */
export const TURN = 1.5;

/**
 * Draws points over one store and one bundle's dials; the same seed draws the same points. A dial that turns nothing on a point's
 * kind is shown to nobody: it stays where the kind's garments have it, unless it is said otherwise.
 */
export class PointSource {
  readonly #index: EncodingIndex;
  readonly #dials: DialMap;
  readonly #spreads: readonly number[];
  readonly #seed: number;
  readonly #kinds: StoreKinds | undefined;
  readonly #kindsOfDials: readonly (readonly string[] | null)[];
  /** The mean of mu over the garments of each kind. */
  readonly #middles: ReadonlyMap<string, Float64Array>;

  /** @param kinds of the store, as a conditional bundle needs them */
  constructor({ manifest }: Pick<Bundle, 'manifest'>, index: EncodingIndex, seed: number, kinds?: StoreKinds) {
    this.#index = index;
    this.#kinds = kinds;
    this.#dials = new DialMap(manifest.latentDim, manifest.range, manifest.dials);
    this.#spreads = Array.from({ length: manifest.latentDim }, (_, d) => manifest.dials?.[d]?.spread ?? 1);
    this.#seed = seed;
    this.#kindsOfDials = kindsOfDials({ manifest });
    this.#middles = this.#middleOfKinds();
  }

  #middleOfKinds(): Map<string, Float64Array> {
    const rows = Array.from({ length: this.#index.count }, (_, row) => row);
    const known = rows.filter(row => this.#kinds?.of(row) !== undefined);
    const groups = Map.groupBy(known, row => this.#kinds?.of(row) ?? '');
    return new Map(
      [...groups].map(([kind, rows]) => {
        const middle = new Float64Array(this.#spreads.length);
        for (const row of rows) {
          const { mu } = this.#index.posterior(row);
          for (let d = 0; d < middle.length; d += 1) middle[d]! += mu[d]! / rows.length;
        }
        return [kind, middle];
      }),
    );
  }

  /** Whether some kind lacks what a dial turns. */
  get somethingLacks(): boolean {
    return this.#kindsOfDials.some(kinds => kinds !== null);
  }

  #turns(d: number, kind: string | undefined): boolean {
    const kinds = this.#kindsOfDials[d] ?? null;
    return kind === undefined || kinds === null || kinds.includes(kind);
  }

  /** A point of a kind, the dials that it lacks put back to where its garments have them. */
  #put(z: Float64Array, kind: string | undefined): Float64Array {
    const middle = kind === undefined ? undefined : this.#middles.get(kind);
    return middle === undefined ? z : z.map((value, d) => (this.#turns(d, kind) ? value : middle[d]!));
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
    const asked = this.#asked(z.map(() => random.integer(this.#index.count)));
    return {
      name,
      z: z.map((point, place) => this.#put(point, asked.conditions[place])),
      sources: undefined,
      ...asked,
    };
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
   * A garment's mu with two different dials of its kind, or one, turned by 1.5 spreads to either side.
   * @param among the dimensions that may be turned; all unless said otherwise
   */
  turned(count: number, dials: 1 | 2 = 2, among?: readonly number[]): Points {
    const random = new Random(this.#seed + 2);
    const from = among ?? this.#spreads.map((_, d) => d);
    return this.#from(dials === 2 ? TURNED : ONE_TURNED, count, random, row => {
      const z = Float64Array.from(this.#index.posterior(row).mu);
      const own = from.filter(d => this.#turns(d, this.#kinds?.of(row)));
      for (const d of random.sample(dials, own.length).map(place => own[place]!))
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

  #anywhere(count: number): Float64Array[] {
    const random = new Random(this.#seed + 4);
    const { range } = this.#dials;
    return Array.from({ length: count }, () =>
      this.#dials.toZ(this.#spreads.map(() => range * (2 * random.uniform() - 1))),
    );
  }

  /** Every dial uniform over its range. */
  uniform(count: number): Points {
    return this.#fromNone(UNIFORM, this.#anywhere(count), this.#seed + 6);
  }

  /** The same points, but with the dials that their kinds lack left where they fell, as whoever asks by the API may set them. */
  anywhere(count: number): Points {
    return { ...this.uniform(count), name: ANYWHERE, z: this.#anywhere(count) };
  }
}
