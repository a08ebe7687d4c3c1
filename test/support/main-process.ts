/** The daemon as a process of its own, started as people start it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { afterwards } from './afterwards.ts';
import { bareEnvironment } from './bare-environment.ts';

const MAIN = resolve(import.meta.dirname, '../../device/main.ts');
const READY = /Lookdial is at (http:\/\/\S+)/;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class MainProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Where it answers; refused where it ends before it does. */
  readonly address: Promise<string>;
  readonly #waiting = new Set<() => void>();
  #stdout = '';

  /**
   * @param settings of the environment; port 0 and no graphics card unless they say otherwise
   * @param wrapped the command that runs the daemon's, in the same process
   */
  constructor(
    t: TestContext,
    settings: Record<string, string>,
    wrapped: (command: readonly string[]) => readonly string[] = command => command,
  ) {
    const [program = '', ...args] = wrapped([process.execPath, MAIN]);
    this.child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...bareEnvironment(), LOOKDIAL_PORT: '0', LOOKDIAL_PROVIDERS: 'cpu', ...settings },
    });
    let stderr = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      for (const look of this.#waiting) look();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code]) => ({ code, stdout: this.#stdout, stderr }));
    afterwards(t, async () => {
      this.child.kill('SIGKILL');
      await this.ended;
    });
    this.address = this.heard(READY);
    // Whoever waits for the end does not ask for the address.
    this.address.catch(() => undefined);
  }

  /** The first group of what it says on its standard output, as soon as it has; refused where it ends before. */
  heard(pattern: RegExp): Promise<string> {
    const { promise, resolve: found, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const [, group] = pattern.exec(this.#stdout) ?? [];
      if (group !== undefined) found(group);
    };
    this.#waiting.add(look);
    look();
    void this.ended.then(({ code, stderr }) => reject(new Error(`The daemon ended with ${code}: ${stderr}`)));
    return promise;
  }
}

/** The processes that a process has started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** What stopped a start: one line, no stack, status 1. */
export const refusal = ({ code, stdout, stderr }: Ended): string => {
  const lines = stderr.split('\n').filter(line => line !== '' && !line.startsWith('{'));
  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  assert.equal(lines.length, 1, stderr);
  assert.ok(!stderr.includes('    at '), 'no stack');
  return lines[0] ?? '';
};
