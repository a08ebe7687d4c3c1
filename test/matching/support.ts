/** What the tests of matching/ share: the vectors, the sample files, and stores made up from a seed. */
import { readFileSync } from 'node:fs';
import { buildIndex, EncodingIndex, type IndexEntry } from '../../device/matching/index-file.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { Random } from '../../device/matching/random.ts';

interface WrittenPosterior {
  readonly mu: readonly number[];
  readonly logSigma: readonly number[];
}

export interface VectorCase {
  readonly n: number;
  readonly kind: string;
  readonly z: readonly number[];
  readonly a: WrittenPosterior;
  readonly b: WrittenPosterior;
  readonly logLikelihoodOfZUnderA: number;
  readonly mahalanobisSquaredOfZFromA: number;
  readonly klAB: number;
  readonly klBA: number;
  readonly jeffreys: number;
  readonly wasserstein2Squared: number;
  readonly bhattacharyya: number;
  readonly mutualLikelihoodScore: number;
  readonly klAToStandardNormal: number;
}

interface Vectors {
  readonly cases: readonly VectorCase[];
  readonly parametrisations: readonly Record<
    'sigma' | 'logvar' | 'logsigma' | 'variance' | 'softplusPreimage',
    number
  >[];
}

const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));

export const vectors: Vectors = JSON.parse(fixture('gaussians.json').toString('utf8'));

/** A file of test/fixtures/index, on a buffer of its own. */
export const sample = (name: string): Uint8Array => new Uint8Array(fixture(`index/${name}`));

/** The encoder and the dimensions the sample files name. */
export const SAMPLE_ENCODER = Buffer.from(Uint8Array.from({ length: 32 }, (_, place) => place)).toString('hex');
export const SAMPLE = { encoderDigest: SAMPLE_ENCODER, latentDim: 2 };

export const posteriorOf = ({ mu, logSigma }: WrittenPosterior): Posterior => ({
  mu: Float64Array.from(mu),
  sigma: Float64Array.from(logSigma, Math.exp),
});

export const relativeError = (got: number, wanted: number): number =>
  got === wanted ? 0 : Math.abs(got - wanted) / Math.abs(wanted);

export const ENCODER = 'e5'.repeat(32);

/** An index over entries, opened from its bytes. */
export function indexOf(entries: readonly IndexEntry[], latentDim: number, tolerance = 0): EncodingIndex {
  const bytes = buildIndex({ encoderDigest: ENCODER, latentDim, tolerance, entries });
  return EncodingIndex.open(bytes, { encoderDigest: ENCODER, latentDim });
}

/** A made-up store: garments in clumps, sigma differing from garment to garment and from dial to dial. */
export function madeUpStore(seed: number, count: number, latentDim: number): IndexEntry[] {
  const random = new Random(seed);
  const clumps = Array.from({ length: 5 }, () => Array.from({ length: latentDim }, () => 1.5 * random.normal()));
  return Array.from({ length: count }, (_, place) => {
    const clump = clumps[random.integer(clumps.length)]!;
    const width = 0.3 * Math.exp(0.7 * random.normal());
    return {
      sku: `SKU-${String(place).padStart(5, '0')}`,
      mu: Float32Array.from(clump, centre => centre + 0.5 * random.normal()),
      sigma: Float32Array.from(clump, () => width * Math.exp(0.5 * random.normal())),
    };
  });
}

/** A point drawn from the posterior of a garment. */
export const drawFrom = ({ mu, sigma }: Posterior, random: Random): Float64Array =>
  Float64Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal());

/** The entries in another order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let place = result.length - 1; place > 0; place -= 1) {
    const other = random.integer(place + 1);
    [result[place], result[other]] = [result[other]!, result[place]!];
  }
  return result;
}
