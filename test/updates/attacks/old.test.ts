/** Attacks on an update with what was good once (TUF 1.0, 1.5.2). docs/updates.md has the table of all attacks. */
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { UpdateRefused } from '../../../device/updates/refusals.ts';
import { DAY_MS, upToDate } from '../../support/attacks.ts';
import { reasonOf, UpdateBox } from '../../support/update-box.ts';
import { makeKey } from '../../support/update-repository.ts';

test('rollback: older metadata, signed once, are refused', async t => {
  const { box, older } = await upToDate(t);
  box.repository.restore(older);
  assert.equal(reasonOf(await box.check()), 'metadata-behind');
});

test('rollback: they are refused though the box has lost its metadata, or got its old ones back', async t => {
  const { box, older } = await upToDate(t);
  const metadata = join(box.folder, 'metadata');
  box.repository.restore(older);
  await rm(metadata, { recursive: true });
  assert.equal(reasonOf(await box.check()), 'metadata-behind');
  const other = await UpdateBox.make(t);
  other.publish(1);
  await other.check();
  const before = other.repository.snapshotOfFiles();
  await cp(join(other.folder, 'metadata'), join(other.folder, 'backup'), { recursive: true });
  other.publish(2);
  assert.equal(reasonOf(await other.check()), 'verified');
  await rm(join(other.folder, 'metadata'), { recursive: true });
  await cp(join(other.folder, 'backup'), join(other.folder, 'metadata'), { recursive: true });
  other.repository.restore(before);
  assert.equal(reasonOf(await other.check()), 'metadata-behind');
});

test('rollback: a lower release is refused though its metadata are newer', async t => {
  const { box } = await upToDate(t);
  const { progress } = box.start();
  for (const state of ['staged', 'trial'] as const) progress.advance(state, 2);
  progress.commit();
  progress.end();
  box.publish(1);
  assert.equal(reasonOf(await box.check()), 'release-behind');
});

test('freeze: metadata that nobody signs anew expire', async t => {
  const { box } = await upToDate(t);
  box.clock.pass(8 * DAY_MS);
  const outcome = await box.check();
  assert.equal(reasonOf(outcome), 'metadata-expired');
  assert.ok(outcome.kind === 'refused' && outcome.alarm);
  box.repository.publishTimestamp();
  assert.equal(reasonOf(await box.check()), 'verified');
});

test('freeze: a clock that is wound back makes nothing good again', async t => {
  const { box } = await upToDate(t);
  const then = box.clock.wall();
  const running = box.start();
  box.clock.pass(8 * DAY_MS);
  box.clock.set(then);
  assert.equal(
    reasonOf(await running.check()),
    'metadata-expired',
    'in the same process: it was running for eight days',
  );
  assert.equal(reasonOf(await box.check()), 'metadata-expired', 'and after a start: that was written down');
  box.clock.set(then - 1_000 * DAY_MS);
  assert.equal(reasonOf(await box.check()), 'metadata-expired');
});

test('freeze: a clock that was far in the future once does not stop updates for ever', async t => {
  const { box } = await upToDate(t);
  const now = box.clock.wall();
  box.clock.set(now + 5_000 * DAY_MS);
  assert.equal(reasonOf(await box.check()), 'metadata-expired');
  box.clock.set(now);
  assert.equal(reasonOf(await box.check()), 'verified');
  // Six days ahead all is good still: that is remembered, and the next signing puts it right.
  box.clock.set(now + 6 * DAY_MS);
  assert.equal(reasonOf(await box.check()), 'verified');
  box.clock.set(now + DAY_MS);
  box.repository.publishTimestamp();
  assert.equal(reasonOf(await box.check()), 'verified');
});

test('freeze: a box that is kept from its repository says so once its metadata have expired', async t => {
  const { box } = await upToDate(t);
  box.source.treatments.set('metadata/timestamp.json', () =>
    Promise.reject(new UpdateRefused('source-unreachable', 'cut off')),
  );
  const alarm = async (): Promise<boolean> => {
    const outcome = await box.check();
    assert.equal(reasonOf(outcome), 'source-unreachable');
    return outcome.kind === 'refused' && outcome.alarm;
  };
  assert.equal(await alarm(), false);
  box.clock.pass(8 * DAY_MS);
  assert.equal(await alarm(), true);
});

test('fast-forward: versions that a stolen key drove up are forgotten when the key is changed', async t => {
  const { box } = await upToDate(t);
  const { repository } = box;
  // The thief has the keys for timestamp and snapshot.
  repository.versions.timestamp = 2_000_000;
  repository.versions.snapshot = 1_000_000;
  repository.publishSnapshot();
  repository.publishTimestamp();
  assert.equal(reasonOf(await box.check()), 'verified');
  repository.versions.timestamp = 3;
  repository.versions.snapshot = 3;
  repository.publish();
  assert.equal(reasonOf(await box.check()), 'metadata-behind', 'the same keys wind nothing back');
  repository.keys.timestamp = [makeKey()];
  repository.keys.snapshot = [makeKey()];
  repository.publishRoot();
  repository.publish();
  assert.equal(reasonOf(await box.check()), 'verified');
});

test('fast-forward: of the targets, too, and with the folder lost', async t => {
  const { box } = await upToDate(t);
  const { repository } = box;
  repository.versions.targets = 1_000_000;
  repository.publish();
  assert.equal(reasonOf(await box.check()), 'verified');
  repository.versions.targets = 5;
  repository.keys.timestamp = [makeKey()];
  repository.publishRoot();
  repository.publish();
  // The line is cut right after the new root: the keys' change must not be lost by that.
  box.source.treatments.set('metadata/3.root.json', () => Promise.reject(new Error('cut')));
  repository.files.set('metadata/3.root.json', Buffer.from('{}'));
  assert.equal(reasonOf(await box.check()), 'metadata-invalid');
  box.source.treatments.clear();
  repository.files.delete('metadata/3.root.json');
  assert.equal(reasonOf(await box.check()), 'verified');
  // The memory is of the new keys now: what is older than that is refused again.
  const recovered = repository.snapshotOfFiles();
  repository.publish();
  assert.equal(reasonOf(await box.check()), 'verified');
  await rm(join(box.folder, 'metadata'), { recursive: true });
  repository.restore(recovered);
  assert.equal(reasonOf(await box.check()), 'metadata-behind');
});

test('mix-and-match of metadata: files of two moments are not taken together', async t => {
  for (const role of ['snapshot', 'targets']) {
    const box = await UpdateBox.make(t);
    box.publish(1);
    box.publish(2);
    const { files } = box.repository;
    files.set(`metadata/2.${role}.json`, files.get(`metadata/1.${role}.json`) as Buffer);
    assert.equal(reasonOf(await box.check()), 'metadata-mismatch', role);
  }
});
