import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CALL_MS, type Call, Calls, MOST_CALLS, QUIET_MS } from '../../device/calls/calls.ts';
import type { LookdialError } from '../../device/errors.ts';

function open() {
  const told: string[] = [];
  let now = Date.UTC(2026, 0, 1, 10);
  let setBack = 0;
  const calls = new Calls(
    {
      taken: ({ place }) => told.push(`taken ${place}`),
      answered: ({ place }) => told.push(`answered ${place}`),
    },
    { date: () => new Date(now + setBack), steady: () => now },
  );
  return {
    calls,
    told,
    setClockBack: (milliseconds: number): void => {
      setBack -= milliseconds;
    },
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
}

const refusal = (run: () => unknown): LookdialError => {
  try {
    run();
  } catch (error) {
    return error as LookdialError;
  }
  return assert.fail('it was not refused');
};

describe('a call from a screen', () => {
  it('is forgotten, and can be made again, though the box’s clock was set back meanwhile', () => {
    const { calls, pass, setClockBack } = open();
    calls.answer(calls.take('Window').id);
    setClockBack(365 * 86_400_000);
    pass(QUIET_MS);
    const { id, at } = calls.take('Window');
    assert.equal(at, '2025-01-01T10:00:20.000Z');
    pass(CALL_MS);
    assert.deepEqual([calls.isOpen(id), calls.open], [false, []]);
  });

  it('is told of once, however often it is tapped, and answered once', () => {
    const { calls, told, pass } = open();
    const call = calls.take('Window');
    pass(3_000);
    assert.equal(calls.take('Window').id, call.id);
    assert.deepEqual(told, ['taken Window']);
    assert.deepEqual([call.at, call.answeredAt], ['2026-01-01T10:00:00.000Z', null]);
    assert.deepEqual(calls.open, [call]);
    pass(2_000);
    assert.equal(calls.answer(call.id).answeredAt, '2026-01-01T10:00:05.000Z');
    pass(2_000);
    assert.equal(calls.answer(call.id).answeredAt, '2026-01-01T10:00:05.000Z');
    assert.deepEqual(told, ['taken Window', 'answered Window']);
    assert.deepEqual([calls.open, calls.isOpen(call.id)], [[], false]);
  });

  it('is one of its own at each screen', () => {
    const { calls, told } = open();
    const ids = [calls.take('Window'), calls.take(null), calls.take('Stairs')].map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(told, ['taken Window', 'taken null', 'taken Stairs']);
  });

  it('can be made anew some time after it was made, once it was answered', () => {
    const { calls, pass } = open();
    const first = calls.take(null);
    calls.answer(first.id);
    pass(QUIET_MS - 4_000);
    const { code, retryAfter } = refusal(() => calls.take(null));
    assert.deepEqual([code, retryAfter], ['too-many-requests', 4]);
    pass(4_000);
    assert.notEqual(calls.take(null).id, first.id);
  });

  it('is over after its time, and another may be made', () => {
    const { calls, pass } = open();
    const { id } = calls.take(null);
    pass(CALL_MS);
    assert.equal(refusal(() => calls.find(id)).code, 'call-not-found');
    assert.equal(refusal(() => calls.answer(id)).code, 'call-not-found');
    assert.notEqual(calls.take(null).id, id);
  });

  it('is refused where more are open than anybody can answer', () => {
    const { calls } = open();
    const made: Call[] = Array.from({ length: MOST_CALLS }, (_, screen) => calls.take(`${screen}`));
    assert.equal(refusal(() => calls.take('one more')).code, 'busy');
    assert.equal(calls.open.length, made.length);
  });
});
