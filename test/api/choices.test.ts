import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Facets, GoesWith } from '../../device/api/choice-schemas.ts';
import type { MatchAnswer, Surprise } from '../../device/api/match-schemas.ts';
import { logLikelihood } from '../../device/matching/likelihood.ts';
import { SOLD_OUT, skuOf, TestDaemon, UNENCODED } from '../support/daemon.ts';
import { garment, storeMetadata } from '../support/store.ts';

const GARMENTS = 120;
const KINDS = ['Shirt', 'Dress', 'Coat'];

/** A store whose colours are what the first dimension says. */
async function start(): Promise<TestDaemon> {
  const daemon = await TestDaemon.start({ garments: GARMENTS });
  const { index } = daemon.edition;
  const records = Array.from({ length: GARMENTS }, (_, place) => {
    const sku = skuOf(place);
    const tone = index.posterior(index.rowOf(sku)).mu[0]!;
    return garment(sku, {
      category: KINDS[place % 3]!,
      colour: tone < -0.5 ? 'dark' : tone < 0.5 ? 'grey' : 'light',
      priceMinor: 1000 + 100 * place,
      currency: 'EUR',
      sizes: [{ name: 'M', quantity: sku === SOLD_OUT ? 0 : 1 }],
    });
  });
  daemon.catalogue.replace({ ...storeMetadata, demonstration: true }, [...records, garment(UNENCODED)]);
  return daemon;
}

