import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALWAYS, isWithin, parseWindow, type Window, writtenWindow } from '../../device/updates/window.ts';

const at = (hour: number, minute = 0): Date => new Date(2026, 5, 1, hour, minute);
const parsed = (text: string): Window => parseWindow(text) ?? assert.fail(`${text} is a window`);

test('a window is from its first minute to the one before its last', () => {
  const window = parsed('02:00-05:30');
  const within = [at(1, 59), at(2), at(5, 29), at(5, 30), at(14)].map(time => isWithin(window, time));
  assert.deepEqual(within, [false, true, true, false, false]);
});

test('a window may go past midnight', () => {
  const window = parsed('22:30 - 4:00');
  const within = [at(22, 29), at(22, 30), at(0), at(3, 59), at(4), at(12)].map(time => isWithin(window, time));
  assert.deepEqual(within, [false, true, true, true, false, false]);
});

test('a window is said as a clock shows it', () => {
  assert.deepEqual(writtenWindow(parsed('22:30-4:00')), { from: '22:30', to: '04:00' });
});

test('always is every minute', () => {
  assert.deepEqual(parseWindow(' always '), ALWAYS);
  for (let hour = 0; hour < 24; hour++) assert.ok(isWithin(ALWAYS, at(hour)));
});

test('what is no window is refused', () => {
  for (const text of ['', 'night', '02:00', '02:00-02:00', '24:00-05:00', '02:60-05:00', '2-5', '02:00-05:00-07:00']) {
    assert.equal(parseWindow(text), undefined, text);
  }
});
