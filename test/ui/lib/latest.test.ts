import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Latest } from '../../../ui/lib/latest.ts';
import { handClock } from '../support/hand-clock.ts';

/** Questions wait here until the test answers them. */
function desk() {
  const asked: { question: number; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const shown: string[] = [];
  const failed: string[] = [];
  const time = handClock();
  const latest = new Latest<number, string>(
    question => new Promise((answer, fail) => asked.push({ question, answer, fail })),
    answer => shown.push(answer),
    error => failed.push((error as Error).message),
    time,
  );
  const settled = (): Promise<void> => new Promise(go => setImmediate(go));
  return { latest, asked, shown, failed, settled, time };
}

describe('one question in flight, the newest waiting', () => {
  it('asks at once when nothing is in flight', () => {
    const { latest, asked } = desk();
    assert.equal(latest.idle, true);
    latest.put(1);
    assert.deepEqual(
      asked.map(({ question }) => question),
      [1],
    );
    assert.equal(latest.idle, false);
  });

  it('keeps only the newest of those that come meanwhile, and asks it next', async () => {
    const { latest, asked, shown, settled } = desk();
    for (const question of [1, 2, 3, 4]) latest.put(question);
    assert.equal(asked.length, 1);
    assert.equal(latest.behind, true);
    asked[0]!.answer('one');
    await settled();
    assert.deepEqual(
      asked.map(({ question }) => question),
      [1, 4],
    );
    assert.equal(latest.behind, false);
    asked[1]!.answer('four');
    await settled();
    assert.deepEqual(shown, ['one', 'four']);
    assert.equal(latest.idle, true);
  });

  it('shows every answer although questions come faster than answers', async () => {
    const { latest, asked, shown, settled } = desk();
    let question = 0;
    latest.put(question);
    for (let answered = 0; answered < 20; answered++) {
      for (let more = 0; more < 5; more++) latest.put(++question);
      asked.at(-1)!.answer(`answer to ${asked.at(-1)!.question}`);
      await settled();
    }
    assert.equal(shown.length, 20);
    const numbers = shown.map(text => Number(text.split(' ').at(-1)));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
  });

  it('goes on with the waiting question after one that failed', async () => {
    const { latest, asked, shown, failed, settled } = desk();
    latest.put(1);
    latest.put(2);
    asked[0]!.fail(new Error('gone'));
    await settled();
    assert.deepEqual(failed, ['gone']);
    asked[1]!.answer('two');
    await settled();
    assert.deepEqual(shown, ['two']);
  });

  it('can be asked again after it has fallen silent', async () => {
    const { latest, asked, shown, settled } = desk();
    for (const word of ['first', 'second']) {
      latest.put(asked.length);
      asked.at(-1)!.answer(word);
      await settled();
    }
    assert.deepEqual(shown, ['first', 'second']);
  });

  describe('with a rate', () => {
    /** Puts a question every 10 ms for a second, each answered at once. @returns the questions that were asked */
    async function drag(perSecond: number | null): Promise<number[]> {
      const { latest, asked, settled, time } = desk();
      latest.perSecond = perSecond;
      for (let question = 0; question < 100; question++) {
        latest.put(question);
        await settled();
        asked.at(-1)?.answer('');
        await settled();
        time.pass(10);
        await settled();
      }
      return asked.map(({ question }) => question);
    }

    it('asks no more than so many a second, evenly, and always the newest', async () => {
      assert.equal((await drag(null)).length, 100);
      const asked = await drag(8);
      // The newest at 0, 125, 250 ... milliseconds, of one every ten.
      assert.deepEqual(asked, [0, 12, 25, 38, 51, 64, 77, 90]);
      assert.equal((await drag(15)).length, 15);
    });

    it('asks the last question of a drag though the finger has stopped', async () => {
      const { latest, asked, shown, settled, time } = desk();
      latest.perSecond = 8;
      latest.put(1);
      asked[0]!.answer('one');
      await settled();
      latest.put(2);
      latest.put(3);
      await settled();
      assert.deepEqual([asked.length, latest.idle, latest.behind], [1, false, true]);
      time.pass(125);
      await settled();
      asked[1]!.answer('three');
      await settled();
      assert.deepEqual(shown, ['one', 'three']);
      assert.deepEqual([asked[1]!.question, latest.idle, latest.behind], [3, true, false]);
    });

    it('goes at full speed again once there is none', async () => {
      const { latest, asked, settled, time } = desk();
      latest.perSecond = 8;
      latest.put(1);
      asked[0]!.answer('');
      latest.perSecond = null;
      time.pass(125);
      for (let question = 2; question < 10; question++) {
        latest.put(question);
        await settled();
        asked.at(-1)!.answer('');
        await settled();
      }
      assert.equal(asked.length, 9);
    });
  });
});
