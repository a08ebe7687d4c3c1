import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pauseBefore } from '../../../ui/lib/backoff.ts';
import { REST_MS, Rest } from '../../../ui/lib/rest.ts';
import { handClock } from '../support/hand-clock.ts';

describe('a hand at rest', () => {
  it('rests once nothing has moved for the whole time, and says so once', () => {
    const time = handClock();
    let rests = 0;
    const rest = new Rest(() => rests++, time);
    rest.moved();
    assert.equal(rest.resting, false);
    time.pass(REST_MS - 1);
    rest.moved();
    time.pass(REST_MS - 1);
    assert.equal(rests, 0);
    time.pass(1);
    assert.equal(rests, 1);
    assert.equal(rest.resting, true);
    time.pass(10 * REST_MS);
    assert.equal(rests, 1);
  });

  it('rests at once when the hand has left, and only once', () => {
    const time = handClock();
    let rests = 0;
    const rest = new Rest(() => rests++, time);
    rest.lifted();
    assert.equal(rests, 0, 'it had not moved');
    rest.moved();
    rest.lifted();
    assert.equal(rests, 1);
    assert.equal(rest.resting, true);
    time.pass(10 * REST_MS);
    assert.equal(rests, 1);
  });

  it('is a time a person does not notice as waiting: 150 to 200 ms', () => {
    assert.ok(REST_MS >= 150 && REST_MS <= 200);
  });
});

describe('the pause before the daemon is asked again', () => {
  it('doubles, and is never longer than a few seconds', () => {
    const pauses = Array.from({ length: 100 }, (_, attempt) => pauseBefore(attempt));
    assert.deepEqual(
      pauses,
      pauses.toSorted((a, b) => a - b),
    );
    assert.equal(pauses[1], 2 * pauses[0]!);
    assert.equal(Math.max(...pauses), 4000);
  });
});
