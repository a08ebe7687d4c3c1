import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tryHold } from '../../device/inventory/exclusive.ts';
import { FolderSource } from '../../device/updates/folder-source.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import type { Updater } from '../../device/updates/updater.ts';
import { verifyEdition } from '../../device/updates/verify-edition.ts';
import { writeBundle } from '../support/bundle.ts';
import { temporaryFolder } from '../support/store.ts';
import { nextParts, PARTS, reasonOf, TEST_BOX, UpdateBox } from '../support/update-box.ts';
import { membersOf, readingOf, sha256 } from '../support/update-repository.ts';
import { UpdateServer } from '../support/update-server.ts';

const blobOf = (path: string, parts = PARTS): string =>
  `blobs/sha256/${sha256(membersOf(parts).get(path) as Uint8Array)}`;

/** Does what a later part will do: the release that was verified serves from now on. */
function commit({ progress }: Updater, release: number): void {
  for (const state of ['staged', 'trial'] as const) progress.advance(state, release);
  progress.commit();
  progress.end();
}

describe('a look for updates', () => {
  it('ends with a bundle’s folder that is whole', async t => {
    const box = await UpdateBox.make(t);
    const document = box.publish(1);
    const updater = box.start();
    const outcome = await updater.check();
    assert.ok(outcome.kind === 'verified');
    assert.deepEqual([outcome.release, outcome.edition], [document, 1]);
    for (const [path, bytes] of membersOf(PARTS)) {
      assert.deepEqual(await readFile(join(outcome.folder, path)), Buffer.from(bytes), path);
    }
    const bundle = await verifyEdition(outcome.folder, outcome.release);
    assert.equal(bundle.name, 'from-keras@1.2.3');
    assert.equal(updater.progress.state.state, 'verified');
    const { nlink } = await stat(join(outcome.folder, 'encoder.onnx'));
    assert.equal(nlink, 2, 'the folder holds links to the blobs, not copies');
  });

  it('works the same from a web server and from a folder', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const server = await UpdateServer.listen(t, box.repository.files);
    assert.equal(reasonOf(await box.check({ source: new HttpSource(new URL(server.address)) })), 'verified');
    const other = await UpdateBox.make(t);
    other.publish(1);
    const stick = await temporaryFolder(t);
    await other.repository.write(stick);
    assert.equal(reasonOf(await other.check({ source: new FolderSource(stick) })), 'verified');
  });

  it('says how far it is, and ends at all of it', async t => {
    const box = await UpdateBox.make(t);
    const document = box.publish(1);
    const seen: [number, number][] = [];
    await box.start().check({ onProgress: (done, all) => seen.push([done, all]) });
    const all = document.members.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(seen.every(([, of]) => of === all));
    const done = seen.map(([bytes]) => bytes);
    assert.deepEqual(
      done,
      done.toSorted((a, b) => a - b),
    );
    assert.deepEqual([done[0], done.at(-1)], [0, all]);
  });

  it('fetches an encoder that has not changed once, whatever else is new', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    await updater.check();
    commit(updater, 1);
    box.publish(2, { parts: nextParts('1.3.0') });
    box.source.asked.length = 0;
    assert.equal(reasonOf(await updater.check()), 'verified');
    assert.deepEqual(box.source.paths('blobs/'), [blobOf('manifest.json', nextParts('1.3.0'))]);
  });

  it('fetches nothing that the bundle on the box has already', async t => {
    const box = await UpdateBox.make(t);
    const shipped = writeBundle(PARTS);
    // Somebody has damaged one of its files.
    await writeFile(join(shipped, 'decoder.onnx'), 'damaged');
    box.publish(1);
    const outcome = await box.check({ seeds: [join(shipped, 'none-such'), shipped] });
    assert.equal(outcome.kind, 'verified');
    const fetched = box.source.paths('blobs/');
    assert.deepEqual(fetched.toSorted(), [blobOf('decoder.onnx'), blobOf('manifest.json')].toSorted());
  });

  it('fetches anew what has gone bad on the disk', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    await updater.check();
    commit(updater, 1);
    await writeFile(join(box.folder, blobOf('encoder.onnx')), 'rotten');
    box.publish(2, { parts: nextParts('1.3.0') });
    assert.equal(reasonOf(await updater.check()), 'verified');
    assert.equal(box.source.paths(blobOf('encoder.onnx')).length, 2);
  });

  it('finds nothing new where the release serves already, and nothing at all in an empty repository', async t => {
    const box = await UpdateBox.make(t);
    box.repository.publish();
    assert.equal(reasonOf(await box.check()), 'no-release');
    box.publish(1);
    const updater = box.start();
    await updater.check();
    commit(updater, 1);
    assert.deepEqual(await updater.check(), { kind: 'up-to-date', release: 1 });
    assert.equal(updater.progress.state.state, 'idle');
    box.publish(1, { parts: nextParts('1.2.4') });
    assert.equal(reasonOf(await updater.check()), 'release-invalid', 'another one of the same number');
  });

  it('asks for nothing but root and timestamp where nothing has changed', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    await box.check();
    box.source.asked.length = 0;
    assert.equal(reasonOf(await box.check()), 'verified');
    assert.deepEqual(
      box.source.asked.map(({ path }) => path.replace(/\/[0-9a-f]{64}/, '/…')),
      ['metadata/2.root.json', 'metadata/timestamp.json', 'targets/….bundle.json'],
    );
  });

  it('asks for room before it fetches, and for no more than is missing', async t => {
    const box = await UpdateBox.make(t);
    const document = box.publish(1, { freeBytes: 1_000 });
    const all = document.members.reduce((sum, { bytes }) => sum + bytes, 0);
    const full = await box.check({ free: async () => all + 999 });
    assert.equal(reasonOf(full), 'no-space');
    assert.ok(full.kind === 'refused' && full.alarm);
    assert.deepEqual(box.source.paths('blobs/'), []);
    assert.equal(reasonOf(await box.check({ free: async () => all + 1_000 })), 'verified');
    await rm(join(box.folder, 'editions', '1'), { recursive: true });
    assert.equal(reasonOf(await box.check({ free: async () => 1_000 })), 'verified', 'all of it is there');
  });

  it('goes on with what it was stopped in, and fetches no byte twice', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    const stop = new AbortController();
    let half = 0;
    const outcome = await updater.check({
      signal: stop.signal,
      onProgress: (done, all) => {
        if (done <= all / 2 || half !== 0) return;
        half = done;
        stop.abort();
      },
    });
    assert.equal(outcome.kind, 'cancelled');
    const { state, release } = updater.progress.state;
    assert.deepEqual([state, release?.release, release?.transitions], ['idle', 1, 0]);
    box.source.asked.length = 0;
    let first: number | undefined;
    const resumed = await box.start().check({ onProgress: done => (first ??= done) });
    assert.equal(resumed.kind, 'verified');
    assert.ok(box.source.asked.some(({ from }) => from > 0) || box.source.paths('blobs/').length < 8);
    assert.ok((first ?? 0) > 0);
  });

  it('drops what it had of a release when a newer one comes', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    assert.equal(reasonOf(await updater.check()), 'verified');
    box.publish(2, { parts: nextParts('2.0.0') });
    const outcome = await updater.check();
    assert.ok(outcome.kind === 'verified' && outcome.release.release === 2);
    assert.deepEqual(await readdir(join(box.folder, 'editions')), [String(outcome.edition)]);
    const blobs = await readdir(join(box.folder, 'blobs', 'sha256'));
    assert.ok(!blobs.includes(blobOf('manifest.json').slice(-64)), 'the first manifest is nobody’s any more');
    assert.ok(blobs.includes(blobOf('encoder.onnx').slice(-64)), 'the encoder is the second release’s too');
  });

  it('drops a verified release that the repository takes back', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    await updater.check();
    box.publish(2, { rollout: { salt: 'x', percent: 0 } });
    assert.equal(reasonOf(await updater.check()), 'not-in-rollout');
    assert.deepEqual([updater.progress.state.state, updater.progress.state.release], ['idle', undefined]);
  });

  it('keeps the release that serves and the one before it, and no other', async t => {
    const box = await UpdateBox.make(t);
    const updater = box.start();
    for (const release of [1, 2, 3]) {
      box.publish(release, { parts: nextParts(`${release}.0.0`) });
      assert.equal(reasonOf(await updater.check()), 'verified');
      commit(updater, release);
    }
    await updater.collect();
    assert.deepEqual((await readdir(join(box.folder, 'editions'))).sort(), ['2', '3']);
    assert.equal(updater.progress.previous?.release, 2);
  });

  it('verifies again what is there already, where its folder was taken away', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const updater = box.start();
    const first = await updater.check();
    assert.ok(first.kind === 'verified');
    await rm(first.folder, { recursive: true });
    const second = await updater.check();
    assert.ok(second.kind === 'verified');
    assert.equal((await verifyEdition(second.folder, second.release)).name, 'from-keras@1.2.3');
  });

  it('is one at a time, and none while a release is tried', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const hold = tryHold(join(box.folder, 'updates.lock'));
    assert.equal(reasonOf(await box.check()), 'under-way');
    hold?.release();
    const updater = box.start();
    await updater.check();
    updater.progress.advance('staged', 1);
    assert.equal(reasonOf(await updater.check()), 'under-way');
    assert.equal(updater.progress.state.state, 'staged');
  });

  it('never throws, whatever the source does', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    const strange: unknown[] = [new TypeError('odd'), 'text', undefined, { code: 'ENOENT' }];
    for (const thrown of strange) {
      for (const path of ['metadata/timestamp.json', blobOf('encoder.onnx')]) {
        box.source.treatments.clear();
        box.source.treatments.set(path, () => Promise.reject(thrown));
        const outcome = await box.check();
        assert.ok(outcome.kind === 'refused' && outcome.alarm, reasonOf(outcome));
      }
    }
    box.source.treatments.clear();
    assert.equal(reasonOf(await box.check()), 'verified');
  });

  it('says what is wrong with the root that came with the box', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    await writeFile(box.root, '{}');
    assert.equal(reasonOf(await box.check()), 'root-unusable');
    await rm(box.root);
    assert.equal(reasonOf(await box.check()), 'root-unusable');
    assert.deepEqual(box.source.asked, []);
  });

  it('does not count against a release what the line did to it', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    box.source.treatments.set(blobOf('encoder.onnx'), bytes => readingOf(bytes.subarray(0, 5), 0, bytes.length));
    const updater = box.start({ retries: { tries: 1, waitMs: 1, longestMs: 1 } });
    for (let turn = 0; turn < 40; turn += 1) assert.equal(reasonOf(await updater.check()), 'source-unreachable');
    box.source.treatments.clear();
    assert.equal(reasonOf(await updater.check()), 'verified');
  });

  it('gives a release up that goes round in circles', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    box.source.treatments.set(blobOf('encoder.onnx'), bytes => readingOf(Buffer.alloc(bytes.length)));
    const updater = box.start();
    const reasons: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) reasons.push(reasonOf(await updater.check()));
    assert.deepEqual(reasons, [...Array(28).fill('wrong-hash'), 'abandoned', 'release-bad']);
    assert.match(updater.progress.history()[0]?.reason ?? '', /abandoned/);
  });

  it('is refused where the runtime cannot run it', async t => {
    const box = await UpdateBox.make(t);
    box.publish(1);
    assert.equal(reasonOf(await box.check({ box: { ...TEST_BOX, runtime: undefined } })), 'runtime-unsupported');
    assert.deepEqual(box.source.paths('blobs/'), []);
  });
});
