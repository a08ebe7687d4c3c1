import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IDLE_MS, LONGEST_MS } from '../../device/access/staff-session.ts';
import { LOCALLY, OTHER_PIN, PIN, testAccess } from '../support/access.ts';

const doing = { ...LOCALLY, what: 'session' };

describe('a staff session', () => {
  it('opens with the PIN, goes on while something is asked, and is over when nothing is', async t => {
    const { access, clock } = testAccess(t);
    await access.setPin(PIN, { replacing: false, doing });
    const token = await access.enter(PIN, doing);
    for (let at = 0; at < 4; at++) {
      clock.pass(IDLE_MS);
      assert.ok(access.staff.check(token));
    }
    clock.pass(IDLE_MS + 1);
    assert.ok(!access.staff.check(token));
    clock.pass(-IDLE_MS);
    assert.ok(!access.staff.check(token), 'what is over stays over');
  });

  it('is over after half an hour, whatever is asked', async t => {
    const { access, clock } = testAccess(t);
    await access.setPin(PIN, { replacing: false, doing });
    const token = await access.enter(PIN, doing);
    for (let passed = 0; passed + IDLE_MS <= LONGEST_MS; passed += IDLE_MS) {
      clock.pass(IDLE_MS);
      assert.ok(access.staff.check(token));
    }
    clock.pass(1);
    assert.ok(!access.staff.check(token));
  });

  it('ends when it is left, when another begins, and when the PIN changes', async t => {
    const { access } = testAccess(t);
    await access.setPin(PIN, { replacing: false, doing });
    const first = await access.enter(PIN, doing);
    const second = await access.enter(PIN, doing);
    assert.notEqual(first, second);
    assert.ok(!access.staff.check(first) && access.staff.check(second));
    access.staff.end();
    assert.ok(!access.staff.check(second));
    const third = await access.enter(PIN, doing);
    // As the command on the box does it: without a word to this process.
    await access.pin.set(OTHER_PIN, { replacing: true, along: () => undefined });
    assert.ok(!access.staff.check(third));
  });

  it('takes its pairing code with it', async t => {
    const { access } = testAccess(t);
    await access.setPin(PIN, { replacing: false, doing });
    await access.enter(PIN, doing);
    access.pairing.begin('inventory');
    access.staff.end();
    assert.deepEqual(access.pairing.state, { state: 'none' });
  });

  it('is opened by no token but its own', async t => {
    const { access } = testAccess(t);
    assert.ok(!access.staff.check(`lookdial_staff_${'A'.repeat(43)}`));
    await access.setPin(PIN, { replacing: false, doing });
    const token = await access.enter(PIN, doing);
    for (const other of [`${token} `, token.slice(0, -1), '', token.replace('staff', 'key')]) {
      assert.ok(!access.staff.check(other), other);
    }
  });
});
