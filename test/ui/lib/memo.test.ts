import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memo, saysOther } from '../../../ui/lib/memo.ts';

describe('a kept value', () => {
  it('is the same object for the same things, and worked out anew for any other', () => {
    let worked = 0;
    const pair = memo((a: object, b: number) => {
      worked += 1;
      return { a, b };
    });
    const [one, other] = [{}, {}];
    const first = pair(one, 1);
    assert.equal(pair(one, 1), first);
    assert.equal(pair(one, Number.NaN), pair(one, Number.NaN));
    assert.notEqual(pair(other, 1), first);
    assert.equal(worked, 3);
  });

  it('does not take the first time for kept, even where nothing is given', () => {
    let worked = 0;
    const nothing = memo(() => ++worked);
    assert.deepEqual([nothing(), nothing()], [1, 1]);
  });
});

describe('words that say something else', () => {
  it('are told by what they say, not by which object they are', () => {
    assert.equal(saysOther({ low: 'a', high: 'b' }, { low: 'a', high: 'b' }), false);
    assert.equal(saysOther({ low: 'a', high: 'c' }, { low: 'a', high: 'b' }), true);
    assert.equal(saysOther({ low: 'a' }, undefined), true);
  });
});
