import assert from 'node:assert/strict';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { ChainSession, type Ranked } from '../../../../device/chain/chain-session.ts';
import { logLikelihood } from '../../../../device/matching/likelihood.ts';
import { Random } from '../../../../device/matching/random.ts';
import { type Balanced, balance } from '../../../../scripts/chain/balance.ts';
import { withDatabase } from '../../../../scripts/chain/database.ts';
import { encodingsOf } from '../../../../scripts/chain/store-records.ts';
import { type Synced, spaceOf, sync } from '../../../../scripts/chain/sync.ts';
import { afterwards } from '../../../support/afterwards.ts';
import { openStore } from '../../../support/arrivals.ts';
import { SECRET, TestChain, writeConnection } from '../../../support/chain.ts';
import { chainCommand, startChainCommand } from '../../../support/chain-command.ts';
import { heldLine } from '../../../support/held-line.ts';
import { type IndexedStore, indexedStore } from '../../../support/indexed-store.ts';
import { garment } from '../../../support/store.ts';

const QUIET = { say: () => undefined, progress: () => undefined };
const INDEXING = 'USING hnsw';
/** As docs/chain.md has it. */
const TIDY = 'DELETE FROM lookdial.garment g WHERE NOT EXISTS (SELECT 1 FROM lookdial.stock s WHERE s.sku = g.sku)';

