import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { afterwards } from '../../support/afterwards.ts';
import { chromiumPath } from '../../support/browser.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';
import { temporaryFolder } from '../../support/store.ts';

const BROWSER = resolve(import.meta.dirname, '../../../scripts/device/kiosk-browser');
/** Seconds of silence, in place of those of a box, and how long it takes at most until that is found out. */
const PATIENCE = 12;
const FOUND_MS = 60_000;

/** Chromium without a screen, as kiosk-browser is told it; what it takes of cage's screen is left out. */
const HEADLESS = `#!/usr/bin/env bash
words=()
for word in "$@"; do case "$word" in --ozone-platform=*) ;; *) words+=("$word") ;; esac; done
exec "$LOOKDIAL_TEST_CHROMIUM" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "\${words[@]}"
`;

const said = new WeakMap<ChildProcess, string[]>();

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}

async function everyProcess(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const read = async (pid: string): Promise<Process[]> => {
    try {
      const [words, status] = await Promise.all(
        ['cmdline', 'status'].map(of => readFile(`/proc/${pid}/${of}`, 'utf8')),
      );
      return [{ pid: Number(pid), parent: Number(/^PPid:\t(\d+)/m.exec(status!)?.[1]), words: words!.split(/[\0 ]/) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  };
  return (await Promise.all(pids.map(read))).flat();
}

/** The browser of this folder: its first process. */
async function browsers(folder: string): Promise<number[]> {
  const profile = `--user-data-dir=${folder}/profile`;
  return (await everyProcess())
    .filter(({ words }) => words.includes(profile) && !words.some(word => word.startsWith('--type=')))
    .map(({ pid }) => pid);
}

/** What draws its pages, by whom it was started: such a process is not told the folder. */
async function renderers(folder: string): Promise<number[]> {
  const all = await everyProcess();
  const [browser] = await browsers(folder);
  const isOf = (pid: number): boolean => {
    const parent = all.find(one => one.pid === pid)?.parent;
    return parent !== undefined && (parent === browser || isOf(parent));
  };
  return all.filter(({ pid, words }) => words.includes('--type=renderer') && isOf(pid)).map(({ pid }) => pid);
}

async function until<T>(ask: () => Promise<T>, right: (answer: T) => boolean, withinMs: number): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (performance.now() > end)
      throw new Error(`Not within ${withinMs} ms; the last answer: ${JSON.stringify(answer)}`);
    await wait(200);
  }
}

/** What the kiosk's unit does, as far as it concerns its browser. */
async function kiosk(t: TestContext, daemon: FakeDaemon) {
  const folder = await temporaryFolder(t);
  const chromium = join(folder, 'chromium');
  await writeFile(chromium, HEADLESS);
  await chmod(chromium, 0o755);
  const start = (): ChildProcess => {
    const child = spawn(BROWSER, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        XDG_RUNTIME_DIR: folder,
        LOOKDIAL_KIOSK_PAGE: `${daemon.url}?lang=de#there`,
        LOOKDIAL_KIOSK_BROWSER: chromium,
        LOOKDIAL_KIOSK_PATIENCE: String(PATIENCE),
        LOOKDIAL_TEST_CHROMIUM: chromiumPath(),
      },
    });
    const lines: string[] = [];
    said.set(child, lines);
    child.stdout?.on('data', text => lines.push(String(text)));
    afterwards(t, async () => {
      child.kill('SIGTERM');
      for (const pid of await browsers(folder)) process.kill(pid, 'SIGKILL');
      await until(
        () => browsers(folder),
        pids => pids.length === 0,
        10_000,
      );
    });
    return child;
  };
  return { folder, start };
}

const heard = (daemon: FakeDaemon): (() => Promise<number>) => {
  const before = daemon.beats;
  return async () => daemon.beats - before;
};

it('a tab that has crashed is found out, its browser ends, and the next one shows the page', async t => {
  const daemon = await startFakeDaemon();
  afterwards(t, () => daemon.stop());
  const { folder, start } = await kiosk(t, daemon);
  const first = start();
  const ended = once(first, 'exit');
  await until(heard(daemon), beats => beats >= 2, 60_000);
  const pages = await until(
    () => renderers(folder),
    pids => pids.length > 0,
    10_000,
  );
  for (const pid of pages) process.kill(pid, 'SIGKILL');
  await wait(2_000);
  assert.equal((await browsers(folder)).length, 1, 'the browser itself goes on, with a dead tab');
  const [code] = await Promise.race([ended, wait(FOUND_MS, ['it was not found out'], { ref: false })]);
  assert.equal(code, 1);
  assert.match(said.get(first)?.join('') ?? '', /says nothing any more: the browser is started anew/);
  await until(
    () => browsers(folder),
    pids => pids.length === 0,
    20_000,
  );
  start();
  await until(heard(daemon), beats => beats >= 2, 60_000);
});

it('a tab that hangs is found out too', async t => {
  const daemon = await startFakeDaemon();
  afterwards(t, () => daemon.stop());
  const { folder, start } = await kiosk(t, daemon);
  const ended = once(start(), 'exit');
  await until(heard(daemon), beats => beats >= 2, 60_000);
  const pages = await renderers(folder);
  for (const pid of pages) process.kill(pid, 'SIGSTOP');
  // What is stopped does not see that its browser has ended; systemd ends whatever is left of a unit.
  afterwards(t, () => {
    for (const pid of pages) process.kill(pid, 'SIGKILL');
  });
  const [code] = await Promise.race([ended, wait(FOUND_MS, ['it was not found out'], { ref: false })]);
  assert.equal(code, 1);
});

it('a daemon that is away, and one that starts anew, is no fault of the page: its browser goes on', async t => {
  let daemon = await startFakeDaemon();
  afterwards(t, () => daemon.stop());
  const { folder, start } = await kiosk(t, daemon);
  const browser = start();
  await until(heard(daemon), beats => beats >= 2, 60_000);
  const [pid] = await browsers(folder);
  await daemon.stop();
  // Longer than it may be silent, and than it takes to find that out.
  await wait((PATIENCE + 20) * 1_000);
  daemon = await startFakeDaemon({ port: daemon.port });
  await until(heard(daemon), beats => beats >= 4, 60_000);
  assert.deepEqual([browser.exitCode, await browsers(folder)], [null, [pid]]);
});

it('ends when its browser ends', async t => {
  const daemon = await startFakeDaemon();
  afterwards(t, () => daemon.stop());
  const { folder, start } = await kiosk(t, daemon);
  const browser = start();
  const ended = once(browser, 'exit');
  await until(heard(daemon), beats => beats >= 1, 60_000);
  for (const pid of await browsers(folder)) process.kill(pid, 'SIGKILL');
  const [code] = await Promise.race([ended, wait(20_000, ['it goes on'], { ref: false })]);
  assert.equal(code, 137);
});
