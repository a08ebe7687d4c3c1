/** A power cut within every change, and after each sync, of every workload; and again while what was cut is gone on with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Fate, imageAfter, momentsOf } from '../crash/support/disk.ts';
import { cutEverywhere, foundText, record } from '../crash/support/power-cuts.ts';
import { WORKLOADS, type WorkloadName } from '../crash/workloads/index.ts';

const SEEDS = 4;
const RECOVER_EVERY = 6;
/** Disks that a cut left, on which the whole work is done again and cut again: where in the first run, and how. */
const AGAIN: readonly [part: number, fate: Fate][] = [
  [0.35, 'scattered'],
  [0.7, 'journal'],
];

describe('a power cut', () => {
  for (const name of Object.keys(WORKLOADS) as WorkloadName[]) {
    it(`at every write of ${name} loses nothing acknowledged, and leaves nothing half-written to be seen`, async t => {
      const recorded = await record(name);
      t.after(recorded.remove);
      const recording = recorded.replay();
      const found = await cutEverywhere(recorded, recording, { seeds: SEEDS, recoverEvery: RECOVER_EVERY });
      t.diagnostic(foundText(found));
      assert.deepEqual(found.violations, []);
      assert.ok(found.states > 500, foundText(found));
    });

    it(`while ${name} is gone on with after a power cut loses nothing either`, async t => {
      const first = await record(name);
      t.after(first.remove);
      const recording = first.replay();
      const moments = momentsOf(recording);
      for (const [part, fate] of AGAIN) {
        const at = moments[Math.floor(part * moments.length)] ?? 0;
        const second = await record(name, imageAfter(recording, at, fate, 1));
        t.after(second.remove);
        const acknowledged = recording.acknowledgedAt(at);
        const cuts = { seeds: 1, recoverEvery: 4 * RECOVER_EVERY, acknowledged };
        const found = await cutEverywhere(second, second.replay(), cuts);
        t.diagnostic(`after ${fate} at ${Math.floor(100 * part)} %: ${foundText(found)}`);
        assert.deepEqual(found.violations, []);
      }
    });
  }
});
