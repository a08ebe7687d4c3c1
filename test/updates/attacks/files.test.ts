/** Attacks on an update with what is sent for its files. docs/updates.md has the table of all attacks. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Blobs } from '../../../device/updates/blobs.ts';
import { FolderSource } from '../../../device/updates/folder-source.ts';
import { HttpSource } from '../../../device/updates/http-source.ts';
import { UpdateRefused } from '../../../device/updates/refusals.ts';
import { MEMBER, nothingKept } from '../../support/attacks.ts';
import { temporaryFolder } from '../../support/store.ts';
import { nextParts, PARTS, QUICK_PACE, reasonOf, TEST_BOX, UpdateBox } from '../../support/update-box.ts';
import { membersOf, readingOf, releaseOf, sha256, type Treatment } from '../../support/update-repository.ts';
import { UpdateServer } from '../../support/update-server.ts';

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
    const { id: line } = box.publish(1, change);
    const outcome = await box.check({ box: { ...TEST_BOX, line } });
    assert.equal(reasonOf(outcome), 'members-disagree', Object.keys(change)[0]);
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
  const slow = async (treatment: Treatment, file: 'timestamp' | 'bundle' | 'member'): Promise<void> => {
    const box = await UpdateBox.make(t);
    const document = box.publish(1);
    const bundle = `targets/${sha256(JSON.stringify(document))}.bundle.json`;
    const path = { timestamp: 'metadata/timestamp.json', bundle, member: MEMBER }[file];
    box.source.treatments.set(path, treatment);
    const began = performance.now();
    assert.equal(reasonOf(await box.check()), 'source-slow', path);
    assert.ok(performance.now() - began < 20 * QUICK_PACE.windowMs, 'and within a few windows');
  };
  // Side by side: each of them waits for its windows.
  const files = ['timestamp', 'bundle', 'member'] as const;
  await Promise.all([dripping, silent, unanswered].flatMap(treatment => files.map(file => slow(treatment, file))));
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
