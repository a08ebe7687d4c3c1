/** Measures a bundle over a store with the box's own code: the matching table, recall, typicality, and the gates. */
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Inference } from '../../device/inference/inference.ts';
import { type DialName, nameDials } from '../../device/matching/dial-names.ts';
import { FlatSearch } from '../../device/matching/flat-search.ts';
import type { EncodingIndex } from '../../device/matching/index-file.ts';
import { type Garments, numericAttributes } from './garments.ts';
import { type JudgedGate, judge } from './gates.ts';
import {
  bestTolerance,
  largestShare,
  type PointErrors,
  type Rule,
  type TableRow,
  tableRow,
  tauName,
  winnersOf,
} from './matching-table.ts';
import { type FloatNets, type QuantisedFigures, quantisedFigures } from './quantised-figures.ts';
import { PointSource, type Points, TURNED, UNIFORM } from './queries.ts';
import { type DialFigures, dialFigures, recallAtOne } from './store-figures.ts';
import { StoreKinds } from './store-kinds.ts';
import { type OnProgress, Studio } from './studio.ts';
import { type TruthFigures, truthFigures } from './truth/truth-figures.ts';
import { type TypicalityFigures, typicalityFigures } from './typicality-figures.ts';

export interface EvaluationOptions {
  readonly bundle: Pick<Bundle, 'manifest' | 'name' | 'encoderDigest'>;
  readonly inference: Pick<Inference, 'decode'>;
  /** The same bundle's float nets, where it has them and serves others. */
  readonly float?: FloatNets | undefined;
  readonly index: EncodingIndex;
  readonly garments: Garments;
  /** Points decoded for each row of the table. */
  readonly points: number;
  /** Points of each row judged by truth; 0 for none. */
  readonly judged: number;
  readonly seed: number;
  readonly maxPicturePixels: number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  readonly bundle: string;
  /** The encoder's digest. */
  readonly encoder: string;
  readonly garments: number;
  readonly seed: number;
  readonly tolerance: number;
  /** The tau that does best for points near the data. */
  readonly bestTolerance: number;
  readonly table: readonly TableRow[];
  readonly recall: Readonly<Record<string, number>>;
  /** Undefined over a store that does not tell its true parameters. */
  readonly truth: TruthFigures | undefined;
  readonly typicality: TypicalityFigures;
  readonly dials: readonly DialFigures[];
  /** Attributes of the store's catalogue that a dial goes along with. */
  readonly attributes: readonly ({ readonly dimension: number } & DialName)[];
  /** Undefined for a bundle that serves its float nets, or has none. */
  readonly quantised: QuantisedFigures | undefined;
  readonly gates: readonly JudgedGate[];
}

/** Points ranked and not decoded, for each that is decoded in a row. */
const RANKED_A_POINT = 5;
const RECALL_A_POINT = 2;
/** Every so many-th decoded point is drawn by the float decoder too. */
const FLOAT_EVERY = 4;

/** Squared distance from the centre of the dials, in spreads. */
const distanceOf =
  ({ manifest: { dials } }: EvaluationOptions['bundle']) =>
  (z: Float64Array) =>
    z.reduce((sum, value, d) => sum + ((value - (dials?.[d]?.mean ?? 0)) / (dials?.[d]?.spread ?? 1)) ** 2, 0);

/** The figures of the gates that this box can measure. */
function measuredGates(
  dials: readonly DialFigures[],
  uniform: TableRow,
  own: Rule,
  recall: number,
  quantised: QuantisedFigures | undefined,
): Record<string, number | undefined> {
  const shown = dials.filter(dial => dial.shown);
  return {
    klLeast: Math.min(...shown.map(dial => dial.kl)),
    klMost: Math.max(...shown.map(dial => dial.kl)),
    aggregateMean: Math.max(...shown.map(dial => Math.abs(dial.mean))),
    aggregateSpreadLeast: Math.min(...shown.map(dial => dial.spread)),
    aggregateSpreadMost: Math.max(...shown.map(dial => dial.spread)),
    errorRatio: uniform.errors[own.name]! / uniform.bestPossible,
    recall,
    decoderMean: quantised?.decoder.mean,
    decoderWorst: quantised?.decoder.worst,
    encoderMean: quantised?.encoder.mean,
    encoderWorst: quantised?.encoder.worstDial,
    encoderSameTop: quantised?.sameTop,
  };
}

/**
 * Takes minutes for a store of thousands: every picture is read, and every point of four rows decoded and ranked.
 * @throws LookdialError where a picture or a net fails; the signal's reason where it was stopped
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { bundle, inference, float, index, garments, points: count, judged, seed, maxPicturePixels } = options;
  const { tolerance, evaluation } = bundle.manifest;
  const own: Rule = { name: tauName(tolerance), metric: 'log-likelihood', tolerance };
  const studio = new Studio(options);
  const sources = new PointSource(bundle, index, seed, new StoreKinds(bundle, garments, index.count));
  const search = new FlatSearch(index);

  const pictures = await studio.storePictures(index.count);
  const rows: { points: Points; row: TableRow; errors: PointErrors }[] = [];
  for (const points of [
    sources.posterior(count),
    sources.turned(count),
    sources.normal(count),
    sources.uniform(count),
    ...(sources.somethingLacks ? [sources.anywhere(count)] : []),
  ]) {
    const drawn = await studio.draw(points);
    studio.tell(`Ranking: ${points.name}`, 'points', 0, count);
    rows.push({ points, ...tableRow(search, pictures, points, drawn, own) });
  }
  const table = rows.map(({ row }) => row);
  const rowOf = (name: string): TableRow => table.find(row => row.name === name)!;
  const winner = (points: Points): number => {
    studio.tell(`Ranking: ${points.name}`, 'points', 0, points.z.length);
    return largestShare(winnersOf(search, points, own));
  };
  const winners = {
    winnerNormal: winner(sources.normal(RANKED_A_POINT * count)),
    winnerUniform: winner(sources.uniform(RANKED_A_POINT * count)),
  };
  studio.tell('Recall and typicality', 'points', 0, RECALL_A_POINT * count);
  const recall = recallAtOne(search, sources.posterior(RECALL_A_POINT * count));
  const typicality = typicalityFigures(search, rows, [sources.mu(index.count)], distanceOf(bundle));
  const near = bestTolerance(rowOf(TURNED), tolerance);
  const known = { bundle, inference, search, garments, sources, studio, seed };
  const truth = await truthFigures({ ...known, points: judged, tolerance: near });
  const points = rows.map(row => row.points);
  const compared = { search, served: inference, garments, studio, points, drawnEvery: FLOAT_EVERY, maxPicturePixels };
  const quantised = float && (await quantisedFigures({ ...compared, float }));
  const dials = dialFigures(bundle, index);
  const names = nameDials(index, numericAttributes(garments, index.count));
  const measured = measuredGates(dials, rowOf(UNIFORM), own, recall['log-likelihood'], quantised);
  return {
    bundle: bundle.name,
    encoder: bundle.encoderDigest,
    garments: index.count,
    seed,
    tolerance,
    bestTolerance: near,
    table,
    recall,
    truth,
    typicality,
    dials,
    attributes: names.flatMap((name, dimension) => (name === undefined ? [] : [{ dimension, ...name }])),
    quantised,
    gates: judge({ ...measured, ...winners }, evaluation),
  };
}
