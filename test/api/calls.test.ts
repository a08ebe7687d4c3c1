import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Call } from '../../device/api/call-schemas.ts';
import { Webhook } from '../../device/calls/webhook.ts';
import type { BoxEvent } from '../../device/events.ts';
import { afterwards } from '../support/afterwards.ts';
import { type DaemonOptions, TestDaemon } from '../support/daemon.ts';

async function daemonWith(t: TestContext, options: DaemonOptions = {}) {
  const daemon = await TestDaemon.start(options);
  afterwards(t, () => daemon.close());
  const heard: BoxEvent[] = [];
  daemon.events.listen(event => heard.push(event));
  return { daemon, heard };
}

const ELSEWHERE = { remoteAddress: '192.168.1.30' };

it('the screen calls without a key, everyone who listens hears it, and staff answer with theirs', async t => {
  const { daemon, heard } = await daemonWith(t);
  const made = await daemon.post('/api/v1/calls', { place: 'Window' });
  const call = made.json<Call>();
  assert.deepEqual([made.statusCode, call.place, call.answeredAt], [201, 'Window', null]);
  const again = await daemon.post('/api/v1/calls', { place: 'Window' });
  assert.equal(again.json<Call>().id, call.id);
  assert.deepEqual(heard, [{ type: 'call', data: call }]);
  const headers = daemon.key('inventory');
  const listed = await daemon.ask({ method: 'GET', url: '/api/v1/calls', headers });
  assert.deepEqual(listed.json(), { calls: [call] });
  const answered = await daemon.ask({ method: 'POST', url: `/api/v1/calls/${call.id}/answer`, headers });
  assert.notEqual(answered.json<Call>().answeredAt, null);
  assert.deepEqual(heard[1], { type: 'call', data: answered.json() });
  const seen = await daemon.ask({ method: 'GET', url: `/api/v1/calls/${call.id}` });
  assert.deepEqual(seen.json(), answered.json());
  assert.deepEqual((await daemon.ask({ method: 'GET', url: '/api/v1/calls', headers })).json(), { calls: [] });
});

it('nobody else calls or answers without a key, and nobody answers a call there is not', async t => {
  const { daemon, heard } = await daemonWith(t, { hosts: ['localhost:80', 'box:80'] });
  const url = '/api/v1/calls';
  const body = { payload: '{}', headers: { 'content-type': 'application/json', host: 'box' } };
  const called = await daemon.ask({ method: 'POST', url, ...body, ...ELSEWHERE });
  assert.equal(called.statusCode, 401);
  const { id } = (await daemon.post(url, {})).json<Call>();
  const answer = { method: 'POST', url: `${url}/${id}/answer` } as const;
  assert.equal((await daemon.ask(answer)).statusCode, 401);
  assert.equal((await daemon.ask({ method: 'GET', url })).statusCode, 401);
  assert.equal(heard.length, 1);
  const headers = daemon.key('inventory');
  const unknown = await daemon.ask({ method: 'POST', url: `${url}/nobody/answer`, headers });
  assert.deepEqual([unknown.statusCode, unknown.json<{ code: string }>().code], [404, 'call-not-found']);
  assert.equal((await daemon.ask({ method: 'GET', url: `${url}/nobody` })).statusCode, 404);
  for (const wrong of [{ place: '' }, { place: 'x'.repeat(61) }, { who: 'me' }]) {
    assert.equal((await daemon.post(url, wrong)).statusCode, 400);
  }
});

it('so soon after an answered one, a call says when to try again', async t => {
  const { daemon } = await daemonWith(t);
  const { id } = (await daemon.post('/api/v1/calls', {})).json<Call>();
  const headers = daemon.key('inventory');
  await daemon.ask({ method: 'POST', url: `/api/v1/calls/${id}/answer`, headers });
  const soon = await daemon.post('/api/v1/calls', {});
  assert.deepEqual([soon.statusCode, soon.json<{ code: string }>().code], [429, 'too-many-requests']);
  assert.ok(Number(soon.headers['retry-after']) > 10);
});

it('a webhook that never answers keeps no call waiting', async t => {
  const never = (): Promise<Response> => new Promise(() => undefined);
  const webhook = new Webhook({
    address: 'http://pager/',
    store: () => '',
    log: { warn: () => undefined },
    fetch: never,
  });
  const { daemon } = await daemonWith(t, { webhook });
  const began = performance.now();
  assert.equal((await daemon.post('/api/v1/calls', {})).statusCode, 201);
  assert.ok(performance.now() - began < 2_000);
});

it('where a phone finds the page is said, or that it does not', async t => {
  const { daemon } = await daemonWith(t);
  assert.deepEqual((await daemon.ask({ method: 'GET', url: '/api/v1/page' })).json(), { address: null });
  const address = 'http://192.168.1.20:8080';
  const { daemon: open } = await daemonWith(t, { pageAddress: address });
  assert.deepEqual((await open.ask({ method: 'GET', url: '/api/v1/page' })).json(), { address });
});
