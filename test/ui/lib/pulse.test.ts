import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PULSE_MS, startPulse } from '../../../ui/lib/pulse.ts';
import { nameOfScreen } from '../../../ui/lib/screen.ts';
import { handClock } from '../support/hand-clock.ts';

describe('the pulse of a page', () => {
  const beating = (answer: () => Response | Error) => {
    const time = handClock();
    const asked: string[] = [];
    const fetch = async (address: string, { method }: RequestInit): Promise<Response> => {
      asked.push(`${method} ${address}`);
      const given = answer();
      if (given instanceof Error) throw given;
      return given;
    };
    const pass = async (): Promise<void> => {
      await nextTurn();
      time.pass(PULSE_MS);
      await nextTurn();
    };
    return { time, asked, fetch, pass };
  };

  it('says again and again that it runs, whatever becomes of it, until it ends', async () => {
    let turn = 0;
    const { asked, fetch, pass, time } = beating(() => {
      turn += 1;
      if (turn === 2) return new TypeError('cut off');
      return turn === 3
        ? Response.json({ code: 'key-required' }, { status: 401 })
        : new Response(null, { status: 204 });
    });
    const end = startPulse('a-1', fetch, time);
    for (let beat = 0; beat < 4; beat += 1) await pass();
    assert.deepEqual(asked, new Array(5).fill('PUT /api/v1/screens/a-1'));
    end();
    await pass();
    assert.equal(asked.length, 5);
  });

  it('says nothing while an answer is awaited, and nothing at all on a screen without a name', async () => {
    const { asked, time, pass } = beating(() => new Response());
    const never = (address: string): Promise<Response> => {
      asked.push(address);
      return new Promise(() => undefined);
    };
    const end = startPulse('a-1', never, time);
    await pass();
    assert.equal(asked.length, 1);
    end();
    startPulse(undefined, never, time)();
    assert.equal(asked.length, 1);
  });

  it('has the name that the page’s address gives the screen, where it is one', () => {
    assert.equal(nameOfScreen('?lang=de&screen=7b1c0000-aa'), '7b1c0000-aa');
    for (const none of ['', '?screen=', '?screen=a/b', `?screen=${'x'.repeat(65)}`]) {
      assert.equal(nameOfScreen(none), undefined, none);
    }
  });
});
