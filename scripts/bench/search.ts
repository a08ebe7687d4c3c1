/** The search against the best exact ones npm has, side by side in one process, by turns; and what it takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { chart, type Group } from './search/chart.ts';
import { flatContestant, linearForm, ortContestant, scanContestant, usearchContestant } from './search/contestants.ts';
import { costs } from './search/costs.ts';
import { crossover } from './search/crossover.ts';
import { duel, type Score, truthOf } from './search/duel.ts';
import { openStore } from './search/prepare.ts';
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
  title: `The ${K} nearest, by turns in one process, milliseconds of processor`,
  columns: [
    'garments',
    'n',
    'sigma',
    'queries',
    'search',
    'p50',
    'p99',
    'p50 by the clock',
    'recall',
    'wrong',
    'times the scan',
  ],
  rows: cells.flatMap(({ garments, latentDim, spread, kind, scores }) =>
    scores.map(({ name, p50, p99, clock, recall, wrong }) => [
      garments,
      latentDim,
      spread,
      kind,
      name,
      rounded(p50),
      rounded(p99),
      rounded(clock),
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

function draw(cells: readonly Cell[]): void {
  const largest = Math.max(...cells.map(cell => cell.garments));
  const groups: Group[] = cells
    .filter(cell => cell.garments === largest && cell.spread === 'structured' && cell.latentDim <= 32)
    .map(({ latentDim, kind, scores }) => ({
      label: `n = ${latentDim}, ${kind}`,
      bars: scores.map(({ name, p50 }) => ({ name, ms: p50 })),
    }));
  mkdirSync(RESULTS, { recursive: true });
  const title = `The ${K} nearest of ${largest.toLocaleString('en')} garments, processor time, p50`;
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
