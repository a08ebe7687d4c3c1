import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../support/store.ts';
import { type Fate, type Image, imageAfter, momentsOf } from './support/disk.ts';
import { Recording } from './support/recording.ts';
import { parseTrace } from './support/strace.ts';

const END = 1_000;

/** A recording of these lines, in which `ROOT` is the folder; a path is written plainly. */
async function recordingOf(t: TestContext, lines: readonly string[], threads?: readonly string[]): Promise<Recording> {
  const folder = await temporaryFolder(t);
  const root = join(folder, 'root');
  await mkdir(root);
  await writeFile(join(root, 'old'), 'old');
  const hex = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '\\x$&');
  const trace = lines.map(line =>
    line
      .replaceAll('ROOT', root)
      .replaceAll('ACKS', join(folder, 'acks'))
      .replace(/<(\/[^>]*)>/g, (_, path: string) => `<${hex(path)}>`)
      .replace(/"([^"]*)"/g, (_, text: string) => `"${hex(text)}"`),
  );
  const recording = new Recording({ root, acknowledgements: join(folder, 'acks') });
  recording.follow(parseTrace(trace.map((line, at) => `${threads?.[at] ?? '7'}  ${line}`).join('\n')).calls);
  return recording;
}

const read = (image: Image): Record<string, string | null> =>
  Object.fromEntries([...image].map(([path, bytes]) => [path, bytes?.toString() ?? null]));

const BIG = 'x'.repeat(2_000);
const WRITTEN = [
  'openat(AT_FDCWD</>, "ROOT/new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 5<ROOT/new>',
  `write(5<ROOT/new>, "${BIG}", 2000) = 2000`,
];
const SYNCED = [...WRITTEN, 'fsync(5<ROOT/new>) = 0'];
const FOLDER_SYNCED = ['openat(AT_FDCWD</>, "ROOT", O_RDONLY) = 6<ROOT>', 'fsync(6<ROOT>) = 0', 'close(6<ROOT>) = 0'];

test('what was not synced is there, or not, or only its name', async t => {
  const recording = await recordingOf(t, WRITTEN);
  const after = (fate: Fate) => read(imageAfter(recording, END, fate, 0));
  assert.deepEqual(after('kept'), { old: 'old', new: BIG });
  assert.deepEqual(after('dropped'), { old: 'old' });
  assert.deepEqual(after('bytes-kept'), { old: 'old' });
  assert.deepEqual(after('names-kept'), { old: 'old', new: '' });
});

test('a write is torn at sectors, and a file may be longer than what is in it', async t => {
  const recording = await recordingOf(t, WRITTEN);
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const bytes = imageAfter(recording, END, 'scattered', seed).get('new');
    if (!bytes) continue;
    for (let sector = 0; sector < bytes.length; sector += 512) {
      assert.equal(new Set(bytes.subarray(sector, sector + 512)).size, 1, 'a sector is whole');
    }
    seen.add(bytes.toString());
  }
  assert.ok([...seen].some(text => text.length === 2_000 && text.startsWith('\0') && text.endsWith('x')));
  assert.ok([...seen].some(text => text.length === 512));
  assert.ok(seen.has(BIG) && seen.has(''));
});

test('the same seed gives the same disk', async t => {
  const recording = await recordingOf(t, WRITTEN);
  for (let seed = 0; seed < 20; seed += 1) {
    assert.deepEqual(imageAfter(recording, END, 'scattered', seed), imageAfter(recording, END, 'scattered', seed));
  }
});

test('a synced file keeps its bytes, and its name only once its folder is synced', async t => {
  const file = await recordingOf(t, SYNCED);
  assert.deepEqual(read(imageAfter(file, END, 'dropped', 0)), { old: 'old' });
  assert.deepEqual(read(imageAfter(file, END, 'names-kept', 0)), { old: 'old', new: BIG });
  const both = await recordingOf(t, [...SYNCED, ...FOLDER_SYNCED]);
  for (const fate of ['dropped', 'names-kept', 'journal', 'scattered'] as const) {
    assert.deepEqual(read(imageAfter(both, END, fate, 3)), { old: 'old', new: BIG });
  }
  assert.deepEqual(read(imageAfter(both, 3.5, 'dropped', 0)), { old: 'old' }, 'before the sync of the folder');
});

