/** A net in a process of its own, seen from the daemon: started, asked, watched, ended. */
import { mayGiveWay, setBackground } from '../background.ts';
import { HelperProcess } from './helper-process.ts';
import type { Encoded, FromNet, NetJob, ToNet } from './net-job.ts';
import { NetRefused } from './net-job.ts';

type NetChild = HelperProcess<ToNet, FromNet>;

const NET_MAIN = new URL('./net-main.ts', import.meta.url);
/** Requests that may wait for one net. Each holds a tensor of up to a few megabytes. */
const MAX_WAITING = 64;

export interface NetTimes {
  /** Longest time to load and pass the golden check, milliseconds. */
  readonly loadMs: number;
  /** Longest time without an answer while one is owed, milliseconds. */
  readonly requestMs: number;
}

export interface Log {
  /** What native libraries write while a provider is tried; its gist is in the reason that `warn` gets. */
  debug?(text: string): void;
  info(text: string): void;
  warn(text: string): void;
}

interface Waiting {
  readonly resolve: (value: Encoded | Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** The child's first message, its end, the time limit or the caller's signal: whichever comes first. */
async function firstWord(child: NetChild, loadMs: number, signal: AbortSignal | undefined): Promise<FromNet> {
  const timeout = AbortSignal.timeout(loadMs);
  const limit = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const { promise, resolve, reject } = Promise.withResolvers<FromNet>();
  const stop = () => {
    const late = child.why(`it did not load within ${loadMs} ms and was ended`);
    reject(timeout.aborted ? new NetRefused('process', late) : limit.reason);
  };
  limit.addEventListener('abort', stop, { once: true });
  child.onMessage(resolve);
  void child.gone.then(why => reject(new NetRefused('process', why)));
  try {
    return await promise;
  } finally {
    limit.removeEventListener('abort', stop);
  }
}

export class NetProcess {
  /** What the golden check found. */
  readonly golden: string;
  /** Resolves when the process is gone, with why. */
  readonly ended: Promise<string>;
  readonly #child: NetChild;
  readonly #waiting = new Map<number, Waiting>();
  readonly #requestMs: number;
  #silence: NodeJS.Timeout | undefined;
  #nextId = 0;
  #drained: PromiseWithResolvers<void> | undefined;
  /** Why it was ended from here. */
  #reason: string | undefined;

  private constructor(child: NetChild, golden: string, requestMs: number) {
    this.#child = child;
    this.golden = golden;
    this.#requestMs = requestMs;
    child.onMessage(message => this.#receive(message));
    this.ended = child.gone.then(why => this.#fail(this.#reason ?? why));
  }

  /**
   * Starts a process, has it load the net and pass the golden check; behind all others where it gives way.
   * @throws NetRefused with the reason, and the native library's own where it wrote one; the signal's reason
   */
  static async start(
    job: NetJob,
    times: NetTimes,
    options: { log: Log; signal?: AbortSignal | undefined; givesWay?: boolean | undefined },
  ): Promise<NetProcess> {
    options.signal?.throwIfAborted();
    const { log } = options;
    const givesWay = options.givesWay === true && mayGiveWay();
    let serves = false;
    const child = new HelperProcess<ToNet, FromNet>(NET_MAIN, text => {
      const line = `${job.provider} ${job.role}: ${text}`;
      if (serves) log.warn(line);
      else log.debug?.(line);
    });
    try {
      if (givesWay && child.pid !== undefined) await setBackground(child.pid, true);
      child.send({ type: 'load', job });
      const message = await firstWord(child, times.loadMs, options.signal);
      serves = message.type === 'ready';
      if (givesWay && child.pid !== undefined) await setBackground(child.pid, false);
      if (message.type === 'ready') return new NetProcess(child, message.golden, times.requestMs);
      const { kind, reason } = message.type === 'refused' ? message : { kind: 'process' as const, reason: 'no answer' };
      await child.end();
      throw new NetRefused(kind, kind === 'provider' ? child.why(reason) : reason);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Requests without an answer yet. */
  get owed(): number {
    return this.#waiting.size;
  }

  /** Resolves when every request has its answer; to be asked for once another takes what is asked. */
  async drained(): Promise<void> {
    // Who was about to ask this one has asked by then.
    await new Promise<void>(go => setImmediate(go));
    if (this.#waiting.size === 0) return;
    this.#drained ??= Promise.withResolvers();
    await this.#drained.promise;
  }

  encode(input: Float32Array, category: number | undefined): Promise<Encoded> {
    return this.#ask(id => ({ type: 'encode', id, input, category })) as Promise<Encoded>;
  }

  decode(z: Float32Array, category: number | undefined): Promise<Uint8Array> {
    return this.#ask(id => ({ type: 'decode', id, z, category })) as Promise<Uint8Array>;
  }

  /** Ends the process: gently, for what is under way may finish, and then by force. */
  async close(): Promise<void> {
    this.#reason ??= 'the daemon is stopping';
    await this.#child.end();
  }

  #ask(request: (id: number) => ToNet): Promise<Encoded | Uint8Array> {
    if (!this.#child.connected) return Promise.reject(new Error(this.#reason ?? 'the process has ended'));
    if (this.#waiting.size >= MAX_WAITING) {
      return Promise.reject(new Error(`${MAX_WAITING} requests wait for it already; ask again when some are answered`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Encoded | Uint8Array>();
    const id = this.#nextId++;
    this.#waiting.set(id, { resolve, reject });
    if (this.#waiting.size === 1) this.#watch();
    this.#child.send(request(id));
    return promise;
  }

  /** A hung run cannot be stopped but by ending its process. */
  #watch(): void {
    clearTimeout(this.#silence);
    if (this.#waiting.size === 0) return;
    this.#silence = setTimeout(() => {
      this.#reason ??= `no answer within ${this.#requestMs} ms, so the process was ended`;
      this.#child.kill();
    }, this.#requestMs);
  }

  #receive(message: FromNet): void {
    if (message.type !== 'answer' && message.type !== 'failed') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    this.#watch();
    if (message.type === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.reason));
    if (this.#waiting.size === 0) this.#drained?.resolve();
  }

  #fail(reason: string): string {
    clearTimeout(this.#silence);
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
    this.#drained?.resolve();
    return reason;
  }
}
