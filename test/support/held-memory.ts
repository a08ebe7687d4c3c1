/** What another Node process holds, measured when its collector has run: what is resident has the collector's slack in it. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';

/** The processes to be measured are started with it: no port that another may have. */
export const HELD_MEMORY_OPTION = '--inspect-port=127.0.0.1:0';

const LISTENING = /Debugger listening on (ws:\/\/\S+)/;
const STARTS_MS = 10_000;

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

const MB = 2 ** 20;

/** Of a process, after a whole collection, megabytes. */
export interface Held {
  /** JavaScript's own heap. */
  readonly heap: number;
  /** Buffers outside it that JavaScript still refers to. */
  readonly buffers: number;
}

/** Asks a process by the inspector's protocol (https://chromedevtools.github.io/devtools-protocol/v8/). */
export class HeldMemory {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;

  /** @param child started with `HELD_MEMORY_OPTION`, its stderr a pipe */
  static async of(child: ChildProcess): Promise<HeldMemory> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let said = '';
    const listen = (text: string | Buffer): void => {
      said += text;
      const [, address] = LISTENING.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stderr?.on('data', listen);
    const late = setTimeout(() => reject(new Error(`The process opened no inspector: ${said}`)), STARTS_MS);
    child.kill('SIGUSR1');
    try {
      const socket = new WebSocket(await promise);
      await new Promise((open, failed) => {
        socket.addEventListener('open', open, { once: true });
        socket.addEventListener('error', failed, { once: true });
      });
      return new HeldMemory(socket);
    } finally {
      clearTimeout(late);
      child.stderr?.off('data', listen);
    }
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  async measure(): Promise<Held> {
    await this.#ask('HeapProfiler.collectGarbage', {});
    const expression = 'JSON.stringify(process.memoryUsage())';
    const { result } = await this.#ask('Runtime.evaluate', { expression, returnByValue: true });
    const { heapUsed, arrayBuffers } = JSON.parse(String(result?.result?.value)) as NodeJS.MemoryUsage;
    return { heap: heapUsed / MB, buffers: arrayBuffers / MB };
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string, params: object): Promise<Reply> {
    const id = ++this.#asked;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const reply = await promise;
    this.#waiting.delete(id);
    assert.equal(reply.error, undefined, `${method}: ${reply.error?.message}`);
    return reply;
  }
}
