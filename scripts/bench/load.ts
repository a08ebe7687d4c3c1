/** A day in the store, in ten minutes: many shoppers dial at once, a till writes stock, and nothing may fail, slow down or pile up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Model } from './drags.ts';
import { writerHeaders } from './key.ts';
import type { Probed } from './load/probe.ts';
import { processTree, residentMegabytes } from './load/resident.ts';
import { PACE, shop } from './load/shopper.ts';
import { Tally } from './load/tally.ts';
import { requireStockCalls, SALES_PACE, sell } from './load/till.ts';
import { type Point, slope } from './load/trend.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Result, Suite, Table } from './suite.ts';

const PROBE = resolve(import.meta.dirname, 'load', 'probe.ts');
/** Rows of the table over time. */
const PARTS = 10;
/** Caches fill at first: this part of the run is left out of the memory's trend. */
const WARM_UP_PART = 0.2;
const SAMPLE_MS = 1_000;
const MATCH_P99_MS = 50;
/** Memory is flat where its trend over the whole run comes to less than this part of it. */
const FLAT_PART = 0.05;

const rounded = (value: number): number => Number(value.toPrecision(3));

/** SKUs of the store, up to a page of them. */
async function skusOf(agent: Agent, address: string): Promise<string[]> {
  const page = await ask(agent, new URL('/api/v1/items?limit=200', address));
  return (JSON.parse(page.toString()) as { items: { sku: string }[] }).items.map(({ sku }) => sku);
}

interface Run {
  readonly tally: Tally;
  readonly began: number;
  readonly ended: number;
  /** Resident megabytes, by performance.now(). */
  readonly memory: readonly Point[];
  /** One a second. */
  readonly loop: readonly Probed[];
}

const probedOf = (path: string): Probed[] => {
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Probed);
};

function overTime({ tally, began, ended, memory, loop }: Run): Table {
  const rows = Array.from({ length: PARTS }, (_, part) => {
    const at = (edge: number): number => began + ((ended - began) * edge) / PARTS;
    const [from, to] = [at(part), at(part + 1)];
    const late = loop.slice(Math.floor((loop.length * part) / PARTS), Math.floor((loop.length * (part + 1)) / PARTS));
    const held = memory.filter(({ x }) => x >= from && x < to).map(({ y }) => y);
    return [
      ((to - began) / 60_000).toFixed(1),
      tally.of('dial', [from, to]).answered,
      rounded(tally.of('dial', [from, to]).p99),
      rounded(tally.of('match', [from, to]).p99),
      rounded(Math.max(0, ...late.map(({ p99 }) => p99))),
      rounded(Math.max(0, ...late.map(({ longest }) => longest))),
      Math.round(held.at(-1) ?? Number.NaN),
    ];
  });
  const columns = [
    'to minute',
    'dials',
    'dial p99 ms',
    'match p99 ms',
    'loop p99 ms',
    'loop longest ms',
    'resident MB',
  ];
  return { title: 'Over time', columns, rows };
}

function resultOf(run: Run, title: string): Result {
  const { tally, began, ended, memory } = run;
  const warm = memory.filter(({ x }) => x >= began + WARM_UP_PART * (ended - began));
  const grew = slope(warm) * (ended - began);
  const resident = warm.reduce((sum, { y }) => sum + y, 0) / warm.length;
  const rows = tally.all.map(({ call, answered, failed, p50, p99, longest }) => [
    call,
    answered,
    failed,
    rounded((1_000 * answered) / (ended - began)),
    ...[p50, p99, longest].map(rounded),
  ]);
  const failures = [...tally.failures].map(([message, times]) => [message, times]);
  return {
    tables: [
      { title, columns: ['call', 'answered', 'failed', 'a second', 'p50 ms', 'p99 ms', 'longest ms'], rows },
      overTime(run),
      ...(failures.length === 0 ? [] : [{ title: 'Failures', columns: ['what', 'times'], rows: failures }]),
    ],
    bars: [
      { what: 'failures', unit: 'calls', got: tally.errors, atMost: 0 },
      { what: 'match p99', unit: 'ms', got: tally.of('match').p99, atMost: MATCH_P99_MS },
      { what: 'memory gained by its trend', unit: 'MB', got: grew, atMost: Number((FLAT_PART * resident).toFixed(1)) },
    ],
    sink: tally.sink,
  };
}

export const loadSuite: Suite = {
  name: 'load',
  about: 'shoppers dialling at once and a till writing stock: errors, delays and memory over minutes',
  long: true,
  async run(context) {
    const {
      seed,
      say,
      load: { minutes, clients, writer },
    } = context;
    const data = stateOf(context, 'load');
    await prepare(context, data);
    const folder = mkdtempSync(join(tmpdir(), 'lookdial-load-'));
    const probe = join(folder, 'probe');
    const daemon = await startDaemon(context, data, { LOOKDIAL_BENCH_PROBE: probe }, ['--import', PROBE]);
    const agent = new Agent();
    try {
      const { address } = daemon;
      if (writer) await requireStockCalls(address);
      const headers = writer ? writerHeaders(data) : {};
      const model = JSON.parse((await ask(agent, new URL('/api/v1/model', address))).toString()) as Model;
      const skus = await skusOf(agent, address);
      const [tally, memory, stop] = [new Tally(), [] as Point[], new AbortController()];
      const { signal } = stop;
      say(`${clients} shoppers for ${minutes} min: ${PACE}${writer ? `; ${SALES_PACE}` : '; nobody writes'}`);
      const began = performance.now();
      const everyone = Array.from({ length: clients }, (_, client) =>
        shop({ address, model, seed: 1_000 * seed + client, tally, signal }),
      );
      if (writer) everyone.push(sell({ address, headers, skus, seed, tally, signal }));
      while (performance.now() - began < minutes * 60_000) {
        memory.push({ x: performance.now(), y: await residentMegabytes(processTree(daemon.pid)) });
        await sleep(SAMPLE_MS);
      }
      const ended = performance.now();
      stop.abort();
      await Promise.all(everyone);
      const title = `${clients} shoppers${writer ? ' and a till' : ''} over loopback for ${minutes} min, ${model.store.garments} garments`;
      return resultOf({ tally, began, ended, memory, loop: probedOf(probe) }, title);
    } finally {
      agent.destroy();
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
