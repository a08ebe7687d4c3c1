import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Turns } from '../../device/api/turns.ts';

describe('turns', () => {
  it('let so many run at once, and the others in the order they came', async () => {
    const turns = new Turns('jobs', 2, 10);
    const order: number[] = [];
    const held: (() => void)[] = [];
    const job = (id: number): Promise<void> =>
      turns.run(async () => {
        order.push(id);
        await new Promise<void>(resolve => held.push(resolve));
      });
    const all = [0, 1, 2, 3].map(job);
    await new Promise(setImmediate);
    assert.deepEqual(order, [0, 1]);
    assert.equal(turns.waiting, 2);
    held.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual(order, [0, 1, 2]);
    while (held.length > 0) {
      held.shift()?.();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    assert.deepEqual(order, [0, 1, 2, 3]);
    assert.equal(turns.active, 0);
  });

  it('start work before they return where a place is free', () => {
    const turns = new Turns('jobs', 1, 0);
    let started = false;
    void turns.run(async () => {
      started = true;
    });
    assert.ok(started);
  });

  it('refuse at once what does not fit', async () => {
    const turns = new Turns('jobs', 1, 1);
    const leave = await turns.enter();
    const second = turns.enter();
    await assert.rejects(turns.enter(), { code: 'busy', status: 503 });
    leave();
    (await second)();
    assert.equal(turns.active, 0);
  });

  it('never start what was given up while it waited, nor what was given up before', async () => {
    const turns = new Turns('jobs', 1, 5);
    const leave = await turns.enter();
    const gone = new AbortController();
    let started = false;
    const waiting = turns.run(async () => {
      started = true;
    }, gone.signal);
    gone.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.equal(turns.waiting, 0);
    await assert.rejects(turns.enter(gone.signal), { name: 'AbortError' });
    leave();
    assert.equal(started, false);
    assert.equal(turns.active, 0);
  });

  it('give the turn on when the work fails', async () => {
    const turns = new Turns('jobs', 1, 5);
    await assert.rejects(
      turns.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await turns.run(async () => 7), 7);
  });

  it('take a second leaving as nothing', async () => {
    const turns = new Turns('jobs', 1, 5);
    const leave = await turns.enter();
    leave();
    leave();
    assert.equal(turns.active, 0);
    await turns.enter();
    assert.equal(turns.active, 1);
  });

  it('never run more than they may, whoever comes, goes and gives up', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'enter' as const }),
      fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), async (steps, running) => {
        const turns = new Turns('jobs', running, 4);
        const inside: (() => void)[] = [];
        const waiting: AbortController[] = [];
        for (const one of steps) {
          if (one.kind === 'enter') {
            const controller = new AbortController();
            waiting.push(controller);
            turns.enter(controller.signal).then(
              leave => inside.push(leave),
              () => undefined,
            );
          } else if (one.kind === 'leave') inside.splice(one.which % Math.max(1, inside.length), 1)[0]?.();
          else waiting[one.which % Math.max(1, waiting.length)]?.abort();
          await new Promise(setImmediate);
          assert.ok(turns.active <= running && turns.waiting <= 4);
          assert.equal(inside.length, turns.active);
          assert.ok(turns.waiting === 0 || turns.active === running, 'nobody waits beside a free place');
        }
      }),
      { numRuns: 60 },
    );
  });
});
