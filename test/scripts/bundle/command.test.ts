import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it, mock } from 'node:test';
import { tryHold } from '../../../device/inventory/exclusive.ts';
import { bundleCommand, USAGE } from '../../../scripts/bundle/command.ts';
import { LOCK } from '../../../scripts/bundle/hold.ts';
import { runCommand } from '../../../scripts/store/command.ts';
import { afterwards } from '../../support/afterwards.ts';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { OFFICE, Publisher, passphraseOf, serve, smallBundle, UpdateClient } from '../../support/publisher.ts';
import { temporaryFolder } from '../../support/store.ts';

const MAIN = resolve(import.meta.dirname, '../../../scripts/bundle/main.ts');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As a shell has it: the usage behind an option that is none, a sentence for what can be mended. */
async function spawned(args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: bareEnvironment() });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', chunk => (said.stdout += String(chunk)));
  child.stderr.on('data', chunk => (said.stderr += String(chunk)));
  child.stdin.on('error', () => undefined).end(input);
  const [status] = await once(child, 'close');
  return { status, ...said };
}

/** The same in this process. */
async function run(args: readonly string[], input = ''): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const saying = (stream: keyof typeof said) => (text: string) => {
    said[stream] += `${text}\n`;
  };
  const typed = new PassThrough();
  typed.end(input);
  const io = {
    console: { input: typed, output: { write: (text: string) => (said.stderr += text) } },
    say: saying('stdout'),
    complain: saying('stderr'),
    terminal: { write: () => undefined },
    signal: new AbortController().signal,
  };
  const before = process.exitCode;
  const error = mock.method(console, 'error', saying('stderr'));
  try {
    await runCommand(() => bundleCommand(args, io), USAGE);
    return { status: Number(process.exitCode), ...said };
  } finally {
    error.mock.restore();
    process.exitCode = before;
  }
}

const lines = (...names: string[]): string => names.map(name => `${passphraseOf(name)}\n`).join('');

