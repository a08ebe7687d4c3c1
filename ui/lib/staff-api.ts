import type { PairedScope } from '../../device/api/access.ts';
import type { Keys, NewKey, Pairing, Staff, StaffSession } from '../../device/api/access-schemas.ts';
import type { Arrived, CutOut } from '../../device/api/arrival-schemas.ts';
import type { Call, Calls } from '../../device/api/call-schemas.ts';
import type { DialWordsAnswer, DialWordsRequest } from '../../device/api/dial-word-schemas.ts';
import type { Item, Items } from '../../device/api/item-schemas.ts';
import type { Unencoded } from '../../device/api/unencoded-schemas.ts';
import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import { Api, type Asked, DaemonGone, type Exchange, exchange, type Fetch } from './api.ts';

/** Where a phone or tablet keeps the key that it was given: what is needed of `localStorage`. */
export type KeyStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'lookdial-key';
/** Garments that are listed at once. */
const LISTED = 6;
/** A photograph goes over the air, and is cut out behind whatever the screen is doing, milliseconds. */
const PHOTOGRAPH_MS = 180_000;

/** Of how the box is, what staff are shown. */
export interface BoxState {
  /** Bytes. */
  readonly disk: { readonly size: number; readonly free: number };
  readonly heat: { readonly state: 'well' | 'hot' | 'throttled' };
}

/** The calls of the staff page. Every method throws ApiError or DaemonGone, and nothing else. No token ever leaves it. */
export class StaffApi {
  readonly #fetch: Fetch;
  readonly #keys: KeyStore;
  readonly #base: string;
  #token: string | undefined;
  /** What shoppers may ask too. */
  readonly shop: Asked;

  constructor(fetch: Fetch, keys: KeyStore, base = '/api/v1') {
    this.#fetch = fetch;
    this.#keys = keys;
    this.#base = base;
    this.shop = new Api(fetch, base);
  }

  /** Whether this device has been given a key of its own: a phone or a tablet, never the store's screen. */
  get hasKey(): boolean {
    return this.#keys.getItem(KEY) !== null;
  }

  /** The code on the store's screen against a key, which this device keeps. */
  async redeem(code: string, name: string): Promise<void> {
    const { token } = await this.#json<NewKey>('/keys', { method: 'POST', written: { code, name } });
    this.#keys.setItem(KEY, token);
  }

  forgetKey(): void {
    this.#keys.removeItem(KEY);
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

  startPairing(scope: PairedScope): Promise<Pairing> {
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

  updates(): Promise<UpdatesAnswer> {
    return this.#json('/updates', { method: 'GET' });
  }

  checkForUpdates(): Promise<UpdatesAnswer> {
    return this.#json('/updates:check', { method: 'POST' });
  }

  applyUpdate(): Promise<UpdatesAnswer> {
    return this.#json('/updates:apply', { method: 'POST' });
  }

  rollBackUpdate(): Promise<UpdatesAnswer> {
    return this.#json('/updates:rollback', { method: 'POST' });
  }

  /** How the box is: asked at its own screen. */
  box(): Promise<BoxState> {
    return this.#json('/system', { method: 'GET' });
  }

  /** The garments that no dial finds, and why. */
  unencoded(): Promise<Unencoded> {
    return this.#json('/unencoded', { method: 'GET' });
  }

  /** Has a garment's picture encoded once more. */
  tryAgain(sku: string): Promise<Item> {
    return this.#json(`/items/${encodeURIComponent(sku)}/encode`, { method: 'POST', longestMs: PHOTOGRAPH_MS });
  }

  /** Names a dial; without any words it is called what it was before staff named it. */
  nameDial(index: number, written: DialWordsRequest): Promise<DialWordsAnswer> {
    return this.#json(`/dials/${index}/words`, { method: 'PUT', written });
  }

  /** Calls from the screens that nobody has answered. */
  calls(): Promise<Calls> {
    return this.#json('/calls', { method: 'GET' });
  }

  /** Somebody goes there. */
  answerCall(id: string): Promise<Call> {
    return this.#json(`/calls/${encodeURIComponent(id)}/answer`, { method: 'POST' });
  }

  /** Garments by a part of their SKU or title. */
  find(q: string): Promise<Items> {
    return this.#json(`/items?limit=${LISTED}&q=${encodeURIComponent(q)}`, { method: 'GET' });
  }

  /** What would be kept of a photograph. */
  cutOut(photograph: Blob): Promise<CutOut> {
    return this.#json('/cutouts', { method: 'POST', sent: photograph, longestMs: PHOTOGRAPH_MS });
  }

  /** A picture that only whoever has a key may see, where the store is shown to nobody else. @param address as an answer gave it */
  async picture(address: string): Promise<Blob> {
    const response = await this.#ask(address.slice(this.#base.length), { method: 'GET', accept: 'image/*' });
    try {
      return await response.blob();
    } catch (cause) {
      throw new DaemonGone('The picture broke off.', cause);
    }
  }

  /** Gives a garment the picture that was cut out. */
  take(sku: string, cutout: string): Promise<Arrived> {
    const path = `/items/${encodeURIComponent(sku)}/image?cutout=${encodeURIComponent(cutout)}`;
    return this.#json(path, { method: 'POST', longestMs: PHOTOGRAPH_MS });
  }

  /** Takes a garment out of the store. */
  async remove(sku: string): Promise<void> {
    await this.#ask(`/items/${encodeURIComponent(sku)}`, { method: 'DELETE' });
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
    const token = this.#token ?? this.#keys.getItem(KEY) ?? undefined;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return exchange(this.#fetch, this.#base + path, { ...asked, headers });
  }
}

/** What the staff page asks, whoever answers. */
export type StaffAsked = Pick<StaffApi, keyof StaffApi>;
