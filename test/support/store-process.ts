/** The project's commands as processes of their own, as a person starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterwards } from './afterwards.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

export interface Command {
  readonly process: ChildProcess;
  /** What it has said so far, on both streams. */
  readonly output: () => string;
  /** Resolves to its exit code once it has ended and all it said is there; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts a script with the CPU as the only provider; it is killed when the test ends. */
export function startScript(
  t: TestContext,
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  const child = spawn(process.execPath, [resolve(PROJECT, script), ...args], {
    env: { ...process.env, LOOKDIAL_PROVIDERS: 'cpu', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      text += String(chunk);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  afterwards(t, async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, output: () => text, ended };
}

/** Waits until a command has said something. @throws where it ends before */
export async function said(command: Command, part: string): Promise<void> {
  while (!command.output().includes(part)) {
    if (command.process.exitCode !== null) throw new Error(`It ended without saying “${part}”: ${command.output()}`);
    await sleep(5);
  }
}
