import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Styles } from '../../device/api/match-schemas.ts';
import { clusterStyles } from '../../device/matching/style-families.ts';
import { TestDaemon } from '../support/daemon.ts';

describe('styles', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const get = async (query = ''): Promise<Styles> => {
    const answer = await daemon.ask({ url: `/api/v1/styles${query}` });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };

  it('are the families that the clustering finds, each shown by a garment of it', async () => {
    const { families } = await get();
    const { index } = daemon.edition;
    const expected = clusterStyles(index, { seed: 1 }).families;
    assert.deepEqual(
      families.map(({ garments, medoid, mu, sigma }) => ({ garments, sku: medoid.sku, mu, sigma })),
      expected.map(({ rows, medoid, mu, sigma }) => ({
        garments: rows.length,
        sku: index.sku(medoid),
        mu: [...mu],
        sigma: [...sigma],
      })),
    );
    assert.equal(
      families.reduce((sum, { garments }) => sum + garments, 0),
      40,
    );
    for (const { dials } of families) assert.ok(dials.every(u => Math.abs(u) <= 5));
  });

  it('are as many as one asks for, and the same whenever they are asked for', async () => {
    assert.equal((await get('?families=3')).families.length, 3);
    const [first, second, third] = await Promise.all([get(), get(), get('?families=3')]);
    assert.deepEqual(first, second);
    assert.deepEqual(third, await get('?families=3'));
  });

  it('are found anew where the garment that stands for one has left the catalogue', async () => {
    const { families } = await get();
    const gone = families[0]?.medoid.sku;
    const { catalogue } = daemon;
    const items = catalogue.items({ limit: 200 }).items.map(one => ({ ...one, priceMinor: null }));
    catalogue.replace(
      catalogue.store ?? assert.fail('no store'),
      items.filter(({ sku }) => sku !== gone),
    );
    const after = await get();
    assert.ok(after.families.every(({ medoid }) => medoid.sku !== gone));
    assert.equal(
      after.families.reduce((sum, { garments }) => sum + garments, 0),
      39,
    );
  });
});

describe('styles of an empty store', () => {
  it('are none', async () => {
    const daemon = await TestDaemon.start({ garments: 0 });
    try {
      const answer = await daemon.ask({ url: '/api/v1/styles' });
      assert.deepEqual(answer.json<Styles>().families, []);
    } finally {
      await daemon.close();
    }
  });
});
