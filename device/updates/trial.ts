/**
 * What a release has to show on the very box that is to serve it, beside the golden check that starting its nets holds it to:
 * that it is fast enough, small enough, and that the store's garments are told apart by it.
 */

import type { Edition } from '../edition/edition.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { readTensor } from '../inference/members.ts';
import { residentBytes } from '../inference/resident.ts';
import type { Release } from './release.ts';

export type Limits = Release['limits'];

/** What was measured, in the limits' own names and units. */
export type TrialFigures = Omit<Limits, 'selfRecall'>;

/** A limit that does not hold: the release is not for this box. */
export class TrialFailed extends Error {
  readonly limit: keyof Limits;
  readonly got: number;
  /** The limit: the most, of `selfRecall` the least. */
  readonly bound: number;

  constructor(limit: keyof Limits, got: number, bound: number, sentence: string) {
    super(sentence);
    this.name = 'TrialFailed';
    this.limit = limit;
    this.got = got;
    this.bound = bound;
  }
}

interface Measuring {
  readonly signal?: AbortSignal | undefined;
  /** Awaited before each run: whoever dials goes first. */
  readonly pace?: (() => Promise<void>) | undefined;
}

/** Runs before the clock counts: caches and clocks of the processor are to be as when a shopper dials. */
const WARM_UPS = 8;
const RUNS = 60;
/** Garments whose own encoding is looked up; all of a small store. */
const SELF_CHECKED = 256;
/** Garments that are drawn at their own place. */
const DRAWN = 16;

/** The value that 95 of 100 are not above (nearest rank). */
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1] ?? Number.NaN;

async function timed(run: (turn: number) => Promise<unknown>, { signal, pace }: Measuring): Promise<number> {
  const times: number[] = [];
  for (let turn = -WARM_UPS; turn < RUNS; turn++) {
    signal?.throwIfAborted();
    await pace?.();
    const start = performance.now();
    await run(turn + WARM_UPS);
    if (turn >= 0) times.push(performance.now() - start);
  }
  return p95(times);
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
const MB = 2 ** 20;

/** What a golden encoding is made from. */
export interface GoldenInput {
  readonly tensor: Float32Array;
  readonly category: string | undefined;
}

/** The first golden inputs of a bundle's encoder. @throws as `readTensor` */
export async function goldenInputs(
  { folder, manifest }: Bundle,
  most = Number.POSITIVE_INFINITY,
): Promise<GoldenInput[]> {
  const inputs: GoldenInput[] = [];
  for (const { input, category } of manifest.golden.encoder.slice(0, most)) {
    const member = manifest.files.find(({ path }) => path === input);
    if (member !== undefined) inputs.push({ tensor: await readTensor(folder, member), category });
  }
  return inputs;
}

/**
 * Measures nets that run, one request after another, while whoever dials goes on dialling.
 * @returns 95th centiles in milliseconds, and the memory of both processes after the last run
 * @throws LookdialError `inference-failed` where a net does not answer, or gives a number that is not finite; the signal's reason
 */
export async function measureNets(bundle: Bundle, inference: Inference, how: Measuring = {}): Promise<TrialFigures> {
  const { decoder } = bundle.manifest.golden;
  const inputs = await goldenInputs(bundle);
  const encodeP95Ms = await timed(async turn => {
    const one = inputs[turn % inputs.length];
    if (one !== undefined) await inference.encode(one.tensor, one.category);
  }, how);
  const decodeP95Ms = await timed(async turn => {
    const one = decoder[turn % decoder.length];
    if (one !== undefined) await inference.decode(one.z, one.category);
  }, how);
  return { encodeP95Ms, decodeP95Ms, residentBytes: await residentBytes(Object.values(inference.processes)) };
}

/** @throws TrialFailed for the first limit that does not hold */
export function holdLimits(figures: TrialFigures, limits: Limits): void {
  for (const limit of ['decodeP95Ms', 'encodeP95Ms'] as const) {
    const [got, most] = [figures[limit], limits[limit]];
    if (got <= most) continue;
    const what = limit === 'decodeP95Ms' ? 'A decoding' : 'An encoding';
    throw new TrialFailed(
      limit,
      got,
      most,
      `${what} takes ${short(got)} ms on this box at the 95th centile; the release says ${short(most)} ms at most.`,
    );
  }
  const [got, most] = [figures.residentBytes, limits.residentBytes];
  if (got <= most) return;
  throw new TrialFailed(
    'residentBytes',
    got,
    most,
    `Its nets take ${short(got / MB)} MB of memory on this box; the release says ${short(most / MB)} MB at most.`,
  );
}

/** Rows spread over an index, `most` of them or all there are. */
const spread = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, place) => Math.floor((place * count) / Math.min(count, most)));

/**
 * Share of the store's garments that are the best match of their own mu, 0 to 1: of `SELF_CHECKED` spread over the index. Garments
 * of one and the same encoding, such as of one picture, count as each other. 1 for a store without a garment.
 * @param lost garments that the encoder gives nothing for: none of them is its own best match
 */
export async function selfRecall(
  { index, search }: Pick<Edition, 'index' | 'search'>,
  lost: number,
  signal?: AbortSignal,
): Promise<number> {
  const rows = spread(index.count, SELF_CHECKED);
  let own = 0;
  for (const row of rows) {
    signal?.throwIfAborted();
    const { mu, sigma } = index.posterior(row);
    const { hits } = await search.search({ z: mu, k: 1 });
    const found = hits[0]?.row ?? -1;
    if (found === row) own++;
    else if (found >= 0 && found < index.count) {
      const other = index.posterior(found);
      if (
        Buffer.compare(bytesOf(mu), bytesOf(other.mu)) === 0 &&
        Buffer.compare(bytesOf(sigma), bytesOf(other.sigma)) === 0
      )
        own++;
    }
  }
  if (rows.length === 0) return lost === 0 ? 1 : 0;
  return ((own / rows.length) * index.count) / (index.count + lost);
}

/**
 * Draws garments at their own places: the golden points are not all that a shopper asks for.
 * @throws LookdialError `inference-failed` where the decoder does not answer, or gives a number that is not finite
 */
export async function drawOwn(
  { index }: Pick<Edition, 'index'>,
  inference: Pick<Inference, 'decode'>,
  { signal, pace }: Measuring = {},
): Promise<void> {
  for (const row of spread(index.count, DRAWN)) {
    signal?.throwIfAborted();
    await pace?.();
    await inference.decode(index.posterior(row).mu);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** @throws TrialFailed `selfRecall` */
export function holdSelfRecall(got: number, { selfRecall: least }: Limits): void {
  if (got >= least) return;
  throw new TrialFailed(
    'selfRecall',
    got,
    least,
    `Of the store’s garments, ${short(100 * got)} per cent are their own best match; the release says ${short(100 * least)} per cent at least.`,
  );
}
