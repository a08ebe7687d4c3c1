/** A daemon that answers the kiosk's part of the API over drawn garments, and can be slow, wrong or gone on demand. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Call, CallRequest } from '../../device/api/call-schemas.ts';
import { HoldRequest } from '../../device/api/chain-schemas.ts';
import { FacetsRequest, GoesWithRequest, SurpriseRequest } from '../../device/api/choice-schemas.ts';
import { writeFrame } from '../../device/api/dial-frame.ts';
import { SECURITY_HEADERS } from '../../device/api/headers.ts';
import { MapRequest } from '../../device/api/map-schemas.ts';
import { DialRequest, MatchRequest, PointRequest } from '../../device/api/match-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import { Screens } from '../../device/api/screens.ts';
import { ERRORS, type ErrorCode, LookdialError } from '../../device/errors.ts';
import { filterOf } from '../../device/garment-filter.ts';
import { FakeAnswers } from './fake-answers.ts';
import { decode, drawPicture, SIDE } from './fake-garments.ts';

const DIST = fileURLToPath(new URL('../../ui/dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface FakeOptions {
  readonly port?: number;
  readonly garments?: number;
  /** Milliseconds before each answer of `dial`. */
  readonly dialDelayMs?: number;
  readonly edition?: string;
  /** The chain's other stores, by name; no chain where left out. */
  readonly shops?: readonly string[];
  /** Where a phone finds it; nowhere where left out. */
  readonly pageAddress?: string;
}

export interface FakeDaemon {
  readonly url: string;
  readonly port: number;
  /** `METHOD /path` of every request to the API so far. */
  readonly requests: string[];
  /** Requests whose body the API's own schema refuses. */
  readonly refused: string[];
  /** The most requests of `dial` that were waiting for their answer at once. */
  readonly mostAtOnce: number;
  /** How often a page has said that it runs. */
  readonly beats: number;
  /** Answers a path (as `/dial`, or `/match chain`) with this error from now on; undefined makes it well again. */
  fail(path: string, code: ErrorCode | undefined): void;
  /** Staff answer every call that waits. */
  answerCalls(): void;
  /** Sells the last of a garment, and says so. */
  sell(sku: string): void;
  /** Serves another model, of so many dials, and says so. */
  swap(edition: string, dials: number): void;
  /** Goes away at once, as a killed process does: connections are cut. */
  stop(): Promise<void>;
}

