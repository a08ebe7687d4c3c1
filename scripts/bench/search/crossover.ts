/** Where the flat search is faster: whole answers, with shares and typicality, of both, and of the scan through its thread. */
import { FlatSearch, type SearchQuery } from '../../../device/matching/flat-search.ts';
import { searchAlone } from '../../../device/matching/scan/answer.ts';
import { ScanSearch } from '../../../device/matching/scan/scan-search.ts';
import { SearchPool } from '../../../device/search/search-pool.ts';
import { quantile } from '../measure.ts';
import type { Table } from '../suite.ts';
import { openStore } from './prepare.ts';
import { makeQueries, makeStore } from './workloads.ts';

const GARMENTS = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
const LATENT_DIM = 16;
const ROUNDS = 5;

export async function crossover(kernel: WebAssembly.Module, queries: number, seed: number): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const count of GARMENTS) {
    const data = makeStore(count, LATENT_DIM, 'structured', seed);
    const store = openStore(data);
    const flat = new FlatSearch(store.index);
    const scan = new ScanSearch(kernel, store.memory, store.layout);
    const pool = new SearchPool(store, kernel);
    const took: number[][] = [[], [], []];
    const ways: ((query: SearchQuery) => unknown)[] = [
      query => flat.search(query),
      query => searchAlone(store, scan, query, { warm: true }),
      query => pool.search(query, true),
    ];
    const points = makeQueries(data, 'posterior', queries, seed);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const z of points) {
        for (const [way, ask] of ways.entries()) {
          const start = performance.now();
          await ask({ z, k: 24, shareTolerance: 0.3 });
          if (round > 0) took[way]!.push(performance.now() - start);
        }
      }
    }
    await pool.close();
    rows.push([count, ...took.map(times => Number(quantile(Float64Array.from(times).sort(), 0.5).toPrecision(3)))]);
  }
  return {
    title: `Whole answers of small stores, n = ${LATENT_DIM}, p50 in milliseconds`,
    columns: ['garments', 'flat search', 'scan, same thread', 'scan, its own thread'],
    rows,
  };
}
