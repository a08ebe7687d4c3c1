/** Keeps one net served: a process that ends is started again, a bounded number of times, and one that grows too large is replaced. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Encoded, NetJob } from './net-job.ts';
import { type NetMemory, watchMemory } from './net-memory.ts';
import { type Log, NetProcess, type NetTimes } from './net-process.ts';

/** Starts again at most so often within the window; then the net is given up on this provider. */
const MAX_RESTARTS = 5;
const WINDOW_MS = 60_000;
/** Wait before the first restart, milliseconds; twice as long before each further one. */
const FIRST_WAIT_MS = 50;

const aborted = (signal: AbortSignal): Promise<unknown> => (signal.aborted ? Promise.resolve() : once(signal, 'abort'));

export interface NetServerOptions {
  readonly times: NetTimes;
  readonly memory: NetMemory;
  readonly log: Log;
  /** Called whenever the process that serves has ended by itself, or has grown too large and another has taken its place. */
  readonly onLost: () => void;
  /** Called once, when the restarts are used up. */
  readonly onSpent: (reason: string) => void;
}

export class NetServer {
  readonly #job: NetJob;
  readonly #options: NetServerOptions;
  readonly #closing = new AbortController();
  #process: Promise<NetProcess>;
  #serving: NetProcess | undefined;
  /** The process's id; undefined while none runs. */
  pid: number | undefined;
  #restarts: number[] = [];
  #replacing: Promise<void> | undefined;

  constructor(job: NetJob, first: NetProcess, options: NetServerOptions) {
    this.#job = job;
    this.#options = options;
    this.#process = Promise.resolve(first);
    this.#follow(first);
  }

  /** Requests without an answer yet. */
  get owed(): number {
    return this.#serving?.owed ?? 0;
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
    await this.#replacing;
  }

  /** Closes it when every request has its answer, or the signal says so: to be called when no more are sent. */
  async closeAnswered(signal: AbortSignal): Promise<void> {
    const answered = this.#process.then(process => process.drained()).catch(() => undefined);
    await Promise.race([Promise.all([answered, this.#replacing]), aborted(signal)]);
    await this.close();
  }

  #follow(process: NetProcess): void {
    this.#serving = process;
    this.pid = process.pid;
    const { memory } = this.#options;
    const stopWatching =
      process.pid === undefined
        ? undefined
        : watchMemory(process.pid, memory, bytes => {
            this.#replacing ??= this.#replace(process, bytes).finally(() => {
              this.#replacing = undefined;
            });
          });
    void process.ended.then(reason => {
      stopWatching?.();
      // Another has taken its place.
      if (this.#serving !== process) return;
      this.#serving = undefined;
      this.pid = undefined;
      if (this.#closing.signal.aborted) return;
      this.#options.onLost();
      this.#restart(reason);
    });
  }

  /** Another process is started beside the one that has grown, takes what is asked from then on, and the old one ends when it has answered. */
  async #replace(old: NetProcess, bytes: number): Promise<void> {
    const { times, log, onLost } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted || this.#serving !== old) return;
    const name = `The ${this.#job.role} on ${this.#job.provider}`;
    log.warn(`${name} has grown by ${Math.round(bytes / 2 ** 20)} MB: another process is started in its place.`);
    let next: NetProcess;
    try {
      next = await NetProcess.start(this.#job, times, { log, signal });
    } catch (error) {
      if (!signal.aborted) log.warn(`${name} could not be replaced, and serves on: ${(error as Error).message}`);
      return;
    }
    // It ended by itself meanwhile, and has been started again.
    if (signal.aborted || this.#serving !== old) return await next.close();
    this.#process = Promise.resolve(next);
    this.#follow(next);
    onLost();
    await Promise.race([old.drained(), aborted(signal)]);
    await old.close();
  }

  #restart(reason: string): void {
    if (this.#closing.signal.aborted) return;
    const { times, log, onSpent } = this.#options;
    const now = performance.now();
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
