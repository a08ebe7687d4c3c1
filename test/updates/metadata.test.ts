import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { KnownTime } from '../../device/updates/known-time.ts';
import { RepositoryMetadata } from '../../device/updates/metadata.ts';
import { MetadataFolder } from '../../device/updates/metadata-folder.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { TrustMemory } from '../../device/updates/trust-memory.ts';
import { UpdateDatabase } from '../../device/updates/update-database.ts';
import { HandSetClock } from '../support/hand-set-clock.ts';
import { temporaryFolder } from '../support/store.ts';
import { QUICK_PACE, QUICK_RETRIES, UpdateBox } from '../support/update-box.ts';
import { makeKey } from '../support/update-repository.ts';

const DAY_MS = 24 * 3_600_000;

interface Bench {
  readonly box: UpdateBox;
  readonly folder: string;
  readonly memory: TrustMemory;
  readonly metadata: RepositoryMetadata;
}

async function bench(t: TestContext): Promise<Bench> {
  const box = await UpdateBox.make(t);
  const memory = new TrustMemory(new UpdateDatabase(':memory:'));
  const folder = join(box.folder, 'metadata');
  const time = new KnownTime(memory, box.clock);
  const metadata = new RepositoryMetadata({
    folder,
    root: box.root,
    memory,
    time,
    pace: QUICK_PACE,
    retries: QUICK_RETRIES,
  });
  return { box, folder, memory, metadata };
}

/** Versions of the files that are trusted, as `root 1, timestamp 2`. */
async function trusted(metadata: RepositoryMetadata): Promise<string> {
  const files = await metadata.trusted();
  return [...files]
    .map(([name, bytes]) => `${name.replace('.json', '')} ${JSON.parse(String(bytes)).signed.version}`)
    .join(', ');
}

describe('the metadata', () => {
  it('are brought up to date, kept as they were signed, and remembered beside', async t => {
    const { box, memory, metadata } = await bench(t);
    box.publish(1);
    const { versions, targets } = await metadata.refresh(box.source, ['bundle.json', 'none']);
    assert.deepEqual(versions, { root: 1, timestamp: 1, snapshot: 1, targets: 1 });
    assert.deepEqual([targets[0]?.path, targets[1]], ['bundle.json', undefined]);
    const files = await metadata.trusted();
    assert.deepEqual(files.get('timestamp.json'), box.repository.files.get('metadata/timestamp.json'));
    assert.deepEqual(Object.fromEntries(memory.trust?.versions ?? []), {
      timestamp: 1,
      snapshot: 1,
      'targets.json': 1,
    });
    assert.equal(memory.time, box.clock.wall());
  });

  it('are kept as far as they were good: a new root though nothing else is', async t => {
    const { box, memory, metadata } = await bench(t);
    box.publish(1);
    await metadata.refresh(box.source, []);
    box.repository.keys.timestamp = [makeKey()];
    box.repository.publishRoot();
    await assert.rejects(metadata.refresh(box.source, []), { reason: 'metadata-unsigned' });
    assert.equal(await trusted(metadata), 'root 2, targets 1');
    assert.deepEqual([memory.trust?.root, memory.trust?.versions.size], [2, 0]);
    box.repository.publishTimestamp();
    await metadata.refresh(box.source, []);
    assert.equal(await trusted(metadata), 'root 2, snapshot 1, targets 1, timestamp 2');
  });

  it('are written nowhere where nothing is new', async t => {
    const { box, folder, metadata } = await bench(t);
    box.publish(1);
    await metadata.refresh(box.source, []);
    const before = await readdir(folder);
    await metadata.refresh(box.source, []);
    assert.deepEqual(await readdir(folder), before);
  });

  it('are taken from the first root again where their folder is damaged, and wind nothing back', async t => {
    const { box, folder, metadata } = await bench(t);
    box.repository.publishRoot();
    box.publish(1);
    await metadata.refresh(box.source, []);
    const pointed = (await readFile(join(folder, 'current'), 'utf8')).trim();
    await truncate(join(folder, pointed, 'root.json'), 100);
    const { versions } = await metadata.refresh(box.source, []);
    assert.equal(versions.root, 2);
    await writeFile(join(folder, 'current'), 'nonsense');
    assert.equal((await metadata.refresh(box.source, [])).versions.root, 2);
    // A repository that has only the first root left is behind what was seen.
    await rm(folder, { recursive: true });
    box.repository.files.delete('metadata/2.root.json');
    await assert.rejects(metadata.refresh(box.source, []), { reason: 'metadata-behind', message: /root 1, seen 2/ });
  });

  it('are not called behind where the line was cut before they were offered', async t => {
    const { box, folder, metadata } = await bench(t);
    box.repository.publishRoot();
    box.publish(1);
    await metadata.refresh(box.source, []);
    await rm(folder, { recursive: true });
    box.source.treatments.set('metadata/2.root.json', () =>
      Promise.reject(new UpdateRefused('source-unreachable', 'cut')),
    );
    await assert.rejects(metadata.refresh(box.source, []), { reason: 'source-unreachable' });
  });

  it('stop being read when that is asked', async t => {
    const { box, metadata } = await bench(t);
    box.publish(1);
    const stop = new AbortController();
    box.source.treatments.set('metadata/1.snapshot.json', () => {
      stop.abort(new Error('enough'));
      return new Promise(() => undefined);
    });
    await assert.rejects(metadata.refresh(box.source, [], stop.signal), { message: 'enough' });
  });

  it('are announced no longer than they may be, whoever signed how long they are', async t => {
    const { box, metadata } = await bench(t);
    box.publish(1);
    const files = box.repository.files;
    files.set(
      'metadata/timestamp.json',
      Buffer.concat([files.get('metadata/timestamp.json') as Buffer, Buffer.alloc(20_000, ' ')]),
    );
    await assert.rejects(metadata.refresh(box.source, []), { reason: 'wrong-length' });
  });
});

