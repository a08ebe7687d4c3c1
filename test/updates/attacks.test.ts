/** The attacks on an update, each by its name (TUF 1.0, 1.5.2, and our own). docs/updates.md has the table of them. */
import assert from 'node:assert/strict';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Blobs } from '../../device/updates/blobs.ts';
import { FolderSource } from '../../device/updates/folder-source.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { temporaryFolder } from '../support/store.ts';
import { nextParts, PARTS, QUICK_PACE, reasonOf, UpdateBox } from '../support/update-box.ts';
import { makeKey, membersOf, readingOf, releaseOf, sha256, type Treatment } from '../support/update-repository.ts';
import { UpdateServer } from '../support/update-server.ts';

const DAY_MS = 24 * 3_600_000;
/** One of the members, whose bytes the attacker sends. */
const MEMBER = `blobs/sha256/${sha256(PARTS.members.get('encoder.onnx') as Uint8Array)}`;

/** A box that has a release verified, and another since. */
async function upToDate(
  t: Parameters<typeof UpdateBox.make>[0],
): Promise<{ box: UpdateBox; older: Map<string, Buffer> }> {
  const box = await UpdateBox.make(t);
  box.publish(1);
  const older = box.repository.snapshotOfFiles();
  box.publish(2, { parts: nextParts('1.3.0') });
  assert.equal(reasonOf(await box.check()), 'verified');
  return { box, older };
}

/** No byte of the attacker's is anywhere in the box's folder: no blob, no part, no edition. */
async function nothingKept(box: UpdateBox): Promise<void> {
  for (const name of await readdir(box.folder, { recursive: true })) {
    assert.ok(!/editions\/./.test(name), name);
    if (name.includes(MEMBER.slice(-64))) assert.equal((await stat(join(box.folder, name))).size, 0, name);
  }
}

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

test('mix-and-match of members: an encoder and a decoder of two bundles are not taken together, whoever signed them', async t => {
  const box = await UpdateBox.make(t);
  const other = nextParts('1.3.0');
  const decoder = Buffer.from('another decoder');
  const release = releaseOf(other, 1);
  const swapped = release.members.map(member =>
    member.path === 'decoder.onnx' ? { ...member, sha256: sha256(decoder), bytes: decoder.length } : member,
  );
  const members = new Map([...membersOf(other), ['decoder.onnx', decoder]]);
  box.repository.release({ ...release, members: swapped }, members);
  assert.equal(reasonOf(await box.check()), 'members-disagree');
  assert.equal(reasonOf(await box.check()), 'release-bad', 'and it is not tried again');
  assert.deepEqual(await readdir(join(box.folder, 'editions')), []);
});

test('mix-and-match of members: what is signed of a bundle must be what its manifest says', async t => {
  const changes = [
    { encoderDigest: 'a'.repeat(64) },
    { latentDim: 3 },
    { version: '9.9.9' },
    { id: 'another' },
    { members: releaseOf(PARTS, 1).members.filter(({ path }) => path !== 'golden/encoder-0.f32') },
    { members: [...releaseOf(PARTS, 1).members, { ...releaseOf(PARTS, 1).members[0]!, path: 'extra.bin' }] },
  ];
  for (const change of changes) {
    const box = await UpdateBox.make(t);
    box.publish(1, change);
    assert.equal(reasonOf(await box.check()), 'members-disagree', Object.keys(change)[0]);
  }
});

test('endless data: a file that does not end is cut off at its length', async t => {
  const box = await UpdateBox.make(t);
  const document = box.publish(1);
  const bundle = `targets/${sha256(JSON.stringify(document))}.bundle.json`;
  let sent = 0;
  const endless: Treatment = () => ({
    ...readingOf(Buffer.alloc(0)),
    total: undefined,
    bytes: (async function* () {
      for (; sent < 50_000_000; sent += 10_000) yield Buffer.alloc(10_000, 'x');
    })(),
  });
  const most = {
    'metadata/timestamp.json': 30_000,
    'metadata/2.root.json': 600_000,
    [bundle]: 20_000,
    [MEMBER]: 100_000,
  };
  for (const [path, bytes] of Object.entries(most)) {
    sent = 0;
    box.source.treatments.clear();
    box.source.treatments.set(path, endless);
    if (path === 'metadata/2.root.json') box.repository.files.set(path, Buffer.from('{}'));
    assert.equal(reasonOf(await box.check()), 'wrong-length', path);
    assert.ok(sent < bytes, `${path}: ${sent} bytes were taken`);
    box.repository.files.delete('metadata/2.root.json');
  }
  await nothingKept(box);
});

test('slow retrieval: a source that keeps the box waiting is left', async t => {
  const box = await UpdateBox.make(t);
  const document = box.publish(1);
  const bundle = `targets/${sha256(JSON.stringify(document))}.bundle.json`;
  const dripping: Treatment = bytes => ({
    ...readingOf(bytes),
    bytes: (async function* () {
      for (const byte of bytes) {
        await new Promise(resolve => setTimeout(resolve, 20));
        yield Buffer.from([byte]);
      }
    })(),
  });
  const silent: Treatment = bytes => ({
    ...readingOf(bytes),
    bytes: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
  });
  const unanswered: Treatment = () => new Promise(() => undefined);
  for (const path of ['metadata/timestamp.json', bundle, MEMBER]) {
    for (const treatment of [dripping, silent, unanswered]) {
      box.source.treatments.clear();
      box.source.treatments.set(path, treatment);
      const began = performance.now();
      assert.equal(reasonOf(await box.check()), 'source-slow', path);
      assert.ok(performance.now() - began < 20 * QUICK_PACE.windowMs, 'and within a few windows');
    }
  }
});

