/** Arrivals for tests: pictures that need no cutting out, and the stores that take them. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import sharp from 'sharp';
import { EditionHolder } from '../../device/edition/holder.ts';
import type { Arrival } from '../../device/edition/live-commit.ts';
import { LiveStore, type LiveStoreOptions } from '../../device/edition/live-store.ts';
import { EventHub } from '../../device/events.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import { sha256 } from '../../device/inventory/picture-files.ts';
import type { Hit } from '../../device/matching/flat-search.ts';
import { afterwards } from './afterwards.ts';
import type { TestModel } from './bundle.ts';
import { ownModel } from './bundles.ts';
import type { IndexedStore } from './indexed-store.ts';
import { ReferenceInference } from './reference-inference.ts';

/** A cut-out on nothing; another seed gives another. */
export const cutOut = (seed: number): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect x="${4 + (seed % 9)}" y="${4 + (seed % 7)}" width="48" height="46" rx="${seed % 11}" fill="hsl(${(seed * 37) % 360}, ${40 + (seed % 50)}%, ${30 + (seed % 40)}%)"/></svg>`,
    ),
  )
    .png()
    .toBuffer();

export interface OpenStore {
  readonly store: LiveStore;
  readonly catalogue: Catalogue;
  readonly editions: EditionHolder;
  readonly bundle: Bundle;
  readonly inference: ReferenceInference;
  readonly warnings: readonly string[];
  /** A garment's arrival, encoded. */
  arrival(sku: string, seed: number): Promise<Arrival>;
  /** How a garment matches what the encoder makes of a picture; undefined where it is not found. */
  hit(sku: string, seed: number): Promise<Hit | undefined>;
  close(): Promise<void>;
}

/** Opens a state folder as the daemon does. */
export async function openStore(
  t: Pick<TestContext, 'after'>,
  { data, bundle: folder, model = ownModel() }: IndexedStore & { readonly model?: TestModel },
  options: Partial<LiveStoreOptions> = {},
): Promise<OpenStore> {
  const bundle = await openBundle(folder);
  const inference = new ReferenceInference(bundle, model);
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  const editions = new EditionHolder(error => {
    throw error;
  });
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => void warnings.push(text) };
  const events = new EventHub();
  const times = { compactAfterMs: 3_600_000, pollMs: 3_600_000, maxPicturePixels: 1e6 };
  const store = await LiveStore.open({
    data,
    bundle,
    inference,
    catalogue,
    editions,
    events,
    log,
    ...times,
    ...options,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await store.close();
    await editions.close();
    catalogue.close();
  };
  afterwards(t, close);
  const read = async (bytes: Buffer) => {
    const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: 1e6 });
    return await inference.encode(input);
  };
  const arrival = async (sku: string, seed: number): Promise<Arrival> => {
    const bytes = await cutOut(seed);
    const picture = { hash: sha256(bytes).toString('hex'), type: 'image/png' };
    const { encoderDigest } = bundle;
    return { sku, picture, bytes, posterior: await read(bytes), condition: undefined, encoderDigest };
  };
  const hit = async (sku: string, seed: number): Promise<Hit | undefined> => {
    const { mu } = await read(await cutOut(seed));
    return await editions.use(async ({ search, garments }) => {
      const { mask } = catalogue.allowed({ inStock: false }, garments);
      const { hits } = await search.search({ z: mu, k: garments.count, allowed: mask });
      return hits.find(one => one.sku === sku);
    });
  };
  return { store, catalogue, editions, bundle, inference, warnings, arrival, hit, close };
}
