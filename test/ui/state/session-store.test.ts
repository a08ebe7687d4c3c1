import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { LOOK_AGAIN_MS } from '../../../ui/state/display.ts';
import { openSession, tick } from '../support/open-session.ts';

const problem = (code: string): ApiError => new ApiError({ type: '', title: '', status: 503, detail: '', code });

describe('a session whose store or daemon changes', () => {
  it('keeps the dials while the daemon is gone, and shows the newest of them when it is back', async () => {
    const { session, asked, time, skus, rest } = await openSession();
    asked.failures.push(new DaemonGone('cut'), new DaemonGone('still'));
    session.turn(0, 1);
    await tick();
    assert.equal(session.connection, 'gone');
    session.turn(0, 4);
    await rest();
    assert.deepEqual(session.dials, [4, 0, 0]);
    for (let pause = 0; pause < 6; pause++) {
      time.pass(1000);
      await tick();
      await tick();
    }
    assert.equal(session.connection, 'here');
    assert.equal(asked.failures.length, 0);
    assert.deepEqual(skus(), ['0.90']);
  });

  it('says what went wrong until the next thing is done', async () => {
    const { session, asked, rest } = await openSession();
    asked.failures.push(problem('busy'));
    session.turn(0, 1);
    await rest();
    assert.equal(session.trouble, 'busy');
    session.turn(0, 2);
    assert.equal(session.trouble, undefined);
  });

  it('hides no mistake of its own', async () => {
    const { session } = await openSession();
    assert.throws(() => session.failed(new TypeError('a mistake')), TypeError);
  });

  it('learns anew what the store has when another edition answers', async () => {
    const { session, asked, rest } = await openSession();
    asked.edition = 'two';
    session.turn(0, 1);
    await rest();
    assert.equal(session.model?.edition, 'two');
    assert.deepEqual(session.dials, [1, 0, 0]);
  });

  it('finds the matches again at rest where a garment that hangs here has changed, and not for another', async () => {
    const { session, asked, time, skus } = await openSession();
    asked.sold.add('0.50');
    session.heard({ skus: ['elsewhere'], more: false });
    await tick();
    assert.deepEqual(skus(), ['0.50']);
    session.heard({ skus: ['elsewhere', '0.50'], more: false });
    await tick();
    assert.deepEqual(skus(), []);
    asked.sold.clear();
    session.heard({ skus: [], more: true });
    await tick();
    assert.deepEqual(skus(), [], 'not so soon again');
    time.pass(LOOK_AGAIN_MS);
    await tick();
    assert.deepEqual(skus(), ['0.50']);
  });

  it('leaves the rail alone under a moving finger, whatever has been sold', async () => {
    const { session, asked, time, skus, rest } = await openSession();
    session.turn(0, 1);
    asked.sold.add('0.50');
    session.heard({ skus: ['0.50'], more: false });
    await tick();
    assert.deepEqual(skus(), ['0.50']);
    await rest();
    assert.deepEqual(skus(), ['0.60']);
    time.pass(LOOK_AGAIN_MS);
    await tick();
    asked.held = true;
    asked.sold.add('0.60');
    session.heard({ skus: ['0.60'], more: false });
    session.turn(0, 2);
    asked.release();
    await tick();
    assert.deepEqual(skus(), ['0.60'], 'what was asked before the finger moved comes too late');
    await rest();
    assert.deepEqual(skus(), ['0.70']);
  });
});
