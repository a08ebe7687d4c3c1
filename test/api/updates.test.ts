import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import type { Updates } from '../../device/updates/updates.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';
import { bearer, pair } from '../support/staff.ts';
import { UpdatingStore } from '../support/updating-store.ts';

const CALLS = ['check', 'apply', 'rollback'] as const;

async function daemonWith(t: TestContext, updates?: Updates) {
  const daemon = await TestDaemon.start(updates === undefined ? {} : { updates: () => updates });
  afterwards(t, () => daemon.close());
  return daemon;
}

test('only who may do everything may see and change how updates stand', async t => {
  const daemon = await daemonWith(t);
  const { token } = await pair(daemon, 'inventory');
  for (const headers of [{}, bearer(token)]) {
    const seen = await daemon.ask({ method: 'GET', url: '/api/v1/updates', headers });
    assert.ok([401, 403].includes(seen.statusCode));
    for (const call of CALLS) {
      const answer = await daemon.ask({ method: 'POST', url: `/api/v1/updates:${call}`, headers: headers });
      assert.ok([401, 403].includes(answer.statusCode), `${call}: ${answer.statusCode}`);
    }
  }
});

test('a box that takes none says so', async t => {
  const daemon = await daemonWith(t);
  const { token } = await pair(daemon, 'admin');
  const seen = await daemon.ask({ method: 'GET', url: '/api/v1/updates', headers: bearer(token) });
  const { source, state, history } = seen.json<UpdatesAnswer>();
  assert.deepEqual([seen.statusCode, source, state, history], [200, null, 'idle', []]);
  for (const call of CALLS) {
    const answer = await daemon.ask({ method: 'POST', url: `/api/v1/updates:${call}`, headers: bearer(token) });
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [409, 'updates-unset']);
  }
});

test('a box that takes none because their file is damaged says why, and what to do', async t => {
  const fault = 'The file of updates is damaged. Move it away.';
  const daemon = await TestDaemon.start({ updatesFault: fault });
  afterwards(t, () => daemon.close());
  const { token } = await pair(daemon, 'admin');
  const seen = await daemon.ask({ method: 'GET', url: '/api/v1/updates', headers: bearer(token) });
  assert.deepEqual([seen.statusCode, seen.json<UpdatesAnswer>().failure], [200, fault]);
  for (const call of CALLS) {
    const answer = await daemon.ask({ method: 'POST', url: `/api/v1/updates:${call}`, headers: bearer(token) });
    const { code, detail } = answer.json<{ code: string; detail: string }>();
    assert.deepEqual([answer.statusCode, code, detail], [500, 'updates-invalid', fault]);
  }
});

test('an update is looked for, gone over to and taken back over the API', async t => {
  const store = await UpdatingStore.make(t);
  const box = await store.run();
  const daemon = await daemonWith(t, box.updates);
  const { token } = await pair(daemon, 'admin');
  const look = async (): Promise<UpdatesAnswer> =>
    (await daemon.ask({ method: 'GET', url: '/api/v1/updates', headers: bearer(token) })).json();
  const until = async (holds: (state: UpdatesAnswer) => boolean): Promise<UpdatesAnswer> => {
    for (let tries = 0; tries < 200; tries++) {
      const state = await look();
      if (holds(state)) return state;
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return assert.fail(JSON.stringify(await look()));
  };
  const none = await look();
  assert.deepEqual([none.state, none.current, none.canRollBack, none.lastCheck], ['idle', null, false, null]);
  const refused = await daemon.ask({ method: 'POST', url: '/api/v1/updates:rollback', headers: bearer(token) });
  assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [409, 'no-update']);
  store.publish(1, '2.0.0');
  assert.equal(
    (await daemon.ask({ method: 'POST', url: '/api/v1/updates:check', headers: bearer(token) })).statusCode,
    202,
  );
  const verified = await until(({ lastCheck }) => lastCheck?.outcome === 'verified');
  assert.deepEqual([verified.state, verified.release?.version, verified.current], ['verified', '2.0.0', null]);
  assert.equal(
    (await daemon.ask({ method: 'POST', url: '/api/v1/updates:apply', headers: bearer(token) })).statusCode,
    202,
  );
  const served = await until(({ state }) => state === 'committed');
  assert.deepEqual([served.current?.release, served.failure, served.canRollBack], [1, null, true]);
  assert.equal(
    (await daemon.ask({ method: 'POST', url: '/api/v1/updates:rollback', headers: bearer(token) })).statusCode,
    202,
  );
  const back = await until(({ state }) => state === 'idle');
  assert.deepEqual([back.current, back.history[0]?.verdict], [null, 'bad']);
  await daemon.ask({ method: 'POST', url: '/api/v1/updates:apply', headers: bearer(token) });
  const failed = await until(({ failure }) => failure !== null);
  assert.match(failed.failure ?? '', /nothing to go over to/);
});
