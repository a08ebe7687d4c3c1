/** A state folder with a made model and a made store, as the index run leaves it. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openBundle } from '../../device/inference/bundle.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { bundleOf, type TestModel, writeBundle } from './bundle.ts';
import { ownModel } from './bundles.ts';
import { ReferenceInference } from './reference-inference.ts';
import { makeStoreFolder, temporaryFolder } from './store.ts';

export interface IndexedStore {
  readonly data: string;
  readonly bundle: string;
}

/** @param count garments in the store */
export async function indexedStore(
  t: TestContext,
  { model = ownModel(), count = 6 }: { model?: TestModel; count?: number } = {},
): Promise<IndexedStore> {
  const folder = await temporaryFolder(t);
  const [data, bundle] = [join(folder, 'state'), join(folder, 'bundle')];
  const opened = await openBundle(writeBundle(bundleOf(model), bundle));
  await indexStore({
    folder: await makeStoreFolder(join(folder, 'store'), count),
    data,
    bundle: opened,
    inference: new ReferenceInference(opened, model),
    maxPicturePixels: 1e6,
    maxPictureBytes: 1e6,
  });
  return { data, bundle };
}
