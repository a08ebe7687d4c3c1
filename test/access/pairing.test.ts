import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Access } from '../../device/access/access.ts';
import { PAIRING_MS, TRIES } from '../../device/access/pairing.ts';
import type { PairedScope } from '../../device/access/who.ts';
import { LOCALLY, testAccess } from '../support/access.ts';

const started = (access: Access, scope: PairedScope = 'inventory'): string => {
  const state = access.pairing.begin(scope);
  assert.ok(state.state === 'open');
  assert.match(state.code, /^\d{8}$/);
  return state.code;
};
const redeem = (access: Access, code: string) =>
  access.pairing.redeem(code, scope => access.createKey('Till', scope, LOCALLY));
/** A code that is not this one. */
const not = (code: string): string => String((Number(code) + 1) % 1e8).padStart(8, '0');

describe('pairing', () => {
  it('gives a key of the scope that staff chose, once', t => {
    const { access } = testAccess(t);
    const code = started(access, 'admin');
    const { key, token } = redeem(access, code);
    assert.equal(key.scope, 'admin');
    assert.equal(access.keys.find(token)?.id, key.id);
    assert.deepEqual(access.pairing.state, { state: 'paired', key });
    assert.throws(() => redeem(access, code), { code: 'pairing-closed' }, 'a code that was overheard is worth nothing');
    assert.equal(access.keys.list().length, 1);
  });

  it('takes the code as people type it', t => {
    const { access } = testAccess(t);
    for (const typed of [
      (code: string) => `${code.slice(0, 4)} ${code.slice(4)}`,
      (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`,
    ]) {
      redeem(access, typed(started(access)));
    }
    assert.equal(access.keys.list().length, 2);
  });

  it('is over after 120 s', t => {
    const { access, clock } = testAccess(t);
    const code = started(access);
    clock.pass(PAIRING_MS - 1);
    assert.equal(access.pairing.state.state, 'open');
    clock.pass(1);
    assert.deepEqual(access.pairing.state, { state: 'expired' });
    assert.throws(() => redeem(access, code), { code: 'pairing-closed' });
    assert.deepEqual(access.keys.list(), []);
  });

  it('is over after five wrong codes, and then the right one is none', t => {
    const { access } = testAccess(t);
    const code = started(access);
    for (let left = TRIES - 1; left >= 0; left--) {
      assert.throws(() => redeem(access, not(code)), { code: 'code-wrong', field: 'code' });
      const { state } = access.pairing;
      assert.equal(state.state === 'open' ? state.triesLeft : 0, left);
    }
    assert.deepEqual(access.pairing.state, { state: 'spent' });
    assert.throws(() => redeem(access, code), { code: 'pairing-closed' });
  });

  it('has one code at a time: a new one ends the one before', t => {
    const { access } = testAccess(t);
    const first = started(access);
    const second = started(access);
    if (first !== second) assert.throws(() => redeem(access, first), { code: 'code-wrong' });
    redeem(access, second);
  });

  it('is as it was where the key cannot be made', t => {
    const { access } = testAccess(t);
    const code = started(access);
    const fails = (): never => {
      throw new Error('disk full');
    };
    assert.throws(() => access.pairing.redeem(code, fails), /disk full/);
    assert.equal(access.pairing.state.state, 'open');
    redeem(access, code);
  });

  it('takes nothing before it is started, nor after it is stopped', t => {
    const { access } = testAccess(t);
    assert.throws(() => redeem(access, '00000000'), { code: 'pairing-closed' });
    const code = started(access);
    access.pairing.end();
    assert.throws(() => redeem(access, code), { code: 'pairing-closed' });
  });

  it('shows codes that are spread over all there are', t => {
    const { access } = testAccess(t);
    const first = Array.from({ length: 400 }, () => started(access)[0]);
    for (const digit of '0123456789') assert.ok(first.filter(one => one === digit).length > 8, digit);
  });
});
