import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Bundle } from '../../device/inference/bundle.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { type IndexReport, type IndexStoreOptions, indexStore } from '../../device/inventory/index-store.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import { afterwards } from './afterwards.ts';
import { ownModel } from './bundles.ts';
import { makeStoreFolder, temporaryFolder } from './store.ts';
import { FakeInference, temporaryBundle } from './store-model.ts';

export const COUNT = 14;

export interface Bench {
  readonly folder: string;
  readonly data: string;
  readonly bundle: Bundle;
  readonly inference: FakeInference;
  index(options?: Partial<IndexStoreOptions>): Promise<IndexReport>;
  open(): Promise<{ index: EncodingIndex; catalogue: Catalogue }>;
}

export async function bench(t: TestContext, model = ownModel()): Promise<Bench> {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t, model)];
  const folder = await makeStoreFolder(join(root, 'shop'), COUNT);
  const data = join(root, 'state', 'deep');
  const inference = new FakeInference(bundle);
  const limits = { maxPicturePixels: 1_000_000, maxPictureBytes: 100_000 };
  const expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
  return {
    folder,
    data,
    bundle,
    inference,
    index: options => indexStore({ folder, data, bundle, inference, ...limits, ...options }),
    open: async () => {
      const catalogue = Catalogue.open(join(data, 'catalogue.sqlite'));
      afterwards(t, () => catalogue.close());
      return { index: EncodingIndex.open(await readFile(join(data, 'encodings.index')), expected), catalogue };
    },
  };
}

export const skusOf = (index: EncodingIndex): string[] =>
  Array.from({ length: index.count }, (_, row) => index.sku(row));
