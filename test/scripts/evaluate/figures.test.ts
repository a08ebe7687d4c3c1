import assert from 'node:assert/strict';
import test from 'node:test';
import { FlatSearch } from '../../../device/matching/flat-search.ts';
import { Random } from '../../../device/matching/random.ts';
import { bestTolerance, largestShare, rulesFor, tableRow, tauName } from '../../../scripts/evaluate/matching-table.ts';
import { PictureSet } from '../../../scripts/evaluate/picture-set.ts';
import { decoderLoss, encoderLoss } from '../../../scripts/evaluate/quantised-figures.ts';
import { PointSource } from '../../../scripts/evaluate/queries.ts';
import { SMALL } from '../../../scripts/evaluate/small-picture.ts';
import { dialFigures, recallAtOne } from '../../../scripts/evaluate/store-figures.ts';
import { typicalityFigures } from '../../../scripts/evaluate/typicality-figures.ts';
import { indexOf, madeUpStore } from '../../matching/support.ts';
import { bundleOf } from '../../support/bundle.ts';
import { kerasModel, ownModel } from '../../support/bundles.ts';

const { manifest } = bundleOf(kerasModel());
const index = indexOf(madeUpStore(2, 60, 4), 4);
const search = new FlatSearch(index);
const source = new PointSource({ manifest }, index, 1);

/** A picture that shows a point: its coordinates over and over. */
const showing = (z: ArrayLike<number>): Float32Array => Float32Array.from({ length: SMALL }, (_, at) => z[at % 4]!);
const pictures = new PictureSet(Array.from({ length: index.count }, (_, row) => showing(index.posterior(row).mu)));

test('the bundle’s own tolerance is a column, in its place', () => {
  assert.deepEqual(
    rulesFor(0.3).map(rule => rule.name),
    ['tau = 0', 'tau = 0.25', 'tau = 0.3', 'tau = 0.5', 'tau = 1', 'euclidean', 'mahalanobis'],
  );
  assert.equal(rulesFor(0.5).length, 6);
});

test('a row of the table is what the search answers and the pictures differ by', () => {
  const points = source.turned(80);
  const drawn = points.z.map(showing);
  const own = { name: tauName(0), metric: 'log-likelihood', tolerance: 0 } as const;
  const { row, errors } = tableRow(search, pictures, points, drawn, own);
  const wanted = points.z.map((z, place) => pictures.error(drawn[place]!, search.search({ z, k: 1 }).hits[0]!.row));
  assert.deepEqual([...errors.top], wanted);
  assert.ok(Math.abs(row.errors['tau = 0']! - wanted.reduce((sum, error) => sum + error, 0) / 80) < 1e-12);
  // Where pictures are the points themselves, the nearest mu looks nearest, and nothing does better.
  assert.ok(Math.abs(row.errors.euclidean! - row.bestPossible) < 1e-9);
  for (const error of Object.values(row.errors))
    assert.ok(error >= row.bestPossible - 1e-12 && error < row.randomGarment);
  for (const share of Object.values(row.winners)) assert.ok(share >= 1 / 80 && share <= 1);
});

test('the largest share is that of the garment that wins most', () => {
  assert.equal(largestShare([3, 1, 3, 3, 2]), 0.6);
  assert.equal(largestShare([1, 2]), 0.5);
});

test('the best tolerance has the least error near the data, and of equals is the smallest', () => {
  const near = (errors: Record<string, number>) => ({
    name: '',
    points: 1,
    errors: { euclidean: 0, mahalanobis: 0, ...errors },
    bestPossible: 0,
    randomGarment: 0,
    winners: {},
  });
  assert.equal(bestTolerance(near({ 'tau = 0': 3, 'tau = 0.25': 2, 'tau = 0.5': 1, 'tau = 1': 4 }), 0), 0.5);
  assert.equal(bestTolerance(near({ 'tau = 0': 2, 'tau = 0.25': 2, 'tau = 0.5': 2, 'tau = 1': 2 }), 0), 0);
});

