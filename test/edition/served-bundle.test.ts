import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { editionFolder, goBack, servedBundle } from '../../device/edition/served-bundle.ts';
import { LookdialError } from '../../device/errors.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import { importStore } from '../../device/inventory/import-store.ts';
import { indexedStore as currentStore } from '../../device/inventory/store-stamp.ts';
import { openStore } from '../support/arrivals.ts';
import { ownModel, torchModel } from '../support/bundles.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { ReferenceInference } from '../support/reference-inference.ts';
import { makeStoreFolder } from '../support/store.ts';
import { temporaryBundle } from '../support/store-model.ts';
import { updatedStore } from '../support/updated-store.ts';

const LIMITS = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };

async function lookAt<T>(data: string, look: (catalogue: Catalogue) => T | Promise<T>): Promise<T> {
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  try {
    return await look(catalogue);
  } finally {
    catalogue.close();
  }
}

test('a store is served by the settings’ model, and by what an update brought once it has', async t => {
  const at = await indexedStore(t);
  const before = await servedBundle(at);
  assert.deepEqual([before.bundle.folder, before.model], [at.bundle, undefined]);
  const updated = await updatedStore(t);
  const after = await servedBundle(updated);
  assert.deepEqual([after.bundle.folder, after.model], [editionFolder(updated.data, '7'), updated.model]);
  assert.equal(after.settings.folder, updated.bundle);
  assert.ok(await currentStore(updated.data, after.bundle), 'the index is of it');
});

test('where the settings name another bundle, an update of the one before is not taken', async t => {
  const { data } = await updatedStore(t);
  const { folder } = await temporaryBundle(t, torchModel());
  const { bundle, model } = await servedBundle({ data, bundle: folder });
  assert.deepEqual([bundle.folder, model], [folder, undefined]);
});

test('an import goes on with the model that an update brought', async t => {
  const at = await updatedStore(t);
  const served = await servedBundle(at);
  const pictures = await makeStoreFolder(join(at.data, '..', 'more'), 8);
  const inference = new ReferenceInference(served.bundle, torchModel());
  const source = { catalogue: join(pictures, 'catalogue.csv'), pictures, data: at.data };
  const report = await importStore({ ...source, ...served, inference, ...LIMITS });
  assert.equal(report.added, 2);
  const again = await servedBundle(at);
  assert.deepEqual(again.model, at.model);
  assert.ok(await currentStore(at.data, again.bundle));
  assert.equal(await lookAt(at.data, ({ store }) => store?.modelBefore), null);
});

test('a run that began with a model that has been left writes nothing', async t => {
  const at = await indexedStore(t);
  const served = await servedBundle(at);
  const updated = await updatedStore(t);
  const pictures = await makeStoreFolder(join(at.data, '..', 'more'), 8);
  const source = { catalogue: join(pictures, 'catalogue.csv'), pictures, data: updated.data, ...LIMITS };
  const inference = new ReferenceInference(served.bundle, ownModel());
  await assert.rejects(
    importStore({ ...source, ...served, inference }),
    (error: unknown) => error instanceof LookdialError && /another model meanwhile. Run it again/.test(error.message),
  );
  const { bundle } = await servedBundle(updated);
  assert.ok(await currentStore(updated.data, bundle), 'the index is still of the model that is served');
});

test('a start goes back to the model before, with what has arrived since', async t => {
  const at = await updatedStore(t);
  const served = await servedBundle(at);
  const opened = await openStore(t, { data: at.data, bundle: served.bundle.folder, model: torchModel() });
  await opened.store.put(await opened.arrival('g001', 71));
  await opened.close();
  const back = await lookAt(at.data, catalogue => goBack(at, catalogue));
  assert.deepEqual([back?.bundle.folder, back?.model], [at.bundle, undefined]);
  assert.equal((await servedBundle(at)).model, undefined);
  const again = await openStore(t, { data: at.data, bundle: at.bundle });
  await again.store.mended;
  const { garments } = again.editions.edition ?? assert.fail();
  assert.ok(again.catalogue.pictured('', 100).every(({ sku }) => garments.rowOf(sku) >= 0));
  assert.ok(((await again.hit('g001', 71))?.mahalanobisSquared ?? Number.NaN) < 1e-6);
});

test('where nothing is kept to go back to, nothing is changed', async t => {
  const at = await indexedStore(t);
  assert.equal(await lookAt(at.data, catalogue => goBack(at, catalogue)), undefined);
  const updated = await updatedStore(t);
  await writeFile(join(updated.bundle, 'manifest.json'), '{}');
  await assert.rejects(
    lookAt(updated.data, catalogue => goBack(updated, catalogue)),
    (error: unknown) => error instanceof LookdialError && error.code === 'bundle-invalid',
  );
  assert.deepEqual(await lookAt(updated.data, ({ store }) => store?.model), updated.model);
});
