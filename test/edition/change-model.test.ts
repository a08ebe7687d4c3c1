import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ENCODERS_FOLDER, encoderFolder } from '../../device/edition/kept-encodings.ts';
import type { NextModel } from '../../device/edition/model-change.ts';
import { LookdialError } from '../../device/errors.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import { type OpenStore, openStore } from '../support/arrivals.ts';
import type { TestModel } from '../support/bundle.ts';
import { conditionalModel, ownModel, torchModel } from '../support/bundles.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { ReferenceInference } from '../support/reference-inference.ts';
import { temporaryBundle } from '../support/store-model.ts';

const COUNT = 6;

/** Nets that count what they encode. */
class CountingInference extends ReferenceInference {
  encoded = 0;
  /** Called before each encoding, with its number from 0. */
  before: (call: number) => void | Promise<void> = () => undefined;

  override async encode(input: Float32Array, category?: string) {
    await this.before(this.encoded++);
    return await super.encode(input, category);
  }
}

interface Next extends NextModel {
  readonly inference: CountingInference;
}

const nextOf = (bundle: Bundle, model: TestModel, edition = '1'): Next => ({
  bundle,
  inference: new CountingInference(bundle, model),
  model: { edition, encoderDigest: bundle.encoderDigest, of: 'own' },
});

const modelNext = async (t: TestContext, model = torchModel()): Promise<Next> =>
  nextOf(await temporaryBundle(t, model), model);

/** Holds every garment to being matched by what this model makes of its picture. */
async function assertEncodedBy(opened: OpenStore, data: string, bundle: Bundle, model: TestModel): Promise<void> {
  const { editions, catalogue } = opened;
  const edition = editions.edition ?? assert.fail();
  assert.equal(edition.bundle.encoderDigest, bundle.encoderDigest);
  const reference = new ReferenceInference(bundle, model);
  for (const { sku, category, picture } of catalogue.pictured('', 100)) {
    const input = await readPicture(await readFile(picturePath(data, picture)), bundle.manifest.encoder.input, {
      maxPixels: 1e6,
    });
    const kind = bundle.manifest.conditions?.categories.includes(category ?? '') ? (category ?? undefined) : undefined;
    const { mu } = await reference.encode(input, kind);
    const row = edition.garments.rowOf(sku);
    assert.ok(row >= 0, `${sku} is matched`);
    const found = edition.garments.posterior(row).mu;
    assert.deepEqual([...found], [...Float32Array.from(mu)], `mu of ${sku}`);
  }
}

for (const [name, model] of [
  ['of other dimensions', torchModel()],
  ['that is told the kind', conditionalModel()],
] as const) {
  test(`a store goes over to a model ${name}, and is that after a new start`, async t => {
    const at = await indexedStore(t, { count: COUNT });
    const opened = await openStore(t, at);
    const next = await modelNext(t, model);
    const progress: string[] = [];
    const failed = await opened.store.changeModel({
      ...next,
      onProgress: (done, total) => void progress.push(`${done}/${total}`),
    });
    assert.deepEqual(failed, []);
    assert.deepEqual([progress[0], progress.at(-1)], [`1/${COUNT}`, `${COUNT}/${COUNT}`]);
    assert.deepEqual(opened.catalogue.store?.model, next.model);
    await assertEncodedBy(opened, at.data, next.bundle, model);
    assert.equal(opened.inference.closed, 1, 'the nets of the model that was left are closed');
    await opened.close();
    const again = await openStore(t, { ...at, bundle: next.bundle.folder, model });
    await assertEncodedBy(again, at.data, next.bundle, model);
    assert.deepEqual(again.warnings, []);
  });
}

test('going back encodes nothing anew but what has arrived since', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const { bundle: own } = opened;
  const other = await modelNext(t);
  await opened.store.changeModel(other);
  const back = nextOf(own, ownModel());
  await opened.store.changeModel({ ...back, model: undefined });
  assert.equal(back.inference.encoded, 0);
  assert.equal(opened.catalogue.store?.model, undefined);
  await assertEncodedBy(opened, at.data, own, ownModel());
  const forth = nextOf(other.bundle, torchModel());
  await opened.store.changeModel(forth);
  assert.equal(forth.inference.encoded, 0);
  const { posterior, ...arrival } = await opened.arrival('g002', 77);
  await opened.store.put({ ...arrival, posterior });
  const home = nextOf(own, ownModel());
  await opened.store.changeModel({ ...home, model: undefined });
  assert.equal(home.inference.encoded, 1, 'the garment that got another picture');
  await assertEncodedBy(opened, at.data, own, ownModel());
});