test('a dial that fits the store has mean 0 and spread 1 on it', () => {
  const random = new Random(5);
  const entries = Array.from({ length: 4000 }, (_, place) => ({
    sku: `${place}`,
    mu: Array.from({ length: 6 }, (_, d) => 0.1 * d + (1 + 0.1 * d) * Math.sqrt(0.75) * random.normal()),
    sigma: Array.from({ length: 6 }, (_, d) => (1 + 0.1 * d) * 0.5),
  }));
  const own = bundleOf(ownModel()).manifest;
  dialFigures({ manifest: own }, indexOf(entries, 6)).forEach((dial, d) => {
    assert.equal(dial.dimension, d);
    assert.equal(dial.shown, d < 5);
    assert.equal(dial.name, d === 0 ? 'Length' : undefined);
    assert.ok(Math.abs(dial.mean) < 0.06 && Math.abs(dial.spread - 1) < 0.05);
  });
});

test('KL and activity of a dimension are those of its posteriors', () => {
  const two = indexOf(
    [
      { sku: 'a', mu: [1, 0], sigma: [0.5, 1] },
      { sku: 'b', mu: [-1, 0], sigma: [0.5, 1] },
    ],
    2,
  );
  const [first, second] = dialFigures({ manifest: { ...manifest, latentDim: 2 } }, two);
  assert.ok(Math.abs(first!.kl - (0.5 * (1 + 0.25 - 1) + Math.log(2))) < 1e-12);
  assert.equal(first!.activity, 1);
  assert.equal(second!.kl, 0);
  assert.equal(second!.activity, 0);
});

test('sharp garments far apart are always found again', () => {
  const entries = Array.from({ length: 20 }, (_, place) => ({ sku: `${place}`, mu: [place, 0], sigma: [0.01, 0.01] }));
  const apart = indexOf(entries, 2);
  const points = new PointSource({ manifest: { ...manifest, latentDim: 2 } }, apart, 1).posterior(100);
  assert.deepEqual(recallAtOne(new FlatSearch(apart), points), { 'log-likelihood': 1, euclidean: 1, mahalanobis: 1 });
});

test('recall is highest by likelihood where sigmas differ', () => {
  const { euclidean, mahalanobis, 'log-likelihood': likelihood } = recallAtOne(search, source.posterior(3000));
  assert.ok(likelihood >= euclidean && likelihood >= mahalanobis && likelihood < 1);
});

test('the verdicts of a row add up, the bands hold every point, and the farther is the less typical', () => {
  const rows = [source.posterior(150), source.uniform(150)].map(points => {
    const top = Float64Array.from(points.z, z => pictures.error(showing(z), search.search({ z, k: 1 }).hits[0]!.row));
    const best = Float64Array.from(points.z, z => pictures.least(showing(z), 0));
    return { points, errors: { top, best } };
  });
  const figures = typicalityFigures(search, rows, [source.mu(60)], z =>
    z.reduce((sum, value) => sum + value * value, 0),
  );
  assert.deepEqual(
    figures.verdicts.map(row => row.points),
    [60, 150, 150],
  );
  for (const row of figures.verdicts) {
    assert.ok(Math.abs(row['in-stock-like'] + row['nearest-we-have'] + row['nothing-close'] - 1) < 1e-12);
  }
  assert.equal(
    figures.bands.reduce((sum, band) => sum + band.points, 0),
    300,
  );
  const far = figures.bands[0]!;
  const close = figures.bands.at(-1)!;
  assert.ok(far.best! > close.best!);
  assert.ok(figures.spearman.typicality.best < -0.5);
});

test('an encoder’s loss is counted in sigmas of the float one', () => {
  const two = indexOf(
    [
      { sku: 'a', mu: [1, 1], sigma: [1, 1] },
      { sku: 'b', mu: [2, 2], sigma: [1, 1] },
    ],
    2,
  );
  const float = [
    { mu: Float64Array.of(1.5, 1), sigma: Float64Array.of(0.5, 1) },
    { mu: Float64Array.of(2, 3), sigma: Float64Array.of(1, 2) },
  ];
  assert.deepEqual(encoderLoss(two, float), { mean: 0.375, worstDial: 0.5 });
});

test('a decoder’s loss is the dB of the mean error and of the worst picture', () => {
  const { mean, worst } = decoderLoss([0.001, 0.003, 0.002]);
  assert.ok(Math.abs(mean - 26.9897) < 1e-4 && Math.abs(worst - 25.2288) < 1e-4);
  assert.ok(Number.isFinite(decoderLoss([0]).worst));
});
