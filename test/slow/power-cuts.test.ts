/** A power cut within every change, and after each sync, of every workload, or at a share of them; and again while what was cut is gone on with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Fate, imageAfter, momentsOf } from '../crash/support/disk.ts';
import { cutEverywhere, foundText, record } from '../crash/support/power-cuts.ts';
import { WORKLOADS, type WorkloadName } from '../crash/workloads/index.ts';
import { afterwards } from '../support/afterwards.ts';
import { oneOf } from '../support/share.ts';

/** For each moment and each fate that chance decides. To open a database alone is quick, a store that is served takes long. */
const SEEDS: Readonly<Record<WorkloadName, number>> = {
  catalogue: 4,
  indexing: 1,
  importing: 1,
  stock: 4,
  arrivals: 1,
  access: 4,
  publishing: 1,
  fetching: 1,
  updating: 1,
  mapping: 1,
};
/** Of the moments one of so many is cut at. */
const EVERY = oneOf();
/** While what was cut is gone on with, one of so many; as often as `EVERY` unless said otherwise. */
const AGAIN_EVERY: Readonly<Partial<Record<WorkloadName, number>>> = {
  indexing: 3,
  importing: 3,
  arrivals: 6,
  updating: 6,
};
const RECOVER_EVERY = 6;
/** Disks that a cut left, on which the whole work is done again and cut again: where in the first run, and how. */
const AGAIN: readonly [part: number, fate: Fate][] = [
  [0.35, 'scattered'],
  [0.7, 'journal'],
];

describe('a power cut', () => {
  for (const name of WORKLOADS) {
    it(`at every write of ${name} loses nothing acknowledged, and leaves nothing half-written to be seen`, async t => {
      const recorded = await record(name);
      afterwards(t, recorded.remove);
      const recording = recorded.replay();
      const cuts = { seeds: SEEDS[name], every: EVERY, recoverEvery: RECOVER_EVERY };
      const found = await cutEverywhere(recorded, recording, cuts);
      t.diagnostic(foundText(found));
      assert.deepEqual(found.violations, []);
      assert.ok(found.states > 500 / EVERY, foundText(found));
    });

    it(`while ${name} is gone on with after a power cut loses nothing either`, async t => {
      const first = await record(name);
      afterwards(t, first.remove);
      const recording = first.replay();
      const moments = momentsOf(recording);
      for (const [part, fate] of AGAIN) {
        const at = moments[Math.floor(part * moments.length)] ?? 0;
        const second = await record(name, imageAfter(recording, at, fate, 1));
        afterwards(t, second.remove);
        const acknowledged = recording.acknowledgedAt(at);
        const every = EVERY * (AGAIN_EVERY[name] ?? 1);
        const cuts = { seeds: 1, every, recoverEvery: 4 * RECOVER_EVERY, acknowledged };
        const found = await cutEverywhere(second, second.replay(), cuts);
        t.diagnostic(`after ${fate} at ${Math.floor(100 * part)} %: ${foundText(found)}`);
        assert.deepEqual(found.violations, []);
      }
    });
  }
});
