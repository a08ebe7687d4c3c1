import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import { logLikelihood, mahalanobisSquared } from '../../device/matching/likelihood.ts';
import { SOLD_OUT, skuOf, TestDaemon, UNENCODED } from '../support/daemon.ts';

describe('match', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const match = async (body: object): Promise<MatchAnswer> => {
    const answer = await daemon.post('/api/v1/match', body);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const skus = ({ matches }: MatchAnswer): string[] => matches.map(({ sku }) => sku);
  const z = [0.3, -0.2, 0.9, 0, -1, 0.5];

  it('ranks the garments in stock by the likelihood of z, best first', async () => {
    const { index } = daemon.edition;
    const answer = await match({ z, k: 200 });
    const all = Array.from({ length: index.count }, (_, row) => ({
      sku: index.sku(row),
      value: logLikelihood(z, index.posterior(row)),
    }));
    const expected = all.filter(({ sku }) => sku !== SOLD_OUT).sort((a, b) => b.value - a.value);
    assert.deepEqual(
      skus(answer),
      expected.map(({ sku }) => sku),
    );
    answer.matches.forEach(({ logLikelihood: value }, place) => {
      assert.ok(Math.abs(value - (expected[place]?.value ?? 0)) <= 1e-9 * Math.abs(value));
    });
    assert.equal(answer.considered, expected.length);
    assert.equal(answer.edition, daemon.edition.id);
    assert.deepEqual(answer.z, z);
    const shares = answer.matches.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(shares - 1) < 1e-9, 'the shares of all that were considered add up to 1');
  });

  it('gives each match what the catalogue says of it', async () => {
    const { matches } = await match({ z, k: 200 });
    const found = matches.find(({ sku }) => sku === skuOf(2));
    assert.deepEqual(
      { ...found, logLikelihood: 0, mahalanobisSquared: 0, share: 0, nearness: 'nothing-close' },
      {
        sku: 'g002',
        title: 'Garment 2',
        category: 'Skirt',
        colour: 'blue',
        price: 20,
        currency: 'EUR',
        sizes: [
          { name: 'S', quantity: 1 },
          { name: 'M', quantity: 0 },
        ],
        location: 'Rail 2',
        image: `/api/v1/items/g002/image?v=${daemon.catalogue.item('g002')?.picture?.hash.slice(0, 16)}`,
        logLikelihood: 0,
        mahalanobisSquared: 0,
        share: 0,
        nearness: 'nothing-close',
      },
    );
    assert.equal(matches.find(({ sku }) => sku === 'g004')?.sizes, null, 'stock that is not known is not invented');
    assert.equal(matches.find(({ sku }) => sku === 'g030')?.image, '/api/v1/items/g030/image');
  });

  it('takes the dials to the z that the bundle’s scale says', async () => {
    const dials = [1, -2, 3, 0, 5, -5];
    const expected = daemon.edition.bundle.manifest.dials?.map(
      ({ mean, spread, reach }, d) => mean + (spread * (dials[d] ?? 0) * reach) / 5,
    );
    const answer = await match({ dials });
    assert.deepEqual(
      answer.z.map(value => value.toFixed(12)),
      expected?.map(value => value.toFixed(12)),
    );
    assert.deepEqual(skus(answer), skus(await match({ z: answer.z })));
    assert.equal(answer.matches.length, 24, 'two dozen unless said otherwise');
  });

  it('orders by the metric it is asked for', async () => {
    const { index } = daemon.edition;
    const of = (row: number): number[] => Array.from(index.posterior(row).mu);
    const distance = (mu: number[]): number => Math.hypot(...mu.map((value, d) => value - (z[d] ?? 0)));
    const euclidean = skus(await match({ z, k: 200, metric: 'euclidean' }));
    const byDistance = euclidean.map(sku => distance(of(index.rowOf(sku))));
    assert.deepEqual(
      byDistance,
      byDistance.toSorted((a, b) => a - b),
    );
    const mahalanobis = (await match({ z, k: 200, metric: 'mahalanobis' })).matches;
    const values = mahalanobis.map(({ mahalanobisSquared: value }) => value);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    const { sku, mahalanobisSquared: value } = mahalanobis[0] ?? assert.fail('no match');
    const exact = mahalanobisSquared(z, index.posterior(index.rowOf(sku)));
    assert.ok(Math.abs(value - exact) <= 1e-9 * exact);
  });

  it('matches on some dimensions alone, whatever the others say', async () => {
    const on = [4, 1];
    const answer = await match({ z, on, k: 200 });
    assert.deepEqual(skus(answer), skus(await match({ z: [99, z[1], 99, 99, z[4], 99], on, k: 200 })));
    const { sku, logLikelihood: value } = answer.matches[0] ?? assert.fail('no match');
    const { index } = daemon.edition;
    const exact = logLikelihood(z, index.posterior(index.rowOf(sku)), { on });
    assert.ok(Math.abs(value - exact) <= 1e-9 * Math.abs(exact));
  });

  it('widens every posterior by the tolerance it is asked for, and says which it used', async () => {
    const [plain, wide] = [await match({ z, k: 1 }), await match({ z, k: 200, tolerance: 0.7 })];
    assert.deepEqual([plain.tolerance, wide.tolerance], [0, 0.7]);
    const { index } = daemon.edition;
    const { sku, logLikelihood: value } = wide.matches[0] ?? assert.fail('no match');
    const exact = logLikelihood(z, index.posterior(index.rowOf(sku)), { tolerance: 0.7 });
    assert.ok(Math.abs(value - exact) <= 1e-9 * Math.abs(exact));
  });

  it('considers only what passes the filters', async () => {
    const filter = { categories: ['Dress', 'Shirt'], colours: ['red', 'blue'], priceMax: 150 };
    const { matches, considered } = await match({ z, k: 200, filter });
    assert.equal(matches.length, considered);
    assert.ok(considered > 0);
    for (const { category, colour, price } of matches) {
      assert.ok(['Dress', 'Shirt'].includes(category ?? '') && ['red', 'blue'].includes(colour ?? ''));
      assert.ok((price ?? Number.POSITIVE_INFINITY) <= 150);
    }
  });

  it('leaves out what is sold out or has no encoding, unless stock is said not to matter', async () => {
    const inStock = skus(await match({ z, k: 200 }));
    assert.ok(!inStock.includes(SOLD_OUT) && !inStock.includes(UNENCODED));
    const all = skus(await match({ z, k: 200, filter: { inStock: false } }));
    assert.ok(all.includes(SOLD_OUT) && !all.includes(UNENCODED));
    assert.ok(inStock.includes('g004'), 'a garment whose stock is not known counts as in stock');
  });

  it('answers with no match where no garment passes', async () => {
    const answer = await match({ z, filter: { categories: ['Hat'] } });
    assert.deepEqual([answer.matches, answer.considered], [[], 0]);
  });

  it('says how like the store the point is, whatever the filters', async () => {
    const own = Array.from(daemon.edition.index.posterior(3).mu);
    assert.equal((await match({ z: own })).typicality.verdict, 'in-stock-like');
    const far = await match({ z: [1e4, 1e4, 1e4, 1e4, 1e4, 1e4] });
    assert.deepEqual(far.typicality, { centile: 0, verdict: 'nothing-close' });
    assert.equal(far.matches.length, 24, 'and still shows the nearest');
    const filtered = await match({ z: own, filter: { categories: ['Hat'] } });
    assert.equal(filtered.typicality.verdict, 'in-stock-like');
  });

  it('gives the same point the same answer', async () => {
    const [first, second] = [await match({ z }), await match({ z })];
    assert.deepEqual({ ...first, tookMs: 0 }, { ...second, tookMs: 0 });
  });

  it('answers any point there is', async () => {
    const coordinate = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(coordinate, { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        async (point, k) => {
          const { matches, considered } = await match({ z: point, k });
          assert.equal(matches.length, Math.min(k, considered));
          for (const { share } of matches) assert.ok(share >= 0 && share <= 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('match over an empty store', () => {
  it('answers with nothing, and says that nothing is close', async () => {
    const daemon = await TestDaemon.start({ garments: 0 });
    try {
      const answer = await daemon.post('/api/v1/match', { z: [0, 0, 0, 0, 0, 0] });
      assert.equal(answer.statusCode, 200, answer.body);
      const { matches, considered, typicality } = answer.json<MatchAnswer>();
      assert.deepEqual([matches, considered, typicality.verdict], [[], 0, 'nothing-close']);
    } finally {
      await daemon.close();
    }
  });
});
