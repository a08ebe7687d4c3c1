import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jeffreys } from '../../../device/matching/divergence.ts';
import type { IndexEntry } from '../../../device/matching/index-file.ts';
import { nearestOf, PairTable } from '../../../device/matching/map/neighbours.ts';
import { principalPlane } from '../../../device/matching/map/principal-plane.ts';
import { makeMap, type StoreMap } from '../../../device/matching/map/store-map.ts';
import { Random } from '../../../device/matching/random.ts';
import { clusterStyles } from '../../../device/matching/style-families.ts';
import { type MapQuality, qualityOf } from '../../../scripts/bench/map/quality.ts';
import { indexOf, madeUpStore } from '../support.ts';

const DIGEST = 'd1'.repeat(32);
const OTHER = 'd2'.repeat(32);
const N = 6;

const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, row) => row);
const spotOf = ({ skus, xy }: StoreMap, sku: string): number[] => {
  const at = skus.indexOf(sku);
  return [...xy.subarray(2 * at, 2 * at + 2)];
};
const picturedStore = (seed: number, count: number): IndexEntry[] =>
  madeUpStore(seed, count, N).map((entry, place) => ({
    ...entry,
    pictureSha256: Uint8Array.from({ length: 32 }, (_, at) => (place * 31 + at * 7 + 1) % 256),
  }));

/** A store of a dozen kinds in more directions than a sheet has. */
function clumpedStore(count: number, latentDim: number): IndexEntry[] {
  const random = new Random(12);
  const clumps = Array.from({ length: 12 }, () => Array.from({ length: latentDim }, () => 2 * random.normal()));
  return Array.from({ length: count }, (_, place) => ({
    sku: `SKU-${String(place).padStart(5, '0')}`,
    mu: Float32Array.from(clumps[place % 12]!, centre => centre + 0.5 * random.normal()),
    sigma: new Float32Array(latentDim).map(() => 0.2 + 0.2 * random.uniform()),
  }));
}

describe('the nearest garments', () => {
  const index = indexOf(madeUpStore(3, 120, N), N, 0.3);
  const table = new PairTable(index, rowsOf(index.count), N, index.tolerance);

  it('are those with the least Jeffreys divergence, nearest first, each with its divergence', () => {
    for (const row of [0, 17, 119]) {
      const expected = rowsOf(index.count)
        .filter(other => other !== row)
        .map(other => ({ other, value: jeffreys(index.posterior(row), index.posterior(other), 0.3) }))
        .sort((a, b) => a.value - b.value)
        .slice(0, 9);
      const { places, divergences } = nearestOf(table, row, table, 9, row);
      assert.deepEqual(
        [...places],
        expected.map(({ other }) => other),
      );
      expected.forEach(({ value }, rank) => {
        assert.ok(Math.abs(divergences[rank]! - value) < 1e-9 * (1 + value), `${divergences[rank]} for ${value}`);
      });
    }
  });

  it('are as many as there are, and none of a table of itself alone', () => {
    assert.equal(nearestOf(table, 0, table, 500, 0).places.length, 119);
    const alone = new PairTable(index, [4], N, 0.3);
    assert.equal(nearestOf(alone, 0, alone, 5, 0).places.length, 0);
  });
});

