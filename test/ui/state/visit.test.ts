import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../../../device/api/call-schemas.ts';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { WARNING_SECONDS } from '../../../ui/state/attendance.ts';
import { Kept } from '../../../ui/state/kept.ts';
import { Visit } from '../../../ui/state/visit.ts';
import { handClock } from '../support/hand-clock.ts';

const call = (over: Partial<Call> = {}): Call => ({
  id: 'c1',
  place: 'Window',
  at: '2026-01-01T10:00:00.000Z',
  answeredAt: null,
  ...over,
});
const ANSWERED = call({ answeredAt: '2026-01-01T10:00:09.000Z' });
const tick = (): Promise<void> => new Promise(go => setImmediate(go));

function open() {
  const time = handClock();
  const asked: string[] = [];
  const answers: { call: () => Promise<Call>; look: () => Promise<Call> } = {
    call: async () => call(),
    look: async () => call(),
  };
  const help = {
    call: (place: string) => {
      asked.push(`call ${place}`);
      return answers.call();
    },
    look: (id: string) => {
      asked.push(`look ${id}`);
      return answers.look();
    },
  };
  const seen = { left: 0 };
  const left = (): void => {
    seen.left += 1;
  };
  const settings = { language: 'de', idleMs: 60_000, place: 'Window', occupied: () => false, left } as const;
  return { visit: new Visit(settings, help, new Kept(), time), time, asked, answers, seen };
}

describe('a visit', () => {
  it('is wiped as a whole once nobody is there', async () => {
    const { visit, time, seen } = open();
    visit.attendance.touched();
    visit.speak('ja');
    visit.help('larger');
    visit.help('lower');
    visit.kept.add({ sku: 'A', title: 'A', category: null, price: null, currency: null, location: null, image: '/' });
    visit.open('call');
    await tick();
    assert.equal(visit.calling.state, 'called');
    time.pass(60_000 + WARNING_SECONDS * 1_000);
    assert.equal(visit.attendance.state, 'away');
    assert.deepEqual([visit.language, visit.sheet, visit.kept.garments, seen.left], ['de', undefined, [], 1]);
    assert.deepEqual(visit.aids, { larger: false, contrast: false, lower: false });
    assert.deepEqual([visit.calling.state, visit.calling.call], ['none', undefined]);
    time.pass(600_000);
    assert.equal(time.waiting, 0, 'something still ticks');
  });

  it('turns an aid on and off, each by itself', () => {
    const { visit } = open();
    visit.help('contrast');
    assert.deepEqual(visit.aids, { larger: false, contrast: true, lower: false });
    visit.help('larger');
    visit.help('contrast');
    assert.deepEqual(visit.aids, { larger: true, contrast: false, lower: false });
  });
});

describe('a call for somebody of the team', () => {
  it('says nothing that the daemon has not said: called once it has taken it, coming once staff said so', async () => {
    const { visit, asked } = open();
    const { calling } = visit;
    visit.open('call');
    assert.deepEqual([calling.state, calling.call], ['asking', undefined]);
    await tick();
    assert.deepEqual([calling.state, asked], ['called', ['call Window']]);
    calling.heard(call({ id: 'another', answeredAt: 'now' }));
    assert.equal(calling.state, 'called');
    calling.heard(ANSWERED);
    assert.deepEqual([calling.state, calling.call?.at], ['coming', '2026-01-01T10:00:00.000Z']);
  });

  it('is not made twice by who opens the page again', async () => {
    const { visit, asked } = open();
    visit.open('call');
    visit.open(undefined);
    visit.open('call');
    await tick();
    visit.open(undefined);
    visit.open('call');
    assert.deepEqual(asked, ['call Window']);
  });

  it('says that it did not get through, whatever the reason, and can be made again', async () => {
    const problem = { type: '', title: '', status: 429, detail: '', code: 'too-many-requests' };
    for (const error of [new DaemonGone('away'), new ApiError(problem)]) {
      const { visit, answers } = open();
      answers.call = () => Promise.reject(error);
      visit.open('call');
      await tick();
      assert.equal(visit.calling.state, 'failed');
      answers.call = async () => call();
      await visit.calling.ask();
      assert.equal(visit.calling.state, 'called');
    }
  });

  it('looks again after a broken line: answered meanwhile, or forgotten by a daemon that was started anew', async () => {
    const { visit, answers } = open();
    const { calling } = visit;
    await calling.look();
    visit.open('call');
    await tick();
    answers.look = () => Promise.reject(new DaemonGone('away'));
    await calling.look();
    assert.equal(calling.state, 'called');
    answers.look = async () => ANSWERED;
    await calling.look();
    assert.equal(calling.state, 'coming');
    const problem = { type: '', title: '', status: 404, detail: '', code: 'call-not-found' };
    answers.look = () => Promise.reject(new ApiError(problem));
    await calling.look();
    assert.equal(calling.state, 'failed');
  });

  it('that is answered after the shopper has gone is nobody’s', async () => {
    const { visit, answers } = open();
    const waiting: (() => void)[] = [];
    answers.call = () => new Promise(go => waiting.push(() => go(call())));
    visit.open('call');
    visit.calling.wipe();
    waiting[0]!();
    await tick();
    assert.equal(visit.calling.state, 'none');
  });
});