test('a rename that was not synced leaves the old name or the new one', async t => {
  const renamed = [...SYNCED, 'close(5<ROOT/new>) = 0', 'rename("ROOT/new", "ROOT/old") = 0'];
  const recording = await recordingOf(t, renamed);
  assert.deepEqual(read(imageAfter(recording, END, 'dropped', 0)), { old: 'old' });
  assert.deepEqual(read(imageAfter(recording, END, 'kept', 0)), { old: BIG });
  const journal = new Set<string>();
  for (let seed = 0; seed < 50; seed += 1) {
    journal.add(JSON.stringify(read(imageAfter(recording, END, 'journal', seed))));
  }
  assert.deepEqual(
    journal,
    new Set([{ old: 'old' }, { old: 'old', new: BIG }, { old: BIG }].map(one => JSON.stringify(one))),
  );
});

test('a further name of a file is there once its folder is synced, and is the same file', async t => {
  const linked = [...SYNCED, 'linkat(AT_FDCWD</>, "ROOT/new", AT_FDCWD</>, "ROOT/other", 0) = 0'];
  const recording = await recordingOf(t, linked);
  assert.deepEqual(read(imageAfter(recording, END, 'dropped', 0)), { old: 'old' });
  assert.deepEqual(read(imageAfter(recording, END, 'names-kept', 0)), { old: 'old', new: BIG, other: BIG });
  const unlinked = [...linked, ...FOLDER_SYNCED, 'unlink("ROOT/new") = 0'];
  assert.deepEqual(read(imageAfter(await recordingOf(t, unlinked), END, 'kept', 0)), { old: 'old', other: BIG });
});

test('a sync covers what had ended when it began, and no more', async t => {
  const recording = await recordingOf(t, WRITTEN);
  const during = await recordingOf(t, [...WRITTEN.slice(0, 1), 'fsync(5<ROOT/new>) = 0', ...WRITTEN.slice(1)]);
  assert.deepEqual(read(imageAfter(during, END, 'names-kept', 0)), { old: 'old', new: '' });
  assert.deepEqual(momentsOf(recording), [0, 0.5, 1.5]);
});

test('a name that is made in a folder before the call that makes the folder is back is in it', async t => {
  const overtaken = [
    'mkdir("ROOT/deep", 0777 <unfinished ...>',
    'mkdir("ROOT/deep/er", 0777) = 0',
    '<... mkdir resumed>) = 0',
  ];
  const recording = await recordingOf(t, overtaken, ['7', '8', '7']);
  assert.deepEqual(read(imageAfter(recording, END, 'kept', 0)), { old: 'old', deep: null, 'deep/er': null });
  await assert.rejects(recordingOf(t, ['mkdir("ROOT/a/b", 0777) = 0']), /has no folder of .*a\/b/);
});

test('a sync may be left out, and acknowledgements are told with their moment', async t => {
  const recording = await recordingOf(t, [...SYNCED, 'write(9<ACKS>, "done 1", 6) = 6']);
  assert.deepEqual(recording.acknowledgedAt(END), ['done 1']);
  assert.deepEqual(recording.acknowledgedAt(2.5), []);
  assert.deepEqual(recording.syncs, [{ path: 'new', at: 2 }]);
});

test('what the recording cannot model is refused', async t => {
  await assert.rejects(
    recordingOf(t, ['symlink("ROOT/old", "ROOT/other") = 0']),
    /does not know what symlink does to .*old: teach it/,
  );
  await assert.rejects(
    recordingOf(t, ['write(5<ROOT/old>, "x", 1) = 1']),
    /write on .*old, which the recording did not see opened/,
  );
});
