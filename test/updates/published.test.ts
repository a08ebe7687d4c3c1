/** What a publisher publishes, a box takes: the two halves, which share no code but the release's schema. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openBundle } from '../../device/inference/bundle.ts';
import { sourceAt } from '../../device/updates/source.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';
import { type CheckOutcome, Updater } from '../../device/updates/updater.ts';
import { afterwards } from '../support/afterwards.ts';
import { NEXT, OFFICE, Publisher, type Served, serve, smallBundle } from '../support/publisher.ts';
import { temporaryFolder } from '../support/store.ts';
import { QUICK_PACE, QUICK_RETRIES, TEST_BOX } from '../support/update-box.ts';

/** A box that trusts the publisher's first root. @param address of the repository @param wall its clock */
async function boxOf(
  t: TestContext,
  { repository }: Publisher,
  address: string,
  wall: () => number = Date.now,
): Promise<Updater> {
  const data = await temporaryFolder(t);
  const root = join(data, 'root.json');
  await copyFile(join(repository, 'metadata', '1.root.json'), root);
  const database = new UpdateDatabase(join(data, UPDATE_DATABASE));
  afterwards(t, () => database.close());
  return new Updater({
    folder: join(data, 'updates'),
    database,
    source: sourceAt(address),
    root,
    box: { ...TEST_BOX, line: 'from-pytorch' },
    clock: { wall, steady: () => performance.now() },
    pace: QUICK_PACE,
    retries: QUICK_RETRIES,
  });
}

/** Takes what is on the disk into use, as far as the memory of it goes. */
function use({ progress }: Updater, outcome: CheckOutcome): void {
  assert.equal(outcome.kind, 'verified');
  const { release } = progress.state.release ?? assert.fail();
  progress.advance('staged', release);
  progress.advance('trial', release);
  progress.commit();
  progress.end();
}

const blobsAsked = ({ asked }: Served): number => asked.filter(path => path.includes('/blobs/')).length;

test('a release comes from a web server, and of the next one only what is new', async t => {
  const bundle = smallBundle(1);
  const publisher = await Publisher.withRelease(t, bundle);
  const served = await serve(t, publisher.repository);
  const box = await boxOf(t, publisher, served.url);
  const first = await box.check();
  if (first.kind !== 'verified') return assert.fail(JSON.stringify(first));
  const { encoderDigest } = await openBundle(bundle);
  assert.equal((await openBundle(first.folder)).encoderDigest, encoderDigest);
  use(box, first);
  assert.equal((await box.check()).kind, 'up-to-date');
  const before = blobsAsked(served);
  await publisher.release(smallBundle(2));
  const second = await box.check();
  assert.equal(second.kind === 'verified' && second.release.release, 2);
  assert.equal(blobsAsked(served) - before, 2, 'the manifest and the one golden file that is another');
});

test('a release comes from a stick, and the bundle is opened from it no more', async t => {
  const publisher = await Publisher.withRelease(t);
  const box = await boxOf(t, publisher, publisher.repository);
  const outcome = await box.check();
  assert.equal(outcome.kind, 'verified');
});

test('a rollout that is widened reaches the boxes that were left out', async t => {
  const publisher = await Publisher.withRelease(t);
  await publisher.release(undefined, { percent: 0 });
  const served = await serve(t, publisher.repository);
  const box = await boxOf(t, publisher, served.url);
  const before = await box.check();
  assert.equal(before.kind === 'refused' && before.reason, 'not-in-rollout');
  await publisher.release(undefined, { percent: 100 });
  const after = await box.check();
  assert.equal(after.kind === 'verified' && after.release.release, 3);
});

test('the key of releases is replaced, and a box that knows the first root alone follows', async t => {
  const publisher = await Publisher.withRelease(t);
  const served = await serve(t, publisher.repository);
  const box = await boxOf(t, publisher, served.url);
  use(box, await box.check());
  await publisher.key(NEXT, 'targets-2');
  await publisher.rotate({ role: 'targets', next: publisher.publicPath(NEXT, 'targets-2') });
  for (const person of ['anna', 'cem', OFFICE, NEXT]) await publisher.sign(person);
  await publisher.publish();
  await publisher.make(smallBundle(3));
  await publisher.sign(NEXT);
  await publisher.publish();
  const outcome = await box.check();
  assert.equal(outcome.kind === 'verified' && outcome.release.release, 2);
});

test('a timestamp that nobody signs anew is an alarm, and all is well once somebody does', async t => {
  const publisher = await Publisher.withRelease(t);
  const served = await serve(t, publisher.repository);
  let days = 0;
  const box = await boxOf(t, publisher, served.url, () => Date.now() + days * 86_400_000);
  use(box, await box.check());
  days = 30;
  const expired = await box.check();
  assert.deepEqual(expired.kind === 'refused' && [expired.reason, expired.alarm], ['metadata-expired', true]);
  publisher.day = 30;
  await publisher.refresh();
  assert.equal((await box.check()).kind, 'up-to-date');
});
