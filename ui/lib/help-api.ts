import type { Call, Page } from '../../device/api/call-schemas.ts';
import { DaemonGone, exchange, type Fetch } from './api.ts';

/** What the screen asks of the daemon that is about no garment. Every method throws ApiError or DaemonGone, and nothing else. */
export class HelpApi {
  readonly #fetch: Fetch;
  readonly #base: string;

  constructor(fetch: Fetch, base = '/api/v1') {
    this.#fetch = fetch;
    this.#base = base;
  }

  /** Calls somebody of the team. @param place what this screen is called; empty where it has no name */
  call(place: string): Promise<Call> {
    return this.#json('POST', '/calls', place === '' ? {} : { place });
  }

  /** What became of a call. */
  look(id: string): Promise<Call> {
    return this.#json('GET', `/calls/${encodeURIComponent(id)}`);
  }

  /** Where a phone on the store's network finds the page; null where it does not. */
  async pageAddress(): Promise<string | null> {
    return (await this.#json<Page>('GET', '/page')).address;
  }

  async #json<T>(method: string, path: string, written?: unknown): Promise<T> {
    const response = await exchange(this.#fetch, this.#base + path, { method, written });
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new DaemonGone('The answer cannot be read.', cause);
    }
  }
}

/** What is asked, whoever answers. */
export type HelpAsked = Pick<HelpApi, keyof HelpApi>;
