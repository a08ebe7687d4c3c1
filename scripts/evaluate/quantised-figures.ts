/** What the served nets lose against the bundle's float nets: measured here, where the bundle has both for the CPU. */
import { Bundle } from '../../device/inference/bundle.ts';
import type { Inference } from '../../device/inference/inference.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { FlatSearch } from '../../device/matching/flat-search.ts';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';
import type { Posterior } from '../../device/matching/posterior.ts';
import { conditionOf, type Garments } from './garments.ts';
import { type Points, queryOf } from './queries.ts';
import { overWhite } from './small-picture.ts';
import type { Studio } from './studio.ts';

/** The same bundle with its float nets alone; undefined where it has none for the CPU, or nothing else. */
export function floatBundle({ folder, manifest }: Bundle): Bundle | undefined {
  const files = manifest.files.filter(({ role, precision }) => role === 'golden' || precision === 'float32');
  const only = new Bundle(folder, { ...manifest, files });
  const hasBoth = only.fileFor('encoder', 'cpu') !== undefined && only.fileFor('decoder', 'cpu') !== undefined;
  return hasBoth && files.length < manifest.files.length ? only : undefined;
}

/** The float nets, running. */
export interface FloatNets {
  readonly bundle: Pick<Bundle, 'manifest'>;
  readonly inference: Pick<Inference, 'encode' | 'decode'>;
}

export interface EncoderLoss {
  /** |mu - float mu| over the float sigma: its mean over all dials, and that of the worst dial. */
  readonly mean: number;
  readonly worstDial: number;
}

export interface DecoderLoss {
  /** dB of the mean squared error over all pictures, and of the picture that has the largest. */
  readonly mean: number;
  readonly worst: number;
}

export interface QuantisedFigures {
  readonly encoder: EncoderLoss;
  /** Part of the points that have the same best match among the float encodings. */
  readonly sameTop: number;
  readonly decoder: DecoderLoss;
}

/** @param float the float posteriors of the index's rows, in their order */
export function encoderLoss(index: EncodingIndex, float: readonly Posterior[]): EncoderLoss {
  const n = index.latentDim;
  const byDial = new Float64Array(n);
  float.forEach(({ mu, sigma }, row) => {
    for (let d = 0; d < n; d += 1) {
      byDial[d] = byDial[d]! + Math.abs(index.mu[row * n + d]! - mu[d]!) / sigma[d]! / float.length;
    }
  });
  return { mean: byDial.reduce((sum, value) => sum + value, 0) / n, worstDial: Math.max(...byDial) };
}

/** Identical pictures have no error; this is more decibels than bytes can tell. */
const LEAST_ERROR = 1e-12;

const decibels = (error: number): number => -10 * Math.log10(Math.max(error, LEAST_ERROR));

/** @param errors of each picture, the mean squared error of values in 0..1 */
export function decoderLoss(errors: readonly number[]): DecoderLoss {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { mean: decibels(mean), worst: decibels(Math.max(...errors)) };
}

/** The same store as the float encoder sees it. */
function floatSearchOf(index: EncodingIndex, float: readonly Posterior[]): FlatSearch {
  const { encoderDigest, latentDim, tolerance } = index;
  const entries = float.map((posterior, row) => ({ sku: index.sku(row), ...posterior }));
  const bytes = buildIndex({ encoderDigest, latentDim, tolerance, entries });
  return new FlatSearch(EncodingIndex.open(bytes, { encoderDigest, latentDim }));
}

export interface QuantisedOptions {
  readonly search: FlatSearch;
  readonly served: Pick<Inference, 'decode'>;
  readonly float: FloatNets;
  readonly garments: Garments;
  readonly studio: Studio;
  /** Where the best matches are compared. */
  readonly points: readonly Points[];
  /** Of so many points one is drawn with both decoders: compared in the bytes that a screen gets, over white. */
  readonly drawnEvery: number;
  readonly maxPicturePixels: number;
}

/** Encodes the whole store with the float encoder, and draws with both decoders. */
export async function quantisedFigures(options: QuantisedOptions): Promise<QuantisedFigures> {
  const { search, served, float, garments, studio, points, drawnEvery, maxPicturePixels } = options;
  const { index } = search;
  const { encoder, conditions } = float.bundle.manifest;
  const asked = encoder.conditionInput === undefined ? undefined : conditions;
  const posteriors = await studio.each('Encoding in float', 'garments', index.count, async row => {
    const input = await readPicture(await garments.picture(row), encoder.input, { maxPixels: maxPicturePixels });
    return float.inference.encode(input, conditionOf(asked, garments.category(row)));
  });
  const all = points.flatMap(row => row.z.map((z, place) => ({ z, row, place, condition: row.conditions[place] })));
  const drawn = all.filter((_, place) => place % drawnEvery === 0);
  const errors = await studio.each('Decoding in float', 'points', drawn.length, async at => {
    const { z, condition } = drawn[at]!;
    const got = overWhite(await served.decode(z, condition));
    const wanted = overWhite(await float.inference.decode(z, condition));
    return got.reduce((sum, value, at) => sum + (value - wanted[at]!) ** 2, 0) / got.length;
  });
  const floatSearch = floatSearchOf(index, posteriors);
  const same = all.filter(({ row, place }) => {
    const first = (over: FlatSearch) => over.search({ ...queryOf(row, place), k: 1 }).hits[0]?.sku;
    return first(search) === first(floatSearch);
  });
  return {
    encoder: encoderLoss(index, posteriors),
    sameTop: same.length / all.length,
    decoder: decoderLoss(errors),
  };
}
