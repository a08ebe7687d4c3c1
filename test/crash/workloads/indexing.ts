/** Runs of the index, one store after another into one state folder; the second is killed, and done by a third process. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Bundle, openBundle } from '../../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { Encodings, INDEX_FILE, settleIndex } from '../../../device/inventory/encodings.ts';
import type { Garment } from '../../../device/inventory/garment.ts';
import { type IndexReport, indexStore } from '../../../device/inventory/index-store.ts';
import { picturePath, sha256 } from '../../../device/inventory/picture-files.ts';
import { indexedStore, lastStore, storeStamp } from '../../../device/inventory/store-stamp.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { drawPicture, makeStoreFolder } from '../../support/store.ts';
import { FakeInference } from '../../support/store-model.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

const GARMENTS = 5;
/** Which shop each process indexes. One is killed when its pictures are written and nothing else. */
const PARTS = [{ shop: 0, killed: true }, { shop: 0 }, { shop: 1, killed: true }, { shop: 1 }, { shop: 2 }] as const;

const dataOf = ({ root }: Place): string => join(root, 'deep', 'state');
const shopName = (shop: number): string => `shop${shop}`;
const SHOPS = [0, 1, 2].map(shopName);
const shopOf = ({ given }: Place, shop: number): string => join(given, shopName(shop));
const bundleIn = (given: string): Promise<Bundle> => openBundle(join(given, 'bundle'));

async function index(place: Place, shop: number, killed = false): Promise<IndexReport> {
  const bundle = await bundleIn(place.given);
  const inference = new FakeInference(bundle);
  const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
  return await indexStore({
    folder: shopOf(place, shop),
    data: dataOf(place),
    bundle,
    inference,
    ...limits,
    onProgress: ({ done, total }) => {
      if (killed && done === total) process.kill(process.pid, 'SIGKILL');
    },
  });
}

interface Whole {
  readonly items: readonly Garment[];
  readonly index: string;
}

/** What a state folder serves. @throws where its parts do not belong together */
async function served(place: Place): Promise<Whole> {
  const data = dataOf(place);
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  try {
    const { items } = catalogue.items({ limit: 200 });
    for (const { sku, picture } of items) {
      assert.ok(picture, `${sku} has no picture`);
      const bytes = readFileSync(picturePath(data, picture));
      assert.equal(sha256(bytes).toString('hex'), picture.hash, `the picture of ${sku} is not what its name says`);
    }
    await settleIndex(data, catalogue.store?.index);
    const digest = sha256(readFileSync(join(data, INDEX_FILE))).toString('hex');
    assert.equal(digest, catalogue.store?.index, 'the index and the catalogue are not of one run');
    return { items, index: digest };
  } finally {
    catalogue.close();
  }
}

const filesIn = (data: string): string[] =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(relative(data, entry.parentPath), entry.name))
    .sort();

/** What each shop comes to, with no cut. */
const whole = new Map<string, Whole & { readonly files: readonly string[] }>();
async function checkServed(place: Place, acknowledged: readonly string[]): Promise<void> {
  const { done, begun } = promisedBy(acknowledged);
  const name = lastStore(dataOf(place))?.name;
  if (name === undefined) {
    assert.equal(done, undefined, `nothing is indexed any more, and “done ${done}” was said`);
    return;
  }
  const allowed = [done, ...begun];
  assert.ok(allowed.includes(name), `${name} is seen, and must be one of ${allowed.join(', ')}`);
  const { items, index: digest } = await served(place);
  const expected = whole.get(name);
  assert.deepEqual(items, expected?.items);
  assert.equal(digest, expected?.index);
}

export const indexing: Workload = {
  parts: PARTS.length,

  async prepare(given) {
    writeBundle(bundleOf(ownModel()), join(given, 'bundle'));
    for (let shop = 0; shop < SHOPS.length; shop += 1) {
      const folder = await makeStoreFolder(join(given, shopName(shop)), GARMENTS + shop);
      if (shop === 0) continue;
      // One garment has another picture, and one is gone.
      await writeFile(join(folder, 'images', 'g001.png'), await drawPicture(100 + shop));
      await unlink(join(folder, 'images', 'g002.png'));
      const catalogue = await readFile(join(folder, 'catalogue.csv'), 'utf8');
      await writeFile(join(folder, 'catalogue.csv'), catalogue.replace(/^g002.*\n/m, ''));
    }
  },

  async expect(place) {
    const root = `${place.root}-expected`;
    for (let shop = 0; shop < SHOPS.length; shop += 1) {
      await index({ ...place, root }, shop);
      whole.set(shopName(shop), { ...(await served({ ...place, root })), files: filesIn(dataOf({ ...place, root })) });
    }
    rmSync(root, { recursive: true, force: true });
  },

  async write(place, acknowledge, part) {
    const { shop, ...rest } = PARTS[part] ?? PARTS[0];
    acknowledge(`begin ${shopName(shop)}`);
    await index(place, shop, 'killed' in rest);
    acknowledge(`done ${shopName(shop)}`);
  },

  async churn(place, acknowledge, turn) {
    for (let shop = turn % SHOPS.length; ; shop = (shop + 1) % SHOPS.length) {
      acknowledge(`begin ${shopName(shop)}`);
      await index(place, shop);
      acknowledge(`done ${shopName(shop)}`);
    }
  },

  async check(place, acknowledged, recover) {
    await checkServed(place, acknowledged);
    if (!recover) return;
    const { done, begun } = promisedBy(acknowledged);
    const shop = SHOPS.indexOf(begun.at(-1) ?? done ?? shopName(0));
    await index(place, shop);
    const bundle = await bundleIn(place.given);
    const expected = whole.get(shopName(shop));
    const { items, index: digest } = await served(place);
    assert.deepEqual(items, expected?.items);
    assert.equal(digest, expected?.index);
    assert.deepEqual(filesIn(dataOf(place)), expected?.files, 'what a cut left behind is gone');
    const folder = shopOf(place, shop);
    const stamp = await storeStamp({ folder, bundle, name: shopName(shop), demonstration: false });
    assert.equal((await indexedStore(dataOf(place), bundle))?.stamp, stamp, 'a second start has nothing to do');
    const { encoderDigest, manifest } = bundle;
    const again = await Encodings.open(dataOf(place), { encoderDigest, latentDim: manifest.latentDim });
    try {
      assert.deepEqual(again.notices, []);
    } finally {
      await again.close();
    }
  },
};
