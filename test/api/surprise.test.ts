import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Surprise } from '../../device/api/match-schemas.ts';
import { SOLD_OUT, TestDaemon } from '../support/daemon.ts';

describe('surprise', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const get = async (query = ''): Promise<Surprise> => {
    const answer = await daemon.ask({ url: `/api/v1/surprise${query}` });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };

  it('draws near a garment in stock: within what its posterior allows', async () => {
    const { index } = daemon.edition;
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const { sku, z, dials } = await get(`?seed=${seed}`);
      const { mu, sigma } = index.posterior(index.rowOf(sku));
      z.forEach((value, d) => {
        assert.ok(Math.abs(value - (mu[d] ?? 0)) < 6 * (sigma[d] ?? 0));
      });
      assert.deepEqual(dials, [...daemon.edition.dials.clamp(daemon.edition.dials.toDials(z))]);
      seen.add(sku);
    }
    assert.ok(!seen.has(SOLD_OUT));
    assert.ok(seen.size > 30, `of 39 garments only ${seen.size} were ever drawn`);
  });

  it('draws the same for the same seed, and otherwise not', async () => {
    assert.deepEqual(await get('?seed=5'), await get('?seed=5'));
    assert.notDeepEqual(await get('?seed=5'), await get('?seed=6'));
    const free = await Promise.all(Array.from({ length: 20 }, () => get()));
    assert.ok(new Set(free.map(({ z }) => String(z))).size > 15);
  });

  it('draws only what passes the filters', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { sku } = await get(`?category=Shirt&colour=green&size=S&seed=${seed}`);
      const found = daemon.catalogue.item(sku);
      assert.deepEqual([found?.category, found?.colour], ['Shirt', 'green']);
    }
    const none = await daemon.ask({ url: '/api/v1/surprise?category=Hat' });
    assert.deepEqual([none.statusCode, none.json().code], [404, 'no-match-allowed']);
  });
});