describe('the map of a store', () => {
  const index = indexOf(picturedStore(5, 300), N);
  const map = makeMap(index, DIGEST);

  it('is the same one whenever it is made', () => {
    assert.deepEqual(makeMap(index, DIGEST), map);
  });

  it('has every garment on it, and the style families as its places', () => {
    assert.deepEqual(
      map.skus,
      rowsOf(300).map(row => index.sku(row)),
    );
    const { families } = clusterStyles(index, { seed: 1 });
    assert.deepEqual(
      map.places.map(({ medoid }) => medoid),
      families.map(({ medoid }) => index.sku(medoid)),
    );
    families.forEach(({ rows }, family) => {
      for (const row of rows) assert.equal(map.place[row], family);
    });
    for (const { x, y } of map.places) assert.ok(x > 0 && x < 65_535 && y > 0 && y < 65_535);
  });

  it('puts no two garments on one spot, so that each can be touched', () => {
    const spots = new Set(map.skus.map((_, row) => `${map.xy[2 * row]}/${map.xy[2 * row + 1]}`));
    assert.equal(spots.size, 300);
  });

  it('keeps where everything is when a garment comes and another goes, and puts the new one among its neighbours', () => {
    const entries = picturedStore(5, 300);
    const [gone, twin] = [entries[40]!, entries[100]!];
    const arrived = { ...twin, sku: 'SKU-99999', pictureSha256: new Uint8Array(32).fill(9) };
    const next = indexOf([...entries.filter(one => one !== gone), arrived], N);
    const kept = makeMap(next, OTHER, map);
    assert.equal(kept.drift, 1);
    assert.equal(kept.projected, 300);
    for (const { sku } of entries) if (sku !== gone.sku) assert.deepEqual(spotOf(kept, sku), spotOf(map, sku), sku);
    assert.equal(kept.skus.includes(gone.sku), false);
    const [x = 0, y = 0] = spotOf(kept, arrived.sku);
    const [nearX = 0, nearY = 0] = spotOf(kept, twin.sku);
    assert.ok(Math.hypot(x - nearX, y - nearY) < 3_000, `its twin lies ${Math.hypot(x - nearX, y - nearY)} away`);
    assert.equal(kept.place[kept.skus.indexOf(arrived.sku)], kept.place[kept.skus.indexOf(twin.sku)]);
  });

  it('lets another garment of the place stand for it where the one that did has gone', () => {
    const { medoid } = map.places[0]!;
    const next = indexOf(
      picturedStore(5, 300).filter(({ sku }) => sku !== medoid),
      N,
    );
    const [place] = makeMap(next, OTHER, map).places;
    assert.ok(place !== undefined && next.rowOf(place.medoid) >= 0);
    assert.equal(map.place[map.skus.indexOf(place.medoid)], 0);
  });

  it('is made anew where a tenth of it is new, where a garment was photographed again it is moved, and for another encoder', () => {
    const entries = picturedStore(5, 300);
    const again = {
      ...entries[7]!,
      mu: entries[90]!.mu,
      sigma: entries[90]!.sigma,
      pictureSha256: new Uint8Array(32).fill(3),
    };
    const moved = makeMap(indexOf(entries.with(7, again), N), OTHER, map);
    assert.notDeepEqual(spotOf(moved, again.sku), spotOf(map, again.sku));
    assert.equal(moved.drift, 1);
    const many = [...entries, ...picturedStore(6, 40).map((one, at) => ({ ...one, sku: `NEW-${at}` }))];
    const anew = makeMap(indexOf(many, N), OTHER, map);
    assert.equal(anew.drift, 0);
    assert.equal(anew.projected, 340);
    const foreign = makeMap(index, OTHER, { ...map, encoderDigest: 'aa'.repeat(32) });
    assert.deepEqual(foreign, { ...map, indexDigest: OTHER });
  });

  it('places by some what it does not project', () => {
    const few = makeMap(index, DIGEST, undefined, 120);
    assert.equal(few.skus.length, 300);
    const [all, some] = [qualityOf(index, map.xy), qualityOf(index, few.xy)];
    assert.ok(
      some.kept > 0.6 * all.kept,
      `${some.kept} of the neighbours are kept, ${all.kept} where all are projected`,
    );
  });

  for (const count of [0, 1, 2, 5, 15, 16, 17]) {
    it(`is made of ${count} garments too`, () => {
      const small = indexOf(picturedStore(9, count), N);
      const made = makeMap(small, DIGEST);
      assert.equal(made.xy.length, 2 * count);
      assert.ok(made.places.length <= count);
    });
  }
});

describe('the neighbours on the map', () => {
  it('are each garment’s own, more truly than in the two widest directions, and far more than by chance', t => {
    const index = indexOf(clumpedStore(600, 10), 10);
    const map = makeMap(index, DIGEST);
    const table = new PairTable(index, rowsOf(600), 10, 0);
    const random = new Random(4);
    const [own, plane, chance] = [map.xy, principalPlane(table, 1), map.xy.map(() => random.integer(65_536))].map(xy =>
      qualityOf(index, xy),
    ) as [MapQuality, MapQuality, MapQuality];
    for (const [name, { kept, trust }] of Object.entries({ own, plane, chance })) {
      t.diagnostic(`${name}: ${kept.toFixed(3)} of the neighbours kept, trustworthiness ${trust.toFixed(3)}`);
    }
    assert.ok(own.kept > 10 * chance.kept);
    assert.ok(own.trust > plane.trust && own.trust > 0.95);
  });
});