describe('npm run bundle', () => {
  it('makes keys whose passphrases come from standard input, and shows none of it', async t => {
    const keys = join(await temporaryFolder(t), 'keys');
    const made = await run(['key', 'snapshot', 'timestamp', '--keys', keys], lines('snapshot', 'timestamp'));
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /^snapshot: [0-9a-f]{64}\. Hand .*snapshot\.pub\.pem/);
    assert.ok(!`${made.stdout}${made.stderr}`.includes('the passphrase of'));
    assert.equal((await readdir(keys)).length, 4);
    const again = await run(['key', 'third', 'timestamp', '--keys', keys], lines('third', 'timestamp'));
    assert.deepEqual([again.status, /it is there already/.test(again.stderr)], [1, true]);
    assert.equal((await readdir(keys)).length, 4, 'none of the two was made');
    const short = await run(['key', 'fourth', '--keys', keys], 'too short\n');
    assert.match(short.stderr, /fourth has 9 characters; take 12 or more/);
    assert.match((await run(['key', 'fourth', '--keys', keys])).stderr, /No passphrase came for fourth/);
  });

  it('takes a release all the way, and says each time what comes next', async t => {
    const publisher = await Publisher.start(t);
    const { repository } = publisher;
    const at = ['--repository', repository];
    const keys = (person: string): string[] => [...at, '--keys', publisher.keysOf(person)];
    const made = await run([
      'make',
      smallBundle(1),
      ...at,
      '--percent',
      '12.5',
      '--hardware',
      'a',
      '--hardware',
      'b-2',
    ]);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /for a, b-2; 12\.5 % of the boxes/);
    const early = await run(['publish', ...keys(OFFICE)], lines('snapshot', 'timestamp'));
    assert.deepEqual([early.status, early.stdout], [1, '']);
    assert.match(early.stderr, /0 of 2 signatures; wanting 2 of: root-anna, root-ben, root-cem/);
    for (const person of ['ben', 'cem']) {
      assert.equal((await run(['sign', ...keys(person)], lines(`root-${person}`))).status, 0);
    }
    const signed = await run(['sign', ...keys(OFFICE)], lines('targets'));
    assert.match(signed.stdout, /It can be published: npm run bundle -- publish\.\n$/);
    const published = await run(['publish', ...keys(OFFICE)], lines('snapshot', 'timestamp'));
    assert.equal(published.status, 0, published.stderr);
    const served = await serve(t, repository);
    const root = join(repository, 'metadata/1.root.json');
    const release = await (await UpdateClient.start(t, served, root)).update();
    assert.deepEqual([release.rollout.percent, release.hardware], [12.5, ['a', 'b-2']]);
    const file = join(publisher.folder, 'passphrase');
    await writeFile(file, lines('timestamp'), { mode: 0o644 });
    await chmod(file, 0o644);
    const refresh = ['refresh', ...keys(OFFICE), '--passphrase-file', file];
    assert.match((await run(refresh)).stderr, /passphrase: others on this machine may open the file/);
    await chmod(file, 0o600);
    assert.equal((await run(refresh)).status, 0);
    // Near its end by a life that is longer.
    const due = await run([...refresh, '--targets-days', '1000', '--root-days', '3000']);
    assert.equal(due.status, 3);
    assert.match(due.stderr, /1\.root\.json expires on [\s\S]*1\.targets\.json expires on .*npm run bundle -- make/);
    const checked = await run(['check', ...at]);
    assert.deepEqual([checked.status, /timestamp +version 3 /.test(checked.stdout)], [0, true]);
  });

  it('lets one publisher at a time into a repository', async t => {
    const publisher = await Publisher.withRelease(t);
    const { repository } = publisher;
    const args = ['refresh', '--repository', repository, '--keys', publisher.keysOf(OFFICE)];
    const both = await Promise.all([spawned(args, lines('timestamp')), spawned(args, lines('timestamp'))]);
    assert.deepEqual(
      both.map(({ status }) => status),
      [0, 0],
      both.map(({ stderr }) => stderr).join(),
    );
    const timestamp = JSON.parse(await readFile(join(repository, 'metadata/timestamp.json'), 'utf8')).signed;
    assert.equal(timestamp.version, 3, 'one after the other');
    const hold = tryHold(join(repository, LOCK));
    assert.ok(hold !== undefined);
    afterwards(t, () => hold.release());
    const works = [publisher.refresh, () => publisher.make(smallBundle(2)), () => publisher.rotate({ role: 'root' })];
    for (const work of works) {
      await assert.rejects(
        work(),
        /another npm run bundle is at work here \(its lock is .*publishing\.lock\)\. Wait for/,
      );
    }
  });

  it('says how it is used where it is not', async t => {
    const folder = await temporaryFolder(t);
    const at = ['--repository', folder];
    const keys = join(folder, 'keys');
    for (const [args, status, words] of [
      [[], 2, /npm run bundle -- COMMAND/],
      [['toString', ...at], 2, /npm run bundle -- COMMAND/],
      [['check', 'a', ...at], 2, /npm run bundle -- COMMAND/],
      [['make', 'a', 'b', ...at], 2, /npm run bundle -- COMMAND/],
      [['sign', ...at, '--passphrase', 'secret'], 2, /Unknown option/],
      [['check'], 1, /Say which repository/],
      [['sign'], 1, /or --staged FOLDER/],
      [['sign', ...at], 1, /Say where the keys are/],
      [['publish', ...at, '--keys', keys], 1, /there is no such folder of keys/],
      [['publish', ...at, '--percent', '5'], 1, /publish takes no --percent/],
      [['make', ...at, '--percent', 'many'], 1, /--percent many: it must be a number/],
      [['make', folder, ...at], 1, /it is no repository yet.*npm run bundle -- init/],
      [['refresh', ...at, '--keys', folder, '--timestamp-days', '0'], 1, /--timestamp-days 0: it must be above 0/],
      [['rotate', 'mirror', ...at, '--new', 'x'], 1, /Say whose key: rotate root, or targets/],
      [['rotate', 'targets', ...at, '--renew'], 1, /Say which key is to be trusted/],
      [['rotate', 'root', ...at], 1, /Say which key is to be trusted/],
      [['rotate', 'root', ...at, '--renew'], 1, /it has no root yet/],
      [['init', ...at], 1, /Say whose key signs as root/],
      [['key', '--keys', keys], 1, /Name the key/],
      [['key', 'a'], 1, /Say which folder/],
    ] as const) {
      const ended = await run([...args]);
      assert.equal(ended.status, status, args.join(' '));
      assert.match(ended.stderr, words, args.join(' '));
      assert.doesNotMatch(ended.stderr, /^\s+at /m, 'no stack');
    }
    assert.deepEqual(await readdir(folder), [], 'nothing was made');
    const help = await spawned(['--help']);
    assert.deepEqual([help.status, help.stderr, help.stdout], [0, '', `${USAGE}\n`]);
  });

  it('names the file that cannot be written', async t => {
    const publisher = await Publisher.withRelease(t);
    // Root writes everywhere but over a folder.
    await mkdir(join(publisher.repository, 'metadata', 'timestamp.json.new'));
    const args = ['refresh', '--repository', publisher.repository, '--keys', publisher.keysOf(OFFICE)];
    const ended = await run(args, lines('timestamp'));
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /timestamp\.json\.new: EISDIR.*What is published is whole/);
  });

  it('names the file that is in the way of the repository', async t => {
    const folder = await temporaryFolder(t);
    const publisher = await Publisher.start(t);
    await writeFile(join(folder, 'updates'), 'a file');
    const at = ['--repository', join(folder, 'updates'), '--staged', publisher.staged];
    const ended = await run(['make', smallBundle(1), ...at]);
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /updates.*(ENOTDIR|EEXIST)/);
    assert.doesNotMatch(ended.stderr, /^\s+at /m);
  });
});