describe('what a shopper chooses among', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await start();
  });
  after(() => daemon.close());

  async function post<T>(path: string, body: object): Promise<T> {
    const answer = await daemon.post(`/api/v1/${path}`, body);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json() as T;
  }
  const z = [0.4, -0.2, 0.9, 0, -1, 0.5];
  const stocked = (sku: string): boolean =>
    daemon.catalogue.item(sku)?.sizes?.some(({ quantity }) => quantity > 0) ?? false;

  describe('facets', () => {
    it('count as match does: with each choice in the place of what is chosen there', async () => {
      const filter = { categories: ['Dress'], colours: ['grey'] };
      const facets = await post<Facets>('facets', { filter });
      const considered = async (changed: object): Promise<number> =>
        (await post<MatchAnswer>('match', { z, k: 1, filter: { ...filter, ...changed } })).considered;
      assert.equal(facets.considered, await considered({}));
      for (const { name, garments } of facets.categories)
        assert.equal(garments, await considered({ categories: [name] }));
      for (const { name, garments } of facets.colours) assert.equal(garments, await considered({ colours: [name] }));
      for (const { name, garments } of facets.sizes) assert.equal(garments, await considered({ sizes: [name] }));
      assert.ok(facets.prices.length > 1);
      for (const { min, max, garments } of facets.prices) {
        assert.equal(garments, await considered({ ...(min && { priceMin: min }), ...(max && { priceMax: max }) }));
      }
    });

    it('show each kind and colour by a garment of it that hangs here, and are counted anew when one is sold', async () => {
      const before = await post<Facets>('facets', {});
      assert.equal(before.considered, GARMENTS - 1);
      for (const { name, image } of before.categories) {
        const item = daemon.catalogue.item(/items\/(g\d+)\/image/.exec(image ?? '')?.[1] ?? '');
        assert.equal(item?.category, name);
        assert.ok(item !== undefined && stocked(item.sku));
      }
      const sold = skuOf(7);
      const answer = await daemon.ask({
        method: 'PATCH',
        url: `/api/v1/items/${sold}/stock`,
        payload: { sizes: [{ name: 'M', quantity: 0 }] },
        headers: daemon.key('inventory'),
      });
      assert.equal(answer.statusCode, 200);
      const now = await post<Facets>('facets', {});
      assert.equal(now.considered, before.considered - 1);
      const { category } = daemon.catalogue.item(sold)!;
      const count = (facets: Facets) => facets.categories.find(({ name }) => name === category)!.garments;
      assert.equal(count(now), count(before) - 1);
    });

    it('keep a choice that nothing is left of, so that it can be taken back', async () => {
      const facets = await post<Facets>('facets', { filter: { colours: ['pink'] } });
      assert.deepEqual(
        facets.colours.find(({ name }) => name === 'pink'),
        { name: 'pink', garments: 0, image: null },
      );
      assert.equal(facets.considered, 0);
    });
  });

  describe('goes with', () => {
    it('finds garments in stock of other kinds by the colour alone, two of a kind at most', async () => {
      const { matches, on, category } = await post<GoesWith>('goes-with', { z, category: 'Shirt', k: 4 });
      assert.deepEqual(on, [0]);
      assert.equal(category, 'Shirt');
      const kinds = matches.map(match => match.category);
      assert.deepEqual(kinds.toSorted(), ['Coat', 'Coat', 'Dress', 'Dress']);
      const { index } = daemon.edition;
      const value = (sku: string): number => logLikelihood(z, index.posterior(index.rowOf(sku)), { on });
      for (const kind of ['Coat', 'Dress']) {
        const all = Array.from({ length: index.count }, (_, row) => index.sku(row))
          .filter(sku => daemon.catalogue.item(sku)?.category === kind && stocked(sku))
          .sort((a, b) => value(b) - value(a));
        assert.deepEqual(
          matches.filter(match => match.category === kind).map(({ sku }) => sku),
          all.slice(0, 2),
        );
      }
      const values = matches.map(match => match.logLikelihood);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => b - a),
      );
    });

    it('leaves out the kind of the nearest garment where none is said', async () => {
      const { matches } = await post<MatchAnswer>('match', { z, k: 1 });
      const answer = await post<GoesWith>('goes-with', { z });
      assert.equal(answer.category, matches[0]?.category);
      assert.ok(answer.matches.every(match => match.category !== answer.category));
    });

    it('finds nothing where no dial tells the colour', async () => {
      const other = await TestDaemon.start();
      const answer = (await other.post('/api/v1/goes-with', { z })).json() as GoesWith;
      assert.deepEqual([answer.matches, answer.on], [[], []]);
      await other.close();
    });
  });

  describe('a surprise within limits', () => {
    it('keeps locked dials as they are, and to any filter', async () => {
      for (let seed = 0; seed < 12; seed++) {
        const filter = { categories: ['Dress', 'Coat'], colours: ['grey', 'light'], priceMax: 100 };
        const { sku, z: drawn } = await post<Surprise>('surprise', { z, locked: [0, 3], filter, seed });
        assert.deepEqual([drawn[0], drawn[3]], [z[0], z[3]]);
        const item = daemon.catalogue.item(sku)!;
        assert.ok(item.category !== 'Shirt' && item.colour !== 'dark' && item.price! <= 100);
      }
    });

    it('needs no point where nothing is locked, and refuses what is none', async () => {
      assert.equal((await post<Surprise>('surprise', { seed: 1 })).z.length, z.length);
      for (const [body, code] of [
        [{ locked: [0] }, 'invalid-point'],
        [{ locked: [60], z }, 'invalid-request'],
        [{ filter: { colours: ['pink'] } }, 'no-match-allowed'],
      ] as const) {
        assert.equal((await daemon.post('/api/v1/surprise', body)).json().code, code);
      }
    });
  });

  describe('how near a match is', () => {
    it('is judged among its own kind, and never the very one where some dials alone are looked at', async () => {
      const { index } = daemon.edition;
      const { mu } = index.posterior(index.rowOf(skuOf(4)));
      const filter = { categories: [KINDS[4 % 3]!] };
      const at = { z: [...mu], k: 40, filter };
      const all = await post<MatchAnswer>('match', at);
      assert.deepEqual([all.matches[0]?.sku, all.matches[0]?.nearness], [skuOf(4), 'very-one']);
      const order = ['very-one', 'in-stock-like', 'nearest-we-have', 'nothing-close'];
      const some = await post<MatchAnswer>('match', { ...at, on: [0, 1] });
      assert.equal(some.matches[0]?.nearness, 'in-stock-like');
      const far = await post<MatchAnswer>('match', { ...at, z: mu.length > 0 ? Array.from(mu, m => m + 30) : [] });
      assert.equal(far.matches[0]?.nearness, 'nothing-close');
      for (const { matches } of [all, some]) {
        const ranked = matches
          .toSorted((a, b) => a.mahalanobisSquared - b.mahalanobisSquared)
          .map(({ nearness }) => order.indexOf(nearness));
        assert.deepEqual(ranked, ranked.toSorted(), 'nearer is never said to be further');
      }
    });
  });
});
