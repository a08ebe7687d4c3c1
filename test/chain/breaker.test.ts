import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Breaker } from '../../device/chain/breaker.ts';

describe('the breaker', () => {
  let now = 0;
  let breaker: Breaker;
  beforeEach(() => {
    now = 0;
    breaker = new Breaker({ failures: 3, pauseMs: 100, longestMs: 350, now: () => now });
  });
  const fail = (): boolean | undefined => breaker.admit()?.failed();

  it('lets everything through until so many have failed in a row', () => {
    assert.deepEqual([fail(), fail()], [false, false]);
    breaker.admit()?.succeeded();
    assert.deepEqual([fail(), fail()], [false, false]);
    assert.equal(breaker.state, 'closed');
    assert.equal(fail(), true, 'the third in a row opens it');
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.admit(), undefined);
  });

  it('lets one question try after a pause, and no other meanwhile', () => {
    for (let i = 0; i < 3; i += 1) fail();
    assert.equal(breaker.waitMs, 100);
    now = 100;
    assert.equal(breaker.state, 'half-open');
    const trial = breaker.admit();
    assert.ok(trial !== undefined);
    assert.equal(breaker.admit(), undefined);
    trial.succeeded();
    assert.equal(breaker.state, 'closed');
    assert.ok(breaker.admit() !== undefined);
  });

  it('waits twice as long after each trial that fails, up to a bound, and begins anew once it has closed', () => {
    for (let i = 0; i < 3; i += 1) fail();
    const pauses: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      now += breaker.waitMs;
      assert.equal(fail(), false, 'it was open already');
      pauses.push(breaker.waitMs);
    }
    assert.deepEqual(pauses, [200, 350, 350, 350]);
    now += breaker.waitMs;
    breaker.admit()?.succeeded();
    for (let i = 0; i < 3; i += 1) fail();
    assert.equal(breaker.waitMs, 100);
  });

  it('learns nothing of a question that nobody waited for, and lets the next one try', () => {
    for (let i = 0; i < 3; i += 1) fail();
    now = 100;
    breaker.admit()?.gaveUp();
    assert.equal(breaker.state, 'half-open');
    assert.ok(breaker.admit() !== undefined);
  });

  it('does not take what was under way when it opened for its trial', () => {
    const old = [breaker.admit(), breaker.admit(), breaker.admit(), breaker.admit()];
    for (const ticket of old.slice(0, 3)) ticket?.failed();
    now = 100;
    const trial = breaker.admit();
    assert.equal(old[3]?.failed(), false);
    assert.equal(breaker.admit(), undefined, 'the trial is still under way');
    trial?.succeeded();
    assert.equal(breaker.state, 'closed');
  });
});
