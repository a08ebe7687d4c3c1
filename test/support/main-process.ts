/** The daemon as a process of its own, started as people start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';

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
      env: { PATH: process.env.PATH, LOOKDIAL_PORT: '0', LOOKDIAL_PROVIDERS: 'cpu', ...settings },
    });
    t.after(() => this.child.kill('SIGKILL'));
    let [stdout, stderr] = ['', ''];
    const found = Promise.withResolvers<string>();
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const [, address] = READY.exec(stdout) ?? [];
      if (address !== undefined) found.resolve(address);
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code]) => ({ code, stdout, stderr }));
    void this.ended.then(({ code }) => found.reject(new Error(`The daemon ended with ${code}: ${stderr}`)));
    this.address = found.promise;
    // Whoever waits for the end does not ask for the address.
    this.address.catch(() => undefined);
  }
}
