import { makeStore, makeQueries, QUERY_KINDS, type Spread } from './search/workloads.ts';
import { buildScanNow } from '../../device/matching/scan/build.ts';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';
import { FlatSearch } from '../../device/matching/flat-search.ts';
import { SharedStore } from '../../device/matching/scan/shared-store.ts';
import { ScanSearch } from '../../device/matching/scan/scan-search.ts';
import { clearQuery, joinParts } from '../../device/matching/scan/answer.ts';
import { loadKernel } from '../../device/search/kernel-file.ts';
const [N, n, spread] = [Number(process.argv[2] ?? 20000), Number(process.argv[3] ?? 16), (process.argv[4] ?? 'structured') as Spread];
const clock = (name: string, f: () => any): any => { const t = performance.now(); const r = f(); console.log(name, (performance.now() - t).toFixed(1), 'ms'); return r; };
const kernel = await (async () => { const t = performance.now(); const k = await loadKernel(); console.log('kernel', (performance.now() - t).toFixed(0)); return k; })();
const data = clock('data', () => makeStore(N, n, spread, 1));
const entries = function* () { for (let i = 0; i < N; i++) yield { sku: `A${String(i).padStart(7, '0')}`, mu: data.mu.subarray(i * n, i * n + n), sigma: data.sigma.subarray(i * n, i * n + n) }; };
const digest = 'a'.repeat(64);
const bytes: Uint8Array = clock('index', () => buildIndex({ encoderDigest: digest, latentDim: n, tolerance: 0, entries: entries() }));
console.log('file MB', bytes.length / 1e6);
const store: SharedStore = clock('load', () => SharedStore.of(bytes, { encoderDigest: digest, latentDim: n }));
const search: ScanSearch = clock('search', () => new ScanSearch(kernel, store.memory, store.layout));
const flat = new FlatSearch(store.index);
const k = 24;
const pct = (a: number[], p: number) => a.toSorted((x, y) => x - y)[Math.floor(p * a.length)]!.toFixed(3);
let bad = 0;
for (const kind of QUERY_KINDS) {
  const qs = makeQueries(data, kind, 60, 3);
  const times: number[] = [], full: number[] = [], passed: number[] = [], scored: number[] = [];
  for (let r = 0; r < 2; r++) for (const z of qs) {
    clearQuery(store);
    let t = performance.now(); const got = search.top({ z, k }); times.push(performance.now() - t);
    passed.push((search as any).passed ?? 0);
    clearQuery(store);
    t = performance.now(); const part = search.part({ z, k, shareTolerance: 0.3 }); const ans = joinParts(store, { z, k, shareTolerance: 0.3 }, [part]); full.push(performance.now() - t);
    passed.push(part.passed); scored.push(part.scored);
    if (r === 0) {
      const want = flat.search({ z, k, shareTolerance: 0.3 });
      if (JSON.stringify(want.hits.map(h => h.sku)) !== JSON.stringify(ans.hits.map(h => h.sku)) || got.rows.join() !== want.hits.map(h => h.row).join()) bad++;
      if (want.hits.some((h, i) => h.logLikelihood !== ans.hits[i]!.logLikelihood)) bad++;
      const e = Math.abs(want.typicality.logMean - ans.typicality.logMean); if (e > 1.01e-6) { console.log('typ', want.typicality, ans.typicality); bad++; }
      const es = Math.max(...want.hits.map((h, i) => Math.abs(h.share - ans.hits[i]!.share) / (h.share+1e-300))); if (es > 1.01e-6) { console.log('share', es); bad++; }
    }
  }
  console.log(kind, 'top p50', pct(times.slice(60), .5), 'p99', pct(times.slice(60), .99), 'full p50', pct(full.slice(60), .5), 'passed', pct(passed.filter(x => x), .5), 'scored', pct(scored, .5), 'bad', bad);
}
