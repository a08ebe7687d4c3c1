/** A box that takes updates of its model: fetched, tried, gone over to, and taken back. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EditionHolder } from '../../../device/edition/holder.ts';
import { LiveStore } from '../../../device/edition/live-store.ts';
import { EventHub } from '../../../device/events.ts';
import { type Bundle, openBundle } from '../../../device/inference/bundle.ts';
import { readPicture } from '../../../device/inference/pictures.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { indexStore } from '../../../device/inventory/index-store.ts';
import { picturePath } from '../../../device/inventory/picture-files.ts';
import { sourceAt } from '../../../device/updates/source.ts';
import { startModel } from '../../../device/updates/start-model.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../../device/updates/update-database.ts';
import { UpdateProgress } from '../../../device/updates/update-progress.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { ReferenceInference } from '../../support/reference-inference.ts';
import { makeStoreFolder } from '../../support/store.ts';
import { membersOf, releaseOf, UpdateRepository } from '../../support/update-repository.ts';
import { updatesOver } from '../../support/updates-over.ts';
import { isUnindexed, type Place, promisedBy, type Workload } from '../support/workload.ts';

const GARMENTS = 3;
/** By version; the first is what the program came with. Each has another encoder. */
const MODELS = new Map(
  [0, 1, 2, 3].map(variant => {
    const model = ownModel(variant);
    return [model.described.version, model] as const;
  }),
);
const VERSIONS = [...MODELS.keys()];
/** The version that serves after each step: as it came, an update, another, and back. */
const SERVES = [VERSIONS[0], VERSIONS[1], VERSIONS[2], VERSIONS[1]];
const LIMITS = { decodeP95Ms: 10_000, encodeP95Ms: 10_000, residentBytes: 2 ** 40, selfRecall: 0 };

const dataOf = ({ root }: Place): string => join(root, 'state');
const bundleIn = (given: string): string => join(given, 'bundle');
const rootIn = (given: string): string => join(given, 'root.json');
/** The repository as it is once a release has been published. */
const repositoryIn = (given: string, release: number): string => join(given, `repository-${release}`);

const start = async (bundle: Bundle): Promise<ReferenceInference> => {
  const model = MODELS.get(bundle.manifest.version);
  assert.ok(model, `there is a model ${bundle.manifest.version}`);
  return new ReferenceInference(bundle, model);
};

/** A box as a start finds it. @param release the newest that is published */
async function startBox(place: Place, release: number) {
  const [data, folder] = [dataOf(place), bundleIn(place.given)];
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  const database = new UpdateDatabase(join(data, UPDATE_DATABASE));
  const progress = new UpdateProgress(database);
  const log = { info: () => undefined, warn: () => undefined };
  const { bundle, inference, settings } = await startModel({ bundle: folder, data, catalogue, progress, log, start });
  const editions = new EditionHolder(error => {
    throw error;
  });
  const events = new EventHub();
  const times = { compactAfterMs: 3_600_000, pollMs: 3_600_000, maxPicturePixels: 1e6 };
  const store = await LiveStore.open({ data, bundle, inference, catalogue, editions, events, log, ...times });
  await store.mended;
  const source = sourceAt(repositoryIn(place.given, release));
  const root = rootIn(place.given);
  const box = { data, database, progress, source, root, store, editions, catalogue, events, log, settings, start };
  const updates = updatesOver(box);
  const close = async (): Promise<void> => {
    await updates.close();
    await store.close();
    await editions.close();
    catalogue.close();
    database.close();
  };
  return { updates, editions, catalogue, close };
}

type Box = Awaited<ReturnType<typeof startBox>>;

/** Which version serves, each garment checked to be matched by what that makes of its picture. */
async function versionOf({ editions, catalogue }: Box, data: string): Promise<string> {
  return await editions.use(async ({ bundle, garments, inference }) => {
    const pictured = catalogue.pictured('', 100);
    assert.equal(pictured.length, GARMENTS);
    for (const { sku, picture } of pictured) {
      const bytes = readFileSync(picturePath(data, picture));
      const { mu } = await inference.encode(
        await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: 1e6 }),
      );
      const row = garments.rowOf(sku);
      assert.ok(row >= 0, `${sku} is not matched`);
      assert.deepEqual(garments.posterior(row).mu, Float32Array.from(mu), `${sku} is matched by another model`);
    }
    return bundle.manifest.version;
  });
}

async function step(place: Place, number: number): Promise<void> {
  if (number === 0) {
    const bundle = await openBundle(bundleIn(place.given));
    const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
    await indexStore({
      folder: join(place.given, 'shop'),
      data: dataOf(place),
      bundle,
      inference: await start(bundle),
      ...limits,
    });
    return;
  }
  const box = await startBox(place, Math.min(number, 2));
  try {
    if (number <= 2) await box.updates.apply();
    else await box.updates.rollBack();
    // The probation has another hour: a box is not written to by it.
  } finally {
    await box.close();
  }
}

async function run(place: Place, say: (what: string) => void): Promise<void> {
  for (const number of SERVES.keys()) {
    say(`begin ${number}`);
    await step(place, number);
    say(`done ${number}`);
  }
}

export const updating: Workload = {
  parts: 1,

  async prepare(given) {
    writeBundle(bundleOf(ownModel()), bundleIn(given));
    await makeStoreFolder(join(given, 'shop'), GARMENTS);
    const repository = new UpdateRepository(() => Date.now());
    writeFileSync(rootIn(given), repository.firstRoot);
    for (const release of [1, 2, 3]) {
      const parts = bundleOf(MODELS.get(VERSIONS[release] ?? '') ?? assert.fail());
      repository.release(releaseOf(parts, release, { limits: LIMITS }), membersOf(parts));
      await repository.write(repositoryIn(given, release));
    }
  },

  async expect() {
    // Which version serves after each step is in `SERVES`.
  },

  write: run,

  async churn(place, acknowledge) {
    for (;;) await run(place, acknowledge);
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    if (isUnindexed(dataOf(place), done)) return;
    const box = await startBox(place, 3);
    try {
      const allowed = [done, ...begun].map(number => SERVES[Number(number)]);
      const version = await versionOf(box, dataOf(place));
      assert.ok(allowed.includes(version), `version ${version} serves, which is neither as after ${done} nor ${begun}`);
      if (!recover) return;
      // What was cut is not in the way of what comes next.
      box.updates.start();
      await box.updates.apply().catch((error: Error) => {
        // The start has looked by itself, and may have been first.
        if (!/nothing to go over to/.test(error.message)) throw error;
      });
      assert.equal(await versionOf(box, dataOf(place)), VERSIONS[3], 'the next release is gone over to');
    } finally {
      await box.close();
    }
    if (!recover) return;
    const again = await startBox(place, 3);
    try {
      assert.equal(await versionOf(again, dataOf(place)), VERSIONS[3], 'it serves after another start');
    } finally {
      await again.close();
    }
  },
};
