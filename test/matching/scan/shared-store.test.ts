import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random } from '../../../device/matching/random.ts';
import { searchAlone } from '../../../device/matching/scan/answer.ts';
import { ScanSearch } from '../../../device/matching/scan/scan-search.ts';
import { SharedStore, TailFullError } from '../../../device/matching/scan/shared-store.ts';
import { loadKernel } from '../../../device/search/kernel-file.ts';
import { assertSame, drawQuery, expected, indexBytes, reference, testStores } from './support.ts';

const [structured] = testStores(600);
assert.ok(structured);
const { latentDim, bytes, entries } = structured;
const open = (tailCapacity = 64): SharedStore =>
  SharedStore.of(bytes, expected(latentDim), { regionSize: 128, tailCapacity });
const posteriorOf = (place: number) => ({
  mu: Float32Array.from(entries[place]!.mu),
  sigma: Float32Array.from(entries[place]!.sigma),
});

describe('the shared store', () => {
  let kernel: WebAssembly.Module;
  before(async () => {
    kernel = await loadKernel();
  });

  it('finds what was added, and not what was taken away', () => {
    const store = open();
    const [kept, gone] = [entries[10]!, entries[11]!];
    assert.equal(store.remove(gone.sku), true);
    assert.equal(store.remove(gone.sku), false);
    assert.equal(store.rowOf(gone.sku), -1);
    store.insert('new', posteriorOf(11));
    assert.equal(store.sku(store.rowOf('new')), 'new');
    assert.equal(store.size, entries.length);
    assert.notEqual(store.rowOf(kept.sku), -1);
    const search = new ScanSearch(kernel, store.memory, store.layout);
    const { hits } = searchAlone(store, search, { z: gone.mu, k: entries.length });
    const skus = hits.map(hit => hit.sku);
    assert.equal(skus.length, entries.length);
    assert.ok(skus.includes('new') && !skus.includes(gone.sku));
  });

  it('answers as an index built anew from its garments', () => {
    const store = open();
    const search = new ScanSearch(kernel, store.memory, store.layout);
    const random = new Random(5);
    for (let i = 0; i < 60; i += 1) {
      const place = random.integer(entries.length);
      if (i % 3 === 0) store.remove(entries[place]!.sku);
      else store.insert(i % 3 === 1 ? entries[place]!.sku : `T${i}`, posteriorOf(random.integer(entries.length)));
      if (i % 10 !== 9) continue;
      const flat = reference(latentDim, indexBytes(latentDim, store.entries()));
      for (let asked = 0; asked < 10; asked += 1) {
        const query = drawQuery(random, structured);
        assertSame(searchAlone(store, search, query, { warm: asked % 2 === 0 }), flat.search(query), false);
      }
    }
  });

  it('breaks ties by SKU between garments of the index and of the tail', () => {
    const store = open();
    const twin = entries[20]!;
    for (const sku of ['ZZZ', '000', `${twin.sku}0`, 'AAA']) store.insert(sku, posteriorOf(20));
    const search = new ScanSearch(kernel, store.memory, store.layout);
    const { hits } = searchAlone(store, search, { z: twin.mu, k: 5 });
    assert.deepEqual(
      hits.map(hit => hit.sku),
      ['000', 'AAA', twin.sku, `${twin.sku}0`, 'ZZZ'],
    );
  });

  it('says when its tail is full, and takes no numbers that cannot be searched', () => {
    const store = open(2);
    store.insert('a', posteriorOf(0));
    store.insert('b', posteriorOf(1));
    assert.throws(() => store.insert('c', posteriorOf(2)), TailFullError);
    const other = open();
    const short = { mu: Float32Array.of(1), sigma: Float32Array.of(1) };
    assert.throws(() => other.insert('short', short), /garment short cannot be searched/);
    const needle = { ...posteriorOf(0), sigma: new Float32Array(latentDim).fill(1e-9) };
    assert.throws(() => other.insert('needle', needle), /garment needle cannot be searched/);
    assert.equal(other.isPristine, true);
  });

  it('finds its garments again after a compaction', () => {
    const store = open();
    store.insert('new', posteriorOf(3));
    store.remove(entries[4]!.sku);
    const next = SharedStore.of(indexBytes(latentDim, store.entries()), expected(latentDim));
    assert.equal(next.size, store.size);
    assert.deepEqual(
      [...next.entries()].map(entry => entry.sku),
      [...store.entries()].map(entry => entry.sku).sort(),
    );
  });
});