test('a model with the same encoder encodes nothing anew', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  await opened.store.put(await opened.arrival('g003', 5));
  const next = await modelNext(t, ownModel());
  assert.equal(next.bundle.encoderDigest, opened.bundle.encoderDigest);
  await opened.store.changeModel(next);
  assert.equal(next.inference.encoded, 0);
  await assertEncodedBy(opened, at.data, next.bundle, ownModel());
});

test('what arrives, changes and leaves meanwhile is in the store of the new model', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const next = await modelNext(t);
  const late = await opened.arrival('g005', 91);
  next.inference.before = async call => {
    if (call === 3) {
      await opened.store.put(await opened.arrival('g001', 71));
      await opened.store.remove('g002');
    }
  };
  await opened.store.changeModel(next);
  await assertEncodedBy(opened, at.data, next.bundle, torchModel());
  assert.equal(opened.editions.edition?.garments.rowOf('g002'), -1);
  // Encoded by the model before, and sent after it was left.
  await opened.store.put(late);
  assert.deepEqual(opened.catalogue.item('g005')?.picture, late.picture);
  await assertEncodedBy(opened, at.data, next.bundle, torchModel());
  await opened.close();
  const again = await openStore(t, { ...at, bundle: next.bundle.folder, model: torchModel() });
  await assertEncodedBy(again, at.data, next.bundle, torchModel());
  assert.equal(again.editions.edition?.garments.rowOf('g002'), -1);
});

test('a change that is cut off leaves the store as it was, and is gone on with', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const next = await modelNext(t);
  const stop = new AbortController();
  next.inference.before = call => {
    if (call === 3) stop.abort(new Error('the night is over'));
  };
  await assert.rejects(opened.store.changeModel({ ...next, signal: stop.signal }), /the night is over/);
  await assertEncodedBy(opened, at.data, opened.bundle, ownModel());
  assert.equal(opened.catalogue.store?.model, undefined);
  await opened.close();
  const again = await openStore(t, at);
  await assertEncodedBy(again, at.data, opened.bundle, ownModel());
  const rest = nextOf(next.bundle, torchModel());
  await again.store.changeModel(rest);
  assert.equal(rest.inference.encoded, COUNT - 4, 'only what was not encoded before');
  await assertEncodedBy(again, at.data, next.bundle, torchModel());
});

test('pictures that the model does not take are told of, and the others are matched', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const gone = opened.catalogue.item('g004')?.picture ?? assert.fail();
  await rm(picturePath(at.data, gone));
  const next = await modelNext(t);
  const failed = await opened.store.changeModel(next);
  assert.deepEqual(
    failed.map(({ sku, kind }) => [sku, kind]),
    [['g004', 'not-encoded']],
  );
  assert.match(opened.catalogue.item('g004')?.problem ?? '', /not in the state folder any more/);
  assert.equal(opened.editions.edition?.garments.rowOf('g004'), -1);
  assert.equal(opened.editions.edition?.garments.count, COUNT - 1);
});

test('an edition that does not pass its check is never served', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const before = opened.editions.edition?.id;
  const next = await modelNext(t);
  let looked: string | undefined;
  await assert.rejects(
    opened.store.changeModel({
      ...next,
      check: async edition => {
        looked = edition.id;
        throw new LookdialError('inference-failed', 'It is too slow.');
      },
    }),
    /too slow/,
  );
  assert.match(looked ?? '', /^from-pytorch@/);
  assert.equal(opened.editions.edition?.id, before);
  await assertEncodedBy(opened, at.data, opened.bundle, ownModel());
});

test('only the encodings of the model before are kept', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const [torch, conditional] = [await modelNext(t), await modelNext(t, conditionalModel())];
  await opened.store.changeModel(torch);
  assert.deepEqual(await readdir(join(at.data, ENCODERS_FOLDER)), [opened.bundle.encoderDigest]);
  await opened.store.changeModel(conditional);
  assert.deepEqual(await readdir(join(at.data, ENCODERS_FOLDER)), [torch.bundle.encoderDigest]);
  assert.ok((await readdir(encoderFolder(at.data, torch.bundle.encoderDigest))).length > 0);
});

test('requests under way end on the model they began with', async t => {
  const at = await indexedStore(t, { count: COUNT });
  const opened = await openStore(t, at);
  const next = await modelNext(t);
  const lease = opened.editions.current();
  await opened.store.changeModel(next);
  assert.equal(opened.inference.closed, 0);
  const { mu } = lease.edition.garments.posterior(0);
  const { hits } = await lease.edition.search.search({ z: mu, k: 1 });
  assert.equal(hits[0]?.row, 0);
  assert.equal(mu.length, opened.bundle.manifest.latentDim);
  lease.release();
  assert.equal(opened.inference.closed, 1);
});
