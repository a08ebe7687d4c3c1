import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inLanes } from '../../device/inventory/lanes.ts';

const numbers = Array.from({ length: 50 }, (_, i) => i);

test('everything is done once, in order, and no more at once than there are lanes', async () => {
  const begun: number[] = [];
  let atOnce = 0;
  let most = 0;
  await inLanes(numbers, 4, async item => {
    begun.push(item);
    most = Math.max(most, ++atOnce);
    for (let i = 0; i < item % 3; i++) await turn();
    atOnce--;
  });
  assert.deepEqual(begun, numbers);
  assert.equal(most, 4);
});

test('the first failure is thrown after the others have ended what they had in hand', async () => {
  let ended = 0;
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    if (item === 5) throw new Error('five');
    await turn();
    await turn();
    ended++;
  };
  await assert.rejects(inLanes(numbers, 3, work), /five/);
  assert.equal(ended, begun.length - 1);
  assert.ok(begun.length < 12);
});

test('a signal stops it between two items, and its reason is thrown', async () => {
  const stop = new AbortController();
  let done = 0;
  const work = async (): Promise<void> => {
    await turn();
    if (++done === 10) stop.abort(new Error('enough'));
  };
  await assert.rejects(inLanes(numbers, 2, work, stop.signal), /enough/);
  assert.ok(done <= 11);
});
