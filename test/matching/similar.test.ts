import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  bhattacharyya,
  type Divergence,
  jeffreys,
  kl,
  mutualLikelihoodScore,
  wasserstein2Squared,
} from '../../device/matching/divergence.ts';
import { type Measure, rankSimilar } from '../../device/matching/similar.ts';
import { indexOf, madeUpStore } from './support.ts';

const index = indexOf(madeUpStore(2, 120, 3), 3);

/** (asked, other): less is nearer. */
const ASCENDING: Record<Measure, Divergence> = {
  jeffreys,
  kl: (asked, other, tolerance) => kl(other, asked, tolerance),
  bhattacharyya,
  wasserstein: wasserstein2Squared,
  'mutual-likelihood': (asked, other, tolerance) => -mutualLikelihoodScore(asked, other, tolerance),
};

test('each measure ranks all other allowed garments, nearest first, by its own number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(ASCENDING) as Measure[])),
      fc.integer({ min: 0, max: index.count - 1 }),
      fc.integer({ min: 1, max: index.count + 3 }),
      fc.constantFrom(0, 0.5),
      fc.uint8Array({ min: 0, max: 2, minLength: index.count, maxLength: index.count }),
      (measure, row, k, tolerance, allowed) => {
        const wanted = Array.from({ length: index.count }, (_, other) => other)
          .filter(other => other !== row && allowed[other] !== 0)
          .map(other => ({
            row: other,
            value: ASCENDING[measure](index.posterior(row), index.posterior(other), tolerance),
          }))
          .sort((a, b) => a.value - b.value || a.row - b.row)
          .slice(0, k);
        const got = rankSimilar(index, row, { k, measure, tolerance, allowed });
        assert.deepEqual(
          got.map(garment => garment.row),
          wanted.map(garment => garment.row),
        );
        got.forEach((garment, place) => {
          assert.equal(garment.sku, index.sku(garment.row));
          const sign = measure === 'mutual-likelihood' ? -1 : 1;
          assert.equal(garment.value, sign * wanted[place]!.value);
        });
      },
    ),
    { numRuns: 100 },
  );
});

test('a broad garment is not everybody’s neighbour by Jeffreys', () => {
  const sharp = Array.from({ length: 20 }, (_, place) => ({ sku: `S-${place}`, mu: [place], sigma: [0.1] }));
  const index = indexOf([...sharp, { sku: 'BROAD', mu: [10], sigma: [8] }], 1);
  const first = sharp.map(({ sku }) =>
    rankSimilar(index, index.rowOf(sku), { k: 1, measure: 'jeffreys', tolerance: 0 }),
  );
  assert.ok(first.every(([nearest]) => nearest!.sku !== 'BROAD'));
});

test('a lone garment has none like it', () => {
  const lone = indexOf([{ sku: 'only', mu: [0], sigma: [1] }], 1);
  assert.deepEqual(rankSimilar(lone, 0, { k: 5, measure: 'jeffreys', tolerance: 0 }), []);
});

test('a question about no garment, or with no sense, is refused', () => {
  const query = { k: 1, measure: 'jeffreys', tolerance: 0 } as const;
  assert.throws(() => rankSimilar(index, 120, query), /no row 120 in the index; expected 0 to 119/);
  assert.throws(() => rankSimilar(index, 0, { ...query, k: 0 }), /k is 0/);
  assert.throws(() => rankSimilar(index, 0, { ...query, tolerance: -1 }), /tolerance is -1/);
});
