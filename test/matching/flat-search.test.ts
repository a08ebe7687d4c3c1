import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FlatSearch, type Metric, type SearchQuery } from '../../device/matching/flat-search.ts';
import type { EncodingIndex } from '../../device/matching/index-file.ts';
import { euclideanSquared, logLikelihood, mahalanobisSquared } from '../../device/matching/likelihood.ts';
import { Random } from '../../device/matching/random.ts';
import { drawFrom, indexOf, madeUpStore, posteriorOf, shuffled, vectors } from './support.ts';

const N = 4;
const store = madeUpStore(1, 300, N);
const index = indexOf(store, N);
const search = new FlatSearch(index);

/** The brute force: every allowed garment by the public formulas, best first, ties by SKU. */
function bruteForce(index: EncodingIndex, query: SearchQuery): { sku: string; score: number }[] {
  const { z, metric = 'log-likelihood', tolerance = index.tolerance, on, allowed } = query;
  const options = on === undefined ? { tolerance } : { tolerance, on: on.toSorted((a, b) => a - b) };
  const scores: Record<Metric, (row: number) => number> = {
    'log-likelihood': row => logLikelihood(z, index.posterior(row), options),
    mahalanobis: row => -mahalanobisSquared(z, index.posterior(row), options),
    euclidean: row => -euclideanSquared(z, index.posterior(row), options),
  };
  return Array.from({ length: index.count }, (_, row) => row)
    .filter(row => allowed === undefined || allowed[row] !== 0)
    .map(row => ({ sku: index.sku(row), score: scores[metric](row) }))
    .sort((a, b) => b.score - a.score || (a.sku < b.sku ? -1 : 1))
    .slice(0, query.k);
}

/** Queries of every kind over some index. */
const queryFor = (index: EncodingIndex) =>
  fc.record(
    {
      z: fc.array(fc.double({ min: -6, max: 6, noNaN: true }), {
        minLength: index.latentDim,
        maxLength: index.latentDim,
      }),
      k: fc.integer({ min: 1, max: index.count + 5 }),
      metric: fc.constantFrom('log-likelihood', 'euclidean', 'mahalanobis'),
      tolerance: fc.constantFrom(0, 0.3, 1),
      shareTolerance: fc.constantFrom(0, 0.5, 1),
      on: fc.subarray(
        Array.from({ length: index.latentDim }, (_, d) => d),
        { minLength: 1 },
      ),
      allowed: fc.uint8Array({ min: 0, max: 2, minLength: index.count, maxLength: index.count }),
    },
    { requiredKeys: ['z', 'k'] },
  );

test('the float32 store ranks the garments of the vectors as float64 does', () => {
  for (const n of new Set(vectors.cases.map(line => line.n))) {
    const cases = vectors.cases.filter(line => line.n === n);
    const garments = cases
      .flatMap(line => [line.a, line.b])
      .map((posterior, place) => ({ sku: `V-${String(place).padStart(3, '0')}`, ...posteriorOf(posterior) }));
    const search = new FlatSearch(indexOf(garments, n));
    for (const { z } of cases) {
      const wanted = garments
        .map(garment => ({ sku: garment.sku, score: logLikelihood(z, garment) }))
        .sort((a, b) => b.score - a.score);
      const got = search.search({ z, k: garments.length }).hits.map(hit => hit.sku);
      assert.deepEqual(
        got,
        wanted.map(garment => garment.sku),
      );
    }
  }
});

test('every search is the brute force: the same SKUs in the same order with the same numbers', () => {
  fc.assert(
    fc.property(queryFor(index), query => {
      const { hits, considered } = search.search(query);
      const wanted = bruteForce(index, query);
      assert.deepEqual(
        hits.map(hit => hit.sku),
        wanted.map(garment => garment.sku),
      );
      assert.equal(considered, query.allowed?.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0) ?? index.count);
      const tolerance = query.tolerance ?? index.tolerance;
      const options = query.on === undefined ? { tolerance } : { tolerance, on: query.on };
      for (const hit of hits) {
        assert.equal(hit.logLikelihood, logLikelihood(query.z, index.posterior(hit.row), options));
        assert.equal(hit.mahalanobisSquared, mahalanobisSquared(query.z, index.posterior(hit.row), options));
        assert.equal(index.sku(hit.row), hit.sku);
      }
    }),
    { numRuns: 300 },
  );
});

