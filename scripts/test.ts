/**
 * `npm test`: formatting and lint, types, the kiosk's build, then every test but those in a folder `slow` (which CI runs after it).
 * Words after `--` narrow the tests by path: `npm test -- matching`. Of what the longest of the slow tests repeat,
 * `--one-of=4` does a quarter. A test file that does not end is stopped after 10 minutes, a slow one after 30, or after `--minutes=`.
 * All but the slow ones have their files in memory where there is room for them, unless TMPDIR says where.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SHARE_VARIABLE } from '../test/support/share.ts';
import { MINUTES_VARIABLE } from '../test/support/watchdog.ts';

const ROOT = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
const env: NodeJS.ProcessEnv = { ...process.env };

const run = (step: string, command: string, args: readonly string[]): void => {
  console.log(`\n— ${step}`);
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, env, stdio: 'inherit' });
  if (error) throw new Error(`${command} could not be started: ${error.message}. Run npm ci first.`, { cause: error });
  if (status !== 0) {
    console.error(`\n${step}: failed${signal ? ` (${signal})` : ''}.`);
    process.exit(status ?? 1);
  }
};

/** A file system in memory, and the room that the tests must find there. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 2 ** 30;

/** A folder in memory: what is written durably, many thousand times in a run, is not waited for there. */
function folderInMemory(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize < ROOM_BYTES ? undefined : mkdtempSync(`${MEMORY}/lookdial-tests-`);
  } catch {
    // There is none, or it is not ours: the tests take the usual place.
    return undefined;
  }
}

const slow = words.includes('--slow');
const setting = (name: string): string | undefined =>
  words.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const share = setting('one-of');
if (share !== undefined) env[SHARE_VARIABLE] = share;
env[MINUTES_VARIABLE] = setting('minutes') ?? (slow ? '30' : '10');
const paths = words.filter(word => !word.startsWith('--'));
const tests = globSync('test/**/*.test.ts', { cwd: ROOT })
  .filter(path => path.includes('/slow/') === slow)
  .filter(path => paths.length === 0 || paths.some(word => path.includes(word)))
  .sort();
if (tests.length === 0) {
  console.error(`No test file matches ${paths.join(', ') || 'test/**/*.test.ts'}.`);
  process.exit(1);
}

if (paths.length === 0 && !slow) {
  run('Formatting and lint', 'biome', ['ci', '--error-on-warnings', '.']);
  run('Types of the daemon, the scripts and the tests', 'tsc', ['--noEmit']);
  run('Types of the kiosk', 'tsc', ['--noEmit', '-p', 'ui']);
}
run('The kiosk', process.execPath, ['scripts/build.ts']);
if (!slow && env.TMPDIR === undefined) {
  const folder = folderInMemory();
  if (folder !== undefined) {
    env.TMPDIR = folder;
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
}
run(`${tests.length} test files`, process.execPath, [
  '--import',
  './test/support/watchdog.ts',
  '--test',
  '--test-concurrency=2',
  ...tests,
]);
