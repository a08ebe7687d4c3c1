/** A store that an update has taken over to another model. */
import { cp } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { editionFolder } from '../../device/edition/served-bundle.ts';
import { openBundle } from '../../device/inference/bundle.ts';
import type { StoreModel } from '../../device/inventory/store-record.ts';
import { openStore } from './arrivals.ts';
import { torchModel } from './bundles.ts';
import { type IndexedStore, indexedStore } from './indexed-store.ts';
import { ReferenceInference } from './reference-inference.ts';
import { temporaryBundle } from './store-model.ts';

/** `bundle` is still the one of the settings; the garments are those of `indexedStore`. */
export async function updatedStore(t: TestContext): Promise<IndexedStore & { model: StoreModel }> {
  const at = await indexedStore(t);
  const folder = editionFolder(at.data, '7');
  await cp((await temporaryBundle(t, torchModel())).folder, folder, { recursive: true });
  const bundle = await openBundle(folder);
  const model = { edition: '7', encoderDigest: bundle.encoderDigest, of: 'own' };
  const opened = await openStore(t, at);
  await opened.store.changeModel({ bundle, inference: new ReferenceInference(bundle, torchModel()), model });
  await opened.close();
  return { ...at, model };
}
