import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { editionFolder } from '../../device/edition/served-bundle.ts';
import { LookdialError } from '../../device/errors.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import { startModel } from '../../device/updates/start-model.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';
import { UpdateProgress } from '../../device/updates/update-progress.ts';
import { afterwards } from '../support/afterwards.ts';
import { openStore } from '../support/arrivals.ts';
import { bundleOf } from '../support/bundle.ts';
import { ownModel } from '../support/bundles.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { ReferenceInference } from '../support/reference-inference.ts';
import { temporaryBundle } from '../support/store-model.ts';
import { releaseOf } from '../support/update-repository.ts';

const NEXT = ownModel(1);

/** A box that was switched off while release 1 was on probation. */
async function boxOnProbation(t: TestContext) {
  const at = await indexedStore(t);
  const folder = editionFolder(at.data, '1');
  await cp((await temporaryBundle(t, NEXT)).folder, folder, { recursive: true });
  const bundle = await openBundle(folder);
  const opened = await openStore(t, at);
  const model = { edition: '1', encoderDigest: bundle.encoderDigest, of: 'own' };
  await opened.store.changeModel({ bundle, inference: new ReferenceInference(bundle, NEXT), model });
  await opened.close();
  const database = new UpdateDatabase(join(at.data, UPDATE_DATABASE));
  const progress = new UpdateProgress(database);
  const document = Buffer.from(JSON.stringify(releaseOf(bundleOf(NEXT), 1)));
  progress.checking();
  progress.meet(document, '0'.repeat(64));
  progress.advance('fetching', 1);
  progress.numberEdition(1);
  for (const state of ['verified', 'staged', 'trial'] as const) progress.advance(state, 1);
  progress.commit();
  const catalogue = Catalogue.open(join(at.data, CATALOGUE_DATABASE));
  afterwards(t, () => {
    catalogue.close();
    database.close();
  });
  const warnings: string[] = [];
  const log = { warn: (text: string) => void warnings.push(text) };
  /** @param refuses versions whose nets do not start */
  const start = async (...refuses: string[]) => {
    const started = await startModel({
      ...at,
      catalogue,
      progress,
      log,
      start: async (bundleToStart: Bundle) => {
        const { version } = bundleToStart.manifest;
        if (refuses.includes(version))
          throw new LookdialError('inference-failed', `The nets of ${version} do not run.`);
        return new ReferenceInference(bundleToStart, version === '2.0.0' ? NEXT : ownModel());
      },
    });
    return started.bundle.manifest.version;
  };
  return { at, folder, catalogue, progress, warnings, start };
}

test('a start serves what an update brought', async t => {
  const { start, progress, warnings } = await boxOnProbation(t);
  assert.equal(await start(), '2.0.0');
  assert.deepEqual([progress.current?.release, warnings], [1, []]);
});

test('a start whose model does not run serves the one before it, for good', async t => {
  const { start, progress, warnings, catalogue } = await boxOnProbation(t);
  assert.equal(await start('2.0.0'), '1.2.3');
  assert.match(warnings[0] ?? '', /did not start: The nets of 2\.0\.0 do not run/);
  assert.deepEqual([progress.current, progress.state.state], [undefined, 'idle']);
  assert.match(progress.history()[0]?.reason ?? '', /did not start/);
  assert.equal(catalogue.store?.model, undefined);
  assert.equal(await start(), '1.2.3');
});

test('a start whose model’s files are damaged serves the one before it', async t => {
  const { start, folder, progress } = await boxOnProbation(t);
  await rm(join(folder, 'manifest.json'));
  assert.equal(await start(), '1.2.3');
  assert.equal(progress.history()[0]?.verdict, 'bad');
});

test('a daemon that is started again and again within a probation goes back', async t => {
  const { start, progress, warnings } = await boxOnProbation(t);
  for (let starts = 1; starts <= 3; starts++) assert.equal(await start(), '2.0.0', `start ${starts}`);
  assert.equal(await start(), '1.2.3');
  assert.match(warnings[0] ?? '', /started 4 times within its probation/);
  assert.equal(progress.history()[0]?.verdict, 'bad');
});

test('a daemon that has run for long enough begins to count anew', async t => {
  const { start, progress } = await boxOnProbation(t);
  for (let starts = 1; starts <= 3; starts++) await start();
  progress.forgetStarts();
  assert.equal(await start(), '2.0.0');
});

test('where neither model starts, what is wrong with the one before is said', async t => {
  const { start } = await boxOnProbation(t);
  await assert.rejects(start('2.0.0', '1.2.3'), /The nets of 1\.2\.3 do not run/);
});
