import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ChainAnswer, Hold } from '../../../device/api/chain-schemas.ts';
import type { MatchAnswer } from '../../../device/api/match-schemas.ts';
import { ChainLink } from '../../../device/chain/chain-link.ts';
import type { BoxEvent } from '../../../device/events.ts';
import { startTrouble } from '../../../scripts/bench/chain/trouble.ts';
import { balance } from '../../../scripts/chain/balance.ts';
import { inTransaction } from '../../../scripts/chain/database.ts';
import { putSpace, type Space, writeBatch } from '../../../scripts/chain/write.ts';
import { afterwards } from '../../support/afterwards.ts';
import { chainRecord, chainRecords, SECRET, TestChain } from '../../support/chain.ts';
import { skuOf, TestDaemon } from '../../support/daemon.ts';
import { closedPort, connectionTo } from '../../support/hostile-servers.ts';

const SILENT = { info: () => undefined, warn: () => undefined };
const HERE = 'here';
const PICTURE = Uint8Array.of(82, 73, 70, 70, 1, 2, 3, 4);
const z = [0.3, -0.2, 0.9, 0, -1, 0.5];
/** Longer than twenty matches take on a busy machine. */
const PATIENT_MS = 5_000;
const remote = { remoteAddress: '192.168.7.9' };

/** What does not depend on when it was asked. */
const told = ({ tookMs: _tookMs, ...answer }: MatchAnswer) => answer;

