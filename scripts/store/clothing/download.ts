/** Gets files over HTTPS: a few tries each, none of which may hang or go on for ever. */
import { setTimeout as pause } from 'node:timers/promises';
import { LookdialError } from '../../../device/errors.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest time without a byte, milliseconds. */
  readonly stallMs?: number;
  /** Pauses between tries, milliseconds; one try more than there are of them. */
  readonly pausesMs?: readonly number[];
}

const STALL_MS = 30_000;
const PAUSES_MS = [1_000, 5_000, 15_000] as const;

/** An answer that asking again would not change. */
class Refusal extends Error {}

/** Too many requests, or the server's own trouble: they pass. */
const passes = (status: number): boolean => status === 429 || status >= 500;

export class Download {
  readonly #signal: AbortSignal | undefined;
  readonly #stallMs: number;
  readonly #pausesMs: readonly number[];

  constructor({ signal, stallMs = STALL_MS, pausesMs = PAUSES_MS }: DownloadOptions = {}) {
    this.#signal = signal;
    this.#stallMs = stallMs;
    this.#pausesMs = pausesMs;
  }

  /**
   * @param mostBytes a longer file is refused
   * @throws LookdialError `store-invalid` naming the file and what is wrong; the signal's reason where it was stopped
   */
  async get(url: string, mostBytes: number): Promise<Buffer> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#once(url, mostBytes);
      } catch (cause) {
        this.#signal?.throwIfAborted();
        const wait = this.#pausesMs[tries];
        if (cause instanceof Refusal || wait === undefined) throw failure(url, cause);
        await pause(wait, undefined, { ...(this.#signal && { signal: this.#signal }) });
      }
    }
  }

  async #once(url: string, mostBytes: number): Promise<Buffer> {
    const stalled = new AbortController();
    const stall = setTimeout(() => stalled.abort(new Error(`no byte for ${this.#stallMs / 1000} s`)), this.#stallMs);
    const signal = this.#signal === undefined ? stalled.signal : AbortSignal.any([this.#signal, stalled.signal]);
    try {
      const answer = await fetch(url, { signal });
      if (!answer.ok) {
        await answer.body?.cancel();
        const text = `the answer is ${answer.status} ${answer.statusText}`.trim();
        throw passes(answer.status) ? new Error(text) : new Refusal(text);
      }
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const part of answer.body ?? []) {
        stall.refresh();
        bytes += part.length;
        if (bytes > mostBytes) throw new Refusal(`it is longer than ${mostBytes} bytes`);
        parts.push(part);
      }
      return Buffer.concat(parts);
    } finally {
      clearTimeout(stall);
    }
  }
}

/** What fetch says is `fetch failed`; why is one below. */
function failure(url: string, cause: unknown): LookdialError {
  const error = cause as Error;
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  return new LookdialError('store-invalid', `${url} cannot be had: ${why}.`, { cause });
}