describe('the metadata’s folder', () => {
  const files = (text: string): Map<string, Buffer> => new Map([['root.json', Buffer.from(text)]]);

  it('is the old one until the new one is whole', async t => {
    const root = join(await temporaryFolder(t), 'metadata');
    const folder = new MetadataFolder(root);
    await folder.commit(await folder.stage(files('old')));
    const staged = await folder.stage(files('new'));
    await writeFile(join(staged, 'root.json'), 'ne');
    // Cut here, and started again:
    const after = new MetadataFolder(root);
    assert.equal(String((await after.current()).get('root.json')), 'old');
    await after.commit(await after.stage(files('newer')));
    assert.equal(String((await after.current()).get('root.json')), 'newer');
    assert.equal((await readdir(root)).length, 2, 'what was left lying about is gone');
  });

  it('is never a folder that half of a crash made', async t => {
    const root = join(await temporaryFolder(t), 'metadata');
    await mkdir(join(root, '7'), { recursive: true });
    const folder = new MetadataFolder(root);
    assert.equal((await folder.current()).size, 0);
    await folder.commit(await folder.stage(files('first')));
    assert.equal(String((await folder.current()).get('root.json')), 'first');
  });
});

describe('the time that is known', () => {
  const start = (): { clock: HandSetClock; memory: TrustMemory } => {
    const memory = new TrustMemory(new UpdateDatabase(':memory:'));
    memory.remember({ root: 1, freshnessKeys: '', versions: new Map() });
    return { clock: new HandSetClock(), memory };
  };

  it('is the clock’s where nothing better is known', () => {
    const { clock, memory } = start();
    const time = new KnownTime(memory, clock);
    assert.equal(time.now(), clock.wall());
    time.keep();
    assert.equal(memory.time, undefined, 'a clock that nothing speaks for is not remembered');
  });

  it('does not go back with the clock, and goes on with what passes', () => {
    const { clock, memory } = start();
    const time = new KnownTime(memory, clock);
    const then = clock.wall();
    time.keep(then + DAY_MS);
    clock.set(0);
    assert.equal(time.now(), then);
    clock.pass(5_000);
    assert.equal(time.now(), then + 5_000);
    time.keep();
    assert.equal(new KnownTime(memory, clock).now(), then + 5_000, 'after a start, too');
  });

  it('takes no time at which nothing would be good', () => {
    const { clock, memory } = start();
    const time = new KnownTime(memory, clock);
    const then = clock.wall();
    time.keep(then + DAY_MS);
    clock.set(then + 900 * DAY_MS);
    assert.equal(time.now(), then + 900 * DAY_MS);
    time.keep(then + DAY_MS);
    time.keep();
    clock.set(then);
    assert.equal(time.now(), then);
  });
});
