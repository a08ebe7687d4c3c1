/** A store that is served while photographs arrive and garments go: the log, the catalogue, the pictures and new indices. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBundle } from '../../../device/inference/bundle.ts';
import { readPicture } from '../../../device/inference/pictures.ts';
import { indexStore } from '../../../device/inventory/index-store.ts';
import { picturePath, sha256 } from '../../../device/inventory/picture-files.ts';
import { type OpenStore, openStore } from '../../support/arrivals.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { ReferenceInference } from '../../support/reference-inference.ts';
import { makeStoreFolder } from '../../support/store.ts';
import { isUnindexed, type Place, promisedBy, type Workload } from '../support/workload.ts';

const GARMENTS = 4;
const SKUS = Array.from({ length: GARMENTS }, (_, place) => `g00${place}`);
/** One after another; each leaves the store in a state of its own, numbered from 1. 0 is the store as it was indexed. */
const STEPS = [
  { put: 0, seed: 11 },
  { put: 1, seed: 12 },
  { compact: true },
  { put: 0, seed: 13 },
  { remove: 2 },
  { put: 3, seed: 14 },
  { compact: true },
  { put: 1, seed: 15 },
] as const;

const dataOf = ({ root }: Place): string => join(root, 'state');
const bundleIn = (given: string): string => join(given, 'bundle');
/** Who opens a store here closes it: there is no test to wait for. */
const NOBODY = { after: () => undefined };

const open = (place: Place): Promise<OpenStore> =>
  openStore(NOBODY, { data: dataOf(place), bundle: bundleIn(place.given) });

async function step(store: OpenStore, number: number): Promise<void> {
  const what = STEPS[number - 1];
  if (what === undefined) return;
  if ('put' in what) await store.store.put(await store.arrival(SKUS[what.put] ?? '', what.seed));
  else if ('remove' in what) await store.store.remove(SKUS[what.remove] ?? '');
  else await store.store.compact();
}

/** Pictures by garment, each checked to be there, whole, and to be what the garment is matched by. */
async function stateOf({ catalogue, editions, bundle, inference }: OpenStore, data: string): Promise<string> {
  const { items } = catalogue.items({ limit: 200 });
  const lines: string[] = [];
  for (const { sku, picture } of items) {
    assert.ok(picture, `${sku} has no picture`);
    const bytes = readFileSync(picturePath(data, picture));
    assert.equal(sha256(bytes).toString('hex'), picture.hash, `the picture of ${sku} is not what its name says`);
    const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: 1e6 });
    const { mu } = await inference.encode(input);
    await editions.use(({ garments }) => {
      const row = garments.rowOf(sku);
      assert.ok(row >= 0 && garments.isAlive(row), `${sku} is not matched`);
      assert.deepEqual(garments.posterior(row).mu, Float32Array.from(mu), `${sku} is matched by another picture`);
    });
    lines.push(`${sku} ${picture.hash}`);
  }
  await editions.use(({ garments }) => {
    for (const sku of SKUS.filter(one => !items.some(item => item.sku === one))) {
      const row = garments.rowOf(sku);
      assert.ok(row < 0 || !garments.isAlive(row), `${sku} is gone, and matched`);
    }
  });
  return lines.join('\n');
}

/** What the store is after each step. */
const states: string[] = [];

async function indexFirst(place: Place): Promise<void> {
  const bundle = await openBundle(bundleIn(place.given));
  const inference = new ReferenceInference(bundle, ownModel());
  const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
  await indexStore({ folder: join(place.given, 'shop'), data: dataOf(place), bundle, inference, ...limits });
}

/** Does the steps from `from` on, saying each; `onStep` sees the store after it. */
async function run(
  place: Place,
  say: (what: string) => void,
  onStep?: (store: OpenStore) => Promise<void>,
): Promise<void> {
  say('begin 0');
  await indexFirst(place);
  say('done 0');
  const store = await open(place);
  try {
    await onStep?.(store);
    for (let number = 1; number <= STEPS.length; number += 1) {
      say(`begin ${number}`);
      await step(store, number);
      say(`done ${number}`);
      await onStep?.(store);
    }
  } finally {
    await store.close();
  }
}

/** Another photograph and another index, and a start after that. */
async function goOn(place: Place): Promise<void> {
  const store = await open(place);
  try {
    await store.store.put(await store.arrival('g000', 99));
    await store.store.compact();
  } finally {
    await store.close();
  }
  const again = await open(place);
  try {
    await stateOf(again, dataOf(place));
    assert.deepEqual(again.warnings, [], 'a second start finds nothing to mend');
    const left = readdirSync(dataOf(place), { recursive: true }).map(String);
    assert.deepEqual(
      left.filter(name => /\.(new|next)$/.test(name)),
      [],
      'what a cut left behind is gone',
    );
  } finally {
    await again.close();
  }
}

export const arrivals: Workload = {
  parts: 1,

  async prepare(given) {
    writeBundle(bundleOf(ownModel()), bundleIn(given));
    await makeStoreFolder(join(given, 'shop'), GARMENTS);
  },

  async expect(place) {
    const expected = { ...place, root: `${place.root}-expected` };
    states.length = 0;
    await run(
      expected,
      () => undefined,
      async store => void states.push(await stateOf(store, dataOf(expected))),
    );
  },

  write: (place, acknowledge) => run(place, acknowledge),

  async churn(place, acknowledge) {
    for (;;) await run(place, acknowledge);
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    if (isUnindexed(dataOf(place), done)) return;
    const store = await open(place);
    try {
      const allowed = [done, ...begun].flatMap(number => (number === undefined ? [] : [states[Number(number)]]));
      assert.ok(allowed.includes(await stateOf(store, dataOf(place))), `it is neither as after ${done} nor ${begun}`);
    } finally {
      await store.close();
    }
    if (!recover) return;
    // What is gone on with comes to a state of its own: the processes that follow must not find it.
    const copy = { ...place, root: `${place.root}-gone-on` };
    cpSync(place.root, copy.root, { recursive: true });
    try {
      await goOn(copy);
    } finally {
      rmSync(copy.root, { recursive: true, force: true });
    }
  },
};
