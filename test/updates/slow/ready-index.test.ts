/** A release that brings an index of the chain's catalogue: what the office has encoded is not encoded again in each store. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { openBundle } from '../../../device/inference/bundle.ts';
import { readPicture } from '../../../device/inference/pictures.ts';
import { picturePath } from '../../../device/inventory/picture-files.ts';
import { buildIndex, type IndexEntry } from '../../../device/matching/index-file.ts';
import type { Release } from '../../../device/updates/release.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { sha256 } from '../../support/update-repository.ts';
import { assertWhole, isCode, verdictOf } from '../../support/updating-looks.ts';
import { MODELS, type RunningBox, UpdatingStore } from '../../support/updating-store.ts';

/** What a trial asks of the encoder before the store is encoded. */
const MEASURED = 68;
const [OLD, NEXT] = ['1.2.3', '2.0.0'];

/** What a model of the office's makes of the garments, each with a mark that no other run would give it. */
async function entriesOf({ opened }: RunningBox, data: string, version: string): Promise<IndexEntry[]> {
  const model = MODELS[version] ?? assert.fail();
  const { input } = model.described.encoder;
  const entries: IndexEntry[] = [];
  for (const { sku, picture } of opened.catalogue.pictured('', 100)) {
    const bytes = await readFile(picturePath(data, picture));
    const { mu, sigma } = model.reference.encode(await readPicture(bytes, input, { maxPixels: 1e6 }), 0);
    const marked = mu.map((value, d) => (d === 0 ? value + 1e-3 : value));
    // The office knows it by another number: the picture alone says what it is.
    entries.push({ sku: `office-${sku}`, pictureSha256: Buffer.from(picture.hash, 'hex'), mu: marked, sigma });
  }
  return entries;
}

interface Bench {
  readonly store: UpdatingStore;
  readonly box: RunningBox;
  /** Pictures that the new encoder was asked about, the trial's own left out. */
  readonly encoded: () => number;
}

async function bench(t: TestContext): Promise<Bench> {
  const store = await UpdatingStore.make(t);
  let asked = 0;
  store.faults.set(NEXT, nets => {
    const usual = nets.encoding.bind(nets);
    nets.encoding = (input, category) => {
      asked += 1;
      return usual(input, category);
    };
  });
  return {
    store,
    box: await store.run({ probation: { lastsMs: 3_600_000, everyMs: 3_600_000 } }),
    encoded: () => asked - MEASURED,
  };
}

/** Publishes the next version with an index that a version's encoder made. */
async function publish({ store }: Bench, entries: readonly IndexEntry[], by = NEXT): Promise<void> {
  const { encoderDigest, manifest } = await openBundle(writeBundle(bundleOf(MODELS[by] ?? assert.fail())));
  const { latentDim, tolerance } = manifest;
  const bytes = Buffer.from(buildIndex({ encoderDigest, latentDim, tolerance, entries }));
  const index: Release['index'] = { sha256: sha256(bytes), bytes: bytes.length };
  store.box.repository.files.set(`blobs/sha256/${index.sha256}`, bytes);
  store.publish(1, NEXT, { index });
}

test('nothing is encoded again of what a ready index has, by the picture that it was made from', async t => {
  const at = await bench(t);
  const { store, box, encoded } = at;
  const entries = await entriesOf(box, store.at.data, NEXT);
  await publish(at, [...entries, { ...entries[0]!, sku: 'elsewhere', pictureSha256: new Uint8Array(32).fill(7) }]);
  await box.updates.apply();
  assert.deepEqual([box.version(), encoded()], [NEXT, 0]);
  assertWhole(box);
  const { garments, index } = box.opened.editions.edition ?? assert.fail();
  assert.equal(index.count, entries.length, 'what this store has not is not in its index');
  for (const { sku, mu } of entries) {
    const row = garments.rowOf(sku.replace('office-', ''));
    assert.deepEqual(garments.posterior(row).mu, Float32Array.from(mu), 'it is matched by what the office made of it');
  }
});

test('what a ready index has not is encoded, and nothing else', async t => {
  const at = await bench(t);
  const entries = await entriesOf(at.box, at.store.at.data, NEXT);
  await publish(at, entries.slice(2));
  await at.box.updates.apply();
  assert.deepEqual([at.box.version(), at.encoded()], [NEXT, 2]);
  assertWhole(at.box);
});

test('a ready index of another encoder is refused with its release, before anything is tried', async t => {
  const at = await bench(t);
  await publish(at, await entriesOf(at.box, at.store.at.data, OLD), OLD);
  await assert.rejects(at.box.updates.apply(), isCode('no-update', /ready index is not of its encoder/));
  assert.match(verdictOf(at.box, 1), /^bad: Release 1: its ready index/);
  assert.equal(at.box.version(), OLD);
});
