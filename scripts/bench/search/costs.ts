/** Build time, memory and the event loop at a million garments, n = 16: each in a process of its own, so that no other counts. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildScanNow } from '../../../device/matching/scan/build.ts';
import type { Gaussians } from '../../../device/matching/score-tables.ts';
import type { Bar, Context, Table } from '../suite.ts';
import { makeStore } from './workloads.ts';

const GARMENTS = 1_000_000;
const LATENT_DIM = 16;
const QUERIES = 400;

interface Built {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly told: number;
  readonly peakMegabytes: number;
}

/** How late the event loop was, milliseconds. */
interface Lateness {
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

interface Footprint {
  readonly residentMegabytes: number;
  /** Of a whole answer with shares and typicality, through the search thread, milliseconds. */
  readonly answer: { readonly p50: number; readonly p99: number };
  readonly posting: number;
  readonly busy: Lateness;
  readonly idle: Lateness;
  readonly workPerQuery: number;
}

function inProcess<T>(script: string, ...args: (string | number)[]): T {
  const told = execFileSync(process.execPath, [join(import.meta.dirname, script), ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(told) as T;
}

/** For each garment mu, then sigma. */
function writeNumbers(path: string, { count, latentDim: n, mu, sigma }: Gaussians): void {
  const file = openSync(path, 'w');
  const rows = 4_096;
  for (let first = 0; first < count; first += rows) {
    const last = Math.min(count, first + rows);
    const numbers = new Float32Array(2 * n * (last - first));
    for (let row = first; row < last; row += 1) {
      numbers.set(mu.subarray(row * n, (row + 1) * n), 2 * n * (row - first));
      numbers.set(sigma.subarray(row * n, (row + 1) * n), 2 * n * (row - first) + n);
    }
    const bytes = new Uint8Array(numbers.buffer);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  }
  closeSync(file);
}

const rounded = (value: number): number => Number(value.toPrecision(3));

export function costs({ seed, say }: Context): { table: Table; bars: Bar[] } {
  const folder = mkdtempSync(join(tmpdir(), 'lookdial-bench-'));
  try {
    const [numbers, path] = [join(folder, 'numbers'), join(folder, 'encodings.index')];
    const data = makeStore(GARMENTS, LATENT_DIM, 'structured', seed);
    writeNumbers(numbers, data);
    say('the build of a million');
    const start = performance.now();
    buildScanNow(data);
    const scanSeconds = (performance.now() - start) / 1_000;
    const built = inProcess<Built>('build.ts', numbers, path, GARMENTS, LATENT_DIM);
    say(
      `  codes ${rounded(scanSeconds)} s, all ${rounded(built.seconds)} s (${rounded(built.cpuSeconds)} of processor)`,
    );
    say('its memory, and the event loop');
    // Node keeps what it makes of the TypeScript: the very first start, which has to make it, is not what a box lives with.
    inProcess<Footprint>('footprint.ts', path, LATENT_DIM, 1);
    return report(scanSeconds, built, statSync(path).size, inProcess('footprint.ts', path, LATENT_DIM, QUERIES));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  scanSeconds: number,
  built: Built,
  fileBytes: number,
  footprint: Footprint,
): { table: Table; bars: Bar[] } {
  const { residentMegabytes, answer, posting, busy, idle, workPerQuery } = footprint;
  const lateness = (name: string, { p99, p999, max }: Lateness): [string, string, number][] => [
    [`event loop late while ${name}, p99`, 'ms', p99],
    [`event loop late while ${name}, p99.9`, 'ms', p999],
    [`event loop late while ${name}, longest`, 'ms', max],
  ];
  const rows: [string, string, number][] = [
    ['regions and codes', 's', scanSeconds],
    ['the whole index file, with the typicality', 's', built.seconds],
    ['the whole index file, processor', 's', built.cpuSeconds],
    ['words of progress', '', built.told],
    ['memory that its building took at most', 'MB', built.peakMegabytes],
    ['index file', 'MB', fileBytes / 1e6],
    ['resident memory of a process that searches it', 'MB', residentMegabytes],
    ['whole answer through the search thread, p50', 'ms', answer.p50],
    ['whole answer through the search thread, p99', 'ms', answer.p99],
    ...lateness('searching', busy),
    ...lateness('idle', idle),
    ['work on the event loop for a query, mean', 'ms', workPerQuery],
    ['work on the event loop to ask, p99', 'ms', posting],
  ];
  const idly = `idle: ${rounded(idle.p999)}`;
  return {
    table: {
      title: `What ${GARMENTS.toLocaleString('en')} garments take, n = ${LATENT_DIM}`,
      columns: ['what', 'unit', 'figure'],
      rows: rows.map(([what, unit, figure]) => [what, unit, rounded(figure)]),
    },
    bars: [
      { what: 'Build of the codes of 1M', unit: 's', got: scanSeconds, atMost: 10 },
      { what: 'Build of the whole index of 1M', unit: 's', got: built.seconds, atMost: 10 },
      { what: 'Memory at 1M, n = 16, all told', unit: 'MB', got: residentMegabytes, atMost: 300 },
      { what: `Event loop late while searching, p99.9 (${idly})`, unit: 'ms', got: busy.p999, atMost: 2 },
    ],
  };
}
