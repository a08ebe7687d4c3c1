import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openBundle } from '../../../device/inference/bundle.ts';
import { check } from '../../../scripts/bundle/check.ts';
import { DEFAULTS } from '../../../scripts/bundle/release-document.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { Publisher, serve, smallBundle, UpdateClient } from '../../support/publisher.ts';

const rootOf = ({ repository }: Publisher, version = 1): string => join(repository, 'metadata', `${version}.root.json`);
const list = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

describe('a release', () => {
  it('is made, signed and published, and a box fetches it wholly', async t => {
    const folder = smallBundle(1);
    const publisher = await Publisher.withRelease(t, folder);
    const served = await serve(t, publisher.repository);
    const client = await UpdateClient.start(t, served, rootOf(publisher));
    const release = await client.update();
    const bundle = await openBundle(folder);
    const { id, version, latentDim, files } = bundle.manifest;
    assert.deepEqual(release, {
      format: 'lookdial-release/1',
      release: 1,
      id,
      version,
      latentDim,
      encoderDigest: bundle.encoderDigest,
      indexVersion: 1,
      runtime: { opset: 17, from: release.runtime.from, below: DEFAULTS.runtimeBelow },
      hardware: ['linux-x64', 'linux-arm64'],
      freeBytes: DEFAULTS.freeBytes,
      rollout: { salt: release.rollout.salt, percent: 100 },
      limits: { decodeP95Ms: 100, encodeP95Ms: 1_000, residentBytes: 1_500_000_000, selfRecall: 0.95 },
      members: [release.members[0], ...files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }))],
    });
    assert.equal(release.members[0]?.path, 'manifest.json');
    assert.match(release.runtime.from, /^1\.\d+\.\d+$/);
    assert.match(release.rollout.salt, /^[0-9a-f]{16}$/);
    assert.deepEqual(await list(join(publisher.repository, 'metadata')), [
      '1.root.json',
      '1.snapshot.json',
      '1.targets.json',
      'timestamp.json',
    ]);
    assert.deepEqual(await list(publisher.staged), ['publishing.lock']);
  });

  it('follows another one, of which only the changed files are new', async t => {
    const publisher = await Publisher.withRelease(t);
    const served = await serve(t, publisher.repository);
    const client = await UpdateClient.start(t, served, rootOf(publisher));
    const first = await client.update();
    const before = await list(join(publisher.repository, 'blobs/sha256'));
    await publisher.release(smallBundle(2), { percent: 5, hardware: ['jetson-orin-nano'], decodeP95Ms: 40 });
    const second = await client.update();
    const after = await list(join(publisher.repository, 'blobs/sha256'));
    assert.deepEqual([second.release, second.rollout.percent, second.hardware], [2, 5, ['jetson-orin-nano']]);
    assert.notEqual(second.rollout.salt, first.rollout.salt, 'other shops go first');
    const fresh = after.filter(name => !before.includes(name));
    const changed = second.members.filter(({ sha256 }) => fresh.includes(sha256)).map(({ path }) => path);
    assert.deepEqual(changed, ['manifest.json', 'golden/encoder-0.f32']);
    assert.ok(before.every(name => after.includes(name)));
    await publisher.release(smallBundle(1));
    const back = await client.update();
    assert.deepEqual(back.members, first.members, 'the older bundle');
    assert.deepEqual(
      [back.release, back.rollout.percent, back.hardware, back.limits.decodeP95Ms],
      [3, 100, ['jetson-orin-nano'], 40],
    );
    assert.deepEqual(await list(join(publisher.repository, 'blobs/sha256')), after, 'nothing had to be written');
  });

  it('is raised to more boxes, which include those that had it, and renewed without a new number', async t => {
    const publisher = await Publisher.withRelease(t);
    const served = await serve(t, publisher.repository);
    const client = await UpdateClient.start(t, served, rootOf(publisher));
    await publisher.release(smallBundle(2), { percent: 5 });
    const some = await client.update();
    await publisher.release(undefined, { percent: 100 });
    const all = await client.update();
    assert.deepEqual({ ...all, release: 2, rollout: { ...all.rollout, percent: 5 } }, some);
    assert.equal(all.release, 3);
    await publisher.release(undefined);
    assert.deepEqual(await client.update(), all);
    assert.equal(await client.version('targets'), 4);
    assert.match(publisher.said.join('\n'), /published already, and will be good for longer/);
  });

  it('of another line of models than the last one comes with a warning: every box would refuse it', async t => {
    const publisher = await Publisher.withRelease(t);
    const warnings = (): string[] => publisher.said.filter(line => line.startsWith('BEWARE'));
    await publisher.make(smallBundle(2));
    assert.deepEqual(warnings(), []);
    await publisher.make(writeBundle(bundleOf(ownModel())));
    assert.match(
      warnings().join('\n'),
      /^BEWARE: every box that follows from-pytorch refuses own\. .*make another for own\.$/,
    );
  });

  it('takes a ready index of its own encoder along, and no other', async t => {
    const { data, bundle } = await indexedStore(t);
    const publisher = await Publisher.start(t);
    await assert.rejects(
      publisher.make(smallBundle(1), {}, { index: join(data, 'encodings.index') }),
      /encodings\.index: .*npm run index/,
    );
    await publisher.make(bundle, {}, { index: join(data, 'encodings.index') });
    for (const person of ['anna', 'cem', 'office']) await publisher.sign(person);
    await publisher.publish();
    const served = await serve(t, publisher.repository);
    const { index } = await (await UpdateClient.start(t, served, rootOf(publisher))).update();
    const written = await readFile(join(publisher.repository, 'blobs/sha256', index?.sha256 ?? ''));
    assert.deepEqual(written, await readFile(join(data, 'encodings.index')));
    assert.equal(index?.bytes, written.length);
  });

  it('is refused before anything is staged where the bundle or a decision is not one', async t => {
    const publisher = await Publisher.withRelease(t);
    const folder = smallBundle(3);
    await writeFile(join(folder, 'golden/encoder-0.f32'), 'not a tensor');
    await assert.rejects(publisher.make(folder), /golden\/encoder-0\.f32: it holds 12 bytes, expected/);
    for (const [decisions, words] of [
      [{ percent: 101 }, /rollout\/percent: got 101/],
      [{ hardware: ['Jetson Nano'] }, /hardware\/0: got Jetson Nano/],
      [{ runtimeBelow: '1.2.3' }, /runtime\/below: got 1\.2\.3, expected a version above/],
      [{ selfRecall: Number.NaN }, /selfRecall/],
    ] as const) {
      await assert.rejects(publisher.make(smallBundle(3), decisions), words);
    }
    assert.deepEqual(await list(publisher.staged), ['publishing.lock']);
    const nothing = await Publisher.start(t);
    await assert.rejects(nothing.make(undefined), /Say which bundle/);
  });

  it('is made again as it was: the same files, the same salt, and one draft', async t => {
    const publisher = await Publisher.withRelease(t);
    await publisher.make(smallBundle(2), { percent: 10 });
    const staged = await readFile(join(publisher.staged, 'bundle.json'), 'utf8');
    await publisher.make(smallBundle(2), { percent: 10 });
    assert.equal(await readFile(join(publisher.staged, 'bundle.json'), 'utf8'), staged);
    await publisher.sign('office');
    await publisher.publish();
    await assert.rejects(publisher.publish(), /nothing is staged/);
  });

  it('is not published where a file that it lists is gone or damaged, and the same bundle mends it', async t => {
    const publisher = await Publisher.withRelease(t);
    const folder = smallBundle(2);
    await publisher.make(folder);
    await publisher.sign('office');
    const { manifest } = await openBundle(folder);
    const { sha256 = '' } = manifest.files.find(({ path }) => path === 'golden/encoder-0.f32') ?? {};
    const blob = join(publisher.repository, 'blobs/sha256', sha256);
    const whole = await readFile(blob);
    await writeFile(blob, Buffer.alloc(whole.length));
    await assert.rejects(
      publisher.publish(),
      /is not whole, and release 2 lists it as golden\/encoder-0\.f32\. Put it there again/,
    );
    await rm(blob);
    await assert.rejects(publisher.publish(), /is not whole/);
    await publisher.make(folder);
    await publisher.sign('office');
    await publisher.publish();
    assert.deepEqual(await readFile(blob), whole);
  });
});