async function servePage(path: string, response: ServerResponse): Promise<void> {
  const file = join(DIST, normalize(path === '/' ? '/index.html' : path));
  try {
    const bytes = await readFile(file);
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': type }).end(bytes);
  } catch {
    response.writeHead(404, SECURITY_HEADERS).end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

export async function startFakeDaemon(options: FakeOptions = {}): Promise<FakeDaemon> {
  const { garments = 72, dialDelayMs = 0, edition = 'fake@1.0.0+000000000000', shops = [] } = options;
  let answers = new FakeAnswers(garments, edition, shops);
  const requests: string[] = [];
  const refused: string[] = [];
  const failures = new Map<string, ErrorCode>();
  const listeners = new Set<ServerResponse>();
  const calls: Call[] = [];
  const screens = new Screens();
  let [waiting, mostAtOnce, beats] = [0, 0, 0];

  const checked = <T>(schema: TSchema, body: unknown, path: string): T => {
    if (Value.Check(schema, body)) return body as T;
    refused.push(`${path} ${JSON.stringify(body)}`);
    throw new LookdialError('invalid-request', 'The body is not what the API takes.');
  };

  function match(request: MatchRequest): unknown {
    if (request.scope !== 'chain') return answers.match(request);
    const failure = failures.get('/match chain');
    if (failure !== undefined) throw new LookdialError(failure, ERRORS[failure].title);
    return answers.elsewhere(request);
  }

  const tell = (type: string, data: object): void => {
    for (const listener of listeners) listener.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  function call({ place }: CallRequest): Call {
    const made: Call = {
      id: `call-${calls.length}`,
      place: place ?? null,
      at: new Date().toISOString(),
      answeredAt: null,
    };
    calls.push(made);
    tell('call', made);
    return made;
  }

  async function dial(request: DialRequest): Promise<Buffer> {
    const found = answers.match(request);
    waiting += 1;
    mostAtOnce = Math.max(mostAtOnce, waiting);
    await new Promise(go => setTimeout(go, dialDelayMs));
    waiting -= 1;
    return writeFrame(decode(answers.drawn(found.z)), JSON.stringify(found));
  }

  async function ofGarment(sku: string, part: string, query: URLSearchParams): Promise<unknown> {
    if (part === 'image') return await drawPicture(answers.garment(sku).mu);
    if (part === 'posterior') return answers.posterior(sku);
    if (part === 'similar') return answers.similar(sku, Number(query.get('k') ?? 24));
    return answers.item(sku);
  }

  async function answer(path: string, query: URLSearchParams, body: unknown): Promise<unknown> {
    const failure = failures.get(path);
    if (failure !== undefined) throw new LookdialError(failure, ERRORS[failure].title);
    const [, resource, sku = '', part = ''] = path.split('/');
    switch (resource) {
      case 'model':
        return answers.model();
      case 'match':
        return match(checked<MatchRequest>(MatchRequest, body, path));
      case 'dial':
        return await dial(checked<DialRequest>(DialRequest, body, path));
      case 'page':
        return { address: options.pageAddress ?? null };
      case 'calls':
        return sku === '' ? call(checked<CallRequest>(CallRequest, body, path)) : calls.find(({ id }) => id === sku);
      case 'holds':
        return answers.hold(checked<HoldRequest>(HoldRequest, body, path));
      case 'generate':
        return Buffer.from(answers.picture(checked<PointRequest>(PointRequest, body, path)));
      case 'map':
        return answers.map(
          body === undefined
            ? filterOf(Object.fromEntries(query))
            : (checked<MapRequest>(MapRequest, body, path).filter ?? {}),
        );
      case 'surprise':
        return answers.surprise(
          body === undefined
            ? { filter: query.has('category') ? { categories: [query.get('category')!] } : {} }
            : checked<SurpriseRequest>(SurpriseRequest, body, path),
        );
      case 'facets':
        return answers.facets(checked<FacetsRequest>(FacetsRequest, body, path).filter);
      case 'goes-with':
        return answers.goesWith(checked<GoesWithRequest>(GoesWithRequest, body, path));
      case 'items':
        return await ofGarment(decodeURIComponent(sku), part, query);
      default:
        throw new LookdialError('not-found', `There is no ${path}.`);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    if (!pathname.startsWith('/api/v1')) return servePage(pathname, response);
    const path = pathname.slice('/api/v1'.length);
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': listening\n\n');
      listeners.add(response);
      response.once('close', () => listeners.delete(response));
      return;
    }
    if (path.startsWith('/screens/')) {
      const screen = path.slice('/screens/'.length);
      if (request.method === 'PUT') {
        screens.hear(screen);
        beats += 1;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(screens.of(screen)));
      return;
    }
    requests.push(`${request.method} ${path}`);
    try {
      const found = await answer(path, searchParams, await bodyOf(request));
      if (!Buffer.isBuffer(found)) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
        return;
      }
      const type = path.endsWith('/image') ? 'image/png' : 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'x-width': SIDE, 'x-height': SIDE }).end(found);
    } catch (error) {
      const { code, message } = error instanceof LookdialError ? error : new LookdialError('internal', String(error));
      const { status, title } = ERRORS[code];
      const problem: Problem = { type: 'about:blank', title, status, detail: message, code };
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((ready, failed) => {
    server.once('error', failed).listen(options.port ?? 0, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    requests,
    refused,
    get mostAtOnce() {
      return mostAtOnce;
    },
    get beats() {
      return beats;
    },
    fail: (path, code) => {
      if (code === undefined) failures.delete(path);
      else failures.set(path, code);
    },
    answerCalls: () => {
      for (const [at, call] of calls.entries()) {
        const answered = { ...call, answeredAt: new Date().toISOString() };
        calls[at] = answered;
        tell('call', answered);
      }
    },
    sell: sku => {
      answers.sell(sku);
      tell('inventory', { skus: [sku], more: false });
    },
    swap: (next, dials) => {
      answers = new FakeAnswers(garments, next, shops, dials);
      tell('edition', { edition: next });
    },
    stop: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
