import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StoreDisk } from '../../device/edition/store-disk.ts';
import type { LookdialError } from '../../device/errors.ts';
import { openBundle } from '../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import { INDEX_FILE, LOG_FILE } from '../../device/inventory/encodings.ts';
import { picturePath, sha256 } from '../../device/inventory/picture-files.ts';
import { LOG_HEADER_BYTES } from '../../device/matching/encoding-log.ts';
import { afterwards } from '../support/afterwards.ts';
import { openStore } from '../support/arrivals.ts';
import { type IndexedStore, indexedStore } from '../support/indexed-store.ts';
import { assertHas, logBytes, rowOf } from '../support/living-store.ts';

/** Does by hand what a daemon does until it dies: nothing of it is closed. */
async function handsOn(t: TestContext, at: IndexedStore): Promise<{ disk: StoreDisk; catalogue: Catalogue }> {
  const catalogue = Catalogue.open(join(at.data, CATALOGUE_DATABASE));
  afterwards(t, () => catalogue.close());
  const disk = new StoreDisk(at.data, await openBundle(at.bundle), catalogue);
  afterwards(t, () => disk.close());
  return { disk, catalogue };
}

test('what has arrived and left is there after the daemon has been started again', async t => {
  const at = await indexedStore(t);
  const first = await openStore(t, at);
  await first.store.put(await first.arrival('g001', 71));
  await first.store.put(await first.arrival('g002', 72));
  await first.store.put(await first.arrival('g002', 73));
  await first.store.remove('g003');
  await assertHas(first, 'g001', 71);
  assert.equal(rowOf(first, 'g003'), -1);
  await first.close();
  const second = await openStore(t, at);
  await assertHas(second, 'g001', 71);
  await assertHas(second, 'g002', 73);
  assert.deepEqual([rowOf(second, 'g003'), second.catalogue.item('g003')], [-1, undefined]);
  assert.deepEqual(second.warnings, []);
});

test('a torn tail is cut off and told of, and nothing before it is lost', async t => {
  const at = await indexedStore(t);
  const first = await openStore(t, at);
  await first.store.put(await first.arrival('g001', 71));
  await first.close();
  const whole = await logBytes(at);
  await appendFile(join(at.data, LOG_FILE), (await readFile(join(at.data, LOG_FILE))).subarray(LOG_HEADER_BYTES, -9));
  const second = await openStore(t, at);
  assert.match(second.warnings[0] ?? '', /bytes of a record cut short/);
  assert.equal(await logBytes(at), whole);
  await assertHas(second, 'g001', 71);
  await second.store.put(await second.arrival('g002', 72));
  await second.close();
  await assertHas(await openStore(t, at), 'g002', 72);
});

test('a daemon that dies between two of its writes leaves the garment as it was, or as it was to be', async t => {
  const at = await indexedStore(t);
  const look = await openStore(t, at);
  const before = look.catalogue.item('g001')?.picture;
  const { picture, bytes, posterior } = await look.arrival('g001', 71);
  await look.close();
  const record = { kind: 'put', sku: 'g001', pictureSha256: Buffer.from(picture.hash, 'hex'), ...posterior } as const;
  const { disk } = await handsOn(t, at);
  const asItWas = async (): Promise<void> => {
    const opened = await openStore(t, at);
    assert.deepEqual(opened.catalogue.item('g001')?.picture, before);
    const { index, garments } = opened.editions.edition ?? assert.fail();
    assert.deepEqual(garments.posterior(garments.rowOf('g001')), index.posterior(index.rowOf('g001')));
    await assert.rejects(stat(picturePath(at.data, picture)), 'a picture of no garment is taken away');
    await opened.close();
  };
  await disk.held(() => disk.keepPicture(picture, bytes));
  await asItWas();
  await disk.held(() => disk.keepPicture(picture, bytes));
  await disk.held(() => disk.append([record]));
  await asItWas();
  await disk.held(() => disk.keepPicture(picture, bytes));
  await disk.held(async () => disk.change([{ sku: 'g001', picture }], []));
  const after = await openStore(t, at);
  await assertHas(after, 'g001', 71);
});

test('a garment that was being taken out is there, or is not', async t => {
  const at = await indexedStore(t);
  const { disk } = await handsOn(t, at);
  await disk.held(() => disk.append([{ kind: 'delete', sku: 'g001' }]));
  const there = await openStore(t, at);
  assert.ok(rowOf(there, 'g001') >= 0 && there.catalogue.item('g001') !== undefined);
  await there.close();
  await disk.held(async () => disk.change([], ['g001']));
  const gone = await openStore(t, at);
  assert.deepEqual([rowOf(gone, 'g001'), gone.catalogue.item('g001')], [-1, undefined]);
  await gone.store.compact();
  assert.equal(gone.editions.edition?.index.rowOf('g001'), -1);
});