describe('the chain', () => {
  let chain: TestChain;
  let daemon: TestDaemon;
  before(async () => {
    chain = await TestChain.start();
    const link = new ChainLink({ connection: chain.connection, store: HERE, timeoutMs: 20_000 }, SILENT);
    daemon = await TestDaemon.start({ chain: link });
    const { encoderDigest: encoder, manifest } = daemon.edition.bundle;
    const space: Space = { encoder, latentDim: manifest.latentDim, tolerance: manifest.tolerance };
    const posterior = daemon.edition.index.posterior(daemon.edition.index.rowOf(skuOf(2)));
    const records = [
      ...chainRecords(30, space),
      chainRecord(skuOf(2), { ...posterior }),
      chainRecord('pictured', { ...posterior, picture: { hash: 'ab'.repeat(32), webp: PICTURE } }),
    ];
    await chain.use(async database => {
      await putSpace(database, space);
      await inTransaction(database, () => writeBatch(database, space, records));
      await balance(database, space, { say: () => undefined, progress: () => undefined });
    });
  });
  after(async () => {
    await daemon.close();
    await chain.close();
  });

  const ask = async (body: object): Promise<ChainAnswer> => {
    const answer = await daemon.post('/api/v1/match', { scope: 'chain', ...body });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };

  it('is spoken of by the model', async () => {
    assert.equal((await daemon.ask({ url: '/api/v1/model' })).json().chain, true);
  });

  it('answers with what other stores have, nearest first, and leaves out what hangs here', async () => {
    const { matches, scope, edition } = await ask({ z, k: 200 });
    assert.equal(scope, 'chain');
    assert.equal(edition, daemon.edition.id);
    assert.equal(matches.length, 31);
    assert.ok(!matches.some(({ sku }) => sku === skuOf(2)));
    matches.forEach(({ logLikelihood }, place) => {
      assert.ok(place === 0 || logLikelihood <= (matches[place - 1]?.logLikelihood ?? 0));
    });
    assert.deepEqual(matches[0]?.stores, [{ id: 'mitte', name: 'mitte', sizes: [{ name: 'M', quantity: 2 }] }]);
    assert.equal((await ask({ z, k: 5 })).matches.length, 5);
    assert.deepEqual((await ask({ z, filter: { categories: ['Hat'] } })).matches, []);
  });

  it('leaves this store’s own matches as they are', async () => {
    const plain: MatchAnswer = (await daemon.post('/api/v1/match', { z, k: 9 })).json();
    const named: MatchAnswer = (await daemon.post('/api/v1/match', { z, k: 9, scope: 'store' })).json();
    assert.deepEqual(named.matches, plain.matches);
    const dial = await daemon.post('/api/v1/dial', { z, scope: 'chain' });
    assert.deepEqual([dial.statusCode, dial.json().field], [400, 'scope'], 'a drag never waits for the chain');
  });

  it('refuses what its index does not hold', async () => {
    for (const [field, value] of Object.entries({ metric: 'euclidean', on: [0, 1], tolerance: 0.25 })) {
      const answer = await daemon.post('/api/v1/match', { z, scope: 'chain', [field]: value });
      assert.deepEqual([answer.statusCode, answer.json().code, answer.json().field], [400, 'invalid-request', field]);
    }
  });

  it('shows a garment’s picture, for good where the address names it', async () => {
    const { matches } = await ask({ z, k: 200 });
    const image = matches.find(({ sku }) => sku === 'pictured')?.image ?? '';
    assert.equal(image, `/api/v1/chain/items/pictured/image?v=${'ab'.repeat(8)}`);
    const answer = await daemon.ask({ url: `${image}&size=320` });
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'image/webp']);
    assert.match(String(answer.headers['cache-control']), /immutable/);
    assert.deepEqual(new Uint8Array(answer.rawPayload), PICTURE);
    assert.equal((await daemon.ask({ url: '/api/v1/chain/items/c00001/image' })).json().code, 'no-picture');
    assert.equal(matches.find(({ sku }) => sku === 'c00001')?.image, null);
  });

  it('has a garment held: an event that an integrator takes, and a word that both sides know it by', async () => {
    const events: BoxEvent[] = [];
    const stop = daemon.events.listen(event => void events.push(event));
    const answer = await daemon.post('/api/v1/holds', { sku: 'c00001', store: 'mitte', size: 'M' });
    stop();
    assert.equal(answer.statusCode, 201, answer.body);
    const hold: Hold = answer.json();
    assert.match(hold.code, /^[A-Z3-9]{4}$/);
    assert.deepEqual([hold.from, hold.storeName, hold.size], [HERE, 'mitte', 'M']);
    assert.deepEqual(events, [{ type: 'hold', data: hold }]);
    const kept = await daemon.ask({ url: '/api/v1/holds', headers: daemon.key('inventory') });
    assert.deepEqual(kept.json().holds, [hold]);
  });

  it('holds nothing that is not there, and nothing for who is not at the screen', async () => {
    const refused = async (body: object, options: object = {}): Promise<string> => {
      const payload = JSON.stringify({ sku: 'c00001', store: 'mitte', ...body });
      const headers = { 'content-type': 'application/json' };
      return (await daemon.ask({ method: 'POST', url: '/api/v1/holds', payload, headers, ...options })).json().code;
    };
    assert.equal(await refused({ sku: 'nothing' }), 'item-not-found');
    assert.equal(await refused({ store: 'nowhere' }), 'hold-gone');
    assert.equal(await refused({ size: 'XXL' }), 'hold-gone');
    assert.equal(await refused({}, remote), 'key-required');
    assert.equal((await daemon.ask({ url: '/api/v1/holds' })).json().code, 'key-required');
  });

  it('that is down is in the log once, and not with every question', async t => {
    const lines: string[] = [];
    const log = { info: () => undefined, warn: (text: string) => void lines.push(text) };
    const connection = connectionTo(await closedPort(), SECRET);
    const link = new ChainLink({ connection, store: HERE, timeoutMs: 20_000 }, log);
    const cut = await TestDaemon.start({ chain: link, log: { write: line => void lines.push(line) } });
    afterwards(t, () => cut.close());
    for (let asked = 0; asked < 5; asked += 1) {
      assert.equal((await cut.post('/api/v1/match', { z, scope: 'chain' })).json().code, 'chain-unavailable');
    }
    const told = lines.filter(line => line.includes('catalogue') || line.includes('"level":50'));
    assert.deepEqual([told.length, told[0]?.includes('ECONNREFUSED')], [1, true], told.join('\n'));
    assert.ok(!lines.join().includes(SECRET));
  });

  for (const trouble of ['closed', 'silent', 'rubbish', 'endless'] as const) {
    it(`takes nothing from this store’s own matches while its link is ${trouble}`, async t => {
      const server = await startTrouble(trouble);
      afterwards(t, () => server.close());
      const link = new ChainLink(
        { connection: connectionTo(server.port), store: HERE, timeoutMs: PATIENT_MS },
        SILENT,
        { failures: 100 },
      );
      const cut = await TestDaemon.start({ chain: link });
      afterwards(t, () => cut.close());
      const single = await TestDaemon.start();
      afterwards(t, () => single.close());
      let chainAnswered = false;
      const asking = cut.post('/api/v1/match', { z, scope: 'chain' }).then(answer => {
        chainAnswered = true;
        return answer;
      });
      for (let asked = 0; asked < 20; asked += 1) {
        const body = { z: z.map(value => value + asked / 10), k: 9 };
        const [own, without] = [await cut.post('/api/v1/match', body), await single.post('/api/v1/match', body)];
        assert.deepEqual(told(own.json()), told(without.json()));
      }
      // Nobody who asks this store waits for whoever asks the chain.
      if (trouble === 'silent') assert.equal(chainAnswered, false);
      const answer = await asking;
      assert.deepEqual([answer.statusCode, answer.json().code], [503, 'chain-unavailable']);
      assert.match(answer.json().detail, /This store alone/);
    });
  }

  it('that is not set up, or does not answer, leaves the store to answer for itself', async () => {
    const connection = connectionTo(await closedPort());
    const link = new ChainLink({ connection, store: HERE, timeoutMs: 500 }, SILENT);
    const cut = await TestDaemon.start({ chain: link });
    const single = await TestDaemon.start();
    try {
      const answer = await cut.post('/api/v1/match', { z, scope: 'chain' });
      assert.deepEqual([answer.statusCode, answer.json().code], [503, 'chain-unavailable']);
      assert.ok(Number(answer.headers['retry-after']) >= 1);
      assert.equal((await cut.post('/api/v1/match', { z })).statusCode, 200);
      const unset = await single.post('/api/v1/match', { z, scope: 'chain' });
      assert.deepEqual([unset.statusCode, unset.json().code], [409, 'chain-unset']);
      assert.equal((await single.ask({ url: '/api/v1/model' })).json().chain, false);
    } finally {
      await cut.close();
      await single.close();
    }
  });
});
