import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Access } from '../../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { CHECKS } from '../../../scripts/doctor/checks.ts';
import { keyHeaders } from '../../support/access.ts';
import { askDoctor, runDoctor, servedStore, settingsOf } from '../../support/doctor.ts';
import { MainProcess } from '../../support/main-process.ts';
import { temporaryFolder } from '../../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** Every file of a folder, by its content, its mode and when it was written. */
const filesOf = (folder: string): string[] =>
  globSync('**', { cwd: folder })
    .sort()
    .map(name => {
      const found = statSync(join(folder, name));
      const content = found.isFile()
        ? createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex')
        : '';
      return `${name} ${found.mode.toString(8)} ${found.isFile() ? found.mtimeMs : ''} ${content}`;
    });

/** What does not hang on the machine that the tests run on. */
const OWN = ['settings', 'permissions', 'databases', 'bundle', 'index', 'pictures', 'nets', 'search', 'ports'];

describe('a box that is well', () => {
  it('is told to be so, with exit status 0, and nothing of it is changed', async t => {
    const store = await servedStore(t);
    const before = filesOf(store.data);
    const { status, of } = await askDoctor(settingsOf(store), OWN);
    for (const name of OWN) assert.equal(of(name).verdict, 'ok', `${name}: ${of(name).found} ${of(name).next}`);
    assert.equal(status, 0);
    assert.match(
      of('nets').found,
      /^Both nets of own@1\.2\.3 run on cpu, and are golden; a picture is drawn in .* ms \(p50\), .* ms \(p99 of \d+\) and read in/,
    );
    assert.match(
      of('nets').shown?.join('\n') ?? '',
      /encoder: \d+ nodes on CPUExecutionProvider\ndecoder: \d+ nodes on CPUExecutionProvider$/,
    );
    assert.match(of('search').found, /^The 24 nearest of 6 garments are found in .* ms \(p50\)/);
    assert.match(
      of('pictures').found,
      /^All 6 pictures of 6 garments are there; 0 garments have none, and 0 could not be encoded\.$/,
    );
    assert.deepEqual(filesOf(store.data), before);
  });

  it('is told to a person in a line each, with every setting and where it comes from', async t => {
    const store = await servedStore(t);
    const file = join(await temporaryFolder(t), 'settings.jsonc');
    await writeFile(file, '{\n  "threads": 2, // both\n}');
    const { status, stdout } = await runDoctor({ ...settingsOf(store), LOOKDIAL_CONFIG: file }, ['settings', 'index']);
    assert.equal(status, 0, stdout);
    assert.match(
      stdout,
      /^ {2}ok {6}settings {2}All \d+ settings can be used; 4 are not left to the default, and the file is /,
    );
    assert.match(stdout, /\n {2}ok {6}index {5}The index of 6 garments is whole/);
    assert.match(stdout, new RegExp(`\n {2}threads +2 +${file}:2:14\n`));
    assert.match(stdout, /\n {2}data +"\/.*" +LOOKDIAL_DATA\n/);
    assert.match(stdout, /\n {2}port +8080 +default\n/);
    assert.match(stdout, /\nAll is well\.\n$/);
  });

  it('may be looked at while the daemon serves: it goes on reading and writing, and is found to answer', async t => {
    const store = await servedStore(t);
    const access = Access.open(join(store.data, ACCESS_DATABASE));
    const headers = { ...keyHeaders(access, 'inventory'), 'content-type': 'application/json' };
    access.close();
    const daemon = new MainProcess(t, settingsOf(store));
    const address = await daemon.address;
    const environment = { ...settingsOf(store), LOOKDIAL_PORT: new URL(address).port };
    const sell = async (quantity: number): Promise<number> => {
      const body = JSON.stringify({ changes: [{ sku: 'g001', size: 'M', quantity }] });
      return (await fetch(`${address}/api/v1/stock:batch`, { method: 'POST', body, headers })).status;
    };
    assert.equal(await sell(1), 200);
    // The log of the catalogue has what was just sold.
    let looking = true;
    const examined = askDoctor(environment, OWN).finally(() => {
      looking = false;
    });
    for (let sold = 0; looking; sold += 1) assert.equal(await sell(sold % 50), 200);
    const { status, of } = await examined;
    assert.equal(status, 0, JSON.stringify(OWN.map(of)));
    assert.match(of('ports').found, /^The daemon answers at http:\/\/127\.0\.0\.1:\d+ for \d+ s\.$/);
    assert.equal(await sell(2), 200);
    daemon.child.kill('SIGTERM');
    assert.equal((await daemon.ended).code, 0);
    assert.equal((await askDoctor(environment, ['databases', 'ports'])).status, 0);
  });
});

describe('the doctor', () => {
  it('makes every check that it names, each with one sentence and one next step', async t => {
    const { data } = await servedStore(t);
    const { checks } = await askDoctor({ ...settingsOf({ data, bundle: '/nowhere' }), LOOKDIAL_PORT: '0' });
    assert.deepEqual(
      checks.map(({ name }) => name),
      CHECKS.map(({ name }) => name),
    );
    for (const { name, found, next } of checks) {
      assert.match(found, /^\S.*\.$/, name);
      assert.doesNotMatch(found + next, /\n|undefined|NaN|\[object/, name);
      assert.ok(next.length > 5, name);
    }
    for (const { name, load } of CHECKS) assert.equal((await load()).name, name);
  });

  it('says what to install where packages are missing', async t => {
    const folder = await temporaryFolder(t);
    for (const part of ['device', 'scripts', 'package.json'])
      await cp(join(PROJECT, part), join(folder, part), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', 'doctor.js')], {
      encoding: 'utf8',
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^A package is missing: .*\nRun this first, which installs what the project needs: npm ci\n$/);
  });

  it('says what it takes for options that are none, with a status of their own', async () => {
    for (const args of [['--loud'], ['teeth']]) {
      const { status, stderr } = await runDoctor({}, args);
      assert.equal(status, 64);
      assert.match(stderr, /npm run doctor -- \[CHECK/);
    }
    const { status, stdout } = await runDoctor({}, ['--help']);
    assert.equal(status, 0);
    for (const { name } of CHECKS) assert.ok(stdout.includes(name), name);
  });
});