test('shares are the softmax of the allowed garments under the share tolerance, and add up to 1', () => {
  fc.assert(
    fc.property(queryFor(index), query => {
      const { hits } = search.search({ ...query, k: index.count });
      const tolerance = query.shareTolerance ?? query.tolerance ?? index.tolerance;
      const options = query.on === undefined ? { tolerance } : { tolerance, on: query.on };
      const scores = hits.map(hit => logLikelihood(query.z, index.posterior(hit.row), options));
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      hits.forEach((hit, place) => {
        assert.ok(Math.abs(hit.share - Math.exp(scores[place]! - top) / total) < 1e-12);
      });
      const sum = hits.reduce((whole, hit) => whole + hit.share, 0);
      assert.ok(hits.length === 0 || Math.abs(sum - 1) < 1e-9);
    }),
  );
});

test('the share tolerance never changes the order', () => {
  fc.assert(
    fc.property(queryFor(index), query => {
      const skus = (shareTolerance: number) => search.search({ ...query, shareTolerance }).hits.map(hit => hit.sku);
      assert.deepEqual(skus(0), skus(1));
    }),
  );
});

test('the ranking does not depend on the order in which garments were added', () => {
  fc.assert(
    fc.property(fc.integer(), queryFor(index), (seed, { allowed: _, ...query }) => {
      const other = new FlatSearch(indexOf(shuffled(store, new Random(seed)), N));
      assert.deepEqual(other.search(query), search.search(query));
    }),
    { numRuns: 20 },
  );
});

test('a filter before is a filter after', () => {
  fc.assert(
    fc.property(queryFor(index), query => {
      const { allowed, ...open } = query;
      const before = search.search({ ...query, k: index.count }).hits.map(hit => hit.sku);
      const after = search.search({ ...open, k: index.count }).hits.filter(hit => allowed?.[hit.row] !== 0);
      assert.deepEqual(
        before,
        after.map(hit => hit.sku),
      );
    }),
  );
});

test('a store of the allowed garments alone gives the same hits and shares', () => {
  fc.assert(
    fc.property(queryFor(index), query => {
      const { allowed = new Uint8Array(index.count).fill(1), ...open } = query;
      const left = store.filter((_, row) => allowed[row] !== 0);
      const alone = new FlatSearch(indexOf(left, N)).search(open).hits;
      const filtered = search.search({ ...open, allowed }).hits;
      assert.deepEqual(
        filtered.map(({ row: _, ...hit }) => hit),
        alone.map(({ row: _, ...hit }) => hit),
      );
    }),
    { numRuns: 30 },
  );
});

test('equal garments come in the order of their SKUs', () => {
  const same = { mu: [0, 0], sigma: [1, 1] };
  const twins = new FlatSearch(
    indexOf(
      ['b', 'c', 'a', 'B', '\uff34', '\u{1f9e5}'].map(sku => ({ sku, ...same })),
      2,
    ),
  );
  for (const k of [1, 3, 6]) {
    const { hits } = twins.search({ z: [0.3, -2], k });
    assert.deepEqual(
      hits.map(hit => hit.sku),
      ['B', 'a', 'b', 'c', '\u{1f9e5}', '\uff34'].slice(0, k),
    );
    for (const hit of hits) assert.ok(Math.abs(hit.share - 1 / 6) < 1e-15);
  }
});

test('a sharp neighbour on the same point beats the wide garment whose mu was dialled', () => {
  const garments = [
    { sku: 'wide', mu: [1, 1], sigma: [3, 3] },
    { sku: 'sharp', mu: [1.01, 1], sigma: [0.1, 0.1] },
  ];
  const { hits } = new FlatSearch(indexOf(garments, 2)).search({ z: [1, 1], k: 2 });
  assert.deepEqual(
    hits.map(hit => hit.sku),
    ['sharp', 'wide'],
  );
});

test('more is asked for than there is: all there is comes back', () => {
  assert.equal(search.search({ z: [0, 0, 0, 0], k: 10_000 }).hits.length, index.count);
});

test('one garment is the match of every point, with the whole share', () => {
  const lone = new FlatSearch(indexOf([{ sku: 'only', mu: [1, 2], sigma: [0.5, 0.5] }], 2));
  for (const z of [
    [1, 2],
    [40, -40],
  ]) {
    const { hits, considered } = lone.search({ z, k: 5 });
    assert.deepEqual(
      hits.map(hit => hit.sku),
      ['only'],
    );
    assert.equal(hits[0]!.share, 1);
    assert.equal(considered, 1);
  }
  assert.equal(lone.search({ z: [1, 2], k: 1 }).typicality.verdict, 'in-stock-like');
  assert.equal(lone.search({ z: [40, -40], k: 1 }).typicality.verdict, 'nothing-close');
});

