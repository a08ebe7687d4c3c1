import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DaemonGone, type Point } from '../../../ui/lib/api.ts';
import type { Picture } from '../../../ui/lib/dial-answer.ts';
import { REST_MS } from '../../../ui/lib/rest.ts';
import type { Frames } from '../../../ui/state/glide.ts';
import { Session } from '../../../ui/state/session.ts';
import { FakeAsked } from '../support/fake-asked.ts';
import { handClock } from '../support/hand-clock.ts';

const still: Frames = { reduced: true, next: () => undefined, cancel: () => undefined };
const tick = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(go => setImmediate(go));
};

/** A daemon whose pictures of looks come one after the other, as the test says. */
class DrawnByHand extends FakeAsked {
  readonly asked: number[] = [];
  readonly #waiting: PromiseWithResolvers<Picture>[] = [];

  override generate: FakeAsked['generate'] = ({ z }: Point) => {
    this.asked.push(Math.round(z[0]! * 100));
    const answer = Promise.withResolvers<Picture>();
    this.#waiting.push(answer);
    return answer.promise;
  };

  get waiting(): number {
    return this.#waiting.length;
  }

  async draw(error?: Error): Promise<void> {
    const answer = this.#waiting.shift()!;
    if (error === undefined)
      answer.resolve({ width: 1, height: 1, rgba: Uint8Array.of(this.asked.at(-1)!, 0, 0, 255) });
    else answer.reject(error);
    await tick();
  }
}

async function open() {
  const asked = new DrawnByHand();
  const time = handClock();
  const session = new Session(asked, still, time);
  await session.start();
  const rest = async (): Promise<void> => {
    await tick();
    time.pass(REST_MS);
    await tick();
  };
  await rest();
  /** One look after the other, none looked at. */
  const pass = (...values: number[]): void => {
    for (const value of values) {
      session.turn(0, value);
      session.commit();
    }
  };
  /** Of each look what its picture is of, in hundredths of z. */
  const pictures = (): (number | undefined)[] => session.history!.steps.map(({ picture }) => picture?.rgba[0]);
  return { session, asked, rest, pass, pictures };
}

describe('looks that were passed', () => {
  it('get their pictures once the hand rests, the nearest first, one at a time', async () => {
    const { asked, rest, pass, pictures } = await open();
    pass(1, 2, 3);
    await tick();
    assert.deepEqual(asked.asked, [], 'never while the hand moves');
    await rest();
    assert.deepEqual([pictures(), asked.asked], [[50, undefined, undefined, 80], [70]]);
    await asked.draw();
    assert.deepEqual([pictures(), asked.asked, asked.waiting], [[50, undefined, 70, 80], [70, 60], 1]);
    await asked.draw();
    assert.deepEqual([pictures(), asked.waiting], [[50, 60, 70, 80], 0]);
    await rest();
    assert.equal(asked.asked.length, 2, 'each is asked for once');
  });

  it('are not asked for while the hand moves, and go on when it rests again', async () => {
    const { session, asked, rest, pass, pictures } = await open();
    pass(1, 2, 3);
    await rest();
    session.turn(0, 4);
    await asked.draw();
    assert.deepEqual([pictures(), asked.waiting], [[50, undefined, 70, 80], 0], 'what was on its way is not wasted');
    session.commit();
    await rest();
    assert.deepEqual(asked.asked, [70, 60]);
    await asked.draw();
    assert.deepEqual([pictures(), asked.waiting], [[50, 60, 70, 80, 90], 0]);
  });

  it('are asked for where they can be seen alone', async () => {
    const { asked, rest, pass } = await open();
    pass(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4);
    await rest();
    for (let drawn = 0; asked.waiting > 0; drawn += 1) {
      assert.ok(drawn < 6, 'the thread has six');
      await asked.draw();
    }
    assert.deepEqual(asked.asked, [80, 70, 60, 90, 80]);
  });

  it('are let go with their shopper', async () => {
    const { session, asked, rest, pass, pictures } = await open();
    pass(1, 2);
    await rest();
    session.forget();
    await asked.draw();
    await rest();
    assert.deepEqual([pictures(), asked.waiting], [[50], 0]);
  });

  it('stay as they are while the daemon is away, of which nothing is said, and are asked for again', async () => {
    const { session, asked, rest, pass, pictures } = await open();
    pass(1, 2);
    await rest();
    await asked.draw(new DaemonGone('cut off'));
    assert.deepEqual([session.trouble, session.connection, asked.waiting], [undefined, 'here', 0]);
    pass(3);
    await rest();
    await asked.draw();
    assert.deepEqual(pictures(), [50, 60, 70, 80]);
  });
});
