/** The search against the best exact ones npm has, side by side in one process, by turns; and what it takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildScanNow } from '../../device/matching/scan/build.ts';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { chart, type Group } from './search/chart.ts';
import { flatContestant, linearForm, ortContestant, scanContestant, usearchContestant } from './search/contestants.ts';
import { crossover } from './search/crossover.ts';
import { duel, type Score, truthOf } from './search/duel.ts';
import { footprintOf } from './search/footprint-of.ts';
import { indexOf, openStore } from './search/prepare.ts';
import { makeQueries, makeStore, QUERY_KINDS, type QueryKind, type Spread, type Workload } from './search/workloads.ts';
import type { Bar, Context, Suite, Table } from './suite.ts';

const K = 24;
const SPREADS: readonly Spread[] = ['structured', 'unstructured'];
const RESULTS = resolve(import.meta.dirname, '../../bench-results');
/** Queries of a workload and rounds they are asked in, by garments: the largest stores take the longest. */
const effort = (garments: number, runs: number): { queries: number; rounds: number } => {
  const most = garments >= 1e6 ? 100 : garments >= 1e5 ? 200 : 400;
  return { queries: Math.max(10, Math.min(most, Math.ceil(runs / 3))), rounds: 3 };
};

interface Cell {
  readonly garments: number;
  readonly latentDim: number;
  readonly spread: Spread;
  readonly kind: QueryKind;
  readonly scores: readonly Score[];
}

const rounded = (value: number): number => Number(value.toPrecision(3));

async function contest(context: Context, kernel: WebAssembly.Module, data: Workload, spread: Spread): Promise<Cell[]> {
  const { seed, runs, say } = context;
  const { count: garments, latentDim } = data;
  say(`${garments.toLocaleString('en')} garments, n = ${latentDim}, ${spread}`);
  const store = openStore(data);
  const linear = linearForm(data);
  const contestants = [
    scanContestant(kernel, store, K, false),
    scanContestant(kernel, store, K, true),
    await flatContestant(data, K),
    await ortContestant(data, linear, K),
    usearchContestant(data, linear, K),
  ];
  const { queries, rounds } = effort(garments, runs);
  const cells: Cell[] = [];
  for (const kind of QUERY_KINDS) {
    const points = makeQueries(data, kind, queries, seed);
    const scores = await duel(contestants, points, truthOf(data, points, K), rounds);
    cells.push({ garments, latentDim, spread, kind, scores });
    say(`  ${kind}: ${scores.map(({ name, p50, p99 }) => `${name} ${rounded(p50)} (${rounded(p99)})`).join(', ')}`);
  }
  for (const { close } of contestants) await close?.();
  return cells;
}

const duelTable = (cells: readonly Cell[]): Table => ({
  title: `The ${K} nearest, by turns in one process, milliseconds`,
  columns: ['garments', 'n', 'sigma', 'queries', 'search', 'p50', 'p99', 'recall', 'wrong', 'times the scan'],
  rows: cells.flatMap(({ garments, latentDim, spread, kind, scores }) =>
    scores.map(({ name, p50, p99, recall, wrong }) => [
      garments,
      latentDim,
      spread,
      kind,
      name,
      rounded(p50),
      rounded(p99),
      rounded(recall),
      wrong,
      rounded(p50 / scores[0]!.p50),
    ]),
  ),
});

const bestPeer = (scores: readonly Score[], of: 'p50' | 'p99'): number =>
  Math.min(...scores.filter(score => score.isPeer).map(score => score[of]));

/** The scan's own time as a share of the best peer's: a drag goes on from the last answer, all else begins cold. */
function shareOfPeer({ kind, scores }: Cell, of: 'p50' | 'p99'): number {
  const own = scores[kind === 'drag' ? 1 : 0]!;
  return own[of] / bestPeer(scores, of);
}

function duelBars(cells: readonly Cell[]): Bar[] {
  const bars: Bar[] = cells
    .filter(({ garments, latentDim }) => garments >= 1e6 && latentDim <= 32)
    .flatMap(cell => {
      const { latentDim, spread, kind } = cell;
      const what = `1M, n = ${latentDim}, ${spread}, ${kind}`;
      const unit = 'of the best peer’s time';
      return [
        { what: `${what}, p50`, unit, got: shareOfPeer(cell, 'p50'), atMost: kind === 'far-out' ? 0.4 : 0.25 },
        { what: `${what}, p99`, unit, got: shareOfPeer(cell, 'p99'), atMost: 0.4 },
      ];
    });
  const middle = cells.filter(({ garments }) => garments === 1e5);
  if (middle.length > 0) {
    const got = Math.max(...middle.map(cell => shareOfPeer(cell, 'p50')));
    bars.push({ what: '100k, the slowest workload, p50', unit: 'of the best peer’s time', got, atMost: 1 });
  }
  const got = cells.reduce((sum, { scores }) => sum + scores[0]!.wrong + scores[1]!.wrong, 0);
  return [...bars, { what: 'Answers that are not float64’s, in its order', unit: 'queries', got, atMost: 0 }];
}