describe('a catalogue that is balanced anew', () => {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(() => chain.close());
  beforeEach(() => chain.clear());

  /** A store that takes garments and sends them, and the exact order over what it has. */
  async function living(t: TestContext, at: IndexedStore) {
    const { store, catalogue, bundle, arrival } = await openStore(t, at);
    const space = spaceOf(bundle);
    const of = { data: at.data, bundle, catalogue, store: 'mitte', storeName: 'Mitte', progress: () => undefined };
    const send = (): Promise<Synced> => chain.use(database => sync(database, of));
    const put = async (sku: string, seed: number): Promise<void> => store.put(await arrival(sku, seed));
    const exact = async (z: Float64Array): Promise<{ sku: string; logLikelihood: number }[]> => {
      const { tolerance } = space;
      return [...(await encodingsOf(at.data, bundle, catalogue))]
        .map(([sku, posterior]) => ({ sku, logLikelihood: logLikelihood(z, posterior, { tolerance }) }))
        .sort((a, b) => b.logLikelihood - a.logLikelihood || (a.sku < b.sku ? -1 : 1));
    };
    /** Described, as a till does it: nobody knows how many there are. */
    const describeItem = (sku: string): Promise<unknown> => {
      const { picture: _, sizes: __, ...item } = garment(sku);
      return catalogue.write({ kind: 'item', item });
    };
    return { space, send, put, exact, describeItem, remove: (sku: string) => store.remove(sku) };
  }

  const vectorTables = async (): Promise<string[]> =>
    (
      await chain.rows<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'lookdial' AND tablename LIKE 'vector%' ORDER BY 1`,
      )
    ).map(({ name }) => name);

  /** Garments whose vector is missing, is of an encoding before, or is of none. */
  const stale = (id: number): Promise<object[]> =>
    chain.rows(`SELECT sku FROM lookdial.vector_${id} v FULL JOIN lookdial.posterior p USING (sku)
      WHERE p.revision IS DISTINCT FROM v.revision`);

  it('answers and takes what is sent meanwhile, and has all of it when the new vectors serve', async t => {
    const store = await living(t, await indexedStore(t, { count: 12 }));
    const { space } = store;
    await store.send();
    await chain.use(database => balance(database, space, QUIET));
    const session = new ChainSession({ connection: chain.connection, store: 'here', timeoutMs: 20_000 });
    afterwards(t, () => session.close());
    const random = new Random(5);
    const holds = async (when: string): Promise<void> => {
      for (let asked = 0; asked < 4; asked += 1) {
        const z = Float64Array.from({ length: space.latentDim }, () => random.normal());
        const found: Ranked[] = await session.rank({ ...space, z, filter: {} });
        assert.deepEqual(
          found.map(({ sku, logLikelihood: value }) => ({ sku, logLikelihood: value })),
          await store.exact(z),
          when,
        );
      }
    };
    await holds('before');
    const line = await heldLine(t, chain.connection.port, INDEXING);
    const balancing: Promise<Balanced> = withDatabase({ ...chain.connection, port: line.port }, database =>
      balance(database, space, QUIET),
    );
    await Promise.race([line.reached, balancing]);
    const states = 'SELECT id, state FROM lookdial.balance ORDER BY id';
    assert.deepEqual(await chain.rows(states), [
      { id: 1, state: 'serving' },
      { id: 2, state: 'building' },
    ]);
    await holds('while it is indexed');
    await store.describeItem('new');
    await store.put('new', 71);
    await store.put('g001', 72);
    await store.remove('g002');
    assert.deepEqual(await store.send(), { garments: 12, sent: 2, gone: 1 });
    await holds('with what has come meanwhile');
    assert.deepEqual(await stale(1), [], 'those that serve have it at once');
    assert.deepEqual(
      (await stale(2)).map(one => (one as { sku: string }).sku).sort(),
      ['g001', 'new'],
      'those that are made do not know of it yet',
    );
    await chain.rows(TIDY);
    line.release();
    assert.equal((await balancing).id, 2);
    assert.deepEqual(await chain.rows(states), [{ id: 2, state: 'serving' }]);
    assert.deepEqual(await vectorTables(), ['vector_2', 'vector_2_rest']);
    assert.deepEqual(await stale(2), [], 'the arrival, the other encoding, and nothing of what was removed');
    assert.deepEqual(await chain.rows(`SELECT count(*)::int AS n FROM lookdial.vector_2`), [{ n: 12 }]);
    await holds('afterwards, by a box that still knows the old ones');
    await store.remove('g003');
    assert.deepEqual(await store.send(), { garments: 11, sent: 0, gone: 1 });
    await holds('afterwards');
  });

  for (const [moment, words] of [
    ['fills', 'INSERT INTO lookdial.vector_2'],
    ['indexes', INDEXING],
    ['puts away the old', 'DROP TABLE IF EXISTS lookdial.vector_1'],
  ] as const) {
    it(`that is killed while it ${moment} answers on, and leaves nothing that the next run does not remove`, async t => {
      const at = await indexedStore(t);
      const store = await living(t, at);
      await store.send();
      await chain.use(database => balance(database, store.space, QUIET));
      const line = await heldLine(t, chain.connection.port, words);
      const { host, database, user } = chain.connection;
      const connection = await writeConnection(dirname(at.data), {
        ...{ host, database, user, tls: 'off', password: SECRET },
        port: line.port,
      });
      const killed = startChainCommand({ ...at, connection }, ['balance']);
      const ended = once(killed, 'close');
      await Promise.race([line.reached, ended]);
      killed.kill('SIGKILL');
      assert.deepEqual(await ended, [null, 'SIGKILL'], 'it had come so far');
      assert.ok((await vectorTables()).includes('vector_2'));
      const session = new ChainSession({ connection: chain.connection, store: 'here', timeoutMs: 20_000 });
      afterwards(t, () => session.close());
      const z = new Float64Array(store.space.latentDim);
      const skus = async (): Promise<string[]> =>
        (await session.rank({ ...store.space, z, filter: {} })).map(({ sku }) => sku);
      const expected = (await store.exact(z)).map(({ sku }) => sku);
      assert.deepEqual(await skus(), expected);
      const again = await chainCommand({ ...at, connection: chain.path }, 'balance');
      assert.match(again.said, /Balance 3 serves: 6 garments/);
      assert.deepEqual(await vectorTables(), ['vector_3', 'vector_3_rest']);
      assert.deepEqual(await chain.rows('SELECT id, state FROM lookdial.balance'), [{ id: 3, state: 'serving' }]);
      assert.deepEqual(await skus(), expected);
    });
  }
});
