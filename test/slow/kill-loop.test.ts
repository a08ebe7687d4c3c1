/** `kill -9`, 500 times, or a share of them: real processes that write, each killed at some moment, on the same folder. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killRepeatedly } from '../crash/support/kills.ts';
import { WORKLOADS } from '../crash/workloads/index.ts';
import { oneOf } from '../support/share.ts';

const RUNS = Math.round(500 / oneOf());

describe('kill -9', () => {
  for (const [place, name] of WORKLOADS.entries()) {
    const runs = Math.floor(RUNS / WORKLOADS.length) + (place < RUNS % WORKLOADS.length ? 1 : 0);
    it(`of ${runs} processes at work on ${name} loses nothing acknowledged`, async t => {
      const { amid, done } = await killRepeatedly(name, runs, place);
      t.diagnostic(`${name}: ${runs} killed, ${amid} of them amid a change, ${done} changes done`);
      assert.ok(amid > runs / 5, `${amid} of ${runs} were killed amid a change`);
      assert.ok(done > runs / 2, `${done} changes were done in ${runs} runs`);
    });
  }
});
