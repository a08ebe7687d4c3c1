import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { Random } from '../../device/matching/random.ts';
import { SearchCancelled, StoreSearch } from '../../device/search/store-search.ts';
import {
  assertSame,
  drawFilter,
  drawQuery,
  expected,
  indexBytes,
  reference,
  testStores,
} from '../matching/scan/support.ts';

const [structured] = testStores(1_500);
assert.ok(structured);
const { latentDim, bytes, entries } = structured;

const opened: StoreSearch[] = [];
const open = (threads: number, scanFrom = 0): StoreSearch => {
  const search = new StoreSearch(bytes, expected(latentDim), { threads, scanFrom, regionSize: 128 });
  opened.push(search);
  return search;
};
const posteriorOf = (place: number) => ({
  mu: Float32Array.from(entries[place]!.mu),
  sigma: Float32Array.from(entries[place]!.sigma),
});

/** Every thread that this process starts, the newest last. */
const threads: Worker[] = [];
const note = (worker: Worker): void => void threads.push(worker);
before(() => process.on('worker', note));
after(() => process.off('worker', note));

describe('a search thread that ends', () => {
  for (const count of [1, 2]) {
    it(`is started anew, of ${count}, and the query that it had under way is answered all the same`, async () => {
      const search = open(count);
      const flat = reference(latentDim, bytes);
      const random = new Random(41);
      await search.warm();
      for (let time = 1; time <= 3; time += 1) {
        const query = drawQuery(random, structured);
        const worker = threads.at(-1)!;
        // It ends with the question that it was given.
        worker.postMessage = () => void worker.terminate();
        const asked = [search.search(query), search.search(query)];
        for (const answer of await Promise.all(asked)) assertSame(answer, flat.search(query));
        assert.equal(search.restarts, time);
      }
    });
  }

  it('between two queries is started anew for the next', async () => {
    const search = open(1);
    await search.warm();
    await threads.at(-1)?.terminate();
    const query = drawQuery(new Random(42), structured);
    assertSame(await search.search(query), reference(latentDim, bytes).search(query));
    assert.equal(search.restarts, 1);
  });

  it('again and again fails its query alone, and those after it are answered', async () => {
    const search = open(1);
    await search.warm();
    const query = drawQuery(new Random(43), structured);
    const end = (worker: Worker): void => void worker.terminate();
    threads.at(-1)?.terminate();
    process.on('worker', end);
    try {
      await assert.rejects(search.search(query), { code: 'internal', message: /^A search thread ended/ });
    } finally {
      process.off('worker', end);
    }
    assertSame(await search.search(query), reference(latentDim, bytes).search(query));
  });
});

