/** A daemon that answers the kiosk's part of the API over drawn garments, and can be slow, wrong or gone on demand. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { writeFrame } from '../../device/api/dial-frame.ts';
import { SECURITY_HEADERS } from '../../device/api/headers.ts';
import {
  type MatchAnswer,
  MatchRequest,
  type Model,
  PointRequest,
  type Posterior,
  type Problem,
  type Similar,
  type Surprise,
} from '../../device/api/schemas.ts';
import { ERRORS, type ErrorCode } from '../../device/errors.ts';
import {
  DIALS,
  decode,
  drawPicture,
  type FakeGarment,
  fakeStore,
  RANGE,
  SHARPEN,
  SIDE,
  toDials,
  toZ,
} from './fake-garments.ts';

const DIST = fileURLToPath(new URL('../../ui/dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const SIGMA = 0.25;
/** n sigma^2-distances under which a point counts as one of the store's own, and beyond which nothing is close. */
const LIKE = 14;
const FAR = 90;

export interface FakeOptions {
  readonly port?: number;
  readonly garments?: number;
  /** Milliseconds before each answer of `dial`. */
  readonly dialDelayMs?: number;
  readonly edition?: string;
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
  /** Answers a path (as `/dial`) with this error from now on; undefined makes it well again. */
  fail(path: string, code: ErrorCode | undefined): void;
  /** Goes away at once, as a killed process does: connections are cut. */
  stop(): Promise<void>;
}

class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(ERRORS[code].title);
    this.code = code;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const view = ({
  mu: _mu,
  ...garment
}: FakeGarment): Omit<MatchAnswer['matches'][number], 'logLikelihood' | 'mahalanobisSquared' | 'share'> => ({
  ...garment,
  colour: null,
  currency: 'EUR',
  image: `/api/v1/items/${garment.sku}/image`,
});

