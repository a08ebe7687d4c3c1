import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChainMatch } from '../../../device/api/chain-schemas.ts';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { REST_MS } from '../../../ui/lib/rest.ts';
import type { Frames } from '../../../ui/state/glide.ts';
import { Session } from '../../../ui/state/session.ts';
import { FakeAsked, found } from '../support/fake-asked.ts';
import { handClock } from '../support/hand-clock.ts';

const still: Frames = { reduced: true, next: () => undefined, cancel: () => undefined };
const tick = (): Promise<void> => new Promise(go => setImmediate(go));
const problem = (code: string): ApiError => new ApiError({ type: '', title: '', status: 503, detail: '', code });

const match = (sku: string): ChainMatch => ({
  ...found(sku),
  image: null,
  storeCount: 1,
  stores: [{ id: 'mitte', name: 'Mitte', sizes: [{ name: 'M', quantity: 1 }] }],
});

async function open(asked: FakeAsked) {
  const time = handClock();
  const session = new Session(asked, still, time);
  await session.start();
  await tick();
  const rest = async (): Promise<void> => {
    await tick();
    time.pass(REST_MS);
    await tick();
    await tick();
  };
  return { session, asked, rest };
}

describe('what is elsewhere in the chain', () => {
  it('is asked for once the hand rests, with what is dialled, and never where there is no chain', async () => {
    const alone = await open(new FakeAsked());
    alone.session.turn(0, 2);
    await alone.rest();
    assert.deepEqual(alone.asked.chainQuestions, []);
    const chained = new FakeAsked();
    chained.chain = [match('a'), match('b')];
    const { session, asked, rest } = await open(chained);
    session.turn(0, 2);
    session.turn(0, 3);
    await tick();
    const before = asked.chainQuestions.length;
    await rest();
    assert.equal(asked.chainQuestions.length, before + 1, 'one question for the whole drag');
    assert.equal(asked.chainQuestions.at(-1)?.z[0]?.toFixed(2), '0.80');
    assert.deepEqual(
      session.elsewhere.matches.map(({ sku }) => sku),
      ['a', 'b'],
    );
    assert.equal(session.elsewhere.state, 'answered');
  });

  it('leaves the store’s own matches and the connection as they are where the chain fails', async () => {
    for (const error of [problem('chain-unavailable'), new DaemonGone('cut off')]) {
      const chained = new FakeAsked();
      chained.chain = error;
      const { session, rest } = await open(chained);
      session.turn(0, 2);
      await rest();
      assert.equal(session.elsewhere.state, 'store-alone');
      assert.equal(session.elsewhere.matches.length, 0);
      assert.equal(session.connection, 'here');
      assert.equal(session.trouble, undefined);
      assert.deepEqual(
        session.display.matches.map(({ sku }) => sku),
        ['0.70'],
      );
      chained.chain = [match('back')];
      session.turn(0, 1);
      await rest();
      const { state, matches } = session.elsewhere;
      assert.deepEqual([state, matches.map(({ sku }) => sku)], ['answered', ['back']]);
    }
  });

  it('can be held, and says under which word', async () => {
    const { session } = await open(new FakeAsked());
    const held = session.elsewhere.hold('a', 'mitte');
    assert.deepEqual(session.elsewhere.holding, { state: 'asking', sku: 'a', store: 'mitte' });
    await held;
    assert.ok(session.elsewhere.holding?.state === 'held');
    assert.equal(session.elsewhere.holding.hold.code, 'A7K9');
    session.elsewhere.forget();
    assert.equal(session.elsewhere.holding, undefined);
  });

  it('says why it cannot be held', async () => {
    const chained = new FakeAsked();
    const { session } = await open(chained);
    chained.failures.push(problem('hold-gone'));
    await session.elsewhere.hold('a', 'mitte');
    assert.deepEqual(session.elsewhere.holding, { state: 'refused', sku: 'a', store: 'mitte', code: 'hold-gone' });
  });

  it('is told to whoever asked last: neither an earlier hold, nor one of a shopper who has gone, is shown', async () => {
    const chained = new FakeAsked();
    const { session } = await open(chained);
    const waiting: ((code: string) => void)[] = [];
    chained.hold = ({ sku, store }) =>
      new Promise(done =>
        waiting.push(code =>
          done({
            code,
            sku,
            title: sku,
            size: null,
            store,
            storeName: store,
            from: 'here',
            at: '2026-01-01T00:00:00Z',
          }),
        ),
      );
    const first = session.elsewhere.hold('a', 'mitte');
    const second = session.elsewhere.hold('a', 'nord');
    waiting[1]!('B2');
    waiting[0]!('A1');
    await Promise.all([first, second]);
    assert.ok(session.elsewhere.holding?.state === 'held');
    assert.equal(session.elsewhere.holding.hold.code, 'B2');
    const third = session.elsewhere.hold('b', 'mitte');
    session.forget();
    waiting[2]!('C3');
    await third;
    assert.equal(session.elsewhere.holding, undefined);
  });

  it('is looked at until it is put away, or its shopper has gone', async () => {
    const chained = new FakeAsked();
    chained.chain = [match('a'), match('b')];
    const { session, rest } = await open(chained);
    session.turn(0, 2);
    await rest();
    session.elsewhere.look('b');
    assert.equal(session.elsewhere.looked?.sku, 'b');
    session.elsewhere.forget();
    assert.equal(session.elsewhere.looked, undefined);
    session.elsewhere.look('a');
    session.forget();
    assert.equal(session.elsewhere.looked, undefined);
  });
});
