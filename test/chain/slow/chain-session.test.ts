import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ChainSession, type Ranked } from '../../../device/chain/chain-session.ts';
import type { GarmentFilter } from '../../../device/garment-filter.ts';
import { logLikelihood, mahalanobisSquared } from '../../../device/matching/likelihood.ts';
import { balance } from '../../../scripts/chain/balance.ts';
import { inTransaction } from '../../../scripts/chain/database.ts';
import type { ChainRecord } from '../../../scripts/chain/record.ts';
import { putSpace, writeBatch } from '../../../scripts/chain/write.ts';
import { chainRecord, chainRecords, SPACE, TestChain } from '../../support/chain.ts';

const HERE = 'here';
const QUIET = { say: () => undefined, progress: () => undefined };

describe('a store’s line to its chain', () => {
  let chain: TestChain;
  let session: ChainSession;
  before(async () => {
    chain = await TestChain.start();
  });
  after(() => chain.close());
  beforeEach(async () => {
    await chain.clear();
    session = new ChainSession({ connection: chain.connection, store: HERE, timeoutMs: 10_000 });
  });
  afterEach(() => session.close());

  const fill = (records: readonly ChainRecord[]): Promise<void> =>
    chain.use(async database => {
      await putSpace(database, SPACE);
      await inTransaction(database, () => writeBatch(database, SPACE, records));
      await balance(database, SPACE, QUIET);
    });
  const rank = (filter: GarmentFilter = {}, z = Float64Array.of(0.3, -0.2, 0.9, 0)): Promise<Ranked[]> =>
    session.rank({ ...SPACE, z, filter });
  const skusOf = (ranked: readonly Ranked[]): string[] => ranked.map(({ sku }) => sku);

  it('ranks what other stores have by the likelihood in float64, best first', async () => {
    const records = chainRecords(180);
    await fill(records);
    const z = Float64Array.of(0.3, -0.2, 0.9, 0);
    const ranked = await rank({}, z);
    const posterior = ({ mu, sigma }: ChainRecord) => ({ mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) });
    const expected = records
      .map(record => ({
        sku: record.sku,
        logLikelihood: logLikelihood(z, posterior(record)),
        mahalanobisSquared: mahalanobisSquared(z, posterior(record)),
      }))
      .sort((a, b) => b.logLikelihood - a.logLikelihood);
    assert.deepEqual(ranked, expected, 'to the last bit');
  });

  it('asks within the kinds, sizes, colours and prices that the filter names', async () => {
    await fill([
      chainRecord('red-dress'),
      chainRecord('blue-dress', { colour: 'blue' }),
      chainRecord('shirt', { category: 'Shirt' }),
      chainRecord('no-kind', { category: null }),
      chainRecord('dear', { priceMinor: 20_000 }),
      chainRecord('no-price', { priceMinor: null }),
      chainRecord('small', { stock: [{ store: 'mitte', size: 'S', quantity: 1 }] }),
    ]);
    const asked = async (filter: GarmentFilter): Promise<string[]> => skusOf(await rank(filter)).sort();
    assert.equal((await asked({})).length, 7);
    assert.deepEqual(await asked({ categories: ['Shirt'] }), ['shirt']);
    assert.deepEqual(await asked({ categories: ['Shirt', 'Trousers'] }), ['shirt']);
    assert.deepEqual(await asked({ categories: ["D'Or; DROP TABLE"] }), []);
    assert.deepEqual(await asked({ colours: ['blue'] }), ['blue-dress']);
    assert.deepEqual(await asked({ sizes: ['S'] }), ['small']);
    assert.deepEqual(await asked({ priceMin: 50 }), ['dear']);
    assert.ok(!(await asked({ priceMax: 49.9 })).includes('dear'));
    assert.ok((await asked({ priceMax: 49.9 })).includes('red-dress'), 'bounds are inclusive');
  });

  it('leaves out what nobody has, and what this store alone has', async () => {
    await fill([
      chainRecord('sold-out', { stock: [{ store: 'mitte', size: 'M', quantity: 0 }] }),
      chainRecord('only-here', { stock: [{ store: HERE, size: 'M', quantity: 3 }] }),
      chainRecord('unknown', { stock: [{ store: 'mitte', size: '', quantity: null }] }),
      chainRecord('both', {
        stock: [
          { store: HERE, size: 'M', quantity: 3 },
          { store: 'mitte', size: 'L', quantity: 1 },
        ],
      }),
      chainRecord('nowhere', { stock: [] }),
    ]);
    assert.deepEqual(skusOf(await rank()).sort(), ['both', 'unknown']);
    assert.equal((await rank({ inStock: false })).length, 5);
    assert.deepEqual(skusOf(await rank({ sizes: ['M'] })), [], 'the M is here, and sold out there');
  });

  it('says which other stores have a garment, those with the most first, and how many there are', async () => {
    const stock = Array.from({ length: 15 }, (_, place) => ({
      store: `store-${String(place).padStart(2, '0')}`,
      size: 'M',
      quantity: place + 1,
    }));
    await fill([
      chainRecord('wanted', {
        stock: [...stock, { store: HERE, size: 'M', quantity: 99 }, { store: 'store-14', size: 'L', quantity: 2 }],
      }),
      chainRecord('lonely', { stock: [], category: null, priceMinor: null }),
    ]);
    const [wanted, lonely, more] = await session.garments(['wanted', 'lonely', 'missing']);
    assert.equal(more, undefined);
    assert.deepEqual([wanted?.stores, wanted?.stock.length], [15, 12]);
    assert.deepEqual(wanted?.stock[0], {
      id: 'store-14',
      name: 'store-14',
      sizes: [
        { name: 'M', quantity: 15 },
        { name: 'L', quantity: 2 },
      ],
    });
    assert.deepEqual([wanted?.price, wanted?.currency, wanted?.picture], [49.9, 'EUR', null]);
    assert.deepEqual([lonely?.stores, lonely?.stock, lonely?.category, lonely?.price], [0, [], null, null]);
  });

  it('brings a garment’s picture as it was sent', async () => {
    const webp = Uint8Array.of(0, 255, 92, 39, 10);
    await fill([chainRecord('pictured', { picture: { hash: 'ab'.repeat(32), webp } }), chainRecord('plain')]);
    assert.deepEqual(await session.picture('pictured'), webp);
    assert.equal(await session.picture('plain'), undefined);
    assert.equal((await session.garments(['pictured']))[0]?.picture, 'ab'.repeat(32));
  });

  it('goes on with the vectors that serve when the catalogue is balanced anew', async () => {
    await fill(chainRecords(60));
    const expected = await rank();
    await chain.use(database => balance(database, SPACE, QUIET));
    assert.deepEqual(await chain.rows('SELECT id FROM lookdial.balance'), [{ id: 2 }]);
    assert.deepEqual(await rank(), expected, 'the table that it knew is gone');
  });

  it('refuses what is not of its model', async () => {
    await fill(chainRecords(10));
    const question = { ...SPACE, z: new Float64Array(4), filter: {} };
    await assert.rejects(session.rank({ ...question, encoder: 'f'.repeat(64) }), { name: 'NotLoaded' });
    await assert.rejects(session.rank({ ...question, latentDim: 5, z: new Float64Array(5) }), { name: 'Rubbish' });
    await chain.clear();
    await fill(chainRecords(10));
    const other = new ChainSession({ connection: chain.connection, store: HERE, timeoutMs: 10_000 });
    await assert.rejects(other.rank({ ...question, tolerance: 0.5 }), { name: 'Rubbish' });
    await other.close();
  });

  it('refuses an answer that is not what a catalogue answers', async () => {
    await fill(chainRecords(10));
    await chain.rows(`UPDATE lookdial.posterior SET sigma = '{1,2,3}' WHERE sku = 'c00003'`);
    await assert.rejects(rank(), { name: 'Rubbish' });
    await chain.rows(`UPDATE lookdial.posterior SET sigma = '{1,2,-3,NaN}' WHERE sku = 'c00003'`);
    await assert.rejects(rank(), { name: 'Rubbish' });
  });
});
