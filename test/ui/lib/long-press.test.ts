import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LONG_PRESS_MS, LongPress } from '../../../ui/lib/long-press.ts';
import { handClock } from '../support/hand-clock.ts';

const at = (clientX: number, clientY = 0) => ({ clientX, clientY });

describe('a long press', () => {
  const pressing = () => {
    const time = handClock();
    const counted = { presses: 0 };
    return { time, counted, press: new LongPress(() => (counted.presses += 1), time) };
  };

  it('is one finger that lies still for two seconds, told once', () => {
    const { time, counted, press } = pressing();
    press.down(at(10));
    press.move(at(20, 10));
    time.pass(LONG_PRESS_MS - 1);
    assert.equal(counted.presses, 0);
    time.pass(1);
    time.pass(LONG_PRESS_MS);
    assert.equal(counted.presses, 1);
    press.end();
  });

  it('is none that is lifted early, or goes somewhere', () => {
    const { time, counted, press } = pressing();
    press.down(at(10));
    time.pass(LONG_PRESS_MS - 1);
    press.end();
    time.pass(LONG_PRESS_MS);
    press.down(at(10));
    press.move(at(90));
    press.move(at(10));
    time.pass(LONG_PRESS_MS);
    assert.equal(counted.presses, 0);
    assert.equal(time.waiting, 0);
  });
});
