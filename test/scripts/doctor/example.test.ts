import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { environmentName, lookAtConfig, readConfig, SETTINGS } from '../../../device/config.ts';
import { exampleSettings } from '../../../scripts/doctor/example.ts';
import { runDoctor } from '../../support/doctor.ts';
import { temporaryFolder } from '../../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const KEPT = 'docs/examples/settings.jsonc';

describe('the example of a file of settings', () => {
  it('is the one that is kept, and what the command prints', async () => {
    const again = `Make it anew: npm run -s doctor -- --example > ${KEPT}`;
    assert.equal(readFileSync(join(PROJECT, KEPT), 'utf8'), exampleSettings(), again);
    const { status, stdout } = await runDoctor({}, ['--example']);
    assert.deepEqual([status, stdout], [0, exampleSettings()]);
  });

  it('changes nothing as it stands', async t => {
    const path = join(await temporaryFolder(t), 'settings.jsonc');
    await writeFile(path, exampleSettings());
    assert.deepEqual(readConfig({ LOOKDIAL_CONFIG: path }), readConfig({}));
  });

  it('has every setting with its variable, and each is taken as it is written there', async t => {
    const path = join(await temporaryFolder(t), 'settings.jsonc');
    await writeFile(path, exampleSettings().replace(/^ {2}\/\/ (".*)$/gm, '  $1'));
    const { config, sources, faults } = lookAtConfig({ LOOKDIAL_CONFIG: path });
    assert.deepEqual(faults, []);
    for (const name of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]) {
      assert.equal(sources[name].from, 'file', name);
      assert.ok(exampleSettings().includes(`${environmentName(name)}.`), name);
    }
    // Folders are as they are seen from the project's.
    if (process.cwd() === PROJECT) assert.deepEqual(config, readConfig({}));
  });
});
