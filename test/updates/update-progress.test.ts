import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { UpdateDatabase } from '../../device/updates/update-database.ts';
import { UpdateProgress } from '../../device/updates/update-progress.ts';
import { MOST_TRANSITIONS } from '../../device/updates/update-state.ts';
import { temporaryFolder } from '../support/store.ts';
import { PARTS } from '../support/update-box.ts';
import { releaseOf, sha256 } from '../support/update-repository.ts';

function progressOf(path = ':memory:'): UpdateProgress {
  return new UpdateProgress(new UpdateDatabase(path), () => 1_000);
}

function meet(progress: UpdateProgress, release: number): void {
  const bytes = Buffer.from(JSON.stringify(releaseOf(PARTS, release)));
  progress.meet(bytes, sha256(bytes));
}

/** From idle to verified. */
function verify(progress: UpdateProgress, release: number): void {
  meet(progress, release);
  progress.checking();
  for (const state of ['fetching', 'verified'] as const) progress.advance(state, release);
}

describe('where an update stands', () => {
  it('is written down: another process reads it', async t => {
    const path = join(await temporaryFolder(t), 'updates.sqlite');
    const progress = progressOf(path);
    assert.deepEqual(progress.state, { state: 'idle', release: undefined, since: 0 });
    verify(progress, 3);
    const { state, release } = progressOf(path).state;
    assert.deepEqual([state, release?.release, release?.transitions], ['verified', 3, 2]);
    assert.deepEqual(release?.document, releaseOf(PARTS, 3));
  });

  it('goes its ways and no others', () => {
    const progress = progressOf();
    meet(progress, 1);
    for (const state of ['fetching', 'verified', 'staged', 'trial', 'committed', 'rolled-back'] as const) {
      assert.throws(() => progress.advance(state, 1), /From idle there is no way/);
    }
    assert.equal(progress.find(1)?.transitions, 0, 'what did not happen does not count');
    verify(progress, 1);
    assert.throws(() => progress.advance('trial', 1), /From verified there is no way to trial/);
    assert.throws(() => progress.advance('staged', 2), /never met/);
  });

  it('is verified again where its hours were over, with the store encoded: that is kept, and counted', async t => {
    const path = join(await temporaryFolder(t), 'updates.sqlite');
    const progress = progressOf(path);
    verify(progress, 1);
    assert.equal(progress.state.release?.isEncoded, false);
    for (const state of ['staged', 'trial'] as const) progress.advance(state, 1);
    progress.awaitWindow();
    const { state, release } = progressOf(path).state;
    assert.deepEqual([state, release?.isEncoded, release?.transitions], ['verified', true, 5]);
    // Another document of that number is another release.
    const bytes = Buffer.from(JSON.stringify(releaseOf(PARTS, 1, { freeBytes: 7 })));
    assert.equal(progress.meet(bytes, sha256(bytes)).isEncoded, false);
  });

  it('ends with the release that serves, and the one before it kept', () => {
    const progress = progressOf();
    for (const release of [1, 2]) {
      verify(progress, release);
      for (const state of ['staged', 'trial'] as const) progress.advance(state, release);
      progress.commit();
      assert.equal(progress.state.state, 'committed');
      progress.end();
    }
    assert.deepEqual([progress.current?.release, progress.previous?.release], [2, 1]);
    assert.deepEqual(
      progress.history().map(({ release, verdict }) => [release, verdict]),
      [
        [2, 'committed'],
        [1, 'committed'],
      ],
    );
    assert.deepEqual(
      progress.kept().map(({ release }) => release),
      [2, 1],
    );
  });

  it('ends with the one before where it is rolled back, in trial or in probation, and remembers why', () => {
    const progress = progressOf();
    verify(progress, 1);
    for (const state of ['staged', 'trial'] as const) progress.advance(state, 1);
    progress.commit();
    progress.end();
    for (const [release, inProbation] of [
      [2, false],
      [3, true],
    ] as const) {
      verify(progress, release);
      for (const state of ['staged', 'trial'] as const) progress.advance(state, release);
      if (inProbation) progress.commit();
      progress.rollBack('It was too slow.');
      progress.end();
      assert.equal(progress.current?.release, 1);
      const { verdict, reason } = progress.find(release) ?? {};
      assert.deepEqual([verdict, reason], ['bad', 'It was too slow.']);
    }
  });

  it('is abandoned after 28 transitions, and not before', () => {
    assert.equal(MOST_TRANSITIONS, 28);
    const progress = progressOf();
    meet(progress, 1);
    for (let turn = 0; turn < 28; turn += 1) {
      progress.checking();
      progress.advance('fetching', 1);
      progress.settle();
    }
    assert.equal(progress.find(1)?.verdict, undefined);
    progress.checking();
    assert.throws(
      () => progress.advance('fetching', 1),
      (error: unknown) => error instanceof UpdateRefused && error.reason === 'abandoned',
    );
    assert.deepEqual([progress.find(1)?.verdict, progress.state.state], ['bad', 'idle']);
  });

  it('does not count a transition that the line undid, and counts each that a crash did', () => {
    const progress = progressOf();
    meet(progress, 1);
    for (let turn = 0; turn < 100; turn += 1) {
      progress.checking();
      progress.advance('fetching', 1);
      progress.pause();
    }
    assert.deepEqual([progress.find(1)?.transitions, progress.state.release?.release], [0, 1]);
    progress.checking();
    progress.advance('fetching', 1);
    progress.settle();
    assert.equal(progress.find(1)?.transitions, 1);
  });

  it('numbers editions, never the same twice', () => {
    const progress = progressOf();
    meet(progress, 1);
    meet(progress, 2);
    assert.deepEqual([progress.numberEdition(1), progress.numberEdition(2), progress.numberEdition(1)], [1, 2, 3]);
    assert.equal(progress.numberEdition(2, 10), 11, 'nor one that lies in the folder');
  });
});

describe('the file of updates', () => {
  it('gives the box one id of its own', async t => {
    const path = join(await temporaryFolder(t), 'updates.sqlite');
    const { boxId } = new UpdateDatabase(path);
    assert.equal(boxId.length, 16);
    assert.deepEqual(new UpdateDatabase(path).boxId, boxId);
    assert.notDeepEqual(new UpdateDatabase(':memory:').boxId, boxId);
  });

  it('is refused where it is something else', async t => {
    const path = join(await temporaryFolder(t), 'updates.sqlite');
    await writeFile(path, 'not a database, but long enough to be looked at as one'.repeat(20));
    assert.throws(() => new UpdateDatabase(path), { code: 'updates-invalid' });
  });
});