test('no garment allowed, and a store without garments, give no hits', () => {
  const none = search.search({ z: [0, 0, 0, 0], k: 5, allowed: new Uint8Array(index.count) });
  assert.deepEqual(none.hits, []);
  assert.equal(none.considered, 0);
  assert.deepEqual(none.typicality, search.search({ z: [0, 0, 0, 0], k: 5 }).typicality);
  const empty = new FlatSearch(indexOf([], 2)).search({ z: [0, 0], k: 5 });
  assert.deepEqual(empty, {
    hits: [],
    considered: 0,
    typicality: { logMean: -Infinity, centile: 0, verdict: 'nothing-close' },
  });
});

test('a point as far out as numbers go still has matches in order and shares that are numbers', () => {
  const { hits, typicality } = search.search({ z: [1e300, 0, 0, 0], k: 3 });
  assert.deepEqual(
    hits.map(hit => hit.row),
    [0, 1, 2],
  );
  assert.ok(hits.every(hit => Number.isFinite(hit.share)));
  assert.equal(typicality.verdict, 'nothing-close');
});

test('typicality is that of the whole store under the index’s tolerance, whatever is asked', () => {
  const tolerant = indexOf(store, N, 0.25);
  const search = new FlatSearch(tolerant);
  fc.assert(
    fc.property(queryFor(tolerant), query => {
      const scores = store.map(garment => logLikelihood(query.z, garment as never, { tolerance: 0.25 }));
      const top = Math.max(...scores);
      const wanted = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0) / store.length);
      const { logMean } = search.search(query).typicality;
      assert.ok(Math.abs(logMean - wanted) <= 1e-9 * Math.abs(wanted));
    }),
  );
});

test('a search leaves nothing behind that changes the next one', () => {
  const random = new Random(7);
  const queries = Array.from({ length: 40 }, (_, place) => ({
    z: Array.from({ length: N }, () => 2 * random.normal()),
    k: 5,
    tolerance: [0, 0.2, 0.4][place % 3]!,
    shareTolerance: [0, 0.5, 0.7, 0.9][place % 4]!,
  }));
  const shared = queries.map(query => search.search(query));
  queries.forEach((query, place) => {
    assert.deepEqual(new FlatSearch(index).search(query), shared[place]);
  });
});

test('the largest likelihood finds the garment a point was drawn from at least as often as any distance', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const index = indexOf(madeUpStore(seed, 400, 3), 3);
    const search = new FlatSearch(index);
    const random = new Random(seed);
    const won: Record<Metric, number> = { 'log-likelihood': 0, euclidean: 0, mahalanobis: 0 };
    for (let draw = 0; draw < 2000; draw += 1) {
      const row = random.integer(index.count);
      const z = drawFrom(index.posterior(row), random);
      for (const metric of ['log-likelihood', 'euclidean', 'mahalanobis'] as const) {
        if (search.search({ z, k: 1, metric }).hits[0]!.row === row) won[metric] += 1;
      }
    }
    assert.ok(won['log-likelihood'] >= won.euclidean && won['log-likelihood'] >= won.mahalanobis, JSON.stringify(won));
  }
});

test('a query that cannot be answered is refused with what is wrong with it', () => {
  const good = { z: [0, 0, 0, 0], k: 1 };
  const ask = (change: object) => () => search.search({ ...good, ...change });
  assert.throws(ask({ z: [0, 0, 0] }), { name: 'MatchingError', message: 'z has 3 numbers; expected 4.' });
  assert.throws(ask({ z: [0, 0, Number.NaN, 0] }), /z\[2\] is NaN; expected a finite number/);
  assert.throws(ask({ k: 0 }), /k is 0; expected a whole number, 1 or more/);
  assert.throws(ask({ k: 1.5 }), /k is 1.5/);
  assert.throws(ask({ tolerance: -1 }), /^MatchingError: tolerance is -1; expected/);
  assert.throws(ask({ shareTolerance: Number.NaN }), /shareTolerance is NaN/);
  assert.throws(ask({ on: [] }), /on is \[\]; expected some of 0 to 3, each once/);
  assert.throws(ask({ on: [0, 0] }), /on is \[0, 0\]/);
  assert.throws(ask({ on: [4] }), /on is \[4\]/);
  assert.throws(ask({ allowed: new Uint8Array(2) }), /allowed has 2 bytes; expected one for each of 300 garments/);
});
