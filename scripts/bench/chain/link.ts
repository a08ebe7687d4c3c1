/**
 * What the link to the chain costs a store's own matches: a daemon without a chain, one whose chain answers, and some whose link is
 * down, side by side. Every part of a row begins with a daemon that has just started, whose breaker is closed: it is in trouble, and
 * does not know it yet.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, drags, type Model } from '../drags.ts';
import { quantile } from '../measure.ts';
import { startDaemon } from '../prepared.ts';
import type { Bar, Context, Table } from '../suite.ts';
import { reachTrouble } from './connect.ts';
import type { Trouble } from './trouble.ts';

/** Matches of a part, and before it to warm up: a part takes as long as it takes the breaker to open. */
const PART = 400;
const WARM_UP = 300;
/** The kiosk asks for so many, of the store and of the chain. */
const MATCHES = 12;
/** Between an answer of the chain's and the next question: a shopper rests once in some seconds. Milliseconds. */
const PAUSE_MS = 50;
/** A new daemon connects, and the chain's thread starts. Milliseconds. */
const SETTLE_MS = 500;
const PROMISED_MS = 1;
/** Rows without a chain: two, to show what the measurement itself is good for. */
const ALONE = 2;

export interface LinkOptions {
  /** The connection file of a catalogue that answers. */
  readonly path: string;
  /** The store's state folder. */
  readonly data: string;
  /** The store's name in the catalogue. */
  readonly store: string;
}

interface Situation {
  readonly name: string;
  /** The daemon's connection file; none where left out. */
  readonly path?: string;
  /** Whether the chain is asked meanwhile. */
  readonly asked: boolean;
  /** Whether the link is in trouble. */
  readonly troubled: boolean;
  readonly matches: number[];
  readonly chain: { answered: number; refused: number; readonly took: number[] };
}

const TROUBLES: readonly (readonly [Trouble, string])[] = [
  ['closed', 'nobody listens'],
  ['silent', 'taken, and nothing said'],
  ['rubbish', 'rubbish'],
  ['endless', 'rubbish without an end'],
];

const situation = (
  name: string,
  { asked = false, troubled = false, path }: { asked?: boolean; troubled?: boolean; path?: string } = {},
): Situation => ({
  name,
  asked,
  troubled,
  ...(path === undefined ? {} : { path }),
  matches: [],
  chain: { answered: 0, refused: 0, took: [] },
});

/** @returns the status of the answer, all of which is read */
function statusOf(agent: Agent, url: URL, body: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const asked = request(url, { agent, method: 'POST', headers }, response => {
    response.on('error', reject);
    response.on('end', () => resolve(response.statusCode ?? 0));
    response.resume();
  });
  asked.on('error', reject);
  asked.end(body);
  return promise;
}

/** Asks the chain until it is told to stop, one question after another. */
async function askChain(url: URL, model: Model, seed: number, { chain }: Situation, stop: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const points = drags(model, seed);
  try {
    while (!stop.aborted) {
      const began = performance.now();
      const body = JSON.stringify({ dials: points.next().value, k: MATCHES, scope: 'chain' });
      if ((await statusOf(agent, url, body)) === 200) chain.answered += 1;
      else chain.refused += 1;
      chain.took.push(performance.now() - began);
      await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    agent.destroy();
  }
}

/** One part of a row. @returns a number that depends on every answer */
async function measurePart(one: Situation, context: Context, options: LinkOptions, part: number) {
  const daemon = await startDaemon(context, options.data, {
    LOOKDIAL_CHAIN_CONNECTION: one.path ?? '',
    LOOKDIAL_CHAIN_STORE: one.path === undefined ? '' : options.store,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = new URL('/api/v1/match', daemon.address);
  const stop = new AbortController();
  let sink = 0;
  try {
    const model = JSON.parse((await ask(agent, new URL('/api/v1/model', daemon.address))).toString()) as Model;
    // The same points in every row.
    const points = drags(model, 1_000 * context.seed + part);
    const match = async (): Promise<number> => {
      const body = JSON.stringify({ dials: points.next().value, k: MATCHES });
      const began = performance.now();
      sink += (await ask(agent, url, { body })).at(-2) ?? 0;
      return performance.now() - began;
    };
    await sleep(SETTLE_MS);
    for (let i = 0; i < WARM_UP; i += 1) await match();
    const asking = one.asked ? askChain(url, model, 7_000 * context.seed + part, one, stop.signal) : undefined;
    for (let i = 0; i < PART; i += 1) one.matches.push(await match());
    stop.abort();
    await asking;
    return sink;
  } finally {
    stop.abort();
    agent.destroy();
    await daemon.stop();
  }
}

const shown = (milliseconds: number): number => Number(milliseconds.toFixed(2));
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

function resultOf(situations: readonly Situation[]): { table: Table; bars: Bar[] } {
  // Both rows without a chain: what one of them has by chance tells of no other.
  const base = sorted(situations.slice(0, ALONE).flatMap(({ matches }) => matches));
  const slower = ({ matches }: Situation, q: number): number => quantile(sorted(matches), q) - quantile(base, q);
  const rows = situations.map(one => {
    const { name, matches, chain } = one;
    const took = sorted(matches);
    return [
      name,
      ...[quantile(took, 0.5), quantile(took, 0.99), took.at(-1) ?? Number.NaN].map(shown),
      shown(slower(one, 0.5)),
      shown(slower(one, 0.99)),
      ...(one.asked ? [chain.answered, chain.refused, shown(sorted(chain.took).at(-1) ?? 0)] : ['', '', '']),
    ];
  });
  const title = `This store’s own matches, ${situations[0]?.matches.length ?? 0} of each, beside the chain`;
  const columns = ['the chain', 'p50 ms', 'p99 ms', 'longest ms', 'p50 slower', 'p99 slower'];
  const ofChain = ['chain answered', 'chain refused', 'chain longest ms'];
  const bars = ([0.5, 0.99] as const).map(q => ({
    what: `A store’s match slower beside a link in trouble, p${100 * q}, the worst`,
    unit: 'ms',
    got: Math.max(...situations.filter(({ troubled }) => troubled).map(one => slower(one, q))),
    atMost: PROMISED_MS,
  }));
  return { table: { title, columns: [...columns, ...ofChain], rows }, bars };
}

/** @throws Error where a match of the store's own fails */
export async function measureLink(
  context: Context,
  options: LinkOptions,
): Promise<{ table: Table; bars: Bar[]; sink: number }> {
  const { runs, say } = context;
  const troubles = await Promise.all(
    TROUBLES.map(async ([trouble, name]) => ({ name, reached: await reachTrouble(trouble) })),
  );
  const situations = [
    situation('none'),
    situation('none, once more'),
    situation('answers, not asked', { path: options.path }),
    situation('answers, asked', { path: options.path, asked: true }),
    ...troubles.map(({ name, reached }) =>
      situation(`${name}, asked`, { path: reached.path, asked: true, troubled: true }),
    ),
  ];
  const parts = Math.max(1, Math.ceil(runs / PART));
  let sink = 0;
  try {
    for (let part = 0; part < parts; part += 1) {
      say(`  part ${part + 1} of ${parts}`);
      // Whoever comes first is another each time: a machine gets warmer, and busier.
      for (let place = 0; place < situations.length; place += 1) {
        const one = situations[(place + part) % situations.length]!;
        sink += await measurePart(one, context, options, part);
      }
    }
  } finally {
    await Promise.all(troubles.map(({ reached }) => reached.close()));
  }
  return { ...resultOf(situations), sink };
}
