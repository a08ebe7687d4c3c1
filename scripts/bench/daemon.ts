/** Starts Lookdial in a process of its own, as people do, and ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALLOCATOR } from './as-started.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
/** The line that the daemon prints when it answers. */
const READY = /Lookdial is at (http:\/\/\S+)/;
/** Lines shown when it ends instead. */
const LAST_LINES = 20;
/** Grace before what does not end is ended, milliseconds. */
const STOP_MS = 10_000;

export class Daemon {
  /** Where it answers, e.g. http://127.0.0.1:8080 */
  readonly address: string;
  readonly #child: ChildProcess;

  /** Of the command that was given. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /**
   * @param command what is run, and its arguments
   * @param environment settings beside this process's own; the port is any free one
   * @throws Error with the last it printed, where it ends before it answers
   */
  static async start(command: readonly [string, ...string[]], environment: Record<string, string>): Promise<Daemon> {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      cwd: PROJECT,
      // A group of its own: npm and what it started are ended together.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...ALLOCATOR, LOOKDIAL_PORT: '0', LOOKDIAL_HOST: '127.0.0.1', ...environment },
    });
    const lines: string[] = [];
    const address = new Promise<string>(found => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', line => {
          lines.push(line);
          const at = READY.exec(line)?.[1];
          if (at !== undefined) found(at);
        });
      }
    });
    // 'close' comes after all it printed.
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`${command.join(' ')} ended with ${code}: ${lines.slice(-LAST_LINES).join('\n')}`);
    });
    return new Daemon(child, await Promise.race([address, ended]));
  }

  /** Ends it, and waits until all that it started is gone too. */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const signal = (name: NodeJS.Signals | 0): boolean => {
      try {
        return process.kill(-pid, name);
      } catch {
        return false;
      }
    };
    signal('SIGTERM');
    const late = performance.now() + STOP_MS;
    while (signal(0) && performance.now() < late + STOP_MS) {
      if (performance.now() > late) signal('SIGKILL');
      await sleep(20);
    }
  }
}
