import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ClientGone } from '../../device/api/client-gone.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import { SearchCancelled, type SearchOptions, StoreSearch } from '../../device/search/store-search.ts';
import { TestDaemon } from '../support/daemon.ts';

const z = [0.3, -0.2, 0.9, 0, -1, 0.5];
const CALLS = ['/api/v1/match', '/api/v1/dial'];

describe('a question that nobody waits for', () => {
  let daemon: TestDaemon;
  let search: StoreSearch;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  // A search on threads that have yet to start: what is asked meanwhile waits.
  beforeEach(async () => {
    await search?.close();
    const { bundle, indexBytes } = daemon.edition;
    const expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
    search = new StoreSearch(indexBytes, expected, { scanFrom: 0 });
    daemon.edition.search.search = search.search.bind(search);
  });
  after(() => search.close());

  for (const call of CALLS) {
    it(`is answered as superseded once its screen has asked ${call} again`, async () => {
      const ask = (screen: string) => daemon.post(call, { z, k: 3 }, { 'x-screen': screen });
      const [older, other, newer] = await Promise.all([ask('window'), ask('fitting-room'), ask('window')]);
      assert.deepEqual([older.statusCode, other.statusCode, newer.statusCode], [409, 200, 200]);
      const problem = older.json();
      assert.equal(problem.code, 'superseded');
      assert.match(problem.detail, /same screen has asked again/);
    });
  }

  it('is told from another call of the same screen, and from a screen that does not say who it is', async () => {
    const named = { 'x-screen': 'window' };
    const answers = await Promise.all([
      daemon.post('/api/v1/match', { z }, named),
      daemon.post('/api/v1/dial', { z }, named),
      daemon.post('/api/v1/match', { z }),
      daemon.post('/api/v1/match', { z }),
    ]);
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    );
    const [first, , last] = answers.map(answer => answer.rawPayload);
    const read = (bytes: Buffer | undefined): MatchAnswer => ({ ...JSON.parse(String(bytes)), tookMs: 0 });
    assert.deepEqual(read(first), read(last));
  });

  it('is refused with a name for its screen that is none', async () => {
    const answer = await daemon.post('/api/v1/match', { z }, { 'x-screen': 'the window' });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().field, 'x-screen');
  });

  for (const call of CALLS) {
    it(`is given up by ${call} when the client hangs up`, async () => {
      const asked = Promise.withResolvers<SearchOptions>();
      const ended = Promise.withResolvers<unknown>();
      daemon.edition.search.search = async (_query, options = {}) => {
        asked.resolve(options);
        await new Promise<void>(resolve => options.signal?.addEventListener('abort', () => resolve()));
        ended.resolve(options.signal?.reason);
        throw new SearchCancelled();
      };
      await daemon.app.listen({ port: 0, host: '127.0.0.1' }).catch(() => undefined);
      const { port } = daemon.app.server.address() as AddressInfo;
      const body = JSON.stringify({ z });
      const headers = { host: 'localhost:80', 'content-type': 'application/json', 'x-screen': 'window' };
      const client = request({ port, host: '127.0.0.1', path: call, method: 'POST', headers }).end(body);
      const { signal, stream } = await asked.promise;
      assert.equal(signal?.aborted, false);
      assert.equal(stream, `${call.split('/').at(-1)} window`);
      client.on('error', () => undefined).destroy();
      assert.ok((await ended.promise) instanceof ClientGone);
    });
  }
});
