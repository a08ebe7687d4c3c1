/** Run on one processor or another: what the shipped model and the search answer there, as JSON. */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { openBundle } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import { Random } from '../../device/matching/random.ts';
import { StoreSearch } from '../../device/search/store-search.ts';
import { drawQuery, expected, testStores } from '../matching/scan/support.ts';

const BUNDLE = resolve(import.meta.dirname, '../../models/atelier');
const GARMENTS = 3_000;
const QUERIES = 60;

export interface ProcessorAnswers {
  readonly processor: string;
  readonly node: string;
  /** What the golden check of encoder and decoder says. */
  readonly golden: string;
  /** RGBA of the middle, and of every dial turned, in base64. */
  readonly pictures: readonly string[];
  /** Of every query the SKUs with their scores, to the last bit. */
  readonly hits: readonly string[];
}

async function decoded(): Promise<{ golden: string; pictures: string[] }> {
  const bundle = await openBundle(BUNDLE);
  const options = { providers: ['cpu'], threads: 1, ortModule: 'onnxruntime-node' };
  const inference = await startInference(bundle, { ...options, rungTimeoutMs: 600_000, requestTimeoutMs: 600_000 });
  try {
    const { latentDim } = bundle.manifest;
    const points = [
      new Float32Array(latentDim),
      ...Array.from({ length: latentDim }, (_, d) => new Float32Array(latentDim).fill(2, d, d + 1)),
    ];
    const pictures: string[] = [];
    for (const z of points) pictures.push(Buffer.from((await inference.decode(z)).rgba).toString('base64'));
    return { golden: inference.report.at(-1)?.reason ?? '', pictures };
  } finally {
    await inference.close();
  }
}

/** By the kernel in WebAssembly, on two threads. */
async function found(): Promise<string[]> {
  const hits: string[] = [];
  for (const store of testStores(GARMENTS)) {
    const search = new StoreSearch(store.bytes, expected(store.latentDim), {
      threads: 2,
      scanFrom: 0,
      regionSize: 256,
    });
    const random = new Random(43);
    for (let place = 0; place < QUERIES; place += 1) {
      const answer = await search.search(drawQuery(random, store));
      const scores = new Float64Array(
        answer.hits.flatMap(hit => [hit.logLikelihood, hit.mahalanobisSquared, hit.share]),
      );
      const bits = Buffer.from(scores.buffer).toString('hex');
      hits.push(`${answer.hits.map(({ sku }) => sku).join(' ')} ${bits} ${answer.typicality.centile}`);
    }
    await search.close();
  }
  return hits;
}

const answers: ProcessorAnswers = {
  processor: `${process.arch} ${cpus()[0]?.model ?? ''}`.trim(),
  node: process.version,
  ...(await decoded()),
  hits: await found(),
};
console.log(JSON.stringify(answers));
