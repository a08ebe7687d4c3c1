/** What a finger on a dial asks of the daemon, over HTTP. */
import { type Agent, request } from 'node:http';
import { Random } from '../../device/matching/random.ts';

/** Points of a drag before the next dial is turned. */
const STEPS = 40;

export interface Model {
  readonly latentDim: number;
  readonly range: number;
  readonly dials: readonly { readonly index: number }[];
  readonly store: { readonly garments: number };
}

export interface Question {
  readonly method?: string;
  /** JSON. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks on one connection that is kept.
 * @returns the answer's bytes
 * @throws Error for every status but a good one, with what was answered
 */
export function ask(agent: Agent, url: URL, { body, method, headers = {} }: Question = {}): Promise<Buffer> {
  const { promise, resolve: answer, reject } = Promise.withResolvers<Buffer>();
  const asking = method ?? (body === undefined ? 'GET' : 'POST');
  const described =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const asked = request(url, { agent, method: asking, headers: { ...described, ...headers } }, response => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('error', reject);
    response.on('end', () => {
      const bytes = Buffer.concat(parts);
      if (response.statusCode !== undefined && response.statusCode < 300) answer(bytes);
      else
        reject(
          new Error(`${asking} ${url.pathname} answered ${response.statusCode}: ${bytes.toString().slice(0, 500)}`),
        );
    });
  });
  asked.on('error', reject);
  asked.end(body);
  return promise;
}

/** Points as a finger makes them: from somewhere near the middle, one dial after another is dragged. */
export function* drags(model: Model, seed: number): Generator<number[]> {
  const random = new Random(seed);
  const { latentDim, range, dials } = model;
  for (;;) {
    const point = Array<number>(latentDim).fill(0);
    for (const { index } of dials) point[index] = Math.max(-range, Math.min(range, random.normal()));
    for (const { index } of dials) {
      const [from, to] = [point[index] ?? 0, (2 * random.uniform() - 1) * range];
      for (let step = 1; step <= STEPS; step += 1) {
        point[index] = from + ((to - from) * step) / STEPS;
        yield [...point];
      }
    }
  }
}
