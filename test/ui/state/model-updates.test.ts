import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdatesAnswer } from '../../../device/api/update-schemas.ts';
import type { ErrorCode } from '../../../device/errors.ts';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { ModelUpdates } from '../../../ui/state/model-updates.ts';
import { handClock } from '../support/hand-clock.ts';
import { NO_UPDATES } from '../support/no-updates.ts';

const IDLE: UpdatesAnswer = { ...NO_UPDATES, source: 'https://models.example' };

const refused = (code: ErrorCode): ApiError => new ApiError({ type: '', title: '', status: 409, detail: code, code });

function box() {
  const asked: string[] = [];
  const failures: unknown[] = [];
  const answers = { shown: IDLE, fails: undefined as Error | undefined };
  const answer = async (call: string): Promise<UpdatesAnswer> => {
    asked.push(call);
    if (answers.fails !== undefined) throw answers.fails;
    return answers.shown;
  };
  const api = {
    updates: () => answer('updates'),
    checkForUpdates: () => answer('check'),
    applyUpdate: () => answer('apply'),
    rollBackUpdate: () => answer('rollback'),
  };
  const time = handClock();
  const updates = new ModelUpdates(api, error => void failures.push(error), time);
  let changes = 0;
  updates.addEventListener('change', () => {
    changes += 1;
  });
  return { updates, asked, answers, failures, time, changes: () => changes };
}

/** Until what is under way has been answered. */
const answered = (): Promise<void> => new Promise(go => setImmediate(go));

test('it is looked how an update goes on for as long as staff look', async () => {
  const { updates, asked, answers, time, changes } = box();
  await updates.open();
  assert.deepEqual([updates.shown?.state, changes()], ['idle', 1]);
  answers.shown = { ...IDLE, state: 'trial', progress: { what: 'encoding', done: 3, total: 9 } };
  time.pass(2_000);
  await answered();
  assert.deepEqual(updates.shown?.progress, { what: 'encoding', done: 3, total: 9 });
  updates.close();
  time.pass(60_000);
  await answered();
  assert.deepEqual([asked, updates.shown, time.waiting], [['updates', 'updates'], undefined, 0]);
});

test('a box that takes no updates shows nothing, and is not asked again', async () => {
  const { updates, asked, answers, failures, time } = box();
  answers.shown = { ...IDLE, source: null };
  await updates.open();
  time.pass(60_000);
  await answered();
  assert.deepEqual([asked, updates.shown, failures], [['updates'], undefined, []]);
});

test('a box that does not answer just now is asked again, and what was shown stays', async () => {
  const { updates, asked, answers, failures, time } = box();
  await updates.open();
  answers.fails = new DaemonGone('It does not answer.');
  time.pass(2_000);
  await answered();
  assert.deepEqual([updates.shown, failures], [IDLE, []]);
  answers.fails = undefined;
  time.pass(2_000);
  await answered();
  assert.equal(asked.length, 3);
});

test('what staff ask for is asked, and what is refused is told', async () => {
  const { updates, asked, answers, failures } = box();
  await updates.open();
  answers.shown = { ...IDLE, state: 'checking' };
  await updates.check();
  assert.equal(updates.shown?.state, 'checking');
  await updates.apply();
  answers.fails = refused('no-update');
  await updates.rollBack();
  assert.deepEqual(asked, ['updates', 'check', 'apply', 'rollback']);
  assert.deepEqual(failures, [answers.fails]);
});

test('an answer that comes after staff have left is nobody’s to see', async () => {
  const { updates, time } = box();
  const opening = updates.open();
  updates.close();
  await opening;
  assert.deepEqual([updates.shown, time.waiting], [undefined, 0]);
});
