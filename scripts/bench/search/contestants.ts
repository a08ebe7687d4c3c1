/** The searches that are measured against each other: the product's, and the best exact ones npm has. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exactSearch, MetricKind } from 'usearch';
import { clearQuery } from '../../../device/matching/scan/answer.ts';
import { ScanSearch } from '../../../device/matching/scan/scan-search.ts';
import type { SharedStore } from '../../../device/matching/scan/shared-store.ts';
import { type Gaussians, makeScoreTable } from '../../../device/matching/score-tables.ts';
import { compileKernel } from '../../../device/search/kernel-file.ts';
import { OnnxGraph } from '../../../test/support/onnx.ts';

/** One way to find the k nearest. */
export interface Contestant {
  readonly name: string;
  readonly isPeer: boolean;
  /** Rows of the k nearest, best first. */
  search(z: Float64Array): ArrayLike<number> | Promise<ArrayLike<number>>;
  close?(): Promise<void>;
}

/** The product's, on one thread, in this process like the others. */
export function scanContestant(kernel: WebAssembly.Module, store: SharedStore, k: number, warm: boolean): Contestant {
  const search = new ScanSearch(kernel, store.memory, store.layout);
  return {
    name: warm ? 'scan, from the last answer' : 'scan',
    isPeer: false,
    search: z => {
      clearQuery(store);
      return search.top({ z, k }, { warm }).rows;
    },
  };
}

/** The linear form of matching.md, section 2: <phi(z), w> with w = [-1/(2 sigma^2), mu/sigma^2, c - sum mu^2/(2 sigma^2)]. */
export function linearForm(store: Gaussians): Float32Array {
  const { count, latentDim: n, mu } = store;
  const { weights, peaks } = makeScoreTable(store, 0);
  const width = 2 * n + 1;
  const linear = new Float32Array(count * width);
  for (let row = 0; row < count; row += 1) {
    let constant = peaks[row]!;
    for (let d = 0; d < n; d += 1) {
      const [weight, mean] = [weights[row * n + d]!, mu[row * n + d]!];
      linear[row * width + d] = -weight;
      linear[row * width + n + d] = 2 * weight * mean;
      constant -= weight * mean * mean;
    }
    linear[row * width + 2 * n] = constant;
  }
  return linear;
}

const phi = (z: Float64Array, into: Float32Array): Float32Array => {
  const n = z.length;
  for (let d = 0; d < n; d += 1) {
    into[d] = z[d]! * z[d]!;
    into[n + d] = z[d]!;
  }
  into[2 * n] = 1;
  return into;
};

/** onnxruntime-node: one matrix product and TopK, on one thread that does not spin. */
export async function ortContestant(store: Gaussians, linear: Float32Array, k: number): Promise<Contestant> {
  const { count, latentDim } = store;
  const width = 2 * latentDim + 1;
  const model = new OnnxGraph('search')
    .input('query', [width, 1])
    .floats('garments', [count, width], linear)
    .integers('k', [k])
    .node('MatMul', ['garments', 'query'], ['scores'])
    .node('TopK', ['scores', 'k'], ['values', 'rows'], { axis: 0 })
    .output('rows', [k, 1], 'int64')
    .encode();
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const query = new Float32Array(width);
  return {
    name: 'onnxruntime-node, MatMul + TopK',
    isPeer: true,
    search: async z => {
      const { rows } = await session.run({ query: new Tensor('float32', phi(z, query), [width, 1]) });
      const found = rows?.data;
      if (!(found instanceof BigInt64Array)) throw new TypeError('onnxruntime-node gave no rows.');
      return Array.from(found, Number);
    },
    close: () => session.release(),
  };
}

export function usearchContestant(store: Gaussians, linear: Float32Array, k: number): Contestant {
  const width = 2 * store.latentDim + 1;
  const query = new Float32Array(width);
  return {
    name: 'usearch, exact',
    isPeer: true,
    search: z => {
      const { keys } = exactSearch(linear, phi(z, query), width, k, MetricKind.IP, 1);
      return Array.from(keys, Number);
    },
  };
}

interface FlatKernel {
  scan(blocks: number, count: number, n: number, z: number, best: number, rows: number, k: number): void;
}

/** A flat scan in WebAssembly: not a package, but the fairest measure of what the codes save. */
export async function flatContestant(store: Gaussians, k: number): Promise<Contestant> {
  const { count, latentDim: n, mu } = store;
  const { weights, peaks } = makeScoreTable(store, 0);
  const blocks = Math.ceil(count / 16);
  const stride = 16 * (1 + 2 * n);
  const start = 65_536;
  const pages = Math.ceil((start + blocks * stride * 4) / 65_536) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
  const module = new WebAssembly.Module(await compileKernel(`${import.meta.dirname}/assembly`));
  const kernel = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } })
    .exports as unknown as FlatKernel;
  const floats = new Float32Array(memory.buffer);
  for (let slot = 0; slot < blocks * 16; slot += 1) {
    const at = start / 4 + Math.floor(slot / 16) * stride + (slot % 16);
    floats[at] = slot < count ? peaks[slot]! : -Infinity;
    for (let d = 0; d < n && slot < count; d += 1) {
      floats[at + 16 * (1 + 2 * d)] = mu[slot * n + d]!;
      floats[at + 16 * (2 + 2 * d)] = Math.sqrt(weights[slot * n + d]!);
    }
  }
  const [best, rows, point] = [32_768, 40_960, 57_344];
  const found = new Uint32Array(memory.buffer, rows, k);
  return {
    name: 'flat scan, WebAssembly SIMD',
    isPeer: false,
    search: z => {
      floats.set(z, point / 4);
      kernel.scan(start, count, n, point, best, rows, k);
      return found.slice();
    },
  };
}
