/**
 * A box has no battery for its clock, and a time server that may be wrong: what goes by the box's own clock, and what does not. The
 * updates of the model have tests of their own (test/updates/attacks.test.ts: a clock that is wound back makes nothing good again),
 * and so has what a till sends twice (test/inventory/stock-ledger.test.ts).
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Audit } from '../device/api/access-schemas.ts';
import { SteadyCounts } from '../device/api/steady-counts.ts';
import { testAccess } from './support/access.ts';
import { afterwards } from './support/afterwards.ts';
import { TestDaemon } from './support/daemon.ts';
import { bearer, enter } from './support/staff.ts';

const NOW = Date.UTC(2026, 4, 4, 10, 30);
const YEAR_MS = 365 * 24 * 3_600_000;

/** A daemon whose box's clock the test sets, while what only goes forward goes on as it does. */
async function daemonAt(t: TestContext, options: Parameters<typeof TestDaemon.start>[0] = {}) {
  t.mock.timers.enable({ apis: ['Date'], now: NOW });
  const daemon = await TestDaemon.start(options);
  afterwards(t, () => daemon.close());
  return { daemon, set: (wall: number): void => t.mock.timers.setTime(wall) };
}

describe('a clock that jumps back by a year', () => {
  it('ends no staff session, and opens no lock of the PIN', async t => {
    const { daemon, set } = await daemonAt(t);
    const token = await enter(daemon);
    set(NOW - YEAR_MS);
    assert.equal((await daemon.ask({ url: '/api/v1/keys', headers: bearer(token) })).statusCode, 200);
    for (let tries = 0; tries < 5; tries++) await daemon.post('/api/v1/staff/session', { pin: '000001' });
    for (const wall of [NOW, NOW + YEAR_MS, NOW - YEAR_MS]) {
      set(wall);
      const { lockedSeconds } = (await daemon.ask({ url: '/api/v1/staff' })).json();
      assert.ok(lockedSeconds > 20 && lockedSeconds <= 30, `${lockedSeconds} s`);
    }
    assert.equal((await daemon.ask({ url: '/api/v1/keys', headers: bearer(token) })).statusCode, 200);
  });

  it('keeps the audit in the order in which things were done', async t => {
    const { daemon, set } = await daemonAt(t);
    const headers = { ...daemon.key('admin'), 'content-type': 'application/json' };
    const walls = [NOW, NOW - YEAR_MS, NOW + 1_000];
    for (const [at, wall] of walls.entries()) {
      set(wall);
      const payload = { title: `Garment ${at}` };
      const answer = await daemon.ask({ method: 'PUT', url: `/api/v1/items/new-${at}`, payload, headers });
      assert.equal(answer.statusCode, 201, answer.body);
    }
    const { lines } = (await daemon.ask({ url: '/api/v1/audit?limit=3', headers })).json<Audit>();
    assert.deepEqual(
      lines.map(({ subject, at }) => [subject, Date.parse(at)]),
      [2, 1, 0].map(at => [`new-${at}`, walls[at]]),
    );
  });

  it('shuts nobody out who has had their share of requests, but for the ten seconds that anybody waits', async t => {
    const { daemon, set } = await daemonAt(t, { requestsPerMinute: 60 });
    const ask = async (): Promise<number> =>
      (await daemon.ask({ url: '/api/v1/surprise?seed=1', remoteAddress: '192.0.2.9' })).statusCode;
    for (let times = 0; times < 10; times++) assert.equal(await ask(), 200);
    assert.equal(await ask(), 429);
    set(NOW - YEAR_MS);
    assert.equal(await ask(), 429, 'and lets nobody in before');
    const real = performance.now.bind(performance);
    t.mock.method(performance, 'now', () => real() + 10_000);
    assert.equal(await ask(), 200);
  });

  it('leaves the box the certificate that tablets know, and a later one its renewal', async t => {
    const { access } = testAccess(t);
    const made = await access.certificates.current(['localhost'], new Date(NOW));
    const later = await access.certificates.current(['localhost'], new Date(NOW - YEAR_MS));
    assert.equal(later.fingerprint, made.fingerprint);
    // Made while the clock stood at 1970: it is over by the right one, and made anew.
    const old = await access.certificates.renew(['localhost'], new Date(0));
    const anew = await access.certificates.current(['localhost'], new Date(NOW));
    assert.notEqual(anew.fingerprint, old.fingerprint);
    assert.ok(anew.validTo.getTime() > NOW);
  });

  it('holds up no drag', async t => {
    const { daemon, set } = await daemonAt(t);
    for (const wall of [NOW, NOW - YEAR_MS, NOW + YEAR_MS]) {
      set(wall);
      const answer = await daemon.post('/api/v1/match', { z: [0, 0, 0, 0, 0, 0] });
      assert.equal(answer.statusCode, 200);
      const { tookMs } = answer.json();
      assert.ok(tookMs >= 0 && tookMs < 60_000, `${tookMs} ms`);
    }
  });
});

describe('a count of requests', () => {
  it('begins anew when its span is over, one address from another, and forgets the oldest', t => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const counts = new SteadyCounts();
    const count = (address: string): number => {
      let current = 0;
      counts.incr(address, (_, result) => (current = result?.current ?? 0), 1_000);
      return current;
    };
    assert.deepEqual([count('a'), count('a'), count('b')], [1, 2, 1]);
    now = 999;
    assert.equal(count('a'), 3);
    now = 1_000;
    assert.deepEqual([count('a'), count('b')], [1, 1]);
    for (let other = 0; other < 5_000; other++) count(`other ${other}`);
    assert.deepEqual([count('a'), count('other 4999')], [1, 2]);
    assert.equal(counts.child().constructor, SteadyCounts);
  });
});

/** Where the box's clock is read, and why that is right. A file that is new here needs a reason, or `performance.now()`. */
const READS_THE_CLOCK: Readonly<Record<string, string>> = {
  'access/clock.ts': 'the one place where access has both clocks',
  'access/certificates.ts': 'a certificate is good between two dates',
  'api/chain.ts': 'when a hold was asked for, for people to read',
  'calls/calls.ts': 'when somebody called and was answered, for people to read; what waits goes by the other',
  'cutout/previews.ts': 'when a cut-out goes, for people to read; it goes by the other',
  'inventory/stock-ledger.ts': 'receipts, which do not let it go back',
  'updates/updates.ts': 'the hours in which a model may be changed, and when it was looked last',
  'updates/update-progress.ts': 'when a release came, for people to read',
};

it('the box’s clock is read in these files alone', () => {
  const device = resolve(import.meta.dirname, '../device');
  const readers = globSync('**/*.ts', { cwd: device }).filter(file =>
    /\bDate\.now\b|new Date\(\)/.test(readFileSync(resolve(device, file), 'utf8')),
  );
  assert.deepEqual(readers.sort(), Object.keys(READS_THE_CLOCK).sort());
});
