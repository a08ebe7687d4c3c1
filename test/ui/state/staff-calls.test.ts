import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../../../device/api/call-schemas.ts';
import { DaemonGone } from '../../../ui/lib/api.ts';
import { StaffCalls } from '../../../ui/state/staff-calls.ts';

const call = (id: string, answeredAt: string | null = null): Call => ({ id, place: null, at: '', answeredAt });
const tick = (): Promise<void> => new Promise(go => setImmediate(go));

function open() {
  const asked: string[] = [];
  const failed: unknown[] = [];
  const answers = { calls: async () => ({ calls: [call('a')] }), answerCall: async (id: string) => call(id, 'now') };
  const api = {
    calls: () => {
      asked.push('calls');
      return answers.calls();
    },
    answerCall: (id: string) => {
      asked.push(`answer ${id}`);
      return answers.answerCall(id);
    },
  };
  return { calls: new StaffCalls(api, error => failed.push(error)), asked, failed, answers };
}

const ids = (calls: StaffCalls): string[] => calls.open.map(({ id }) => id);

describe('calls, as staff see them', () => {
  it('are those that wait, and those that come, until somebody has answered them', async () => {
    const { calls, asked } = open();
    calls.follow(true);
    calls.follow(true);
    await tick();
    assert.deepEqual([ids(calls), asked], [['a'], ['calls']]);
    calls.heard(call('b'));
    calls.heard(call('b'));
    assert.deepEqual(ids(calls), ['a', 'b']);
    await calls.answer('a');
    assert.deepEqual(ids(calls), ['b']);
    calls.heard(call('b', 'now'));
    assert.deepEqual(ids(calls), []);
  });

  it('are asked for and heard by nobody outside the staff’s page', async () => {
    const { calls, asked } = open();
    calls.heard(call('b'));
    await calls.look();
    assert.deepEqual([ids(calls), asked], [[], []]);
    calls.follow(true);
    calls.follow(false);
    await tick();
    assert.deepEqual(ids(calls), []);
  });

  it('tell what was refused', async () => {
    const { calls, failed, answers } = open();
    calls.follow(true);
    await tick();
    answers.answerCall = () => Promise.reject(new DaemonGone('away'));
    await calls.answer('a');
    assert.equal(failed.length, 1);
    assert.deepEqual(ids(calls), ['a']);
  });
});
