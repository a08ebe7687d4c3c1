/** Keeps one net served: a process that ends is started again, a bounded number of times. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Encoded, NetJob } from './net-job.ts';
import { type Log, NetProcess, type NetTimes } from './net-process.ts';

/** Starts again at most so often within the window; then the net is given up on this provider. */
const MAX_RESTARTS = 5;
const WINDOW_MS = 60_000;
/** Wait before the first restart, milliseconds; twice as long before each further one. */
const FIRST_WAIT_MS = 50;

export interface NetServerOptions {
  readonly times: NetTimes;
  readonly log: Log;
  /** Called once, when the restarts are used up. */
  readonly onSpent: (reason: string) => void;
}

export class NetServer {
  readonly #job: NetJob;
  readonly #options: NetServerOptions;
  readonly #closing = new AbortController();
  #process: Promise<NetProcess>;
  /** The process's id; undefined while none runs. */
  pid: number | undefined;
  #restarts: number[] = [];

  constructor(job: NetJob, first: NetProcess, options: NetServerOptions) {
    this.#job = job;
    this.#options = options;
    this.#process = Promise.resolve(first);
    this.#follow(first);
  }

  async encode(input: Float32Array, category: number | undefined): Promise<Encoded> {
    return (await this.#process).encode(input, category);
  }

  async decode(z: Float32Array, category: number | undefined): Promise<Uint8Array> {
    return (await this.#process).decode(z, category);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the daemon is stopping'));
    const process = await this.#process.catch(() => undefined);
    await process?.close();
  }

  #follow(process: NetProcess): void {
    this.pid = process.pid;
    void process.ended.then(reason => {
      this.pid = undefined;
      this.#restart(reason);
    });
  }

  #restart(reason: string): void {
    if (this.#closing.signal.aborted) return;
    const { times, log, onSpent } = this.#options;
    const now = Date.now();
    this.#restarts = this.#restarts.filter(time => now - time < WINDOW_MS);
    const name = `The ${this.#job.role} on ${this.#job.provider}`;
    if (this.#restarts.length >= MAX_RESTARTS) {
      this.#process = Promise.reject(new Error(reason));
      this.#process.catch(() => undefined);
      onSpent(`${name} ended ${MAX_RESTARTS + 1} times within ${WINDOW_MS / 1000} s; the last time: ${reason}`);
      return;
    }
    const wait = FIRST_WAIT_MS * 2 ** this.#restarts.length;
    this.#restarts.push(now);
    log.warn(`${name} is started again: ${reason}`);
    const { signal } = this.#closing;
    const next = sleep(wait, undefined, { signal }).then(() => NetProcess.start(this.#job, times, { log, signal }));
    this.#process = next;
    next.then(
      process => this.#follow(process),
      (error: Error) => this.#restart(error.message),
    );
  }
}