test('the index is built anew of all that is there, under the requests that are being answered', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  await opened.store.put(await opened.arrival('g001', 71));
  await opened.store.remove('g002');
  const lease = opened.editions.current();
  let asking = true;
  let asked = 0;
  const load = (async () => {
    for (; asking; asked += 1) await assertHas(opened, 'g001', 71);
  })();
  const compacting = opened.store.compact();
  await opened.store.put(await opened.arrival('g003', 75));
  await compacting;
  asking = false;
  await load;
  assert.ok(asked > 0);
  const { edition } = opened.editions;
  assert.notEqual(edition?.id, lease.edition.id);
  const { hits } = await lease.edition.search.search({ z: new Float64Array(6), k: 3 });
  assert.equal(hits.length, 3, 'who holds the old one is answered by it');
  lease.release();
  assert.deepEqual([edition?.index.count, edition?.index.rowOf('g002')], [5, -1]);
  await assertHas(opened, 'g003', 75);
  const digest = sha256(await readFile(join(at.data, INDEX_FILE))).toString('hex');
  assert.equal(opened.catalogue.store?.index, digest);
  await opened.close();
  const again = await openStore(t, at);
  await assertHas(again, 'g001', 71);
  await assertHas(again, 'g003', 75);
  await again.store.compact();
  assert.equal(await logBytes(at), LOG_HEADER_BYTES);
});

test('a new index with the old log beside it is the same store', async t => {
  const at = await indexedStore(t);
  const first = await openStore(t, at);
  await first.store.put(await first.arrival('g001', 70));
  await first.store.put(await first.arrival('g001', 71));
  const log = await readFile(join(at.data, LOG_FILE));
  await first.store.compact();
  await first.close();
  await rm(join(at.data, LOG_FILE));
  await appendFile(join(at.data, LOG_FILE), log);
  const second = await openStore(t, at);
  await assertHas(second, 'g001', 71);
  const { garments, index } = second.editions.edition ?? assert.fail();
  assert.equal(garments.count, index.count, 'nothing of the log is put beside an index that has it');
});

test('a store that has no room beside its index makes room, whoever waits', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at, { tailCapacity: 3 });
  const seeds = Array.from({ length: 18 }, (_, i) => i);
  const arrivals = await Promise.all(seeds.map(seed => opened.arrival(`g00${seed % 6}`, 100 + seed)));
  await Promise.all(arrivals.map(one => opened.store.put(one)));
  for (const seed of [12, 13, 14, 15, 16, 17]) await assertHas(opened, `g00${seed % 6}`, 100 + seed);
  await opened.close();
  const again = await openStore(t, at, { tailCapacity: 1 });
  for (const seed of [12, 13, 14, 15, 16, 17]) await assertHas(again, `g00${seed % 6}`, 100 + seed);
});

test('a picture whose encoding was lost is encoded again', async t => {
  const at = await indexedStore(t);
  const first = await openStore(t, at);
  await first.store.put(await first.arrival('g001', 71));
  await first.close();
  await rm(join(at.data, LOG_FILE));
  const second = await openStore(t, at);
  await second.store.mended;
  await assertHas(second, 'g001', 71);
  await second.close();
  const third = await openStore(t, at);
  await assertHas(third, 'g001', 71);
});

test('a change that cannot be made is refused alone', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  const good = await opened.arrival('g001', 71);
  const results = await Promise.allSettled([
    opened.store.put({ ...good, sku: 'nobody' }),
    opened.store.put(good),
    opened.store.put({ ...good, sku: 'g003', posterior: { ...good.posterior, mu: good.posterior.mu.map(() => 1e7) } }),
    opened.store.remove('nobody'),
    opened.store.remove('g004'),
    opened.store.remove('g004'),
  ]);
  const codes = results.map(one => (one.status === 'fulfilled' ? 'made' : (one.reason as LookdialError).code));
  assert.deepEqual(codes, ['item-not-found', 'made', 'inference-failed', 'item-not-found', 'made', 'item-not-found']);
  await assertHas(opened, 'g001', 71);
});

test('pictures of no garment go, and those of two garments stay', async t => {
  const at = await indexedStore(t);
  const opened = await openStore(t, at);
  const pictures = async (): Promise<number> => {
    const entries = await readdir(join(at.data, 'pictures'), { recursive: true, withFileTypes: true });
    return entries.filter(entry => entry.isFile()).length;
  };
  assert.equal(await pictures(), 6);
  const shared = await opened.arrival('g001', 71);
  await opened.store.put(shared);
  await opened.store.put({ ...shared, sku: 'g002' });
  await opened.store.remove('g001');
  assert.equal(await pictures(), 7);
  await opened.store.compact();
  assert.equal(await pictures(), 5, 'four garments’ own, and the one that g002 has');
  await assertHas(opened, 'g002', 71);
});
