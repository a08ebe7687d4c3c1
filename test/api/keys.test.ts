import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Keys, NewKey, Pairing } from '../../device/api/access-schemas.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';
import { HandSetClock } from '../support/hand-set-clock.ts';
import { bearer, enter, pair, startPairing } from '../support/staff.ts';

const FAR = { remoteAddress: '192.0.2.9' };
const wrong = (code: string): string => String((Number(code) + 1) % 1e8).padStart(8, '0');

describe('pairing over the network', () => {
  let daemon: TestDaemon;
  const clock = new HandSetClock();
  before(async () => {
    daemon = await TestDaemon.start({ clock, requestsPerMinute: 100_000 });
  });
  after(() => daemon.close());

  /** A program somewhere in the store sends a code; each from an address of its own, so that only the tries count. */
  let address = 0;
  const redeem = (code: string, name = 'Till 2') => {
    address += 1;
    return daemon.ask({
      method: 'POST',
      url: '/api/v1/keys',
      payload: JSON.stringify({ code, name }),
      headers: { 'content-type': 'application/json' },
      remoteAddress: `192.0.2.${address}`,
    });
  };
  const state = async (staff: string): Promise<Pairing> =>
    (await daemon.ask({ url: '/api/v1/pairings', headers: bearer(staff) })).json<Pairing>();

  it('gives a program its key for the code on the screen, told once', async () => {
    const staff = await enter(daemon);
    const code = await startPairing(daemon, staff);
    const shown = await state(staff);
    assert.deepEqual([shown.state, shown.code, shown.secondsLeft, shown.triesLeft], ['open', code, 120, 5]);
    const answer = await redeem(code);
    const { key, token } = answer.json<NewKey>();
    assert.deepEqual([answer.statusCode, key.name, key.scope, key.lastUsed], [201, 'Till 2', 'inventory', null]);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.deepEqual(await state(staff), { state: 'paired', key });
    const listed = await daemon.ask({ url: '/api/v1/keys', headers: bearer(staff) });
    assert.deepEqual(listed.json<Keys>().keys, [key]);
    assert.ok(!listed.body.includes(token.slice(-20)));
  });

  it('gives one key when two send the right code at the same moment', async () => {
    const code = await startPairing(daemon, await enter(daemon));
    const answers = await Promise.all([redeem(code, 'One'), redeem(code, 'Other')]);
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [201, 409]);
  });

  it('is closed by five guesses, whoever made them, and the screen says so', async () => {
    const staff = await enter(daemon);
    const code = await startPairing(daemon, staff);
    for (let tries = 0; tries < 5; tries++) {
      const answer = await redeem(wrong(code));
      assert.deepEqual([answer.statusCode, answer.json().code], [403, 'code-wrong']);
    }
    assert.equal((await redeem(code)).json().code, 'pairing-closed');
    assert.deepEqual(await state(staff), { state: 'spent' });
  });

  it('is closed after 120 s, and when staff leave', async () => {
    const staff = await enter(daemon);
    const late = await startPairing(daemon, staff);
    clock.pass(120_000);
    assert.deepEqual(await state(staff), { state: 'expired' });
    assert.equal((await redeem(late)).json().code, 'pairing-closed');
    const left = await startPairing(daemon, staff);
    const end = await daemon.ask({ method: 'DELETE', url: '/api/v1/staff/session', headers: bearer(staff) });
    assert.deepEqual([end.statusCode, end.body], [204, '']);
    assert.equal((await redeem(left)).json().code, 'pairing-closed');
  });

  it('is stopped by staff', async () => {
    const staff = await enter(daemon);
    const code = await startPairing(daemon, staff);
    const end = await daemon.ask({ method: 'DELETE', url: '/api/v1/pairings', headers: bearer(staff) });
    assert.deepEqual(end.json(), { state: 'none' });
    assert.equal((await redeem(code)).json().code, 'pairing-closed');
  });

  it('is started by nobody but staff at the screen: not with a key for admin either', async () => {
    const { token } = await pair(daemon, 'admin');
    const body = { scope: 'admin' };
    assert.equal((await daemon.post('/api/v1/pairings', body)).json().code, 'key-required');
    assert.equal((await daemon.post('/api/v1/pairings', body, bearer(token))).json().code, 'staff-only');
    assert.equal((await daemon.ask({ url: '/api/v1/pairings', headers: bearer(token) })).json().code, 'staff-only');
  });

  it('takes no name or code that is not one, and then the code stays good', async () => {
    const code = await startPairing(daemon, await enter(daemon));
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(61)]) {
      const answer = await redeem(code, name);
      assert.deepEqual([answer.statusCode, answer.json().field], [400, 'name'], JSON.stringify(name));
    }
    assert.equal((await redeem('1'.repeat(21))).statusCode, 400);
    assert.equal((await redeem(`${code.slice(0, 4)} ${code.slice(4)}`)).statusCode, 201);
  });

  it('refuses one address that tries codes all day', async () => {
    const tries = Array.from({ length: 12 }, () => daemon.post('/api/v1/keys', { code: '12345678', name: 'x' }));
    const answers = await Promise.all(tries);
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    assert.ok(refused.length >= 2);
    assert.equal(refused[0]?.json().code, 'too-many-requests');
    assert.ok(Number(refused[0]?.headers['retry-after']) >= 1);
  });
});

describe('taking a key back', () => {
  it('is done by staff or with a key for admin, and the next request with it is refused', async t => {
    const daemon = await TestDaemon.start();
    afterwards(t, () => daemon.close());
    const till = await pair(daemon, 'inventory', 'Till');
    const office = await pair(daemon, 'admin', 'Office');
    const revoke = (id: string, token: string) =>
      daemon.ask({ method: 'DELETE', url: `/api/v1/keys/${id}`, headers: bearer(token), ...FAR });
    assert.equal((await revoke(office.key.id, till.token)).json().code, 'scope-missing');
    const answer = await revoke(till.key.id, office.token);
    assert.deepEqual([answer.statusCode, answer.json().name], [200, 'Till']);
    assert.match(answer.json().revoked, /^\d{4}-\d\d-\d\dT/);
    assert.equal((await revoke(office.key.id, till.token)).json().code, 'key-refused');
    assert.equal((await revoke(till.key.id, office.token)).json().code, 'key-not-found');
    const [line] = daemon.access.audit.page(1);
    assert.deepEqual(
      [line?.whoName, line?.what, line?.subject, line?.outcome],
      ['Office', 'DELETE /api/v1/keys/:id', `${till.key.id} “Till”, inventory`, 200],
    );
    assert.equal((await revoke(office.key.id, office.token)).statusCode, 200, 'its own too');
    assert.equal((await revoke(office.key.id, office.token)).json().code, 'key-refused');
  });
});
