import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DaemonGone } from '../../../ui/lib/api.ts';
import { IDLE_MS, Staff } from '../../../ui/state/staff.ts';
import { fakeStaffApi, KEY, OPEN, refused } from '../support/fake-staff-api.ts';
import { handClock } from '../support/hand-clock.ts';

const PIN = '271828';
const started = () => {
  const fake = fakeStaffApi();
  const time = handClock();
  return { ...fake, time, staff: new Staff(fake.api, time) };
};
/** Until what is under way has been answered. */
const answered = (): Promise<void> => new Promise(go => setImmediate(go));

async function inside(): Promise<ReturnType<typeof started>> {
  const made = started();
  await made.staff.open();
  await made.staff.typed(PIN);
  assert.equal(made.staff.phase, 'inside');
  return made;
}

describe('the staff’s page', () => {
  it('keeps the session while hands are on it, and lets it end without them', async () => {
    const { staff, time, answers } = await inside();
    await answered();
    const before = answers.looks;
    for (const _ of [1, 2, 3, 4]) {
      staff.touched();
      time.pass(30_000);
      await answered();
    }
    assert.equal(answers.looks, before + 2, 'each minute');
    time.pass(IDLE_MS);
    await answered();
    assert.equal(staff.phase, 'away');
    const after = answers.looks;
    time.pass(10 * IDLE_MS);
    await answered();
    assert.equal(answers.looks, after);
  });

  it('asks for the PIN, and opens with the devices that have keys', async () => {
    const { staff, asked, answers } = started();
    answers.keys = [KEY, { ...KEY, id: '00bb', revoked: '2026-05-04T11:00:00Z' }];
    await staff.open();
    assert.equal(staff.phase, 'enter');
    await staff.typed(PIN);
    assert.deepEqual([staff.phase, staff.keys, staff.trouble], ['inside', [KEY], undefined]);
    assert.deepEqual(asked, ['state', `enter ${PIN}`, 'keys', 'state']);
  });

  it('lets the first PIN be chosen, given twice', async () => {
    const { staff, asked, answers } = started();
    answers.state = { ...answers.state, pin: 'unset' };
    await staff.open();
    assert.equal(staff.phase, 'choose');
    await staff.typed(PIN);
    assert.equal(staff.phase, 'repeat');
    await staff.typed('314159');
    assert.deepEqual([staff.phase, staff.trouble], ['choose', 'pins-differ']);
    assert.ok(!asked.some(call => call.startsWith('setPin')));
    await staff.typed(PIN);
    await staff.typed(PIN);
    assert.equal(staff.phase, 'inside');
    assert.ok(asked.includes(`setPin ${PIN}`));
  });

  it('has a PIN that is refused chosen anew', async () => {
    const { staff, answers } = started();
    answers.state = { ...answers.state, pin: 'unset' };
    answers.fails.set('setPin', refused('invalid-request'));
    await staff.open();
    await staff.typed('123456');
    await staff.typed('123456');
    assert.deepEqual([staff.phase, staff.trouble], ['choose', 'invalid-request']);
  });

  it('says that the PIN was wrong, and counts the seconds of its lock', async () => {
    const { staff, time, answers, asked } = started();
    await staff.open();
    answers.fails.set('enter', refused('pin-wrong'));
    await staff.typed('000001');
    assert.deepEqual([staff.phase, staff.trouble], ['enter', 'pin-wrong']);
    answers.fails.set('enter', refused('pin-locked'));
    answers.state = { ...answers.state, lockedSeconds: 3 };
    await staff.typed('000001');
    assert.deepEqual([staff.trouble, staff.lockedSeconds], ['pin-locked', 3]);
    const before = asked.length;
    await staff.typed(PIN);
    assert.equal(asked.length, before, 'nothing is tried while it is locked');
    for (const left of [2, 1, 0]) {
      time.pass(1000);
      await answered();
      assert.equal(staff.lockedSeconds, left);
    }
    assert.equal(staff.trouble, undefined);
    answers.fails.clear();
    answers.state = { ...answers.state, lockedSeconds: 0 };
    await staff.typed(PIN);
    assert.equal(staff.phase, 'inside');
  });

  it('follows a pairing second by second, and lists the device that came', async () => {
    const { staff, time, answers, asked } = await inside();
    await staff.startPairing('inventory');
    assert.deepEqual(staff.pairing, OPEN);
    answers.pairing = { ...OPEN, secondsLeft: 119, triesLeft: 4 };
    time.pass(1000);
    await answered();
    assert.deepEqual(staff.pairing, answers.pairing);
    const paired = { ...KEY, id: '00cc', name: 'Tablet' };
    answers.pairing = { state: 'paired', key: paired };
    answers.keys = [paired, KEY];
    time.pass(1000);
    await answered();
    assert.deepEqual([staff.pairing.state, staff.keys.length], ['paired', 2]);
    const before = asked.length;
    time.pass(5000);
    await answered();
    assert.equal(asked.length, before, 'nothing is asked any more');
  });

  it('takes a key back, and stops a pairing', async () => {
    const { staff, asked } = await inside();
    await staff.startPairing('admin');
    await staff.stopPairing();
    assert.equal(staff.pairing.state, 'none');
    await staff.revoke(KEY.id);
    assert.deepEqual(asked.slice(-3), ['stopPairing', 'revoke 00aa', 'keys']);
  });

  it('is left, and wiped, when nobody touches it; a code that is shown keeps it open', async () => {
    const { staff, time, asked, answers } = await inside();
    time.pass(IDLE_MS - 1);
    staff.touched();
    time.pass(IDLE_MS - 1);
    assert.equal(staff.phase, 'inside');
    await staff.startPairing('inventory');
    time.pass(IDLE_MS);
    await answered();
    assert.equal(staff.phase, 'inside');
    answers.pairing = { state: 'expired' };
    time.pass(1000);
    await answered();
    time.pass(IDLE_MS);
    assert.deepEqual(
      [staff.phase, staff.keys, staff.pairing, staff.certificate],
      ['away', [], { state: 'none' }, null],
    );
    assert.equal(asked.at(-1), 'leave');
    assert.equal(time.waiting, 0);
  });

  it('asks for the PIN again when the session is over', async () => {
    const { staff, answers } = await inside();
    answers.fails.set('startPairing', refused('key-refused'));
    await staff.startPairing('inventory');
    assert.deepEqual([staff.phase, staff.trouble, staff.keys], ['enter', 'key-refused', []]);
  });

  it('says so when the daemon is away, and stays as it is', async () => {
    const { staff, answers } = await inside();
    answers.fails.set('revoke', new DaemonGone('No answer.'));
    await staff.revoke(KEY.id);
    assert.deepEqual([staff.phase, staff.trouble, staff.keys, staff.busy], ['inside', 'gone', [KEY], false]);
  });

  it('keeps nothing of an answer that comes after it was left', async () => {
    const { staff, asked } = started();
    await staff.open();
    const entering = staff.typed(PIN);
    staff.leave();
    await entering;
    assert.deepEqual([staff.phase, staff.keys], ['away', []]);
    assert.equal(asked.at(-1), 'leave', 'the session that opened all the same is ended');
  });

  describe('on a phone or a tablet', () => {
    const elsewhere = () => {
      const made = started();
      made.answers.fails.set('state', refused('loopback-only'));
      return made;
    };

    it('asks for the code of a pairing, gets a key for it, and opens with the garments', async () => {
      const { staff, asked, time } = elsewhere();
      await staff.open();
      assert.deepEqual([staff.phase, staff.elsewhere, staff.trouble], ['code', true, undefined]);
      await staff.typed('12345678', 'Phone');
      await answered();
      assert.deepEqual([staff.phase, staff.garments.step, staff.garments.found.length], ['inside', 'find', 2]);
      assert.deepEqual(asked, ['state', 'redeem 12345678 Phone', 'find ']);
      time.pass(10 * IDLE_MS);
      assert.equal(staff.phase, 'inside', 'it is in somebody’s hand');
      staff.leave();
      await staff.open();
      assert.equal(staff.phase, 'inside', 'it has its key');
    });

    it('asks for the code where the store is shown to nobody without a key, or the key is none any more', async () => {
      const { staff, answers } = elsewhere();
      answers.fails.set('state', refused('key-required'));
      await staff.open();
      assert.deepEqual([staff.phase, staff.elsewhere, staff.trouble], ['code', true, undefined]);
      staff.leave();
      answers.hasKey = true;
      answers.fails.set('state', refused('key-refused'));
      await staff.open();
      assert.deepEqual([staff.phase, staff.trouble, answers.hasKey], ['code', 'key-refused', false]);
    });

    it('says that the code was wrong, and lets it be typed again', async () => {
      const { staff, answers } = elsewhere();
      answers.fails.set('redeem', refused('code-wrong'));
      await staff.open();
      await staff.typed('12345678', 'Phone');
      assert.deepEqual([staff.phase, staff.trouble], ['code', 'code-wrong']);
    });

    it('asks for a code again when its key was taken back', async () => {
      const { staff, answers } = elsewhere();
      answers.hasKey = true;
      answers.fails.set('find', refused('key-refused'));
      await staff.open();
      await answered();
      assert.deepEqual([staff.phase, staff.trouble, staff.garments.step], ['code', 'key-refused', 'away']);
      assert.equal(answers.hasKey, false);
    });
  });
});