export async function startFakeDaemon(options: FakeOptions = {}): Promise<FakeDaemon> {
  const { garments = 72, dialDelayMs = 0, edition = 'fake@1.0.0+000000000000' } = options;
  const store = fakeStore(garments);
  const requests: string[] = [];
  const refused: string[] = [];
  const failures = new Map<string, ErrorCode>();
  const n = DIALS.length;
  let [waiting, mostAtOnce, surprises] = [0, 0, 0];

  const find = (sku: string): FakeGarment => {
    const garment = store.find(item => item.sku === sku);
    if (garment === undefined) throw new Refusal('item-not-found');
    return garment;
  };
  const checked = <T>(schema: TSchema, body: unknown, path: string): T => {
    if (!Value.Check(schema, body)) {
      refused.push(`${path} ${JSON.stringify(body)}`);
      throw new Refusal('invalid-request');
    }
    return body as T;
  };
  const pointOf = ({ z, dials }: { z?: number[]; dials?: number[] }): number[] => {
    const point = z ?? (dials === undefined ? undefined : toZ(dials));
    if (point?.length !== n || dials?.some(u => Math.abs(u) > RANGE)) throw new Refusal('invalid-point');
    return point;
  };
  const hasStock = ({ sizes }: FakeGarment): boolean => sizes === null || sizes.some(({ quantity }) => quantity > 0);

  function match({ k = 24, filter, ...point }: MatchRequest): MatchAnswer {
    const z = pointOf(point);
    const near = store
      .filter(item => hasStock(item) && (filter?.categories?.includes(item.category) ?? true))
      .map(item => ({ item, distance: sum(item.mu.map((mu, at) => ((z[at]! - mu) / SIGMA) ** 2)) }))
      .sort((a, b) => a.distance - b.distance);
    const nearest = near[0]?.distance ?? 0;
    const weights = near.map(({ distance }) => Math.exp((nearest - distance) / 8));
    const verdict = nearest < LIKE ? 'in-stock-like' : nearest < FAR ? 'nearest-we-have' : 'nothing-close';
    return {
      matches: near.slice(0, k).map(({ item, distance }, at) => ({
        ...view(item),
        logLikelihood: -distance / 2 - n * Math.log(SIGMA * Math.sqrt(2 * Math.PI)),
        mahalanobisSquared: distance,
        share: weights[at]! / sum(weights),
      })),
      typicality: { centile: verdict === 'in-stock-like' ? 60 : verdict === 'nearest-we-have' ? 8 : 0, verdict },
      considered: near.length,
      tolerance: 0,
      z,
      edition,
      tookMs: 0,
    };
  }

  function model(): Model {
    const count = (name: string): number => store.filter(({ category }) => category === name).length;
    const categories = [...new Set(store.map(({ category }) => category))].map(name => ({
      name,
      garments: count(name),
    }));
    return {
      bundle: { id: 'fake', version: '1.0.0', title: 'Drawn garments' },
      edition,
      provider: 'cpu',
      latentDim: n,
      range: RANGE,
      tolerance: 0,
      shareTolerance: 0.5,
      parametrisation: 'sigma',
      picture: { width: SIDE, height: SIDE, sharpen: SHARPEN },
      dials: DIALS.map((dial, index) => {
        const bins = new Array<number>(24).fill(0);
        for (const { mu } of store) {
          const bin = Math.floor(((toDials(mu)[index]! + RANGE) / (2 * RANGE)) * bins.length);
          if (bin >= 0 && bin < bins.length) bins[bin]! += 1;
        }
        const most = Math.max(1, ...bins);
        return { index, ...dial, activity: 1, kl: 2, density: bins.map(bin => bin / most) };
      }),
      conditions: null,
      store: {
        name: 'Atelier Probe',
        demonstration: true,
        garments: store.length,
        encoded: store.length,
        currency: 'EUR',
        categories: categories.sort((a, b) => b.garments - a.garments),
        sizes: [],
        colours: [],
      },
    };
  }

  async function answer(path: string, query: URLSearchParams, body: unknown): Promise<unknown> {
    const failure = failures.get(path);
    if (failure !== undefined) throw new Refusal(failure);
    const [, resource, sku = '', part = ''] = path.split('/');
    switch (resource) {
      case 'model':
        return model();
      case 'match':
        return match(checked<MatchRequest>(MatchRequest, body, path));
      case 'dial': {
        const found = match(checked<MatchRequest>(MatchRequest, body, path));
        waiting += 1;
        mostAtOnce = Math.max(mostAtOnce, waiting);
        await new Promise(go => setTimeout(go, dialDelayMs));
        waiting -= 1;
        return writeFrame(decode(found.z), JSON.stringify(found));
      }
      case 'generate':
        return Buffer.from(decode(pointOf(checked<PointRequest>(PointRequest, body, path))).rgba);
      case 'surprise': {
        const kind = query.get('category');
        const drawn = store.filter(item => hasStock(item) && (kind === null || item.category === kind));
        const item = drawn[surprises++ % Math.max(1, drawn.length)];
        if (item === undefined) throw new Refusal('no-match-allowed');
        return { sku: item.sku, z: [...item.mu], dials: toDials(item.mu), edition } satisfies Surprise;
      }
      case 'items': {
        const garment = find(decodeURIComponent(sku));
        if (part === 'image') return await drawPicture(garment.mu);
        const sigma = garment.mu.map(() => SIGMA);
        if (part === 'posterior') {
          return {
            mu: [...garment.mu],
            sigma,
            dials: toDials(garment.mu),
            encoder: '0'.repeat(64),
          } satisfies Posterior;
        }
        if (part === 'similar') {
          const { matches } = match({ z: [...garment.mu], k: Number(query.get('k') ?? 24) + 1 });
          const others = matches
            .filter(other => other.sku !== garment.sku)
            .map(({ share: _s, logLikelihood: _l, mahalanobisSquared: value, ...item }) => ({ ...item, value }));
          return { matches: others, measure: 'jeffreys', tolerance: 0, edition } satisfies Similar;
        }
        return { ...view(garment), encoded: true, attributes: {} };
      }
      default:
        throw new Refusal('not-found');
    }
  }

  async function page(path: string, response: ServerResponse): Promise<void> {
    const file = join(DIST, normalize(path === '/' ? '/index.html' : path));
    try {
      const bytes = await readFile(file);
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      });
      response.end(bytes);
    } catch {
      response.writeHead(404, SECURITY_HEADERS).end();
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    if (!pathname.startsWith('/api/v1')) return page(pathname, response);
    const path = pathname.slice('/api/v1'.length);
    requests.push(`${request.method} ${path}`);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body: unknown = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
      const found = await answer(path, searchParams, body);
      if (!Buffer.isBuffer(found)) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
        return;
      }
      const type = path.endsWith('/image') ? 'image/png' : 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'x-width': SIDE, 'x-height': SIDE }).end(found);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'internal';
      const { status, title } = ERRORS[code];
      const problem: Problem = { type: 'about:blank', title, status, detail: (error as Error).message, code };
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
    fail: (path, code) => {
      if (code === undefined) failures.delete(path);
      else failures.set(path, code);
    },
    stop: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
