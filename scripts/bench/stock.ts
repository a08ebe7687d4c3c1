/** Stock that changes in batches while a finger drags: what the till can send, and what the shopper notices of it. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../device/matching/random.ts';
import { MATCHES } from './dial.ts';
import { ask, drags, type Model } from './drags.ts';
import { writerHeaders } from './key.ts';
import { quantile, TIMING_COLUMNS, type Timing, time, timingCells } from './measure.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Context, Suite } from './suite.ts';

/** Changes a batch, and batches a second that are sent while a dial is dragged. */
const BATCH = 250;
const BATCHES_PER_SECOND = 20;
/** What is promised: changes a second, and the median of a dial's round trip meanwhile, milliseconds. */
const PROMISED_RATE = BATCH * BATCHES_PER_SECOND;
const DIAL_P50_MS = 33;
const SIZES = ['S', 'M', 'L', 'XL'];

interface Page {
  readonly items: readonly { readonly sku: string }[];
  readonly nextCursor?: string;
}

type Ask = (path: string, body?: string) => Promise<Buffer>;

async function skusOf(get: Ask): Promise<string[]> {
  const skus: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = JSON.parse(
      (await get(`/api/v1/items?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)).toString(),
    ) as Page;
    skus.push(...page.items.map(({ sku }) => sku));
    cursor = page.nextCursor;
  }
  return skus;
}

/** A till: its batches one after another, at an even pace or as fast as they are answered. */
class Till {
  readonly #post: Ask;
  readonly #skus: readonly string[];
  readonly #random: Random;
  readonly #source: string;
  /** The store is kept from one run to the next. */
  readonly #epoch = Date.now();
  #seq = 0;
  readonly took: number[] = [];

  constructor(post: Ask, skus: readonly string[], seed: number, source: string) {
    this.#post = post;
    this.#skus = skus;
    this.#random = new Random(seed);
    this.#source = source;
  }

  /** Sends until `ended`. @param pause between the beginnings of two batches, milliseconds @returns seconds it took */
  async run(ended: () => boolean, pause: number): Promise<number> {
    const began = performance.now();
    for (let next = began; !ended(); next += pause) {
      await sleep(Math.max(0, next - performance.now()));
      const sent = performance.now();
      await this.#post('/api/v1/stock:batch', this.#batch());
      this.took.push(performance.now() - sent);
    }
    return (performance.now() - began) / 1_000;
  }

  #batch(): string {
    const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(this.#random.uniform() * list.length)];
    const changes = Array.from({ length: BATCH }, () => ({
      sku: one(this.#skus),
      size: one(SIZES),
      quantity: Math.floor(4 * this.#random.uniform()),
    }));
    return JSON.stringify({ source: this.#source, epoch: this.#epoch, seq: ++this.#seq, changes });
  }
}

function timingOf(took: readonly number[]): Timing {
  const sorted = Float64Array.from(took).sort();
  const at = (q: number): number => quantile(sorted, q);
  return { runs: sorted.length, min: at(0), p50: at(0.5), p99: at(0.99), sink: sorted.length };
}

async function measure({ runs, seed, say }: Context, get: Ask, write: Ask) {
  const model = JSON.parse((await get('/api/v1/model')).toString()) as Model;
  const skus = await skusOf(get);
  const dial = (): Promise<Timing> => {
    const points = drags(model, seed);
    return time(runs, async () => {
      const body = { dials: points.next().value, k: MATCHES, filter: { sizes: ['M'] } };
      return (await get('/api/v1/dial', JSON.stringify(body))).at(-2) ?? 0;
    });
  };
  say('a drag alone');
  const alone = await dial();
  say('a drag, and a till');
  let ended = false;
  const till = new Till(write, skus, seed, 'paced');
  const selling = till.run(() => ended, 1_000 / BATCHES_PER_SECOND);
  const beside = await dial().finally(() => {
    ended = true;
  });
  const seconds = await selling;
  say('a till alone, as fast as it is answered');
  const fast = new Till(write, skus, seed, 'fast');
  const fastSeconds = await fast.run(() => fast.took.length >= Math.max(20, runs / 10), 0);
  const rate = (one: Till, over: number): number => Math.round((one.took.length * BATCH) / over);
  return { model, alone, beside, till, fast, rate: rate(till, seconds), fastRate: rate(fast, fastSeconds) };
}

export const stockSuite: Suite = {
  name: 'stock',
  about: 'changes to the stock in batches, and a drag meanwhile',
  async run(context) {
    const data = stateOf(context, 'stock');
    await prepare(context, data);
    const daemon = await startDaemon(context, data);
    const agents = [0, 1].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    try {
      const headers = writerHeaders(data);
      const [get, write] = agents.map(
        (agent): Ask =>
          (path, body) =>
            ask(agent, new URL(path, daemon.address), { ...(body !== undefined && { body }), headers }),
      );
      if (get === undefined || write === undefined) throw new RangeError('There are two connections.');
      const { model, alone, beside, till, fast, rate, fastRate } = await measure(context, get, write);
      const title = `Stock in batches of ${BATCH}, ${model.store.garments} garments, each answered when it is on the disk`;
      const rows = [
        ['dial alone', ...timingCells(alone), ''],
        [`dial, with ${rate} changes/s`, ...timingCells(beside), ''],
        ['batch, paced, with the drag', ...timingCells(timingOf(till.took)), rate],
        ['batch, one after another, alone', ...timingCells(timingOf(fast.took)), fastRate],
      ];
      return {
        tables: [{ title, columns: ['call', ...TIMING_COLUMNS, 'changes/s'], rows }],
        bars: [
          { what: 'dial p50 while stock changes', unit: 'ms', got: beside.p50, atMost: DIAL_P50_MS },
          {
            what: `time for ${PROMISED_RATE} changes, with the drag`,
            unit: 's',
            got: PROMISED_RATE / rate,
            atMost: 1.02,
          },
        ],
        sink: alone.sink + beside.sink,
      };
    } finally {
      for (const agent of agents) agent.destroy();
      await daemon.stop();
    }
  },
};
