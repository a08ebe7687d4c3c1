/** Stores of every shape that could trip the scan, and the comparison of its answers with the reference's. */
import assert from 'node:assert/strict';
import { FlatSearch, type SearchAnswer, type SearchQuery } from '../../../device/matching/flat-search.ts';
import { buildIndex, EncodingIndex } from '../../../device/matching/index-file.ts';
import type { IndexEntry } from '../../../device/matching/index-writer.ts';
import { Random } from '../../../device/matching/random.ts';
import { SUM_TOLERANCE } from '../../../device/matching/scan/scan-search.ts';

export const DIGEST = 'ab'.repeat(32);

export interface TestStore {
  readonly name: string;
  readonly latentDim: number;
  readonly entries: readonly IndexEntry[];
  readonly bytes: Uint8Array;
}

/** Makes garment `row`: its mu and sigma, n numbers each. */
type Maker = (random: Random, row: number) => { mu: number[]; sigma: number[] };

const vector = (n: number, make: (d: number) => number): number[] => Array.from({ length: n }, (_, d) => make(d));

export const skuOf = (row: number): string => `G${((row * 7919) % 1_000_003).toString(36).padStart(5, '0')}`;

export const indexBytes = (latentDim: number, entries: Iterable<IndexEntry>, tolerance = 0): Uint8Array =>
  buildIndex({ encoderDigest: DIGEST, latentDim, tolerance, entries });

export const expected = (latentDim: number) => ({ encoderDigest: DIGEST, latentDim });

function storeOf(name: string, latentDim: number, count: number, seed: number, make: Maker, tolerance = 0): TestStore {
  const random = new Random(seed);
  const entries = Array.from({ length: count }, (_, row) => ({ sku: skuOf(row), ...make(random, row) }));
  return { name, latentDim, entries, bytes: indexBytes(latentDim, entries, tolerance) };
}

/** Kinds of garments round centres, sigma by dimension and garment: what an encoder makes. */
const structured = (n: number): Maker => {
  const own = new Random(n);
  const centres = Array.from({ length: 20 }, () => vector(n, () => 0.9 * own.normal()));
  const widths = vector(n, () => 0.06 + 0.6 * own.uniform());
  return random => {
    const centre = centres[random.integer(centres.length)]!;
    return {
      mu: vector(n, d => centre[d]! + 0.4 * random.normal()),
      sigma: vector(n, d => widths[d]! * Math.exp(0.3 * random.normal())),
    };
  };
};

const unstructured =
  (n: number): Maker =>
  random => ({
    mu: vector(n, () => random.normal()),
    sigma: vector(n, () => Math.min(1, Math.max(0.05, 0.22 * Math.exp(0.75 * random.normal())))),
  });

/** Every fourth garment is new, the others are copies of it: ties by the hundred. */
const copies = (n: number): Maker => {
  const make = structured(n);
  let last = { mu: [0], sigma: [1] };
  return (random, row) => {
    if (row % 4 === 0) last = make(random, row);
    return { mu: [...last.mu], sigma: [...last.sigma] };
  };
};

/** All but two dimensions have collapsed to the prior. */
const collapsed =
  (n: number): Maker =>
  random => ({
    mu: vector(n, d => (d < 2 ? random.normal() : 0.01 * random.normal())),
    sigma: vector(n, d => (d < 2 ? 0.1 + 0.2 * random.uniform() : 1)),
  });

/** Whole numbers alone: garments that lie equally far in many ways. */
const grid =
  (n: number): Maker =>
  random => ({
    mu: vector(n, () => random.integer(5) - 2),
    sigma: vector(n, () => 0.25 * (1 + random.integer(3))),
  });

/** From needles to clouds, at the ends of what bundles allow. */
const extremes =
  (n: number): Maker =>
  random => ({
    mu: vector(n, () => 3 * random.normal()),
    sigma: vector(n, () => 10 ** (random.uniform() * 6 - 4)),
  });

const identical =
  (n: number): Maker =>
  () => ({ mu: vector(n, () => 0.5), sigma: vector(n, () => 0.5) });

