/** A process that looks for updates on a disk that fills up meanwhile, and again once there is room. Its argument is that disk's folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateDatabase } from '../../device/updates/update-database.ts';
import { Updater } from '../../device/updates/updater.ts';
import { fill } from '../crash/support/small-disk.ts';
import { PARTS, QUICK_PACE, QUICK_RETRIES, TEST_BOX } from './update-box.ts';
import { MemorySource, membersOf, readingOf, releaseOf, sha256, UpdateRepository } from './update-repository.ts';

const [, , disk = ''] = process.argv;
const folder = join(disk, 'updates');
const root = join(disk, 'root.json');
const repository = new UpdateRepository(Date.now);
repository.release(releaseOf(PARTS, 1), membersOf(PARTS));
mkdirSync(folder);
writeFileSync(root, repository.firstRoot);
const source = new MemorySource(repository.files);
const updater = new Updater({
  folder,
  database: new UpdateDatabase(join(disk, 'updates.sqlite')),
  source,
  root,
  box: TEST_BOX,
  pace: QUICK_PACE,
  retries: QUICK_RETRIES,
});
let empty: (() => void) | undefined;
const last = [...membersOf(PARTS).values()].at(-1) as Uint8Array;
source.treatments.set(`blobs/sha256/${sha256(last)}`, bytes => {
  empty ??= fill(disk);
  return readingOf(bytes);
});
const full = await updater.check();
const still = await updater.check();
empty?.();
const asked = source.paths('blobs/').length;
const later = await updater.check();
const { transitions } = updater.progress.history()[0] ?? {};
console.log(JSON.stringify({ full, still, later, transitions, again: source.paths('blobs/').length - asked }));
