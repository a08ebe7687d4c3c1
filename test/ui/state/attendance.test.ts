import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Attendance, WARNING_SECONDS } from '../../../ui/state/attendance.ts';
import { handClock } from '../support/hand-clock.ts';

const IDLE_MS = 60_000;

function screen(idleMs: number | undefined = IDLE_MS) {
  const time = handClock();
  const seen = { left: 0, occupied: false };
  const settings = {
    idleMs,
    occupied: () => seen.occupied,
    left: () => {
      seen.left += 1;
    },
  };
  return { attendance: new Attendance(settings, time), time, seen };
}

describe('whether somebody is at the screen', () => {
  it('begins with nobody, and with somebody once it is touched', () => {
    const { attendance } = screen();
    assert.equal(attendance.state, 'away');
    attendance.touched();
    assert.equal(attendance.state, 'here');
  });

  it('asks after its time, and counts down at least 20 seconds before anything is forgotten', () => {
    assert.ok(WARNING_SECONDS >= 20);
    const { attendance, time, seen } = screen();
    attendance.touched();
    time.pass(IDLE_MS - 1);
    assert.equal(attendance.state, 'here');
    time.pass(1);
    assert.deepEqual([attendance.state, attendance.secondsLeft], ['warned', WARNING_SECONDS]);
    time.pass(4_000);
    assert.equal(attendance.secondsLeft, WARNING_SECONDS - 4);
    time.pass((WARNING_SECONDS - 4) * 1_000 - 1);
    assert.deepEqual([attendance.state, seen.left], ['warned', 0]);
    time.pass(1);
    assert.deepEqual([attendance.state, seen.left], ['away', 1]);
    time.pass(IDLE_MS * 10);
    assert.equal(seen.left, 1);
  });

  it('waits anew after every touch, and one in the warning goes on', () => {
    const { attendance, time, seen } = screen();
    attendance.touched();
    for (let touch = 0; touch < 5; touch++) {
      time.pass(IDLE_MS - 1_000);
      attendance.touched();
    }
    assert.equal(attendance.state, 'here');
    time.pass(IDLE_MS + 20_000);
    assert.equal(attendance.state, 'warned');
    attendance.touched();
    assert.equal(attendance.state, 'here');
    time.pass(IDLE_MS - 1);
    assert.deepEqual([attendance.state, seen.left], ['here', 0]);
  });

  it('asks nobody while staff are on their page', () => {
    const { attendance, time, seen } = screen();
    attendance.touched();
    seen.occupied = true;
    time.pass(IDLE_MS * 5);
    assert.equal(attendance.state, 'here');
    seen.occupied = false;
    time.pass(IDLE_MS);
    assert.equal(attendance.state, 'warned');
  });

  it('forgets nothing by itself on a screen that somebody looks after', () => {
    const { time, seen } = screen();
    const settings = { idleMs: undefined, occupied: () => false, left: () => assert.fail('forgotten') };
    const attendance = new Attendance(settings, time);
    attendance.touched();
    time.pass(IDLE_MS * 100);
    assert.deepEqual([attendance.state, seen.left], ['here', 0]);
  });

  it('says each time that it is otherwise, and not for every touch', () => {
    const { attendance, time } = screen();
    let changes = 0;
    attendance.addEventListener('change', () => {
      changes += 1;
    });
    attendance.touched();
    attendance.touched();
    attendance.touched();
    assert.equal(changes, 1);
    time.pass(IDLE_MS + 2_000);
    assert.equal(changes, 4);
  });
});
