import type { ChainAnswer, Hold, HoldRequest } from '../../device/api/chain-schemas.ts';
import type { Facets, GoesWith, GoesWithRequest, SurpriseRequest } from '../../device/api/choice-schemas.ts';
import type { Item, Posterior, Similar } from '../../device/api/item-schemas.ts';
import type { Filter, Match, MatchAnswer, Surprise } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import { type DialAnswer, type Picture, readDialAnswer } from './dial-answer.ts';
import { readMapAnswer, type Sheet } from './map-answer.ts';

/** The daemon said no, and why: branch on `code`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
  }
}

/** No answer, or one that is none: the daemon is away, starting or being replaced. Ask again in a moment. */
export class DaemonGone extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DaemonGone';
  }
}

export interface Point {
  readonly z: readonly number[];
  /** The kind to draw, for a conditional model. */
  readonly condition?: { readonly category: string };
}

export interface Question extends Point {
  readonly k: number;
  readonly filter?: Filter;
  /** Dimensions to match on alone; all where left out. */
  readonly on?: readonly number[];
}

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** No call of the kiosk takes longer than this while all is well; past it the daemon counts as gone. Milliseconds. */
const LONGEST_MS = 10_000;
const UNREADY = new Set(['not-ready', 'inference-failed']);

/** The daemon's API as the kiosk uses it. Every method throws ApiError or DaemonGone, and nothing else. */
export class Api {
  readonly #fetch: Fetch;
  readonly #base: string;

  /** @param base Where the API is; the page's own origin has it under `/api/v1`. */
  constructor(fetch: Fetch, base = '/api/v1') {
    this.#fetch = fetch;
    this.#base = base;
  }

  model(): Promise<Model> {
    return this.#json('GET', '/model');
  }

  /** Where a setting of all dials lies in z; used once to learn the dials' scale. */
  async locate(dials: readonly number[]): Promise<number[]> {
    const answer: MatchAnswer = await this.#json('POST', '/match', { dials, k: 1 });
    return answer.z;
  }

  match(question: Question): Promise<MatchAnswer> {
    return this.#json('POST', '/match', question);
  }

  /** What the chain's other stores have. */
  elsewhere(question: Question): Promise<ChainAnswer> {
    return this.#json('POST', '/match', { ...question, scope: 'chain' });
  }

  /** Asks another store to hold a garment. */
  hold(request: HoldRequest): Promise<Hold> {
    return this.#json('POST', '/holds', request);
  }

  async dial(question: Question): Promise<DialAnswer> {
    return readable(await this.#send('POST', '/dial', question, 'application/octet-stream'), readDialAnswer);
  }

  async generate(point: Point): Promise<Picture> {
    const response = await this.#response('POST', '/generate', point, 'application/octet-stream');
    const [width, height] = ['x-width', 'x-height'].map(name => Number(response.headers.get(name)));
    return readable(await body(response), bytes => {
      if (!width || !height || bytes.byteLength !== width * height * 4) {
        throw new RangeError(`A picture of ${width} x ${height} pixels came with ${bytes.byteLength} bytes.`);
      }
      return { width, height, rgba: new Uint8Array(bytes) };
    });
  }

  item(sku: string): Promise<Item> {
    return this.#json('GET', `/items/${encodeURIComponent(sku)}`);
  }

  posterior(sku: string): Promise<Posterior> {
    return this.#json('GET', `/items/${encodeURIComponent(sku)}/posterior`);
  }

  similar(sku: string, k: number): Promise<Similar> {
    return this.#json('GET', `/items/${encodeURIComponent(sku)}/similar?k=${k}`);
  }

  surprise(category: string | undefined): Promise<Surprise> {
    return this.#json(
      'GET',
      category === undefined ? '/surprise' : `/surprise?category=${encodeURIComponent(category)}`,
    );
  }

  /** The map of the store. Garments that do not pass the filter are there all the same. */
  async map(filter: Filter): Promise<Sheet> {
    return readable(await this.#send('POST', '/map', { filter }, 'application/octet-stream'), readMapAnswer);
  }

  /** The same where dials stay as they are at a point, or by any filter. */
  surpriseWithin(request: SurpriseRequest): Promise<Surprise> {
    return this.#json('POST', '/surprise', request);
  }

  /** How many garments each choice of a filter would leave. */
  facets(filter: Filter): Promise<Facets> {
    return this.#json('POST', '/facets', { filter });
  }

  /** Garments of other kinds that go with a point. */
  goesWith(request: GoesWithRequest): Promise<GoesWith> {
    return this.#json('POST', '/goes-with', request);
  }

  async #json<T>(method: string, path: string, written?: unknown): Promise<T> {
    const bytes = await this.#send(method, path, written, 'application/json');
    return readable(bytes, raw => JSON.parse(new TextDecoder().decode(raw)) as T);
  }

  async #send(method: string, path: string, written: unknown, accept: string): Promise<ArrayBuffer> {
    return body(await this.#response(method, path, written, accept));
  }

  async #response(method: string, path: string, written: unknown, accept: string): Promise<Response> {
    return await exchange(this.#fetch, this.#base + path, { method, written, accept });
  }
}

export interface Exchange {
  readonly method: string;
  /** The body, as JSON; undefined for none. */
  readonly written?: unknown;
  /** The body as it is, in place of JSON. */
  readonly sent?: Blob;
  /** How long the answer may take, milliseconds, where it is more than calls usually do. */
  readonly longestMs?: number;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks once. @throws ApiError, DaemonGone */
export async function exchange(fetch: Fetch, address: string, asked: Exchange): Promise<Response> {
  const { method, written, sent, accept = 'application/json', headers, longestMs = LONGEST_MS } = asked;
  // What cannot be written is a fault of the page's own, and no daemon's that is away.
  const json = written === undefined ? undefined : JSON.stringify(written);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: { accept, ...headers, ...(written === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(json === undefined ? {} : { body: json }),
      // A Blob says its type by itself.
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.timeout(longestMs),
    });
  } catch (cause) {
    throw new DaemonGone(`No answer from ${address}.`, cause);
  }
  if (response.ok) return response;
  const problem = await response.json().then(
    value => value as Partial<Problem>,
    () => ({}) as Partial<Problem>,
  );
  if (problem.code === undefined || UNREADY.has(problem.code)) {
    throw new DaemonGone(`${address} answered ${response.status}: ${problem.detail ?? 'no reason given'}`);
  }
  throw new ApiError({ type: '', title: '', detail: problem.code, status: response.status, ...problem } as Problem);
}

/** What is asked of the daemon, whoever answers. */
export type Asked = Pick<Api, keyof Api>;

export type Garment = Omit<Match, 'logLikelihood' | 'mahalanobisSquared' | 'share' | 'nearness'>;

async function body(response: Response): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw new DaemonGone('The answer broke off.', cause);
  }
}

function readable<T>(bytes: ArrayBuffer, read: (bytes: ArrayBuffer) => T): T {
  try {
    return read(bytes);
  } catch (cause) {
    // Anything else is a fault of the reader's.
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw new DaemonGone('The answer cannot be read.', cause);
  }
}
