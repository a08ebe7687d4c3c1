import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Screen } from '../../device/api/screen-schemas.ts';
import { Screens } from '../../device/api/screens.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';

it('a page says that it runs, and whoever asks at the box hears when it did last', async t => {
  const daemon = await TestDaemon.start();
  afterwards(t, () => daemon.close());
  const url = '/api/v1/screens/7b1c-one';
  const asked = async (of = url): Promise<Screen> => (await daemon.ask({ url: of })).json<Screen>();
  assert.deepEqual(await asked(), { heardSecondsAgo: null });
  assert.equal((await daemon.ask({ method: 'PUT', url })).statusCode, 204);
  const { heardSecondsAgo } = await asked();
  assert.ok(heardSecondsAgo !== null && heardSecondsAgo < 5, String(heardSecondsAgo));
  assert.deepEqual(await asked('/api/v1/screens/another'), { heardSecondsAgo: null });
  for (const wrong of ['x'.repeat(65), 'a.b', 'a%20b']) {
    assert.equal((await daemon.ask({ method: 'PUT', url: `/api/v1/screens/${wrong}` })).statusCode, 400, wrong);
  }
});

it('nobody from elsewhere speaks for a screen, or asks after one, without a key for admin', async t => {
  const daemon = await TestDaemon.start({ hosts: ['localhost:80', 'box:80'] });
  afterwards(t, () => daemon.close());
  const elsewhere = { url: '/api/v1/screens/one', remoteAddress: '192.168.1.30' };
  for (const method of ['PUT', 'GET'] as const) {
    assert.equal((await daemon.ask({ method, ...elsewhere, headers: { host: 'box' } })).statusCode, 401);
    const headers = { host: 'box', ...daemon.key('inventory') };
    assert.equal((await daemon.ask({ method, ...elsewhere, headers })).statusCode, 403);
  }
  assert.deepEqual((await daemon.ask({ url: elsewhere.url })).json(), { heardSecondsAgo: null });
});

it('screens are known by when they were heard last, and no more of them than a box has', () => {
  let now = 1_000;
  const screens = new Screens(() => now);
  screens.hear('first');
  now += 3_500;
  assert.deepEqual(screens.of('first'), { heardSecondsAgo: 3.5 });
  for (let other = 0; other < 31; other += 1) screens.hear(`s${other}`);
  screens.hear('first');
  screens.hear('one too many');
  assert.deepEqual(screens.of('first'), { heardSecondsAgo: 0 });
  assert.deepEqual(screens.of('s0'), { heardSecondsAgo: null });
});
