/** Attacks on an update with other people’s keys, or some of ours. docs/updates.md has the table of all attacks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upToDate } from '../../support/attacks.ts';
import { reasonOf, UpdateBox } from '../../support/update-box.ts';
import { makeKey } from '../../support/update-repository.ts';

test('unsigned: metadata without a signature, or with somebody else’s, are refused', async t => {
  for (const role of ['Root', 'Targets', 'Snapshot', 'Timestamp'] as const) {
    for (const signers of [[], [makeKey(), makeKey()]]) {
      const box = await UpdateBox.make(t);
      box.publish(1);
      const { repository } = box;
      repository[`publish${role}`](signers);
      if (role === 'Targets') repository.publishSnapshot();
      if (role !== 'Timestamp') repository.publishTimestamp();
      assert.equal(reasonOf(await box.check()), 'metadata-unsigned', role);
      assert.deepEqual(box.source.paths('blobs/'), []);
    }
  }
});

test('threshold not met: one of two signatures is none, nor is one given twice', async t => {
  const box = await UpdateBox.make(t);
  box.publish(1);
  const { repository } = box;
  const [first] = repository.keys.root;
  repository.publishRoot([first!]);
  assert.equal(reasonOf(await box.check()), 'metadata-unsigned');
  const path = `metadata/${repository.versions.root}.root.json`;
  const root = JSON.parse(String(repository.files.get(path)));
  root.signatures.push(root.signatures[0]);
  repository.files.set(path, Buffer.from(JSON.stringify(root)));
  assert.equal(reasonOf(await box.check()), 'metadata-invalid');
  // A key that is listed twice in its role counts once, or makes the root none.
  const other = await UpdateBox.make(t);
  other.repository.thresholds.targets = 2;
  other.repository.keys.targets = [makeKey(), makeKey()];
  other.repository.publishRoot();
  other.publish(1);
  other.repository.publishTargets(other.repository.keys.targets.slice(0, 1));
  other.repository.publishSnapshot();
  other.repository.publishTimestamp();
  assert.equal(reasonOf(await other.check()), 'metadata-unsigned');
});

test('rotated root: a box follows the keys through every root it has missed, and nobody else’s', async t => {
  const box = await UpdateBox.make(t);
  const { repository } = box;
  const [first, second] = repository.keys.root;
  for (let turn = 0; turn < 3; turn += 1) {
    const old = repository.keys.root;
    repository.keys.root = [makeKey(), makeKey(), makeKey()];
    repository.publishRoot([...old, ...repository.keys.root]);
  }
  box.publish(1);
  assert.equal(reasonOf(await box.check()), 'verified');
  // The first keys, stolen since, sign a root of the thief's: they have not been anybody's for three roots.
  repository.publishRoot([first!, second!]);
  assert.equal(reasonOf(await box.check()), 'metadata-unsigned');
  // New keys alone are not enough either: the old ones must have signed them.
  const other = await UpdateBox.make(t);
  other.publish(1);
  other.repository.keys.root = [makeKey(), makeKey(), makeKey()];
  other.repository.publishRoot();
  assert.equal(reasonOf(await other.check()), 'metadata-unsigned');
});

test('revoked key: what it signs is refused once a root has taken it back', async t => {
  for (const role of ['targets', 'snapshot', 'timestamp'] as const) {
    const { box } = await upToDate(t);
    const { repository } = box;
    const stolen = repository.keys[role];
    repository.keys[role] = [makeKey()];
    repository.publishRoot();
    repository.keys[role] = stolen;
    box.publish(3);
    assert.equal(reasonOf(await box.check()), 'metadata-unsigned', role);
  }
});
