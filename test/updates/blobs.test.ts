import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Blobs, blobsOf, type Kept } from '../../device/updates/blobs.ts';
import { temporaryFolder } from '../support/store.ts';
import { sha256 } from '../support/update-repository.ts';

const keptOf = (text: string): Kept => ({ sha256: sha256(text), bytes: text.length });

async function blobsIn(folder: string, link?: () => Promise<void>): Promise<Blobs> {
  const blobs = new Blobs(folder, link);
  await blobs.prepare();
  return blobs;
}

async function put(blobs: Blobs, text: string): Promise<Kept> {
  const kept = keptOf(text);
  await writeFile(blobs.partPath(kept.sha256), text);
  await blobs.admit(kept);
  return kept;
}

/** Gives no file another name. */
const failing = (code: string) => (): Promise<void> => Promise.reject(Object.assign(new Error(code), { code }));

describe('a blob', () => {
  it('is there once it was admitted, and is what its name says', async t => {
    const blobs = await blobsIn(await temporaryFolder(t));
    const kept = keptOf('hello');
    assert.equal(await blobs.holds(kept), false);
    await put(blobs, 'hello');
    assert.equal(await blobs.holds(kept), true);
    await writeFile(blobs.path(kept.sha256), 'hullo');
    assert.equal(await blobs.holds(kept), false);
    assert.equal(await blobs.bytesThere(kept), 0, 'what is wrong was removed');
    assert.throws(() => blobs.path('../escaped'), RangeError);
  });

  it('is taken from a file that is on the box, if that is the one', async t => {
    const folder = await temporaryFolder(t);
    const blobs = await blobsIn(folder);
    await writeFile(join(folder, 'right'), 'hello');
    await writeFile(join(folder, 'wrong'), 'hullo');
    const kept = keptOf('hello');
    for (const name of ['wrong', 'none']) assert.equal(await blobs.seed(kept, join(folder, name)), false);
    assert.deepEqual(await readdir(join(folder, 'blobs', 'sha256')), []);
    assert.equal(await blobs.seed(kept, join(folder, 'right')), true);
    assert.equal(await blobs.holds(kept), true);
  });

  it('is counted once, however many members it is', () => {
    const same = { sha256: 'a'.repeat(64), bytes: 3 };
    const members = [
      { path: 'a', ...same },
      { path: 'b', ...same },
    ];
    assert.deepEqual(blobsOf({ members, index: same }), [same]);
  });
});

describe('an edition', () => {
  it('is a folder of links, with its folders', async t => {
    const folder = await temporaryFolder(t);
    const blobs = await blobsIn(folder);
    const [one, other] = [await put(blobs, 'one'), await put(blobs, 'other')];
    const made = await blobs.makeEdition(3, [
      { path: 'a', ...one },
      { path: 'deep/er/b', ...other },
      { path: 'deep/c', ...one },
    ]);
    assert.deepEqual((await readdir(made, { recursive: true })).sort(), [
      'a',
      'deep',
      'deep/c',
      'deep/er',
      'deep/er/b',
    ]);
    assert.equal(await readFile(join(made, 'deep/er/b'), 'utf8'), 'other');
    assert.equal((await stat(join(made, 'a'))).nlink, 3);
    assert.deepEqual(await blobs.editions(), [3]);
  });

  it('is whole or not there', async t => {
    const folder = await temporaryFolder(t);
    const blobs = await blobsIn(folder);
    const one = await put(blobs, 'one');
    const members = [
      { path: 'a', ...one },
      { path: 'b', ...keptOf('missing') },
    ];
    await assert.rejects(blobs.makeEdition(1, members), { reason: 'write-failed' });
    assert.deepEqual(await readdir(join(folder, 'editions')), []);
    // What a crash left is no edition, and is in nobody's way.
    await mkdir(join(folder, 'editions', '2.new'));
    await writeFile(join(folder, 'editions', '2.new', 'left'), 'over');
    assert.deepEqual(await blobs.editions(), []);
    const made = await blobs.makeEdition(2, [{ path: 'a', ...one }]);
    assert.deepEqual(await readdir(made), ['a']);
  });

  for (const code of ['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']) {
    it(`is of copies where the disk has no links, and says ${code}`, async t => {
      const folder = await temporaryFolder(t);
      const blobs = await blobsIn(folder, failing(code));
      const one = await put(blobs, 'one');
      const made = await blobs.makeEdition(1, [{ path: 'a', ...one }]);
      assert.equal(await readFile(join(made, 'a'), 'utf8'), 'one');
      assert.equal((await stat(join(made, 'a'))).nlink, 1);
    });
  }

  it('is not there where a link fails for want of anything else', async t => {
    const folder = await temporaryFolder(t);
    const blobs = await blobsIn(folder, failing('EIO'));
    const one = await put(blobs, 'one');
    await assert.rejects(blobs.makeEdition(1, [{ path: 'a', ...one }]), { reason: 'write-failed' });
    assert.deepEqual(await blobs.editions(), []);
  });
});

it('what no kept release holds is collected, with parts and half editions', async t => {
  const folder = await temporaryFolder(t);
  const blobs = await blobsIn(folder);
  const [kept, gone] = [await put(blobs, 'kept'), await put(blobs, 'gone')];
  const half = keptOf('half of it');
  await writeFile(blobs.partPath(half.sha256), 'half');
  await writeFile(blobs.partPath(keptOf('dropped').sha256), 'dro');
  for (const number of [1, 2]) await blobs.makeEdition(number, [{ path: 'a', ...gone }]);
  await mkdir(join(folder, 'editions', '3.new'));
  await blobs.collect([kept, half], [2]);
  const names = await readdir(join(folder, 'blobs', 'sha256'));
  assert.deepEqual(names.sort(), [kept.sha256, `${half.sha256}.part`].sort());
  assert.deepEqual(await readdir(join(folder, 'editions')), ['2']);
  assert.equal(
    await readFile(join(folder, 'editions', '2', 'a'), 'utf8'),
    'gone',
    'an edition that is kept stays whole',
  );
});
