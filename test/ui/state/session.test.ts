import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../../ui/lib/api.ts';
import { ACCENT_MS } from '../../../ui/state/display.ts';
import { FakeAsked } from '../support/fake-asked.ts';
import { openSession, tick } from '../support/open-session.ts';

const problem = (code: string): ApiError => new ApiError({ type: '', title: '', status: 503, detail: '', code });

describe('a session at the screen', () => {
  it('begins with a garment of the store and its matches', async () => {
    const { session, asked, skus } = await openSession();
    assert.equal(session.connection, 'here');
    assert.deepEqual(session.dials, [0, 0, 0]);
    assert.deepEqual(asked.questions[0]!.z, [0.5, 0.5, 0.5]);
    assert.deepEqual(skus(), ['0.50']);
    assert.equal(session.begun, false);
    const asked2 = new FakeAsked();
    asked2.mu = [0.7, 0.5, 0.5];
    const other = await openSession(asked2);
    assert.deepEqual(
      asked2.questions[0]!.z.map(z => z.toFixed(6)),
      ['0.700000', '0.500000', '0.500000'],
    );
    assert.deepEqual(other.skus(), ['0.70']);
  });

  it('begins in the middle of the dials where the store is empty', async () => {
    const asked = new FakeAsked();
    asked.surprise = async () => {
      throw problem('no-match-allowed');
    };
    const { session } = await openSession(asked);
    assert.deepEqual(session.dials, [0, 0, 0]);
    assert.equal(session.trouble, undefined);
  });

  it('moves the matches as soon as the finger has left, and never before the answer to where it was', async () => {
    const { session, asked, skus } = await openSession();
    session.turn(0, 1);
    session.display.lifted();
    assert.deepEqual(skus(), ['0.50'], 'nothing has answered yet');
    await tick();
    assert.deepEqual(skus(), [asked.questions.at(-1)!.z[0]!.toFixed(2)]);
    assert.equal(session.display.settled, true);
    session.turn(0, 2);
    await tick();
    assert.equal(session.display.settled, false, 'it may still lie there');
    session.display.lifted();
    assert.equal(session.display.settled, true);
    assert.deepEqual(skus(), [asked.questions.at(-1)!.z[0]!.toFixed(2)]);
  });

  it('says that a tap is being carried out, until it is or another one counts', async () => {
    const { session, asked } = await openSession();
    const answers: (() => void)[] = [];
    const { posterior } = asked;
    asked.posterior = async sku => {
      await new Promise<void>(go => answers.push(go));
      return await posterior.call(asked, sku);
    };
    assert.equal(session.busy, false);
    const first = session.startFrom('a');
    assert.equal(session.busy, true);
    session.turn(0, 1);
    assert.equal(session.busy, false, 'the finger counts now');
    const second = session.startFrom('b');
    answers[0]!();
    await first;
    assert.equal(session.busy, true);
    answers[1]!();
    await second;
    assert.equal(session.busy, false);
  });

  it('asks for fewer pictures while the box is hot, and still shows the last', async () => {
    const { session, asked, time } = await openSession();
    session.display.pace(8);
    const before = asked.questions.length;
    for (let at = 0; at < 50; at++) {
      session.turn(0, at / 25);
      await tick();
      time.pass(10);
      await tick();
    }
    assert.equal(asked.questions.length - before, 4, 'half a second of it');
    time.pass(125);
    await tick();
    assert.equal(asked.questions.length - before, 5);
    assert.equal(asked.questions.at(-1)!.z[0], 0.5 + 0.1 * (49 / 25));
    assert.equal(session.display.picture?.rgba[0], 70, 'the last is shown');
  });

  it('lets the picture follow the finger, and the rail only when the finger rests', async () => {
    const { session, skus, rest } = await openSession();
    session.turn(0, 2);
    await tick();
    assert.equal(session.display.picture?.rgba[0], 70);
    assert.deepEqual(skus(), ['0.50']);
    assert.equal(session.display.settled, false);
    await rest();
    assert.deepEqual(skus(), ['0.70']);
    assert.equal(session.display.settled, true);
  });

  it('hangs up the matches of the last point where its answer comes only after the finger has come to rest', async () => {
    const { session, asked, skus, rest } = await openSession();
    asked.held = true;
    for (const value of [1, 2, 3]) session.turn(0, value);
    await rest();
    assert.deepEqual(skus(), ['0.50']);
    asked.release();
    await tick();
    await tick();
    assert.deepEqual(skus(), ['0.80']);
  });

  it('takes one step for a whole drag, and none for a touch that moved nothing', async () => {
    const { session, rest } = await openSession();
    for (const value of [1, 2, 3]) session.turn(1, value);
    session.commit();
    session.commit();
    await rest();
    session.commit();
    assert.equal(session.history?.steps.length, 2);
    assert.equal(session.history?.present.picture, session.display.picture);
    session.undo();
    assert.deepEqual(session.dials, [0, 0, 0]);
    session.redo();
    assert.deepEqual(session.dials, [0, 3, 0]);
  });

  it('starts from a garment where it really lies, beyond the dials’ ends too', async () => {
    const { session, asked, rest } = await openSession();
    asked.mu = [1.4, 0.5, -0.3];
    await session.startFrom('A');
    await rest();
    assert.deepEqual(
      asked.questions.at(-1)!.z.map(z => z.toFixed(6)),
      ['1.400000', '0.500000', '-0.300000'],
    );
    assert.ok(session.dials[0]! > 5);
  });

  it('shows one kind alone, beginning with its nearest garment, and brings the kind back on undo', async () => {
    const { session, asked, rest, skus } = await openSession();
    asked.mu = [0.9, 0.5, 0.5];
    await session.choose('Dress');
    await rest();
    assert.deepEqual(asked.questions.at(-1)!.filter, { categories: ['Dress'] });
    assert.deepEqual(skus(), ['Dress0.90']);
    await session.choose(undefined);
    await rest();
    assert.deepEqual(skus(), ['0.90']);
    session.undo();
    await rest();
    assert.equal(session.kind, 'Dress');
  });

  it('starts over where it began, and that too can be undone', async () => {
    const { session, rest } = await openSession();
    session.turn(2, -4);
    session.commit();
    await session.choose('Dress');
    await rest();
    session.reset();
    await rest();
    assert.deepEqual(session.dials, [0, 0, 0]);
    assert.equal(session.kind, undefined);
    session.undo();
    assert.equal(session.kind, 'Dress');
  });

  it('tells a conditional model the kind from the first garment on, and takes it from each garment it goes to', async () => {
    const conditional = new FakeAsked();
    conditional.conditions = { categories: ['Coat', 'Dress'], default: 'Coat' };
    conditional.category = 'Dress';
    const { session, asked, rest } = await openSession(conditional);
    assert.equal(session.kind, 'Dress');
    assert.deepEqual(asked.questions[0]!.condition, { category: 'Dress' });
    conditional.category = 'Coat';
    await session.startFrom('A');
    await rest();
    assert.deepEqual(asked.questions.at(-1)!.condition, { category: 'Coat' });
    assert.deepEqual(asked.questions.at(-1)!.filter, { categories: ['Coat'] });
    session.reset();
    await rest();
    assert.equal(session.kind, 'Dress');
    session.undo();
    assert.equal(session.kind, 'Coat');
  });

  it('draws a garment of a kind that the model does not know as what is on the screen', async () => {
    const conditional = new FakeAsked();
    conditional.conditions = { categories: ['Coat'], default: 'Coat' };
    conditional.category = 'Coat';
    const { session, rest } = await openSession(conditional);
    conditional.category = 'Hat';
    await session.startFrom('A');
    await rest();
    assert.equal(session.kind, 'Coat');
  });

  it('leaves the dial to the finger where a surprise comes late', async () => {
    const { session, asked, rest } = await openSession();
    asked.held = true;
    asked.mu = [1, 1, 1];
    const late = session.surprise();
    session.turn(0, -2);
    asked.release();
    await late;
    await rest();
    assert.deepEqual(session.dials, [-2, 0, 0]);
  });

  it('draws the two ends of the dials in sight, and of no other, once the hand rests', async () => {
    const { session, rest } = await openSession();
    session.display.showDials([0]);
    session.turn(1, 1);
    await rest();
    await tick();
    assert.deepEqual([session.display.ends.of(0)?.low.rgba[0], session.display.ends.of(0)?.high.rgba[0]], [0, 100]);
    assert.equal(session.display.ends.of(1), undefined);
  });

  it('takes its accent from the garment', async () => {
    const { session } = await openSession();
    assert.ok(session.display.accent !== undefined);
  });

  it('takes the next accent after the matches hang, and none of a garment that is being turned', async () => {
    const { session, rest, time } = await openSession();
    const first = session.display.accent;
    session.turn(0, 2);
    await rest();
    assert.equal(session.display.accent, first);
    session.turn(0, 1);
    time.pass(ACCENT_MS);
    assert.equal(session.display.accent, first);
    await rest();
    time.pass(ACCENT_MS);
    assert.notEqual(session.display.accent, first);
  });
});