/** Build time, memory and the event loop at a million garments, n = 16. */
function costs({ seed, say }: Context): { table: Table; bars: Bar[] } {
  const garments = 1_000_000;
  const latentDim = 16;
  const data = makeStore(garments, latentDim, 'structured', seed);
  say('the build of a million');
  const cpuSeconds = (): number => process.cpuUsage().user / 1e6;
  let [start, cpu] = [performance.now(), cpuSeconds()];
  buildScanNow(data);
  const scanSeconds = (performance.now() - start) / 1_000;
  const scanCpu = cpuSeconds() - cpu;
  let steps = 0;
  [start, cpu] = [performance.now(), cpuSeconds()];
  const index = indexOf(data, true, () => (steps += 1));
  const wholeSeconds = (performance.now() - start) / 1_000;
  const wholeCpu = cpuSeconds() - cpu;
  say(
    `  codes ${rounded(scanSeconds)} s (${rounded(scanCpu)} s of processor), all ${rounded(wholeSeconds)} s (${rounded(wholeCpu)})`,
  );
  say('its memory, and the event loop');
  const { residentMegabytes, answer, posting, turns } = footprintOf(index, latentDim, 200);
  const rows: [string, string, number][] = [
    ['regions and codes', 's', scanSeconds],
    ['regions and codes, processor', 's', scanCpu],
    ['the whole index file, with the typicality', 's', wholeSeconds],
    ['the whole index file, processor', 's', wholeCpu],
    ['steps of progress told', '', steps],
    ['index file', 'MB', index.length / 1e6],
    ['resident memory of a process that searches it', 'MB', residentMegabytes],
    ['whole answer through the search thread, p50', 'ms', answer.p50],
    ['whole answer through the search thread, p99', 'ms', answer.p99],
    ['turn of the event loop while searching, p99.9', 'ms', turns.p999],
    ['turn of the event loop while searching, longest', 'ms', turns.max],
    ['turn of the event loop while idle, longest', 'ms', turns.idleMax],
    ['longest work on the event loop to ask', 'ms', posting],
  ];
  return {
    table: {
      title: `What ${garments.toLocaleString('en')} garments take, n = ${latentDim}`,
      columns: ['what', 'unit', 'figure'],
      rows: rows.map(([what, unit, figure]) => [what, unit, rounded(figure)]),
    },
    bars: [
      { what: 'Build of the codes of 1M', unit: 's', got: scanSeconds, atMost: 10 },
      { what: 'Build of the whole index of 1M', unit: 's', got: wholeSeconds, atMost: 10 },
      { what: 'Memory at 1M, n = 16, all told', unit: 'MB', got: residentMegabytes, atMost: 300 },
      { what: 'Event loop blocked by a search, p99.9', unit: 'ms', got: turns.p999, atMost: 2 },
    ],
  };
}

function draw(cells: readonly Cell[]): void {
  const largest = Math.max(...cells.map(cell => cell.garments));
  const groups: Group[] = cells
    .filter(cell => cell.garments === largest && cell.spread === 'structured' && cell.latentDim <= 32)
    .map(({ latentDim, kind, scores }) => ({
      label: `n = ${latentDim}, ${kind}`,
      bars: scores.map(({ name, p50 }) => ({ name, ms: p50 })),
    }));
  mkdirSync(RESULTS, { recursive: true });
  const title = `The ${K} nearest of ${largest.toLocaleString('en')} garments, p50, one core`;
  writeFileSync(join(RESULTS, 'search.svg'), chart(title, groups));
}

export const searchSuite: Suite = {
  name: 'search',
  about: 'the exact search against onnxruntime-node, usearch and a flat WebAssembly scan; build, memory, event loop',
  async run(context) {
    const { garments, dimensions } = context;
    const kernel = await loadKernel();
    const cells: Cell[] = [];
    for (const count of garments) {
      for (const latentDim of dimensions) {
        for (const spread of SPREADS) {
          cells.push(...(await contest(context, kernel, makeStore(count, latentDim, spread, context.seed), spread)));
        }
      }
    }
    draw(cells);
    const small = await crossover(kernel, Math.min(100, context.runs), context.seed);
    const taken = garments.some(count => count >= 1e6) ? costs(context) : undefined;
    return {
      tables: [duelTable(cells), small, ...(taken ? [taken.table] : [])],
      bars: [...duelBars(cells), ...(taken?.bars ?? [])],
      sink: cells.reduce((sum, cell) => sum + cell.scores[0]!.recall, 0),
    };
  },
};
