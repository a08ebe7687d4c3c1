/** A daemon that runs, asked as a kiosk, a till and a watcher ask it. */
import assert from 'node:assert/strict';
import type { Items } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import { readExposition } from './exposition.ts';
import { sampleOf } from './scrape.ts';

/** Bytes before the pixels of a dial's answer: docs/api.md. */
const HEADER_BYTES = 16;

export interface DialFrame {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
  readonly answer: MatchAnswer;
}

export interface SizeSold {
  readonly sku: string;
  readonly size: string;
  readonly quantity: number;
}

export function readFrame(frame: Buffer): DialFrame {
  assert.equal(frame.toString('latin1', 0, 4), 'LDL1');
  const [width, height, jsonBytes] = [frame.readUInt16LE(4), frame.readUInt16LE(6), frame.readUInt32LE(8)];
  const end = HEADER_BYTES + width * height * 4;
  assert.equal(frame.length, end + jsonBytes);
  return { width, height, rgba: frame.subarray(HEADER_BYTES, end), answer: JSON.parse(frame.toString('utf8', end)) };
}

/** What an answer says: its status, or the code of its error. */
export async function outcomeOf(answer: Response): Promise<number | string> {
  const body = await answer.text();
  if (answer.status < 400) return answer.status;
  const { code, status } = JSON.parse(body) as Problem;
  assert.equal(status, answer.status);
  return code;
}

export class AskedDaemon {
  readonly address: string;
  readonly #key: Readonly<Record<string, string>>;

  /** @param key headers of a key for the inventory */
  constructor(address: string, key: Readonly<Record<string, string>>) {
    this.address = address;
    this.#key = key;
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.address}${path}`);
  }

  #post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const more = { ...headers, 'content-type': 'application/json' };
    return fetch(`${this.address}${path}`, { method: 'POST', body: JSON.stringify(body), headers: more });
  }

  async ready(): Promise<void> {
    const answer = await this.get('/readyz');
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { status: string }).status, 'ready');
  }

  async dial(dials: readonly number[]): Promise<DialFrame> {
    const answer = await this.#post('/api/v1/dial', { dials });
    assert.equal(answer.status, 200);
    return readFrame(Buffer.from(await answer.arrayBuffer()));
  }

  match(dials: readonly number[]): Promise<Response> {
    return this.#post('/api/v1/match', { dials });
  }

  async matched(dials: readonly number[]): Promise<MatchAnswer> {
    const answer = await this.match(dials);
    assert.equal(answer.status, 200);
    return (await answer.json()) as MatchAnswer;
  }

  items(): Promise<Response> {
    return this.get('/api/v1/items');
  }

  /** All that a shopper sees: the list, a drag, its matches and their pictures, with the daemon ready. @param garments how many there are */
  async serves(garments: number, dials: readonly number[] = [0, 1, 0, -1, 0, 0]): Promise<void> {
    await this.ready();
    const { items } = (await (await this.items()).json()) as Items;
    assert.equal(items.length, garments);
    const { width, height, rgba } = await this.dial(dials);
    assert.equal(rgba.length, width * height * 4);
    const { matches } = await this.matched(dials);
    assert.equal(matches.length, garments);
    for (const size of ['', '&size=160']) {
      assert.equal((await this.get(`${matches[0]?.image}${size}`)).status, 200);
    }
  }

  /** A till's sale. */
  async sell(...changes: readonly SizeSold[]): Promise<number | string> {
    return outcomeOf(await this.#post('/api/v1/stock:batch', { changes }, this.#key));
  }

  /** What is left of a garment's size. */
  async left(sku: string, size: string): Promise<number | undefined> {
    const { items } = (await (await this.items()).json()) as Items;
    return items.find(one => one.sku === sku)?.sizes?.find(({ name }) => name === size)?.quantity;
  }

  /** A garment's photograph. @param picture a PNG */
  async arrive(sku: string, picture: Uint8Array): Promise<number | string> {
    const headers = { ...this.#key, 'content-type': 'image/png' };
    const body = new Uint8Array(picture);
    return outcomeOf(await fetch(`${this.address}/api/v1/items/${sku}/image`, { method: 'POST', body, headers }));
  }

  /** A garment that is described anew. */
  async describe(sku: string, title: string): Promise<number | string> {
    const headers = { ...this.#key, 'content-type': 'application/json' };
    const body = JSON.stringify({ title });
    return outcomeOf(await fetch(`${this.address}/api/v1/items/${sku}`, { method: 'PUT', body, headers }));
  }

  async remove(sku: string): Promise<number | string> {
    return outcomeOf(await fetch(`${this.address}/api/v1/items/${sku}`, { method: 'DELETE', headers: this.#key }));
  }

  /** How often it has refused with a code, as a watcher reads it. */
  async refused(code: string): Promise<number> {
    const families = readExposition(await (await this.get('/metrics')).text());
    return sampleOf(families, 'lookdial_refused_total', { code }) ?? 0;
  }
}
