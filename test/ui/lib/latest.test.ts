import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Latest } from '../../../ui/lib/latest.ts';

/** Questions wait here until the test answers them. */
function desk() {
  const asked: { question: number; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const shown: string[] = [];
  const failed: string[] = [];
  const latest = new Latest<number, string>(
    question => new Promise((answer, fail) => asked.push({ question, answer, fail })),
    answer => shown.push(answer),
    error => failed.push((error as Error).message),
  );
  const settled = (): Promise<void> => new Promise(go => setImmediate(go));
  return { latest, asked, shown, failed, settled };
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
});
