import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { kl } from '../../device/matching/divergence.ts';
import { KlClustering, momentMatch } from '../../device/matching/kl-clustering.ts';
import { Random } from '../../device/matching/random.ts';
import { indexOf, madeUpStore } from './support.ts';

const LATENT_DIM = 3;
const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

/** Stores with garments that stand on each other, so that families empty. */
const clusterings = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    count: fc.integer({ min: 1, max: 60 }),
    copies: fc.integer({ min: 1, max: 3 }),
    families: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ seed, count, copies, families }) => {
    const entries = madeUpStore(seed, count, LATENT_DIM).flatMap(entry =>
      rowsOf(copies).map(copy => ({ ...entry, sku: `${entry.sku}-${copy}` })),
    );
    const index = indexOf(entries, LATENT_DIM);
    const rows = rowsOf(index.count);
    return {
      index,
      rows,
      clustering: new KlClustering(index, rows, Math.min(families, rows.length), new Random(seed)),
    };
  });

test('no step raises the objective, and no family is ever empty', () => {
  fc.assert(
    fc.property(clusterings, ({ clustering }) => {
      let before = clustering.objective;
      for (let step = 0; step < 12; step += 1) {
        clustering.step();
        const after = clustering.objective;
        assert.ok(after <= before + 1e-9 * (1 + before), `${before} -> ${after}`);
        assert.ok(clustering.members().every(places => places.length > 0));
        before = after;
      }
    }),
    { numRuns: 200 },
  );
});

test('the objective is the sum of KL to the centres, at most that to the moment match of the members', () => {
  fc.assert(
    fc.property(clusterings, ({ index, clustering }) => {
      clustering.step();
      const matched = clustering.members().map(places => {
        const centre = momentMatch(index, places);
        return places.reduce((sum, place) => sum + kl(index.posterior(place), centre), 0);
      });
      const best = matched.reduce((sum, value) => sum + value, 0);
      assert.ok(best <= clustering.objective + 1e-9 * (1 + clustering.objective));
    }),
  );
});

test('once nothing moves, each garment is in the family whose centre is nearest', () => {
  fc.assert(
    fc.property(clusterings, ({ index, clustering }) => {
      for (let step = 0; step < 200 && clustering.step(); step += 1);
      const members = clustering.members();
      const centres = members.map(places => momentMatch(index, places));
      members.forEach((places, family) => {
        for (const place of places) {
          const own = kl(index.posterior(place), centres[family]!);
          const least = Math.min(...centres.map(centre => kl(index.posterior(place), centre)));
          assert.ok(own <= least + 1e-6 * (1 + least), `${own} against ${least}`);
        }
      });
    }),
    { numRuns: 40 },
  );
});

test('the moment match has the least sum of KL of all centres tried around it', () => {
  const index = indexOf(madeUpStore(4, 12, 2), 2);
  const rows = rowsOf(12);
  const centre = momentMatch(index, rows);
  const sumTo = (mu: Float64Array, sigma: Float64Array): number =>
    rows.reduce((sum, row) => sum + kl(index.posterior(row), { mu, sigma }), 0);
  const least = sumTo(centre.mu, centre.sigma);
  const random = new Random(4);
  for (let trial = 0; trial < 200; trial += 1) {
    const mu = centre.mu.map(value => value + 0.1 * random.normal());
    const sigma = centre.sigma.map(value => value * Math.exp(0.1 * random.normal()));
    assert.ok(sumTo(mu, sigma) > least);
  }
});
