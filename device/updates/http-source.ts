/** A repository on a web server. Answers are taken as they are sent: never decompressed, and no longer than they are said to be. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { UpdateRefused } from './refusals.ts';
import type { Asked, Reading, Source } from './source.ts';

export interface HttpSourceOptions {
  /** Until an answer's headers are there, each redirect anew, milliseconds. */
  readonly headersMs: number;
  /** Most redirects followed. */
  readonly redirects: number;
  /** Certificates trusted beside those of Node, PEM; undefined: those alone. */
  readonly ca: string | undefined;
}

const USUAL: HttpSourceOptions = { headersMs: 30_000, redirects: 5, ca: undefined };
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Stores of files answer 403 for what is not there where nobody may list them. */
const MISSING = new Set([403, 404, 410]);
/** Longest wait that a server's Retry-After is heard for, seconds. */
const LONGEST_RETRY_S = 3_600;

const misbehaves = (message: string): UpdateRefused => new UpdateRefused('source-misbehaves', message);

/** Whole bytes of a header; undefined where there is none, or it is none. */
function bytesOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

export class HttpSource implements Source {
  readonly name: string;
  readonly #base: URL;
  readonly #options: HttpSourceOptions;
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  readonly #https: HttpsAgent;

  /** @param base the repository's folder, with or without a slash at its end */
  constructor(base: URL, options: Partial<HttpSourceOptions> = {}) {
    this.#base = new URL(base);
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.name = this.#base.href;
    this.#options = { ...USUAL, ...options };
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets: 4, ...(this.#options.ca && { ca: this.#options.ca }) });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async open(path: string, { from = 0, signal }: Asked = {}): Promise<Reading> {
    const url = new URL(this.#base.href + path);
    if (!url.href.startsWith(this.#base.href)) throw misbehaves(`${path} is not a file’s name in a repository.`);
    const answer = await this.#follow(url, from, signal);
    try {
      return this.#reading(answer, url, from);
    } catch (error) {
      answer.destroy();
      // What is there already is longer than the file: it is read from its beginning.
      if (answer.statusCode === 416 && from > 0) return this.open(path, { signal });
      throw error;
    }
  }

  #reading(answer: IncomingMessage, url: URL, from: number): Reading {
    const { statusCode: status = 0, headers } = answer;
    if (status !== 200 && status !== 206) throw this.#refusal(answer, url);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') {
      throw misbehaves(
        `${url.href} comes compressed (${encoding}), and is not unpacked: let the server send the file as it is.`,
      );
    }
    const length = bytesOf(headers['content-length']);
    const close = (): void => void answer.destroy();
    const bytes = this.#bytes(answer, url);
    if (status === 200) return { from: 0, total: length, bytes, close };
    const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '');
    if (range === null || Number(range[1]) !== from) {
      throw misbehaves(`${url.href} was asked for from byte ${from} on, and answers with another part of it.`);
    }
    return { from, total: bytesOf(range[2]), bytes, close };
  }

  async *#bytes(answer: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
    try {
      yield* answer;
    } catch (cause) {
      throw this.#gone(url, cause);
    }
  }

  async #follow(first: URL, from: number, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#ask(url, from, signal);
      if (!REDIRECTS.has(answer.statusCode ?? 0)) return answer;
      answer.destroy();
      const { location } = answer.headers;
      if (location === undefined || !URL.canParse(location, url.href))
        throw misbehaves(`${url.href} leads on to nowhere.`);
      if (redirects >= this.#options.redirects) {
        throw misbehaves(
          `${first.href} leads on more than ${this.#options.redirects} times: give the address where the repository is.`,
        );
      }
      const next = new URL(location, url);
      const isWeb = next.protocol === 'https:' || next.protocol === 'http:';
      if (!isWeb || (url.protocol === 'https:' && next.protocol === 'http:')) {
        throw misbehaves(
          `${url.href} leads from TLS to ${next.protocol}//${next.host}: let it lead to an https: address.`,
        );
      }
      url = next;
    }
  }

  #ask(url: URL, from: number, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'Lookdial' };
    if (from > 0) headers.range = `bytes=${from}-`;
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const asked = (secure ? requestHttps : requestHttp)(url, { headers, agent: secure ? this.#https : this.#http });
      const tooLate = setTimeout(() => asked.destroy(new Error('no answer in time')), this.#options.headersMs);
      const abort = (): void => void asked.destroy();
      signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => {
        clearTimeout(tooLate);
        signal?.removeEventListener('abort', abort);
      };
      asked.on('response', answer => {
        done();
        resolve(answer);
      });
      asked.on('error', cause => {
        done();
        reject(signal?.aborted ? signal.reason : this.#gone(url, cause));
      });
      asked.end();
    });
  }

  #gone(url: URL, cause: unknown): UpdateRefused {
    const { code, message } = cause as NodeJS.ErrnoException;
    return new UpdateRefused(
      'source-unreachable',
      `${url.href} cannot be read (${code ?? message}): look whether the box has network and the server runs. It is tried again by itself.`,
      { cause },
    );
  }

  #refusal(answer: IncomingMessage, url: URL): UpdateRefused {
    const { statusCode: status = 0, headers } = answer;
    if (MISSING.has(status)) {
      return new UpdateRefused(
        'source-incomplete',
        `${url.href} is not there (status ${status}): publish the whole repository.`,
      );
    }
    if (status === 429 || status >= 500) {
      const seconds = bytesOf(headers['retry-after']);
      return new UpdateRefused(
        'source-unreachable',
        `${url.href} answers with status ${status}: look at the server. It is tried again by itself.`,
        seconds === undefined ? {} : { retryAfter: Math.min(seconds, LONGEST_RETRY_S) },
      );
    }
    return misbehaves(`${url.href} answers with status ${status}, and should be a file that everybody may read.`);
  }
}
