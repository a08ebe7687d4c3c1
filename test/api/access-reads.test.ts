import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';
import { bearer, enter, pair } from '../support/staff.ts';

const FAR = { remoteAddress: '192.0.2.9' };

describe('reads', () => {
  it('are open on the store’s network unless the setting says otherwise', async t => {
    const daemon = await TestDaemon.start();
    afterwards(t, () => daemon.close());
    for (const url of ['/api/v1/model', '/api/v1/items', '/api/v1/openapi.json']) {
      assert.equal((await daemon.ask({ url, ...FAR })).statusCode, 200, url);
    }
  });

  it('need a key where the setting says so, but for the kiosk at the box itself', async t => {
    const daemon = await TestDaemon.start({ reads: 'keys' });
    afterwards(t, () => daemon.close());
    const { token } = await pair(daemon, 'inventory');
    const json = { 'content-type': 'application/json' };
    const payload = '{"dials":[0,0,0,0,0,0]}';
    for (const asked of [
      { url: '/api/v1/model' },
      { url: '/api/v1/items/g000/image' },
      { url: '/api/v1/openapi.json' },
      { method: 'HEAD' as const, url: '/api/v1/items' },
      { method: 'POST' as const, url: '/api/v1/match', payload, headers: json },
      { method: 'POST' as const, url: '/api/v1/dial', payload, headers: json },
    ]) {
      const at = async (more: object): Promise<number> => (await daemon.ask({ ...asked, ...more })).statusCode;
      assert.equal(await at(FAR), 401, asked.url);
      assert.equal(await at({}), 200, `${asked.url} at the screen`);
      assert.equal(
        await at({ ...FAR, headers: { ...asked.headers, ...bearer(token) } }),
        200,
        `${asked.url} with a key`,
      );
      const handedOn = { ...asked.headers, 'x-forwarded-for': '192.0.2.9' };
      assert.equal(await at({ headers: handedOn }), 401, `${asked.url} through a proxy on the box`);
    }
    const looking = { ...FAR, headers: daemon.key('watch') };
    const refused = await daemon.ask({ url: '/api/v1/model', ...looking });
    assert.deepEqual([refused.statusCode, refused.json().code], [403, 'scope-missing']);
    assert.match(refused.json().detail, /must be one for inventory/);
    for (const url of ['/metrics', '/api/v1/system']) {
      assert.equal((await daemon.ask({ url, ...looking })).statusCode, 200, url);
    }
    const redeemed = await daemon.ask({
      method: 'POST',
      url: '/api/v1/keys',
      payload: '{"code":"1","name":"x"}',
      headers: json,
      ...FAR,
    });
    assert.equal(redeemed.json().code, 'pairing-closed', 'pairing needs no key');
    assert.equal((await daemon.ask({ url: '/api/v1/nothing', ...FAR })).statusCode, 404);
  });
});

describe('a staff session’s token', () => {
  it('is worth nothing away from the screen', async t => {
    const daemon = await TestDaemon.start({ hosts: ['localhost:80', 'kiosk.shop.example:80'] });
    afterwards(t, () => daemon.close());
    const token = await enter(daemon);
    const ask = async (more: object): Promise<[number, string | undefined]> => {
      const answer = await daemon.ask({ url: '/api/v1/keys', headers: bearer(token), ...more });
      return [answer.statusCode, answer.json().code];
    };
    assert.deepEqual(await ask({}), [200, undefined]);
    assert.deepEqual(await ask(FAR), [401, 'key-refused']);
    assert.deepEqual(await ask({ headers: { ...bearer(token), host: 'kiosk.shop.example' } }), [401, 'key-refused']);
    for (const proxy of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']) {
      assert.deepEqual(await ask({ headers: { ...bearer(token), [proxy]: '192.0.2.9' } }), [401, 'key-refused'], proxy);
    }
    assert.deepEqual(await ask({}), [200, undefined]);
  });
});
