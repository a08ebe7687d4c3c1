/**
 * `npm run conformance`: the box's TUF client against others. python-tuf writes repositories, which the box must take or refuse, and
 * reads one of ours. PYTHON is a Python that has test/conformance/tuf-requirements.txt.
 * Where TUF_CONFORMANCE is a checkout of github.com/theupdateframework/tuf-conformance, that suite is run, all of it.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { systemClock } from '../../device/access/clock.ts';
import { FolderSource } from '../../device/updates/folder-source.ts';
import { KnownTime } from '../../device/updates/known-time.ts';
import { type Refreshed, RepositoryMetadata } from '../../device/updates/metadata.ts';
import { USUAL_PACE } from '../../device/updates/paced.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { TrustMemory } from '../../device/updates/trust-memory.ts';
import { UpdateDatabase } from '../../device/updates/update-database.ts';
import { temporaryFolder } from '../support/store.ts';
import { QUICK_RETRIES } from '../support/update-box.ts';
import { UpdateRepository } from '../support/update-repository.ts';
import { UpdateServer } from '../support/update-server.ts';

const HERE = import.meta.dirname;
const CLIENT = join(HERE, 'tuf-client.ts');
const PYTHON_TUF = join(HERE, 'python_tuf.py');
const { TUF_CONFORMANCE, PYTHON = 'python3' } = process.env;
/** The suite took six minutes on two busy cores. */
const SUITE_MS = 20 * 60_000;
/** Tests that the suite has at the least: fewer, and some were left out. */
const SUITE_TESTS = 113;

interface Step {
  readonly folder: string;
  readonly expected: string;
  readonly versions: Refreshed['versions'];
}

const python = PYTHON.includes('/') ? resolve(PYTHON) : PYTHON;

function checkPython(): void {
  const { status, stderr } = spawnSync(python, ['-c', 'import tuf'], { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(
    `${python} has no python-tuf (${stderr?.trim().split('\n').at(-1)}). Install it: python3 -m venv VENV && VENV/bin/pip install -r ` +
      'test/conformance/tuf-requirements.txt, then set PYTHON=VENV/bin/python.',
  );
}

/** What the box says to one repository after another. */
async function follow(t: TestContext, folder: string): Promise<void> {
  const steps = JSON.parse(readFileSync(join(folder, 'steps.json'), 'utf8')) as Step[];
  const memory = new TrustMemory(new UpdateDatabase(':memory:'));
  const metadata = new RepositoryMetadata({
    folder: join(await temporaryFolder(t), 'metadata'),
    root: join(folder, 'first-root.json'),
    memory,
    time: new KnownTime(memory, systemClock),
    pace: USUAL_PACE,
    retries: QUICK_RETRIES,
  });
  for (const [place, { folder: repository, expected, versions }] of steps.entries()) {
    const outcome = await metadata
      .refresh(new FolderSource(repository), ['bundle.json'])
      .catch((error: unknown) => error);
    if (outcome instanceof UpdateRefused) {
      assert.equal(outcome.reason, expected, `step ${place}: ${outcome.message}`);
      continue;
    }
    assert.ok(!(outcome instanceof Error), `step ${place}: ${outcome}`);
    assert.equal(expected, 'trusted', `step ${place}`);
    const refreshed = outcome as Refreshed;
    assert.deepEqual(refreshed.versions, versions, `step ${place}`);
    assert.match(refreshed.targets[0]?.hashes.sha256 ?? '', /^[0-9a-f]{64}$/);
  }
}

test('what python-tuf writes is taken, and refused, as python-tuf would', async t => {
  checkPython();
  const out = await temporaryFolder(t);
  await promisify(execFile)(python, [PYTHON_TUF, 'write', out]);
  const names = readdirSync(out);
  assert.ok(names.length >= 18, `${names.length} repositories`);
  for (const name of names) await t.test(name, inner => follow(inner, join(out, name)));
});

test('what is signed here python-tuf reads', async t => {
  checkPython();
  const repository = new UpdateRepository(Date.now);
  repository.addTarget('bundle.json', Buffer.from('{"signed": "here"}'));
  repository.publish();
  const old = repository.keys.root;
  repository.keys.root = new UpdateRepository(Date.now).keys.root;
  repository.publishRoot([...old, ...repository.keys.root]);
  const server = await UpdateServer.listen(t, repository.files);
  const root = join(await temporaryFolder(t), 'root.json');
  await writeFile(root, repository.firstRoot);
  const { stdout } = await promisify(execFile)(python, [PYTHON_TUF, 'read', server.address, root, 'bundle.json']);
  assert.equal(stdout, '{"signed": "here"}');
});

test('the failures of tuf-conformance that are known have each its reason', () => {
  const lines = readFileSync(`${CLIENT}.xfails`, 'utf8').split('\n');
  for (const [place, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    assert.match(lines[place - 1] ?? '', /^# .{20,}\.$/, `${line} has no reason before it`);
  }
});

const suite = { skip: TUF_CONFORMANCE === undefined && 'TUF_CONFORMANCE names no checkout of the suite' };

test('tuf-conformance passes, all of it but what is known', suite, async t => {
  const report = join(await temporaryFolder(t), 'report.xml');
  const args = [
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    join(resolve(TUF_CONFORMANCE ?? ''), 'tuf_conformance'),
  ];
  const options = ['--entrypoint', CLIENT, '--junitxml', report];
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  const cwd = resolve(TUF_CONFORMANCE ?? '');
  const run = promisify(execFile)(python, [...args, ...options], { cwd, env, timeout: SUITE_MS, maxBuffer: 2 ** 26 });
  // It holds that what is known to fail fails: one that passes is a failure, too.
  const { stdout } = await run.catch((error: { stdout?: string; message: string }) => {
    assert.fail(`${error.message.slice(0, 300)}\n${error.stdout?.slice(-20_000)}`);
  });
  const count = Number(/tests="(\d+)"/.exec(readFileSync(report, 'utf8'))?.[1]);
  assert.ok(count >= SUITE_TESTS, `${count} tests were run, expected at least ${SUITE_TESTS}`);
  t.diagnostic(stdout.trim().split('\n').at(-1) ?? '');
});
