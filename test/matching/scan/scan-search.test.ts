import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random } from '../../../device/matching/random.ts';
import { cancelQuery, clearQuery, searchAlone } from '../../../device/matching/scan/answer.ts';
import { SearchCancelled } from '../../../device/matching/scan/scan-part.ts';
import { ScanSearch } from '../../../device/matching/scan/scan-search.ts';
import { SharedStore } from '../../../device/matching/scan/shared-store.ts';
import { loadKernel } from '../../../device/search/kernel-file.ts';
import {
  assertSame,
  drawFilter,
  drawQuery,
  expected,
  indexBytes,
  reference,
  type TestStore,
  testStores,
} from './support.ts';

const QUERIES = 25;

describe('the scan', () => {
  let kernel: WebAssembly.Module;
  const stores = testStores(1_500);
  before(async () => {
    kernel = await loadKernel();
  });

  const open = ({ bytes, latentDim }: TestStore) => {
    const store = SharedStore.of(bytes, expected(latentDim), { regionSize: 128 });
    return { store, search: new ScanSearch(kernel, store.memory, store.layout) };
  };

  for (const testStore of stores) {
    it(`answers as the flat search does, to the last bit: ${testStore.name}`, () => {
      const { store, search } = open(testStore);
      const flat = reference(testStore.latentDim, testStore.bytes);
      const random = new Random(21);
      for (let i = 0; i < QUERIES; i += 1) {
        const query = drawQuery(random, testStore);
        const want = flat.search(query);
        assertSame(searchAlone(store, search, query), want);
        assertSame(searchAlone(store, search, query, { warm: true }), want);
      }
    });

    it(`keeps to filters, wide and narrow: ${testStore.name}`, () => {
      const { store, search } = open(testStore);
      const flat = reference(testStore.latentDim, testStore.bytes);
      const random = new Random(22);
      for (let i = 0; i < QUERIES; i += 1) {
        const share = [1, 0.5, 0.05, 0.005, 0][i % 5]!;
        const query = { ...drawQuery(random, testStore), allowed: drawFilter(random, store.rows, share) };
        assertSame(searchAlone(store, search, query, { warm: i % 2 === 0 }), flat.search(query));
      }
    });
  }

  it('ranks by the other metrics too', () => {
    const testStore = stores[0]!;
    const { store, search } = open(testStore);
    const flat = reference(testStore.latentDim, testStore.bytes);
    const random = new Random(23);
    for (const metric of ['euclidean', 'mahalanobis'] as const) {
      for (let i = 0; i < 10; i += 1) {
        const query = { ...drawQuery(random, testStore), metric };
        assertSame(searchAlone(store, search, query), flat.search(query));
      }
    }
  });

  it('answers points, tolerances and numbers of hits beyond what its arithmetic was proved for', () => {
    const testStore = stores[0]!;
    const { store, search } = open(testStore);
    const flat = reference(testStore.latentDim, testStore.bytes);
    const z = testStore.entries[3]!.mu;
    const far = Array.from(z, (value, d) => (d === 0 ? 1e7 : value));
    for (const query of [
      { z: far, k: 5 },
      { z, k: 700 },
      { z, k: 5, tolerance: 1e5 },
      { z, k: 5, shareTolerance: 1e5 },
      { z, k: 5_000, allowed: drawFilter(new Random(1), store.rows, 0.5) },
    ]) {
      assertSame(searchAlone(store, search, query), flat.search(query));
    }
  });

  it('answers where far more garments tie than it keeps candidates', () => {
    const entries = Array.from({ length: 9_000 }, (_, row) => ({ sku: `S${row}`, mu: [0.5], sigma: [0.5] }));
    const big = SharedStore.of(indexBytes(1, entries.slice(0, 300)), expected(1), { tailCapacity: 9_000 });
    for (const { sku, mu, sigma } of entries.slice(300)) {
      big.insert(sku, { mu: Float32Array.from(mu), sigma: Float32Array.from(sigma) });
    }
    const search = new ScanSearch(kernel, big.memory, big.layout);
    const { hits } = searchAlone(big, search, { z: [0.5], k: 24 });
    assert.deepEqual(
      hits.map(hit => hit.sku),
      entries
        .map(entry => entry.sku)
        .sort()
        .slice(0, 24),
    );
  });

  it('stops at the next region when the query is cancelled', () => {
    const { store, search } = open(stores[0]!);
    clearQuery(store);
    cancelQuery(store);
    const query = { z: Array.from(stores[0]!.entries[0]!.mu), k: 5 };
    assert.throws(() => search.part(query), SearchCancelled);
    clearQuery(store);
    assert.equal(search.part(query).rows.length, 5);
  });
});
