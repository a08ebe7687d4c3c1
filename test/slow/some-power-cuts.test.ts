/** A part of the cuts, at each change; power-cuts.test.ts makes all of them. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { cutEverywhere, foundText, type Recorded, record } from '../crash/support/power-cuts.ts';
import { WORKLOADS, type WorkloadName } from '../crash/workloads/index.ts';

/** Of the moments one of so many is cut at; to open a store that is served takes long. */
const EVERY: Readonly<Record<WorkloadName, number>> = {
  catalogue: 6,
  indexing: 6,
  importing: 8,
  stock: 6,
  arrivals: 12,
  access: 8,
  updating: 16,
  publishing: 8,
  fetching: 12,
  mapping: 1,
};
/** Of the states one of so many is gone on from. */
const RECOVER_EVERY = 12;

const recordings = new Map<WorkloadName, Promise<Recorded>>();

/** Each workload is recorded once. */
function recordingOf(name: WorkloadName): Promise<Recorded> {
  const known = recordings.get(name) ?? record(name);
  recordings.set(name, known);
  return known;
}

after(async () => {
  for (const recorded of await Promise.allSettled(recordings.values())) {
    if (recorded.status === 'fulfilled') recorded.value.remove();
  }
});

describe('a power cut', () => {
  for (const name of WORKLOADS) {
    it(`at a write of ${name} loses nothing acknowledged, and leaves nothing half-written to be seen`, async t => {
      const recorded = await recordingOf(name);
      const recording = recorded.replay();
      const found = await cutEverywhere(recorded, recording, {
        seeds: 1,
        every: EVERY[name],
        recoverEvery: RECOVER_EVERY,
      });
      t.diagnostic(foundText(found));
      assert.deepEqual(found.violations, []);
      assert.ok(found.states > 50 && found.recovered > 3, foundText(found));
    });
  }
});

describe('a program that leaves a sync out', () => {
  const left: [WorkloadName, string, RegExp][] = [
    ['indexing', 'of the index', /encodings\.index\.next$/],
    ['indexing', 'of the catalogue’s log', /catalogue\.sqlite-wal$/],
    ['indexing', 'of pictures', /\.png\.new$/],
    ['indexing', 'of the folders that pictures are in', /pictures\/..$/],
    ['indexing', 'of the state folder', /^deep\/state$/],
    ['indexing', 'of the folder above it', /^deep$/],
    ['importing', 'of the index', /encodings\.index\.next$/],
    ['importing', 'of pictures', /\.png\.new$/],
    ['stock', 'of the catalogue’s log', /catalogue\.sqlite-wal$/],
    ['access', 'of the log of the file of keys', /access\.sqlite-wal$/],
    ['access', 'of the folder above the state folder', /^deep$/],
    ['publishing', 'of the blobs', /blobs\/sha256\/[0-9a-f]{64}\.new$/],
    ['publishing', 'of the folder of blobs', /blobs\/sha256$/],
    ['publishing', 'of the timestamp', /timestamp\.json\.new$/],
    ['publishing', 'of the folder of metadata', /updates\/metadata$/],
    ['fetching', 'of what was fetched', /\.part$/],
    ['fetching', 'of an edition’s folder', /editions\/\d+\.new$/],
    ['fetching', 'of the folder of editions', /editions$/],
    ['fetching', 'of the log of the file of updates', /updates\.sqlite-wal$/],
    ['mapping', 'of the map', /store\.map\.new$/],
    ['mapping', 'of the state folder', /^deep\/state$/],
  ];
  for (const [name, what, path] of left) {
    it(`${what} is found out by ${name}`, async t => {
      const recorded = await recordingOf(name);
      const whole = recorded.replay();
      assert.ok(
        whole.syncs.some(sync => path.test(sync.path)),
        'it is asked for in the recording',
      );
      const recording = recorded.replay(one => path.test(one));
      const found = await cutEverywhere(recorded, recording, { seeds: 2, recoverEvery: 1_000, untilFound: true });
      t.diagnostic(foundText(found));
      assert.ok(found.violations.length > 0, foundText(found));
    });
  }
});
