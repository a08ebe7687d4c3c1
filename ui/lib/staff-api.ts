import type { Scope } from '../../device/api/access.ts';
import type { Keys, Pairing, Staff, StaffSession } from '../../device/api/access-schemas.ts';
import { DaemonGone, type Exchange, exchange, type Fetch } from './api.ts';

/** The calls of the staff page. Every method throws ApiError or DaemonGone, and nothing else. The session's token never leaves it. */
export class StaffApi {
  readonly #fetch: Fetch;
  readonly #base: string;
  #token: string | undefined;

  constructor(fetch: Fetch, base = '/api/v1') {
    this.#fetch = fetch;
    this.#base = base;
  }

  state(): Promise<Staff> {
    return this.#json('/staff', { method: 'GET' });
  }

  /** The first PIN, or another one within a session. */
  async setPin(pin: string): Promise<void> {
    await this.#ask('/staff/pin', { method: 'PUT', written: { pin } });
  }

  async enter(pin: string): Promise<void> {
    const { token } = await this.#json<StaffSession>('/staff/session', { method: 'POST', written: { pin } });
    this.#token = token;
  }

  /** Forgets the session at once, and tells the daemon so, as far as it is there. */
  async leave(): Promise<void> {
    if (this.#token === undefined) return;
    const leaving = this.#ask('/staff/session', { method: 'DELETE' });
    this.#token = undefined;
    // The session ends by itself where nobody hears of it.
    await leaving.catch(() => undefined);
  }

  startPairing(scope: Scope): Promise<Pairing> {
    return this.#json('/pairings', { method: 'POST', written: { scope } });
  }

  pairing(): Promise<Pairing> {
    return this.#json('/pairings', { method: 'GET' });
  }

  stopPairing(): Promise<Pairing> {
    return this.#json('/pairings', { method: 'DELETE' });
  }

  keys(): Promise<Keys> {
    return this.#json('/keys', { method: 'GET' });
  }

  async revoke(id: string): Promise<void> {
    await this.#ask(`/keys/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  async #json<T>(path: string, asked: Exchange): Promise<T> {
    const response = await this.#ask(path, asked);
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new DaemonGone('The answer cannot be read.', cause);
    }
  }

  #ask(path: string, asked: Exchange): Promise<Response> {
    const headers = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    return exchange(this.#fetch, this.#base + path, { ...asked, headers });
  }
}

/** What the staff page asks, whoever answers. */
export type StaffAsked = Pick<StaffApi, keyof StaffApi>;