test('wrong hash: a file that is not the one that was signed is thrown away', async t => {
  const box = await UpdateBox.make(t);
  const document = box.publish(1);
  const { files } = box.repository;
  const changed = Buffer.from(files.get(MEMBER) as Buffer);
  changed[10] = (changed[10] ?? 0) ^ 1;
  files.set(MEMBER, changed);
  assert.equal(reasonOf(await box.check()), 'wrong-hash');
  await nothingKept(box);
  const bundle = `targets/${sha256(JSON.stringify(document))}.bundle.json`;
  const text = (files.get(bundle) as Buffer).toString();
  files.set(bundle, Buffer.from(text.replace('linux-x64', 'linux-x65')));
  assert.equal(reasonOf(await box.check()), 'wrong-hash');
});

test('wrong length: a file that is shorter or longer than was signed is refused', async t => {
  for (const change of [-1, 1]) {
    const box = await UpdateBox.make(t);
    const document = box.publish(1);
    const { files } = box.repository;
    const right = files.get(MEMBER) as Buffer;
    const lengthened = (bytes: Buffer): Buffer =>
      change < 0 ? bytes.subarray(0, change) : Buffer.concat([bytes, Buffer.alloc(change)]);
    files.set(MEMBER, lengthened(right));
    assert.equal(reasonOf(await box.check()), 'wrong-length');
    await nothingKept(box);
    const bundle = `targets/${sha256(JSON.stringify(document))}.bundle.json`;
    files.set(bundle, lengthened(files.get(bundle) as Buffer));
    assert.equal(reasonOf(await box.check()), 'wrong-length');
  }
});

test('wrong hardware: a release for other boxes is refused before a byte of it is fetched', async t => {
  const box = await UpdateBox.make(t);
  box.publish(1, { hardware: ['jetson', 'linux-arm64'] });
  assert.equal(reasonOf(await box.check()), 'hardware-unsupported');
  assert.deepEqual(box.source.paths('blobs/'), []);
  box.publish(2, { hardware: ['jetson', 'linux-x64'] });
  assert.equal(reasonOf(await box.check()), 'verified');
});

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

test('path traversal in a target’s name: a hash that is a path is none, and nothing outside is asked for', async t => {
  for (const hash of ['../../../root', '..%2f..%2froot', `${'a'.repeat(60)}/../`, 'A'.repeat(64)]) {
    const box = await UpdateBox.make(t);
    box.publish(1);
    box.repository.targets.set('bundle.json', { length: 10, sha256: hash });
    box.repository.publish();
    assert.equal(reasonOf(await box.check()), 'metadata-invalid');
    assert.deepEqual(box.source.paths('targets/'), []);
  }
  const folder = await temporaryFolder(t);
  const server = await UpdateServer.listen(t, new Map([['secret', Buffer.from('x')]]));
  const web = new HttpSource(new URL(`${server.address}/repository/`));
  for (const path of [
    '../secret',
    'targets/../../secret',
    'targets/%2e%2e/%2e%2e/secret',
    '..%2fsecret',
    '/etc/passwd',
    'a%00',
  ]) {
    const isRefused = (error: unknown): boolean => error instanceof UpdateRefused && error.reason.startsWith('source-');
    await assert.rejects(new FolderSource(join(folder, 'none-such')).open(path), isRefused);
    await assert.rejects(new FolderSource(folder).open(path), { reason: 'source-misbehaves' });
    await assert.rejects(web.open(path), isRefused);
  }
  assert.deepEqual(
    server.requests.filter(({ path }) => !path.startsWith('/repository/')),
    [],
  );
});

test('path traversal in a member’s name: no file is made outside the edition’s folder', async t => {
  const box = await UpdateBox.make(t);
  const [member] = releaseOf(PARTS, 1).members;
  for (const path of [
    '../../escaped',
    '/tmp/escaped',
    'a/../../escaped',
    '..',
    'a\\..\\escaped',
    './escaped',
    'a//b',
  ]) {
    box.publish(1, { members: [...releaseOf(PARTS, 1).members, { ...member!, path }] });
    assert.equal(reasonOf(await box.check()), 'release-invalid', path);
  }
  box.publish(1);
  await box.check();
  const blobs = new Blobs(box.folder);
  const kept = { ...member!, path: '../../escaped' };
  await assert.rejects(blobs.makeEdition(9, [kept]), { reason: 'write-failed' });
  assert.deepEqual(
    (await readdir(box.folder, { recursive: true })).filter(name => name.includes('escaped')),
    [],
  );
});

test('decompression bomb: what comes compressed is not unpacked', async t => {
  const box = await UpdateBox.make(t);
  box.publish(1);
  const server = await UpdateServer.listen(t, box.repository.files);
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  for (const path of ['/metadata/timestamp.json', `/${MEMBER}`]) {
    server.answers.clear();
    server.answers.set(path, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb);
    });
    const outcome = await box.check({ source: new HttpSource(new URL(server.address)) });
    assert.equal(reasonOf(outcome), 'source-misbehaves', path);
  }
  assert.ok(server.requests.every(({ encoding }) => encoding === 'identity'));
  await nothingKept(box);
});
