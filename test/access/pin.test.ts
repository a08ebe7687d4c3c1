import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { Access } from '../../device/access/access.ts';
import { FREE_TRIES, LONGEST_LOCK_MS, lockOf } from '../../device/access/pin.ts';
import { LOCALLY, OTHER_PIN, PIN, PIN_COST, testAccess } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { HandSetClock } from '../support/hand-set-clock.ts';
import { temporaryFolder } from '../support/store.ts';

const doing = { ...LOCALLY, what: 'keys pin' };
const WRONG = '000001';

async function withPin(...given: Parameters<typeof testAccess>): Promise<ReturnType<typeof testAccess>> {
  const made = testAccess(...given);
  await made.access.setPin(PIN, { replacing: false, doing });
  return made;
}

async function tryWrong(access: Access, times: number): Promise<void> {
  for (let at = 0; at < times; at++) await assert.rejects(access.pin.check(WRONG), { code: /^pin-(wrong|locked)$/ });
}

describe('the PIN', () => {
  it('is unset at first, is set once by anybody, and replaced only by who may', async t => {
    const { access } = testAccess(t);
    assert.equal(access.pin.version, 0);
    await assert.rejects(access.pin.check(PIN), { code: 'pin-unset' });
    await access.setPin(PIN, { replacing: false, doing });
    assert.equal(await access.pin.check(PIN), 1);
    await assert.rejects(access.setPin(OTHER_PIN, { replacing: false, doing }), { code: 'pin-set' });
    await access.setPin(OTHER_PIN, { replacing: true, doing });
    assert.equal(await access.pin.check(OTHER_PIN), 2);
    await assert.rejects(access.pin.check(PIN), { code: 'pin-wrong' });
    assert.deepEqual(
      access.audit.page(10).map(({ what }) => what),
      ['keys pin', 'keys pin'],
      'a refused one leaves no line',
    );
  });

  it('is set by one of two who set it at the same moment', async t => {
    const { access } = testAccess(t);
    const set = (pin: string): Promise<string> =>
      access.setPin(pin, { replacing: false, doing }).then(
        () => pin,
        (error: { code: string }) => error.code,
      );
    const ends = await Promise.all([set(PIN), set(OTHER_PIN)]);
    assert.equal(ends.filter(end => end === 'pin-set').length, 1);
    assert.equal(await access.pin.check(ends.find(end => end !== 'pin-set')!), 1);
  });

  it('has 6 to 12 digits, and is not the first that anybody tries', async t => {
    const { access } = testAccess(t);
    const refused = [
      '',
      '12345',
      '1234567890123',
      'abcdef',
      '27182８',
      '2718 28',
      '111111',
      '123456',
      '987654',
      '000000',
    ];
    for (const pin of refused) {
      const set = access.setPin(pin, { replacing: false, doing });
      await assert.rejects(set, { code: 'invalid-request', field: 'pin' }, pin);
    }
    assert.equal(access.pin.version, 0);
  });

  it('is not in the file, nor is a hash that a table of all PINs would find', async t => {
    const folder = await temporaryFolder(t);
    const hashes = await Promise.all(
      ['one', 'other'].map(async name => {
        const path = join(folder, `${name}.sqlite`);
        await withPin(t, { path });
        const bytes = readFileSync(path).toString('latin1') + readFileSync(`${path}-wal`).toString('latin1');
        assert.ok(!bytes.includes(PIN));
        const database = new DatabaseSync(path, { readOnly: true });
        afterwards(t, () => database.close());
        return Buffer.from(database.prepare('SELECT hash FROM staff').get()?.hash as Uint8Array).toString('hex');
      }),
    );
    assert.equal(hashes[0]?.length, 64);
    assert.notEqual(hashes[0], hashes[1], 'the same PIN is salted differently');
  });
});

describe('the lock of the PIN', () => {
  it('begins with the fifth wrong try, and refuses the right PIN too', async t => {
    const { access } = await withPin(t);
    await tryWrong(access, FREE_TRIES - 1);
    assert.equal(access.pin.lockedMs, 0);
    await assert.rejects(access.pin.check(WRONG), { code: 'pin-locked', retryAfter: 30 });
    await assert.rejects(access.pin.check(PIN), { code: 'pin-locked', message: /in 30 s/ });
  });

  it('opens after its time, and is twice as long after the next wrong try, up to a bound', async t => {
    const { access, clock } = await withPin(t);
    await tryWrong(access, FREE_TRIES);
    clock.pass(29_999);
    await assert.rejects(access.pin.check(PIN), { code: 'pin-locked', retryAfter: 1 });
    clock.pass(1);
    await assert.rejects(access.pin.check(WRONG), { code: 'pin-locked', retryAfter: 60 });
    clock.pass(60_000);
    assert.equal(await access.pin.check(PIN), 1);
    await tryWrong(access, FREE_TRIES - 1);
    assert.equal(access.pin.lockedMs, 0, 'the right PIN forgave what was before');
    assert.deepEqual([4, 5, 6, 7, 9, 10, 99].map(lockOf), [0, 30_000, 60_000, 120_000, 480_000, 900_000, 900_000]);
    assert.equal(LONGEST_LOCK_MS, 900_000);
  });

  it('survives a restart, which waits the whole time again', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = await withPin(t, { path });
    await tryWrong(access, FREE_TRIES + 1);
    const clock = new HandSetClock();
    const again = Access.open(path, { clock, pinCost: PIN_COST });
    afterwards(t, () => again.close());
    await assert.rejects(again.pin.check(PIN), { code: 'pin-locked', retryAfter: 30 });
    clock.pass(30_000);
    assert.equal(await again.pin.check(PIN), 1);
  });

  it('is not opened by setting the box’s clock', async t => {
    const { access, clock } = await withPin(t);
    await tryWrong(access, FREE_TRIES);
    for (const wall of [clock.wall() + 1e9, 0]) {
      clock.set(wall);
      await assert.rejects(access.pin.check(PIN), { code: 'pin-locked' });
    }
  });

  it('counts a try before it is looked at: to kill the daemon meanwhile wins none', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = await withPin(t, { path });
    const tried = assert.rejects(access.pin.check(WRONG), { code: /^pin-/ });
    const other = Access.open(path, { pinCost: PIN_COST });
    afterwards(t, () => other.close());
    await tryWrong(other, FREE_TRIES - 2);
    await assert.rejects(other.pin.check(WRONG), { code: 'pin-locked' });
    await tried;
  });

  it('looks at one try at a time', async t => {
    const { access } = await withPin(t);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => access.pin.check(WRONG)));
    const codes = tries.map(one => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'right'));
    assert.deepEqual(codes.sort(), [...Array<string>(7).fill('busy'), 'pin-wrong']);
  });

  it('is opened by whoever sets another PIN on the box', async t => {
    const { access } = await withPin(t);
    await tryWrong(access, FREE_TRIES);
    await access.setPin(OTHER_PIN, { replacing: true, doing });
    assert.equal(await access.pin.check(OTHER_PIN), 2);
  });
});
