import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Random } from '../../device/matching/random.ts';
import { searchAlone } from '../../device/matching/scan/answer.ts';
import { ScanSearch } from '../../device/matching/scan/scan-search.ts';
import { SharedStore } from '../../device/matching/scan/shared-store.ts';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { StoreSearch } from '../../device/search/store-search.ts';
import {
  assertSame,
  drawFilter,
  drawQuery,
  expected,
  indexBytes,
  reference,
  type TestStore,
  testStores,
} from '../matching/scan/support.ts';

const GARMENTS = 4_000;
const QUERIES = 600;
const stores = testStores(GARMENTS);

/** The bar of docs/search.md: ids and order equal to float64's, 0 wrong. */
describe(`the scan against the flat search, ${QUERIES} queries a store and mode`, () => {
  let kernel: WebAssembly.Module;
  before(async () => {
    kernel = await loadKernel();
    assert.ok(stores.length >= 10);
  });

  for (const testStore of stores) {
    const { name, bytes, latentDim } = testStore;
    const start = (options = {}) => {
      const store = SharedStore.of(bytes, expected(latentDim), { regionSize: 256, ...options });
      return { store, search: new ScanSearch(kernel, store.memory, store.layout) };
    };

    it(`cold and warm: ${name}`, () => {
      const { store, search } = start();
      const flat = reference(latentDim, bytes);
      const random = new Random(41);
      for (let i = 0; i < QUERIES; i += 1) {
        const query = drawQuery(random, testStore);
        const want = flat.search(query);
        assertSame(searchAlone(store, search, query), want);
        assertSame(searchAlone(store, search, query, { warm: true }), want);
      }
    });

    it(`filtered: ${name}`, () => {
      const { store, search } = start();
      const flat = reference(latentDim, bytes);
      const random = new Random(42);
      for (let i = 0; i < QUERIES; i += 1) {
        const allowed = drawFilter(random, store.rows, [0.9, 0.5, 0.1, 0.01, 0.001][i % 5]!);
        const query = { ...drawQuery(random, testStore), allowed };
        assertSame(searchAlone(store, search, query, { warm: i % 2 === 0 }), flat.search(query));
      }
    });

    it(`with a tail: ${name}`, () => {
      const { store, search } = start();
      const random = new Random(43);
      change(store, random, testStore);
      const flat = reference(latentDim, indexBytes(latentDim, store.entries(), store.index.tolerance));
      for (let i = 0; i < QUERIES; i += 1) {
        const query = drawQuery(random, testStore);
        assertSame(searchAlone(store, search, query, { warm: i % 2 === 0 }), flat.search(query), false);
      }
    });
  }

  describe('on two threads', () => {
    const opened: StoreSearch[] = [];
    after(async () => {
      await Promise.all(opened.map(search => search.close()));
    });

    for (const testStore of stores) {
      it(testStore.name, async () => {
        const { bytes, latentDim } = testStore;
        const search = new StoreSearch(bytes, expected(latentDim), { threads: 2, scanFrom: 0, regionSize: 256 });
        opened.push(search);
        const flat = reference(latentDim, bytes);
        const random = new Random(44);
        for (let i = 0; i < QUERIES; i += 1) {
          const query = drawQuery(random, testStore);
          assertSame(await search.search(query), flat.search(query));
        }
      });
    }
  });
});

/** Adds garments, replaces some, takes some away: new ones, and copies of what is there. */
function change(store: SharedStore, random: Random, { entries }: TestStore): void {
  for (let i = 0; i < 90; i += 1) {
    const { mu, sigma } = entries[random.integer(entries.length)]!;
    const sku = i % 3 === 0 ? `T${i}` : entries[random.integer(entries.length)]!.sku;
    if (i % 3 === 2 && store.size > 1) store.remove(sku);
    else
      store.insert(sku, { mu: Float32Array.from(mu, value => value + (i % 2) / 8), sigma: Float32Array.from(sigma) });
  }
}