describe('check', () => {
  it('says what is published and until when, and names the first file that is not what it should be', async t => {
    const publisher = await Publisher.withRelease(t);
    assert.equal(await check(publisher.setting([])), true);
    const said = publisher.said.join('\n');
    assert.match(said, /Release 1 is from-pytorch@1\.2\.3/);
    for (const role of ['root', 'targets', 'snapshot', 'timestamp']) {
      assert.match(said, new RegExp(`${role} +version 1 +good until \\d{4}-`));
    }
    await publisher.make(smallBundle(2));
    publisher.said.length = 0;
    await check(publisher.setting([]));
    assert.match(publisher.said.join('\n'), /2\.targets\.json: 0 of 1 signatures; wanting one of: targets/);
    publisher.day = 8;
    assert.equal(await check(publisher.setting([])), false, 'the timestamp has expired');
    const { repository } = publisher;
    for (const name of [
      'metadata/1.root.json',
      'metadata/1.targets.json',
      'metadata/1.snapshot.json',
      'metadata/timestamp.json',
    ]) {
      const path = join(repository, name);
      const bytes = await readFile(path);
      const tampered = bytes.toString().replace(/"expires": "20/, '"expires": "21');
      assert.notEqual(tampered, bytes.toString());
      await writeFile(path, tampered);
      await assert.rejects(check(publisher.setting([])), (error: Error) => error.message.startsWith(path));
      await writeFile(path, 'x');
      await assert.rejects(check(publisher.setting([])), (error: Error) => error.message.startsWith(path));
      await writeFile(path, bytes);
    }
    const [blob = ''] = await readdir(join(repository, 'blobs/sha256'));
    await writeFile(join(repository, 'blobs/sha256', blob), 'x');
    await assert.rejects(check(publisher.setting([])), new RegExp(`${blob}: it is not whole`));
  });
});