describe('the search of a store', () => {
  after(async () => {
    await Promise.all(opened.map(search => search.close()));
  });

  for (const threads of [1, 2]) {
    it(`answers as the flat search does, on ${threads} thread${threads === 1 ? '' : 's'}`, async () => {
      const search = open(threads);
      const flat = reference(latentDim, bytes);
      const random = new Random(31);
      for (let i = 0; i < 40; i += 1) {
        const plain = drawQuery(random, structured);
        const query =
          i % 2 === 0 ? plain : { ...plain, allowed: drawFilter(random, search.rows, [0.5, 0.005][(i % 4) >> 1]!) };
        assertSame(await search.search(query), flat.search(query));
      }
    });

    it(`sees at once what was added and taken away, on ${threads} thread${threads === 1 ? '' : 's'}`, async () => {
      const search = open(threads);
      const random = new Random(32);
      const changed = [search.insert('new', posteriorOf(5)), search.remove(entries[6]!.sku)];
      const query = drawQuery(random, structured);
      const answer = await search.search(query);
      await Promise.all(changed);
      const flat = reference(latentDim, indexBytes(latentDim, search.entries()));
      assertSame(answer, flat.search(query), false);
      assert.equal(search.size, entries.length);
    });
  }

  it('needs no thread for a small store until it changes', async () => {
    const search = open(1, 2_000);
    const flat = reference(latentDim, bytes);
    const query = drawQuery(new Random(33), structured);
    assertSame(await search.search(query), flat.search(query));
    await search.remove(entries[0]!.sku);
    const { considered } = await search.search({ z: query.z, k: 1 });
    assert.equal(considered, entries.length - 1);
  });

  it('has its garments by row, those that came after the index’s, and knows which are gone', async () => {
    const search = open(1, 2_000);
    const { garments } = search;
    const count = entries.length;
    const [first, second] = [search.index.sku(0), search.index.sku(1)];
    assert.deepEqual([garments.count, garments.changes, garments.room, garments.sku(0)], [count, 0, 1024, first]);
    await search.warm();
    assert.equal(garments.changes, 0, 'starting threads changes nothing');
    await search.insert('new', posteriorOf(5));
    await search.insert(second, posteriorOf(7));
    await search.remove(first);
    assert.deepEqual([garments.count, garments.changes, garments.room], [count + 2, 3, 1022]);
    assert.deepEqual([garments.rowOf(first), garments.rowOf('new'), garments.rowOf(second)], [-1, count, count + 1]);
    assert.deepEqual([garments.isAlive(0), garments.isAlive(1), garments.isAlive(count)], [false, false, true]);
    assert.equal(garments.sku(count), 'new');
    assert.deepEqual(garments.posterior(count).mu, posteriorOf(5).mu);
    assert.equal(garments.muAt(count, 2), posteriorOf(5).mu[2]);
    assert.equal(garments.muAt(2, 2), search.index.posterior(2).mu[2]);
  });

  it('cancels what a newer query of its stream makes stale, and nothing else', async () => {
    const search = open(1);
    const query = drawQuery(new Random(34), structured);
    const asked = [
      search.search(query, { stream: 'a' }),
      search.search(query, { stream: 'a' }),
      search.search(query, { stream: 'b' }),
      search.search(query, { stream: 'a' }),
    ];
    const settled = await Promise.allSettled(asked);
    const isCancelled = (at: number): boolean => {
      const one = settled[at]!;
      return one.status === 'rejected' && one.reason instanceof SearchCancelled;
    };
    assert.deepEqual([1, 2, 3].map(isCancelled), [true, false, false]);
    assert.equal(settled[3]!.status, 'fulfilled');
    assert.equal(settled[2]!.status, 'fulfilled');
  });

  it('drops a query whose signal is aborted, before it begins or while it waits', async () => {
    const search = open(1);
    const query = drawQuery(new Random(35), structured);
    await assert.rejects(search.search(query, { signal: AbortSignal.abort() }), SearchCancelled);
    const controller = new AbortController();
    const first = search.search(query);
    const second = search.search(query, { signal: controller.signal });
    controller.abort();
    await assert.rejects(second, SearchCancelled);
    assert.ok((await first).hits.length > 0);
  });

  it('refuses a query that cannot be answered, in a sentence', async () => {
    await assert.rejects(open(1).search({ z: [1], k: 5 }), { message: `z has 1 numbers; expected ${latentDim}.` });
  });

  it('takes a filter made before garments were added as one that leaves them out', async () => {
    const search = open(1);
    const allowed = new Uint8Array(search.rows).fill(1);
    const added = search.insert('new', posteriorOf(5));
    const { hits, considered } = await search.search({ z: entries[5]!.mu, k: 3, allowed });
    await added;
    assert.equal(considered, entries.length);
    assert.ok(hits.every(hit => hit.sku !== 'new'));
  });

  it('cancels what waits when it is closed, and takes nothing more', async () => {
    const search = open(1);
    const query = drawQuery(new Random(36), structured);
    const waiting = [search.search(query), search.search(query)].map(one => one.catch((error: unknown) => error));
    await search.close();
    assert.ok((await waiting[1]) instanceof SearchCancelled);
    await assert.rejects(search.search(query), { code: 'not-ready' });
  });
});
