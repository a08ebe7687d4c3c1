import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Staff } from '../../device/api/access-schemas.ts';
import { OTHER_PIN, PIN } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';
import { HandSetClock } from '../support/hand-set-clock.ts';
import { bearer, enter } from '../support/staff.ts';

const FAR = { remoteAddress: '192.0.2.9' };

const started = async (t: TestContext, options = {}): Promise<TestDaemon> => {
  const daemon = await TestDaemon.start(options);
  afterwards(t, () => daemon.close());
  return daemon;
};
const put = (daemon: TestDaemon, pin: string, more: object = {}) =>
  daemon.ask({
    method: 'PUT',
    url: '/api/v1/staff/pin',
    payload: JSON.stringify({ pin }),
    ...more,
    headers: { 'content-type': 'application/json', ...(more as { headers?: object }).headers },
  });

describe('the PIN at the screen', () => {
  it('is set by whoever stands there while there is none, and then changed by staff alone', async t => {
    const daemon = await started(t);
    const state = async (): Promise<Staff> => (await daemon.ask({ url: '/api/v1/staff' })).json<Staff>();
    assert.deepEqual(await state(), { pin: 'unset', lockedSeconds: 0, certificate: null });
    assert.equal((await daemon.post('/api/v1/staff/session', { pin: PIN })).json().code, 'pin-unset');
    assert.equal((await put(daemon, '12')).json().field, 'pin');
    const set = await put(daemon, PIN);
    assert.deepEqual([set.statusCode, set.body], [204, '']);
    assert.equal((await state()).pin, 'set');
    assert.equal((await put(daemon, OTHER_PIN)).json().code, 'pin-set');
    const staff = await enter(daemon);
    assert.equal((await put(daemon, OTHER_PIN, { headers: bearer(staff) })).statusCode, 204);
    const over = await daemon.ask({ url: '/api/v1/keys', headers: bearer(staff) });
    assert.equal(over.json().code, 'key-refused', 'the session ends with its PIN');
    await enter(daemon, OTHER_PIN);
    assert.deepEqual(
      daemon.access.audit.page(9).map(({ who, what }) => `${who} ${what}`),
      [
        'staff POST /api/v1/staff/session',
        'staff PUT /api/v1/staff/pin',
        'staff POST /api/v1/staff/session',
        'screen PUT /api/v1/staff/pin',
      ],
    );
  });

  it('is asked for nowhere else: not from the network, through a proxy, or by another name', async t => {
    const daemon = await started(t, { hosts: ['localhost:80', 'kiosk.shop.example:80'] });
    for (const more of [FAR, { headers: { 'x-forwarded-for': '::1' } }, { headers: { host: 'kiosk.shop.example' } }]) {
      assert.equal((await put(daemon, PIN, more)).json().code, 'loopback-only');
      assert.equal((await daemon.ask({ url: '/api/v1/staff', ...more })).json().code, 'loopback-only');
      const headers = { 'content-type': 'application/json', ...(more as { headers?: object }).headers };
      const payload = JSON.stringify({ pin: PIN });
      const entered = await daemon.ask({ method: 'POST', url: '/api/v1/staff/session', payload, ...more, headers });
      assert.equal(entered.json().code, 'loopback-only');
    }
    assert.equal(daemon.access.pin.version, 0);
  });

  it('is locked after five wrong tries, and says for how long', async t => {
    const clock = new HandSetClock();
    const daemon = await started(t, { clock });
    await put(daemon, PIN);
    const tried = async (pin: string) => {
      const answer = await daemon.post('/api/v1/staff/session', { pin });
      return [answer.statusCode, answer.json().code, answer.headers['retry-after']];
    };
    for (let at = 0; at < 4; at++) assert.deepEqual(await tried('000001'), [403, 'pin-wrong', undefined]);
    assert.deepEqual(await tried('000001'), [429, 'pin-locked', '30']);
    assert.deepEqual(await tried(PIN), [429, 'pin-locked', '30']);
    assert.equal((await daemon.ask({ url: '/api/v1/staff' })).json<Staff>().lockedSeconds, 30);
    clock.pass(30_000);
    assert.deepEqual(await tried(PIN), [201, undefined, undefined]);
  });

  it('cannot be tried faster than ten times a minute, even where each is right', async t => {
    const daemon = await started(t);
    await put(daemon, PIN);
    const codes: (string | undefined)[] = [];
    for (let at = 0; at < 12; at++) codes.push((await daemon.post('/api/v1/staff/session', { pin: PIN })).json().code);
    assert.equal(codes.at(-1), 'too-many-requests');
  });
});

describe('the log', () => {
  it('holds no key, no code, no PIN and no session, whatever went right or wrong', async t => {
    let log = '';
    const daemon = await started(t, { log: { write: (line: string) => (log += line) } });
    const secrets: string[] = [PIN, OTHER_PIN];
    await put(daemon, PIN);
    await daemon.post('/api/v1/staff/session', { pin: OTHER_PIN });
    const staff = await enter(daemon);
    const started_ = await daemon.post('/api/v1/pairings', { scope: 'admin' }, bearer(staff));
    const code: string = started_.json().code;
    await daemon.post('/api/v1/keys', { code: '00000000', name: 'Till' });
    const { token } = (await daemon.post('/api/v1/keys', { code, name: 'Till' })).json();
    secrets.push(staff, code, token);
    await daemon.ask({ url: '/api/v1/keys', headers: bearer(token) });
    await daemon.ask({ url: '/api/v1/keys', headers: bearer(`${token}x`) });
    await daemon.post('/api/v1/keys', `{"code": "${code}", "name"`);
    // What the box itself is to blame for is logged with all that is known of it.
    for (const call of ['list', 'find'] as const) {
      t.mock.method(daemon.access.keys, call, () => {
        throw new Error('The disk is gone.');
      });
      assert.equal((await daemon.ask({ url: '/api/v1/keys', headers: bearer(token) })).statusCode, 500);
      t.mock.restoreAll();
    }
    assert.match(log, /The disk is gone/);
    for (const secret of secrets) assert.ok(!log.includes(secret) && !log.includes(secret.slice(-12)), secret);
  });
});
