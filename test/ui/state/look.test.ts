import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSame, type Look, NO_CHOICES, threadOf } from '../../../ui/state/look.ts';

const picture = { width: 1, height: 1, rgba: Uint8Array.of(1, 2, 3, 4) };
const look = (dial: number, more: Partial<Look> = {}): Look => ({
  dials: [dial],
  kind: undefined,
  choices: NO_CHOICES,
  picture: undefined,
  ...more,
});

describe('the looks on the thread', () => {
  it('are those that look another way: what was chosen in between is none of its own', () => {
    const locked = { ...NO_CHOICES, locked: [0] };
    const steps = [look(0, { picture }), look(0, { choices: locked }), look(1), look(1, { kind: 'Dress' })];
    assert.deepEqual(threadOf(steps, 1), {
      looks: [
        { step: 1, picture },
        { step: 2, picture: undefined },
        { step: 3, picture: undefined },
      ],
      at: 0,
    });
    assert.equal(threadOf(steps, 0).at, 0);
    assert.equal(threadOf(steps, 3).at, 2);
  });

  it('tell a step from another by its dials, its kind and its choices', () => {
    assert.ok(isSame(look(1), look(1)));
    assert.ok(!isSame(look(1), look(2)));
    assert.ok(!isSame(look(1), look(1, { kind: 'Dress' })));
    assert.ok(!isSame(look(1), look(1, { choices: { ...NO_CHOICES } })));
  });
});
