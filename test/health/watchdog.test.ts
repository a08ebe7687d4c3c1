import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tellHealth } from '../../device/health/watchdog.ts';

const WATCHDOG_MS = 40;

/** Runs until `enough` messages were told. */
async function run(checks: readonly (Error | undefined)[], watchdogMs: number | undefined = WATCHDOG_MS) {
  const stop = new AbortController();
  const [told, logged]: [string[][], string[]] = [[], []];
  let looks = 0;
  const log = (level: string) => (text: string) => void logged.push(`${level}: ${text}`);
  await tellHealth({
    manager: {
      watchdogMs,
      tell: async (...state) => {
        told.push([...state]);
        if (told.length > checks.length) stop.abort();
        return true;
      },
    },
    check: async () => {
      const fault = checks[looks++];
      if (fault) throw fault;
    },
    status: () => 'well',
    log: { info: log('info'), warn: log('warn') },
    signal: stop.signal,
  });
  return { told, logged };
}

describe('the signs of life', () => {
  it('begin with being ready, and are given while the daemon answers itself', async () => {
    const { told, logged } = await run([undefined, undefined]);
    assert.deepEqual(told, [
      ['READY=1', 'STATUS=well'],
      ['WATCHDOG=1', 'STATUS=well'],
      ['WATCHDOG=1', 'STATUS=well'],
    ]);
    assert.deepEqual(logged, []);
  });

  it('are held back while it does not, which is said once, and so is that it does again', async () => {
    const fault = new Error('No model is serving.');
    const { told, logged } = await run([fault, fault, undefined]);
    assert.deepEqual(
      told.map(([first]) => first),
      [
        'READY=1',
        'STATUS=Does not answer itself: No model is serving.',
        'STATUS=Does not answer itself: No model is serving.',
        'WATCHDOG=1',
      ],
    );
    assert.equal(logged.length, 2);
    assert.match(logged[0] ?? '', /^warn: .*No model is serving\.$/);
    assert.match(logged[1] ?? '', /^info: .*again\.$/);
  });

  it('come several times within the time that systemd waits', async () => {
    const watchdogMs = 2_000;
    const began = performance.now();
    await run([undefined, undefined, undefined], watchdogMs);
    assert.ok(performance.now() - began < watchdogMs);
  });

  it('end without a word where the daemon is stopped amid a look', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    await tellHealth({
      manager: { watchdogMs: WATCHDOG_MS, tell: async first => told.push(first ?? '') > 0 },
      check: async () => {
        stop.abort();
        throw new Error('No model is serving.');
      },
      status: () => 'well',
      log: { info: assert.fail, warn: assert.fail },
      signal: stop.signal,
    });
    assert.deepEqual(told, ['READY=1']);
  });

  it('are not given where systemd does not wait for them', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    await tellHealth({
      manager: { watchdogMs: undefined, tell: async first => told.push(first ?? '') > 0 },
      check: () => Promise.reject(new Error('it is not asked')),
      status: () => 'well',
      log: { info: assert.fail, warn: assert.fail },
      signal: stop.signal,
    });
    assert.deepEqual(told, ['READY=1']);
  });
});
