import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';

/** A daemon that takes 60 requests a minute from an address: ten in ten seconds. */
const strict = async (t: TestContext): Promise<TestDaemon> => {
  const daemon = await TestDaemon.start({ requestsPerMinute: 60 });
  afterwards(t, () => daemon.close());
  return daemon;
};

const statuses = async (daemon: TestDaemon, times: number, from: (at: number) => object): Promise<number[]> => {
  const found: number[] = [];
  for (let at = 0; at < times; at++) {
    found.push((await daemon.ask({ url: '/api/v1/surprise?seed=1', ...from(at) })).statusCode);
  }
  return found;
};

describe('the limit of requests', () => {
  it('refuses an address that has had its share, says when to come again, and lets others be', async t => {
    const daemon = await strict(t);
    const found = await statuses(daemon, 13, () => ({ remoteAddress: '192.0.2.9' }));
    assert.deepEqual(found, [...Array<number>(10).fill(200), 429, 429, 429]);
    const refused = await daemon.ask({ url: '/api/v1/model', remoteAddress: '192.0.2.9' });
    assert.equal(refused.json().code, 'too-many-requests');
    const wait = Number(refused.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 10, `${wait}`);
    assert.deepEqual(await statuses(daemon, 1, () => ({ remoteAddress: '192.0.2.10' })), [200]);
  });

  it('counts what is refused too: wrong keys, addresses that are none', async t => {
    const daemon = await strict(t);
    const remoteAddress = '192.0.2.9';
    for (let at = 0; at < 10; at++) {
      const url = at % 2 === 0 ? '/api/v1/keys' : `/api/v1/nothing${at}`;
      assert.ok([401, 404].includes((await daemon.ask({ url, remoteAddress })).statusCode));
    }
    assert.equal((await daemon.ask({ url: '/api/v1/keys', remoteAddress })).statusCode, 429);
  });

  it('counts a machine of IPv6 once, however many addresses of its network it takes', async t => {
    const daemon = await strict(t);
    const found = await statuses(daemon, 11, at => ({ remoteAddress: `2001:db8:0:7::${at + 1}` }));
    assert.equal(found.at(-1), 429);
    assert.deepEqual(await statuses(daemon, 1, () => ({ remoteAddress: '2001:db8:0:8::1' })), [200]);
  });

  it('is not for the box itself, but for what a proxy on it says that it hands on', async t => {
    const daemon = await strict(t);
    assert.deepEqual(new Set(await statuses(daemon, 30, () => ({}))), new Set([200]));
    const found = await statuses(daemon, 11, () => ({ headers: { 'x-forwarded-for': '192.0.2.9' } }));
    assert.equal(found.at(-1), 429);
  });
});
