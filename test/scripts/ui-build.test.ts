import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { buildUi, uiStamp } from '../../scripts/ui-build.ts';
import { temporaryFolder } from '../support/store.ts';

test('the page is built when it is missing or older than its sources, and only then', async t => {
  const project = await temporaryFolder(t);
  await mkdir(join(project, 'ui', 'views'), { recursive: true });
  await writeFile(join(project, 'package-lock.json'), '{}');
  await writeFile(join(project, 'ui', 'main.ts'), 'one');
  await writeFile(join(project, 'ui', 'views', 'kiosk.ts'), 'two');
  let builds = 0;
  const said: string[] = [];
  const build = async (): Promise<void> => {
    builds++;
    await mkdir(join(project, 'ui', 'dist'), { recursive: true });
    await writeFile(join(project, 'ui', 'dist', 'index.html'), `build ${builds}`);
  };
  const again = (): Promise<boolean> => buildUi(line => said.push(line), project, build);
  assert.equal(await again(), true);
  assert.equal(await again(), false);
  await writeFile(join(project, 'ui', 'views', 'kiosk.ts'), 'three');
  assert.equal(await again(), true);
  await writeFile(join(project, 'package-lock.json'), '{"lit": "new"}');
  assert.equal(await again(), true);
  await rm(join(project, 'ui', 'dist'), { recursive: true });
  assert.equal(await again(), true);
  assert.equal(await again(), false);
  assert.deepEqual([builds, said.length], [4, 4]);
});

test('the stamp sees contents and names, and not when a file was touched', async t => {
  const project = await temporaryFolder(t);
  await mkdir(join(project, 'ui'));
  await writeFile(join(project, 'package-lock.json'), '{}');
  await writeFile(join(project, 'ui', 'a.ts'), 'x');
  const first = await uiStamp(project);
  await writeFile(join(project, 'ui', 'a.ts'), 'x');
  assert.equal(await uiStamp(project), first);
  await rm(join(project, 'ui', 'a.ts'));
  await writeFile(join(project, 'ui', 'b.ts'), 'x');
  assert.notEqual(await uiStamp(project), first);
});

test('a build that fails leaves no stamp, so that the next start tries again', async t => {
  const project = await temporaryFolder(t);
  await mkdir(join(project, 'ui'));
  await writeFile(join(project, 'package-lock.json'), '{}');
  const fail = async (): Promise<void> => {
    throw new LookdialError('config-invalid', 'The kiosk’s page could not be built.');
  };
  await assert.rejects(
    buildUi(() => undefined, project, fail),
    LookdialError,
  );
  await assert.rejects(
    buildUi(() => undefined, project, fail),
    LookdialError,
  );
  await assert.rejects(
    buildUi(() => undefined, project),
    /Vite is not installed\. Run: npm ci/,
  );
});
