import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Item, type Items, MEASURES, type Posterior, type Similar } from '../../device/api/item-schemas.ts';
import { jeffreys } from '../../device/matching/divergence.ts';
import { SOLD_OUT, skuOf, TestDaemon, UNENCODED } from '../support/daemon.ts';
import { garment } from '../support/store.ts';

describe('items', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const get = async <T>(url: string, status = 200): Promise<T> => {
    const answer = await daemon.ask({ url });
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json<T>();
  };

  it('are listed page by page, every garment once, in the order of their SKUs', async () => {
    const skus: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page: Items = await get(`/api/v1/items?limit=7${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      skus.push(...page.items.map(({ sku }) => sku));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== undefined);
    assert.equal(pages, 6);
    assert.deepEqual(skus, [...Array.from({ length: 40 }, (_, place) => skuOf(place)), UNENCODED]);
  });

  it('are found by words and by category', async () => {
    const { items } = await get<Items>('/api/v1/items?q=GARMENT%2012');
    assert.deepEqual(
      items.map(({ sku }) => sku),
      ['g012'],
    );
    const skirts = await get<Items>('/api/v1/items?category=Skirt&limit=200');
    assert.ok(skirts.items.length > 0 && skirts.items.every(({ category }) => category === 'Skirt'));
    assert.deepEqual(await get('/api/v1/items?category=Hat'), { items: [] });
  });

  it('say what the catalogue has beside, and whether they can be matched', async () => {
    const known = await get<Item>('/api/v1/items/g002');
    assert.deepEqual(known.attributes, { weight: 2, fabric: 'wool' });
    assert.equal(known.encoded, true);
    assert.equal((await get<Item>(`/api/v1/items/${UNENCODED}`)).encoded, false);
  });

  it('have a posterior, of the encoder it names', async () => {
    const posterior = await get<Posterior>('/api/v1/items/g003/posterior');
    const { mu, sigma } = daemon.edition.index.posterior(3);
    assert.deepEqual([posterior.mu, posterior.sigma], [[...mu], [...sigma]]);
    assert.deepEqual(posterior.dials, [...daemon.edition.dials.clamp(daemon.edition.dials.toDials(mu))]);
    assert.equal(posterior.encoder, daemon.edition.bundle.encoderDigest);
  });

  it('have others like them, nearest first, in stock, and never themselves', async () => {
    const { index } = daemon.edition;
    const { matches, measure, tolerance } = await get<Similar>('/api/v1/items/g003/similar?k=200');
    assert.deepEqual([measure, tolerance], ['jeffreys', 0]);
    const expected = Array.from({ length: index.count }, (_, row) => row)
      .filter(row => row !== 3 && index.sku(row) !== SOLD_OUT)
      .map(row => ({ sku: index.sku(row), value: jeffreys(index.posterior(3), index.posterior(row)) }))
      .sort((a, b) => a.value - b.value);
    assert.deepEqual(
      matches.map(({ sku }) => sku),
      expected.map(({ sku }) => sku),
    );
    assert.equal((await get<Similar>('/api/v1/items/g003/similar')).matches.length, 24);
  });

  it('are ranked by every measure there is', async () => {
    for (const measure of MEASURES) {
      const { matches } = await get<Similar>(`/api/v1/items/g003/similar?measure=${measure}&k=200`);
      const values = matches.map(({ value }) => value);
      const sorted = values.toSorted((a, b) => (measure === 'mutual-likelihood' ? b - a : a - b));
      assert.deepEqual(values, sorted, measure);
    }
  });

  it('that there are not are a problem, and so are encodings that there are not', async () => {
    const long = 'x'.repeat(129);
    const cases: [string, number, string][] = [
      ['/api/v1/items/none', 404, 'item-not-found'],
      ['/api/v1/items/none/posterior', 404, 'item-not-found'],
      ['/api/v1/items/none/similar', 404, 'item-not-found'],
      ['/api/v1/items/none/image', 404, 'item-not-found'],
      ['/api/v1/items/%00', 404, 'item-not-found'],
      ['/api/v1/items/..%2F..%2Fetc%2Fpasswd/image', 404, 'item-not-found'],
      [`/api/v1/items/${long}`, 400, 'invalid-request'],
      [`/api/v1/items/${UNENCODED}/posterior`, 409, 'item-not-encoded'],
      [`/api/v1/items/${UNENCODED}/similar`, 409, 'item-not-encoded'],
    ];
    for (const [url, status, code] of cases) {
      const problem = await get<{ code: string }>(url, status);
      assert.equal(problem.code, code, url);
    }
    const { detail } = await get<{ detail: string }>(`/api/v1/items/${UNENCODED}/posterior`, 409);
    assert.match(detail, /unencoded\.png: It cannot be decoded\./, 'why is said');
  });

  it('may have any SKU that fits in an address', async () => {
    const odd = ['ä/ö %?#&', '名前', 'a\'b"c', '..x', 'sku.with.dots'];
    const before = daemon.catalogue.items({ limit: 200 }).items;
    const store = daemon.catalogue.store ?? assert.fail('no store');
    daemon.catalogue.replace(
      store,
      odd.map(sku => garment(sku)),
    );
    try {
      for (const sku of odd) {
        const item = await get<Item>(`/api/v1/items/${encodeURIComponent(sku)}`);
        assert.equal(item.sku, sku);
        assert.equal(new URL(item.image, 'http://box').pathname, `/api/v1/items/${encodeURIComponent(sku)}/image`);
      }
    } finally {
      daemon.catalogue.replace(
        store,
        before.map(one => ({ ...one, priceMinor: null })),
      );
    }
  });
});
