import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Access } from '../../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import type { UpdatesAnswer } from '../../../device/api/update-schemas.ts';
import { parseRelease } from '../../../device/updates/release.ts';
import { LOCALLY } from '../../support/access.ts';
import { atelierState } from '../../support/atelier-daemon.ts';
import { MainProcess } from '../../support/main-process.ts';
import { serve, UpdateClient } from '../../support/publisher.ts';
import { temporaryFolder } from '../../support/store.ts';
import { blocksOf, falsehoods, readPage, typeThrough } from '../../support/typed-page.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const CLOTHING = join(PROJECT, 'models/clothing');
/** What a box may take to go over to a release of this page, milliseconds. */
const INSTALL_MS = 180_000;

/** A box that comes with the clothing's model and follows a repository, until it has gone over to a release. */
async function install(t: TestContext, repository: string, root: string): Promise<UpdatesAnswer> {
  const data = await atelierState(await temporaryFolder(t), 8, CLOTHING);
  const access = Access.open(join(data, ACCESS_DATABASE));
  const { token } = access.createKey('office', 'admin', LOCALLY);
  access.close();
  const daemon = new MainProcess(t, {
    LOOKDIAL_DATA: data,
    LOOKDIAL_BUNDLE: CLOTHING,
    LOOKDIAL_UPDATES: repository,
    LOOKDIAL_UPDATES_ROOT: root,
    LOOKDIAL_UPDATES_WINDOW: 'always',
  });
  const address = await daemon.address;
  for (const until = performance.now() + INSTALL_MS; ; await wait(500)) {
    const answer = await fetch(`${address}/api/v1/updates`, { headers: { authorization: `Bearer ${token}` } });
    const updates = (await answer.json()) as UpdatesAnswer;
    if (updates.current !== null) return updates;
    const said = JSON.stringify(updates);
    assert.ok(updates.lastCheck?.outcome !== 'refused' && updates.failure === null, said);
    assert.ok(performance.now() < until, `it was never gone over to: ${said}`);
  }
}

test('docs/publishing.md can be typed through as written, and a box that knows the first root goes over to what comes of it', async t => {
  const folder = await temporaryFolder(t);
  const blocks = blocksOf(await readPage(resolve(PROJECT, 'docs/publishing.md')));
  assert.ok(blocks.filter(({ words }) => words !== undefined).length >= 12, `${blocks.length} blocks`);
  const typed = await typeThrough(blocks, { cwd: PROJECT, home: folder, environment: { TMPDIR: folder } });
  assert.deepEqual(falsehoods(blocks, typed), []);
  const [work = '', more] = (await readdir(folder)).filter(name => name.startsWith('tmp.'));
  assert.equal(more, undefined);
  const root = join(folder, 'first.root.json');
  await writeFile(root, await readFile(join(folder, work, 'updates/metadata/1.root.json')));
  for (const copy of ['updates', 'stick']) {
    const served = await serve(t, join(folder, work, copy));
    const client = await UpdateClient.start(t, served, root);
    const release = await client.update();
    assert.deepEqual([release.release, release.id, release.rollout.percent], [4, 'clothing', 100], copy);
    assert.equal(await client.version('root'), 3, copy);
  }
  const targets = join(folder, work, 'updates', 'targets');
  const releases = await Promise.all(
    (await readdir(targets)).map(async name => parseRelease(await readFile(join(targets, name)), name)),
  );
  assert.deepEqual(
    releases.sort((a, b) => a.release - b.release).map(({ release, id, version }) => `${release} ${id}@${version}`),
    ['1 clothing@1.0.0', '2 clothing@1.1.0', '3 clothing@1.1.0', '4 clothing@1.0.0'],
    'no box refuses one for its line',
  );
  const { state, current } = await install(t, join(folder, work, 'updates'), root);
  assert.deepEqual([state, current?.release, current?.id, current?.version], ['committed', 4, 'clothing', '1.0.0']);
});
