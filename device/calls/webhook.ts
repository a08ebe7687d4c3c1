/** Tells a program on the store's network of a call: a pager, a light, a message to the team. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from './calls.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** How long one try may take, milliseconds. */
const TRY_MS = 5_000;
/** What a program means that wants to hear the same again. */
const AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);

export interface WebhookOptions {
  /** `http:` or `https:`. */
  readonly address: string;
  readonly store: () => string;
  readonly log: { warn(text: string): void };
  readonly fetch?: typeof fetch;
  /** Milliseconds of the first pause; it doubles, up to a minute. */
  readonly firstPauseMs?: number;
}

export class Webhook {
  readonly #options: WebhookOptions;
  readonly #end = new AbortController();
  readonly #telling = new Set<Promise<void>>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Begins to tell, and waits for nothing. It is tried until the program has it, or `open` says that it is no use any more. */
  tell(call: Call, open: () => boolean): void {
    const telling = this.#tell(call, open).finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  /** Lets go of what is not told yet. */
  async close(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#telling);
  }

  async #tell(call: Call, open: () => boolean): Promise<void> {
    const { log, firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    for (
      let pauseMs = firstPauseMs;
      open() && !this.#end.signal.aborted;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    ) {
      const said = await this.#try(call);
      if (said === undefined) return;
      if (this.#end.signal.aborted) return;
      // An address may hold what only its program should know: it is not written down.
      if (said.final) {
        log.warn(`The webhook for calls refused one, and is not asked again for it: ${said.why}.`);
        return;
      }
      if (pauseMs === firstPauseMs)
        log.warn(`The webhook for calls did not take one, and is tried again: ${said.why}.`);
      await pause(pauseMs, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Undefined where it was taken. */
  async #try({ id, place, at }: Call): Promise<{ why: string; final: boolean } | undefined> {
    const { address, store, fetch = globalThis.fetch } = this.#options;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'call', id, place, at, store: store() }),
        // Whoever set the address meant that one.
        redirect: 'manual',
        signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(TRY_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      const { status } = response;
      return { why: `it answered ${status}`, final: status >= 300 && status < 500 && !AGAIN.has(status) };
    } catch (error) {
      return {
        why: error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer',
        final: false,
      };
    }
  }
}