/** The stores of the bar: n in {1, 2, 10, 16, 32, 64}, ties, collapsed dimensions, one garment, fewer garments than hits. */
export function testStores(count: number): TestStore[] {
  return [
    storeOf('structured, n = 16', 16, count, 1, structured(16)),
    storeOf('unstructured, n = 16', 16, count, 2, unstructured(16)),
    storeOf('structured, n = 32', 32, count, 3, structured(32)),
    storeOf('unstructured, n = 64', 64, Math.ceil(count / 2), 4, unstructured(64)),
    storeOf('structured, n = 10, with a tolerance of its own', 10, count, 5, structured(10), 0.4),
    storeOf('n = 2', 2, count, 6, structured(2)),
    storeOf('n = 1', 1, count, 7, unstructured(1)),
    storeOf('every garment four times', 10, count, 8, copies(10)),
    storeOf('collapsed but for two dimensions', 16, count, 9, collapsed(16)),
    storeOf('whole numbers, n = 3', 3, count, 10, grid(3)),
    storeOf('needles and clouds', 10, count, 11, extremes(10)),
    storeOf('all the same', 5, Math.min(300, count), 12, identical(5)),
    storeOf('one garment', 10, 1, 13, structured(10)),
    storeOf('fewer garments than hits', 10, 7, 14, structured(10)),
  ];
}

/** A point from a posterior, one a dial further, one from anywhere, or a garment's very mu. */
export function drawPoint(random: Random, { latentDim, entries }: TestStore): number[] {
  const { mu, sigma } = entries[random.integer(entries.length)]!;
  const kind = random.integer(4);
  if (kind === 0) return vector(latentDim, d => mu[d]!);
  if (kind === 1) return vector(latentDim, () => 10 * random.uniform() - 5);
  const z = vector(latentDim, d => mu[d]! + sigma[d]! * random.normal());
  if (kind === 2) z[random.integer(latentDim)]! += 4 * random.uniform() - 2;
  return z;
}

/** A query of any kind but for its filter. */
export function drawQuery(random: Random, store: TestStore): SearchQuery {
  const { latentDim } = store;
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const some = random.sample(1 + random.integer(latentDim), latentDim);
  return {
    z: drawPoint(random, store),
    k: pick([1, 5, 24, 24, 24, 200]),
    ...(random.integer(3) === 0 && { tolerance: pick([0, 0.1, 0.5, 2]) }),
    ...(random.integer(2) === 0 && { shareTolerance: pick([0, 0.3, 1]) }),
    ...(random.integer(4) === 0 && { on: some }),
  };
}

/** One byte a row, with about `share` of them set. */
export const drawFilter = (random: Random, rows: number, share: number): Uint8Array =>
  Uint8Array.from({ length: rows }, () => (random.uniform() < share ? 1 + random.integer(255) : 0));

/** The reference's search of a store. */
export const reference = (latentDim: number, bytes: Uint8Array): FlatSearch =>
  new FlatSearch(EncodingIndex.open(bytes, expected(latentDim)));

const near = (got: number, want: number, what: string): void => {
  const off = Math.abs(got - want);
  assert.ok(
    got === want || off <= 1.5 * SUM_TOLERANCE * Math.max(Math.abs(want), 1),
    `${what}: got ${got}, want ${want}`,
  );
};

/**
 * Holds an answer against the reference's: the same garments in the same order with the same scores to the last bit, shares and
 * typicality within what the sums may leave out.
 * @param rows whether rows must be the same too: they are not where the store has a tail
 */
export function assertSame(got: SearchAnswer, want: SearchAnswer, rows = true): void {
  assert.deepEqual(
    got.hits.map(hit => hit.sku),
    want.hits.map(hit => hit.sku),
  );
  got.hits.forEach((hit, place) => {
    const other = want.hits[place]!;
    assert.equal(hit.logLikelihood, other.logLikelihood);
    assert.equal(hit.mahalanobisSquared, other.mahalanobisSquared);
    if (rows) assert.equal(hit.row, other.row);
    near(hit.share, other.share, `share of ${hit.sku}`);
  });
  assert.equal(got.considered, want.considered);
  near(got.typicality.logMean, want.typicality.logMean, 'typicality');
}
