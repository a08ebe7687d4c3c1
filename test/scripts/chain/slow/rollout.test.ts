import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { ChainSession } from '../../../../device/chain/chain-session.ts';
import { servedBundle } from '../../../../device/edition/served-bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../../device/inventory/catalogue.ts';
import { balance } from '../../../../scripts/chain/balance.ts';
import { type Synced, type SyncOptions, spaceOf, sync } from '../../../../scripts/chain/sync.ts';
import { afterwards } from '../../../support/afterwards.ts';
import { TestChain } from '../../../support/chain.ts';
import { chainCommand } from '../../../support/chain-command.ts';
import { type IndexedStore, indexedStore } from '../../../support/indexed-store.ts';
import { temporaryFolder } from '../../../support/store.ts';
import { updatedStore } from '../../../support/updated-store.ts';

const QUIET = { say: () => undefined, progress: () => undefined };

/** The moments at which a run may be stopped. */
const STOPS: Readonly<Record<string, Partial<SyncOptions>>> = {
  'before anything is sent': { signal: AbortSignal.abort(new Error('stopped')) },
  'behind what it has sent': {
    progress: () => {
      throw new Error('stopped');
    },
  },
};

/** A store as its folder has it, under the name that both models' folders share. */
async function senderOf(t: TestContext, chain: TestChain, at: IndexedStore) {
  const { bundle } = await servedBundle(at);
  const catalogue = Catalogue.open(join(at.data, CATALOGUE_DATABASE));
  afterwards(t, () => catalogue.close());
  const send = (how: Partial<SyncOptions> = {}): Promise<Synced> =>
    chain.use(database =>
      sync(database, {
        data: at.data,
        bundle,
        catalogue,
        store: 'mitte',
        storeName: 'Berlin Mitte',
        progress: () => undefined,
        ...how,
      }),
    );
  const setStock = (sku: string, quantity: number): Promise<unknown> =>
    catalogue.write({ kind: 'stock', changes: [{ sku, size: 'M', quantity }], strict: true, receipt: undefined });
  return { bundle, catalogue, send, setStock, space: spaceOf(bundle) };
}

describe('a store that has gone over to another encoder', () => {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(() => chain.close());
  beforeEach(() => chain.clear());

  const stockOf = (sku: string): Promise<object[]> =>
    chain.rows(`SELECT size, quantity FROM lookdial.stock WHERE store = 'mitte' AND sku = '${sku}' ORDER BY place`);

  for (const [moment, stop] of [['not at all', undefined] as const, ...Object.entries(STOPS)]) {
    it(`has nothing in the chain that it has not on its rails; its first run was stopped ${moment}`, async t => {
      const old = await senderOf(t, chain, await indexedStore(t));
      const now = await senderOf(t, chain, await updatedStore(t));
      assert.notEqual(now.space.encoder, old.space.encoder);
      assert.deepEqual(await old.send(), { garments: 6, sent: 6, gone: 0 });
      await chain.use(database => balance(database, old.space, QUIET));
      now.catalogue.change([], ['g002']);
      if (stop !== undefined) await assert.rejects(now.send(stop), /stopped/);
      const sent = moment === 'behind what it has sent' ? 0 : 5;
      assert.deepEqual(await now.send(), { garments: 5, sent, gone: 1 });
      assert.deepEqual(await stockOf('g002'), []);
      assert.deepEqual(await chain.rows('SELECT encoder, count(*)::int AS n FROM lookdial.sent GROUP BY encoder'), [
        { encoder: now.space.encoder, n: 5 },
      ]);
      assert.deepEqual(await now.send(), { garments: 5, sent: 0, gone: 0 });
      // What a box with the model before still asks, and may have held.
      const elsewhere = new ChainSession({ connection: chain.connection, store: 'here', timeoutMs: 20_000 });
      afterwards(t, () => elsewhere.close());
      const z = new Float64Array(old.space.latentDim);
      const found = await elsewhere.rank({ ...old.space, z, filter: {} });
      assert.deepEqual(found.map(({ sku }) => sku).sort(), ['g000', 'g001', 'g003', 'g004', 'g005']);
      assert.deepEqual((await elsewhere.garments(['g002']))[0]?.stock, []);
    });
  }

  it('and that goes back to the one before half way sends its stock again', async t => {
    const old = await senderOf(t, chain, await indexedStore(t));
    const now = await senderOf(t, chain, await updatedStore(t));
    await old.setStock('g001', 2);
    await old.send();
    await now.setStock('g001', 0);
    await assert.rejects(now.send(STOPS['behind what it has sent']), /stopped/);
    assert.deepEqual((await stockOf('g001')).at(-1), { size: 'M', quantity: 0 });
    await old.send();
    assert.deepEqual((await stockOf('g001')).at(-1), { size: 'M', quantity: 2 });
  });

  it('sends, balances, checks and loads by the model that an update brought', async t => {
    const at = await updatedStore(t);
    const { bundle } = await servedBundle(at);
    const run = (...args: string[]) => chainCommand({ ...at, connection: chain.path }, ...args);
    const encoders = async (table: string): Promise<string[]> =>
      (await chain.rows<{ encoder: string }>(`SELECT DISTINCT encoder FROM lookdial.${table}`)).map(
        ({ encoder }) => encoder,
      );
    assert.match((await run('sync', '--store', 'mitte')).said, /6 garments are here; 6 had changed and were sent/);
    assert.match((await run('balance')).said, /serves: 6 garments/);
    assert.match((await run('check', '--questions', '2')).said, /6 questions over 6 garments[\s\S]*1\.0000/);
    const path = join(await temporaryFolder(t), 'garments.jsonl');
    const numbers = Array.from({ length: bundle.manifest.latentDim }, () => 1);
    await writeFile(path, JSON.stringify({ sku: 'of-a-file', title: 'Coat', mu: numbers, sigma: numbers }));
    assert.match((await run('load', path)).said, /1 garments in/);
    for (const table of ['posterior', 'sent', 'balance']) {
      assert.deepEqual(await encoders(table), [bundle.encoderDigest], table);
    }
    const named = await run('balance', '--bundle', at.bundle);
    assert.deepEqual([named.code, /There is no garment by the encoder/.test(named.said)], [1, true], named.said);
    const again = await run('sync', '--store', 'mitte', '--bundle', at.bundle);
    assert.match(again.said, /6 garments are here; 0 had changed/, 'a store is sent by what serves it');
  });
});
