import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Item } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import { skuOf, TestDaemon } from '../support/daemon.ts';

describe('a garment that is put', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const put = (sku: string, body: object) =>
    daemon.ask({
      method: 'PUT',
      url: `/api/v1/items/${encodeURIComponent(sku)}`,
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...daemon.key('inventory') },
    });
  const coat = {
    title: 'Wool coat',
    category: 'Coat',
    colour: 'navy',
    price: 229.9,
    currency: 'EUR',
    sizes: [
      { name: 'M', quantity: 1 },
      { name: 'One size', quantity: 0 },
    ],
    location: 'Aisle 3',
    attributes: { season: 'winter', lined: true, weight: 1.4 },
  };

  it('is listed, without an encoding, and never matched; again, it is the same', async () => {
    const first = await put('WC/020 ä', coat);
    assert.equal(first.statusCode, 201, first.body);
    const item = first.json<Item>();
    const { image, ...said } = item;
    assert.deepEqual(said, { sku: 'WC/020 ä', ...coat, encoded: false });
    assert.match(image, /WC%2F020%20%C3%A4/);
    const second = await put('WC/020 ä', coat);
    assert.deepEqual([second.statusCode, second.json()], [200, item]);
    const { items } = (await daemon.ask({ url: '/api/v1/items?q=wool%20coat' })).json<{ items: Item[] }>();
    assert.deepEqual(
      items.map(({ sku }) => sku),
      ['WC/020 ä'],
    );
    const all = await daemon.post('/api/v1/match', { dials: [0, 0, 0, 0, 0, 0], k: 200, filter: { inStock: false } });
    assert.ok(!all.json<MatchAnswer>().matches.some(({ sku }) => sku === 'WC/020 ä'));
  });

  it('keeps its picture, its encoding and the stock that is not told, and loses what is left out', async () => {
    const sku = skuOf(2);
    const before = (await daemon.ask({ url: `/api/v1/items/${sku}` })).json<Item>();
    const after = (await put(sku, { title: 'Renamed', price: 5, currency: 'JPY' })).json<Item>();
    assert.deepEqual(after, {
      ...before,
      title: 'Renamed',
      category: null,
      colour: null,
      price: 5,
      currency: 'JPY',
      location: null,
      attributes: {},
    });
    assert.equal(after.encoded, true);
    const cleared = (await put(sku, { title: 'Renamed', sizes: null })).json<Item>();
    assert.equal(cleared.sizes, null);
  });

  it('passes the filters by what it is now', async () => {
    const sku = skuOf(4);
    const ask = async (): Promise<boolean> => {
      const body = { dials: [0, 0, 0, 0, 0, 0], k: 200, filter: { colours: ['mauve'], priceMax: 3 } };
      return (await daemon.post('/api/v1/match', body)).json<MatchAnswer>().matches.some(one => one.sku === sku);
    };
    assert.equal(await ask(), false);
    await put(sku, { title: 'x', colour: 'mauve', price: 2.99, currency: 'EUR' });
    assert.equal(await ask(), true);
  });

  it('is refused with what is wrong', async () => {
    const wrong = async (body: object, field: string, part: RegExp, sku = 'new'): Promise<void> => {
      const answer = await put(sku, body);
      const problem = answer.json<Problem>();
      assert.deepEqual([answer.statusCode, problem.code, problem.field], [400, 'invalid-request', field], answer.body);
      assert.match(problem.detail, part);
    };
    await wrong({}, 'title', /title is missing/);
    await wrong({ title: ' ' }, 'title', /must not be empty/);
    await wrong({ title: 'a\u0007' }, 'title', /control character/);
    await wrong({ title: 'a', price: 9.999, currency: 'EUR' }, 'price', /smallest unit/);
    await wrong({ title: 'a', price: 9.5, currency: 'JPY' }, 'price', /smallest unit/);
    await wrong({ title: 'a', price: -1 }, 'price', /must lie within/);
    await wrong({ title: 'a', currency: 'eur' }, 'currency', /currency is "eur"/);
    await wrong(
      {
        title: 'a',
        sizes: [
          { name: 'S', quantity: 1 },
          { name: 'S ', quantity: 2 },
        ],
      },
      'sizes[1]',
      /is there already/,
    );
    await wrong({ title: 'a', attributes: { deep: {} } }, 'attributes.deep', /deep/);
    await wrong({ title: 'a', colour: 'x'.repeat(201) }, 'colour', /at most 200/);
    await wrong({ title: 'a', encoded: true }, 'encoded', /not a field/);
    await wrong({ title: 'a' }, 'sku', /no spaces at its ends/, ' new');
    assert.equal((await daemon.ask({ url: '/api/v1/items/new' })).statusCode, 404);
  });
});
