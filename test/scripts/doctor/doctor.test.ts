import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Access } from '../../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { CHECKS } from '../../../scripts/doctor/checks.ts';
import { withSmallDisk } from '../../crash/support/small-disk.ts';
import { keyHeaders } from '../../support/access.ts';
import { afterwards } from '../../support/afterwards.ts';
import { damagePage } from '../../support/damage.ts';
import { askDoctor, runDoctor } from '../../support/doctor.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { MainProcess } from '../../support/main-process.ts';
import { temporaryFolder } from '../../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

const settings = ({ data, bundle }: { data: string; bundle: string }) => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: bundle,
});

/** A store that has been served: with its file of keys. */
async function servedStore(t: TestContext) {
  const store = await indexedStore(t);
  Access.open(join(store.data, ACCESS_DATABASE)).close();
  return store;
}

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
    const { status, of } = await askDoctor(settings(store), OWN);
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
    const { status, stdout } = await runDoctor({ ...settings(store), LOOKDIAL_CONFIG: file }, ['settings', 'index']);
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
    const daemon = new MainProcess(t, settings(store));
    const address = await daemon.address;
    const environment = { ...settings(store), LOOKDIAL_PORT: new URL(address).port };
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

describe('a box that is broken', () => {
  it('for want of its bundle is told which file is missing, and what cannot be judged without', async t => {
    const { data } = await servedStore(t);
    const { status, of } = await askDoctor(settings({ data, bundle: '/nowhere' }), [
      'bundle',
      'index',
      'nets',
      'search',
      'databases',
    ]);
    assert.equal(status, 2);
    const { verdict, found, next } = of('bundle');
    assert.deepEqual(
      [verdict, found, next],
      [
        'broken',
        '/nowhere/manifest.json: the file is missing.',
        'Copy the bundle again, or name the folder of another one in the setting bundle: models/BUNDLE.md says what is in it.',
      ],
    );
    assert.deepEqual(
      ['index', 'nets', 'search', 'databases'].map(name => of(name).verdict),
      ['look', 'not here', 'not here', 'ok'],
    );
  });

  it('by a file of its bundle that is not what the manifest lists is told which', async t => {
    const store = await servedStore(t);
    await writeFile(join(store.bundle, 'decoder.onnx'), 'nothing of the kind');
    const { status, of } = await askDoctor(settings(store), ['bundle']);
    assert.deepEqual([status, of('bundle').verdict], [2, 'broken']);
    assert.match(of('bundle').found, /decoder\.onnx.*expected/);
  });

  for (const [file, table] of [
    ['catalogue.sqlite', 'garment'],
    ['catalogue.sqlite', 'metadata'],
    ['access.sqlite', 'audit'],
  ] as const) {
    it(`by a damaged page of ${file} (${table}) is told which file, and how to go on`, async t => {
      const store = await servedStore(t);
      damagePage(join(store.data, file), table);
      const { status, of } = await askDoctor(settings(store), ['databases']);
      assert.deepEqual([status, of('databases').verdict], [2, 'broken']);
      assert.match(of('databases').found, new RegExp(`^The .* ${store.data}/${file} is damaged: .*\\.$`));
      assert.match(
        of('databases').next,
        /^Stop the daemon, (and )?move the file away with those beside it \(-wal, -shm\)/,
      );
    });
  }

  it('for want of a catalogue, or with an empty one, is told how to make one', async t => {
    const data = await temporaryFolder(t);
    const bundle = '/nowhere';
    const without = await askDoctor(settings({ data, bundle }), ['databases', 'pictures']);
    assert.deepEqual(
      [without.status, without.of('databases').verdict, without.of('pictures').verdict],
      [2, 'broken', 'not here'],
    );
    assert.equal(
      without.of('databases').next,
      'Make one: npm run index -- --store FOLDER, or npm start for the demonstration.',
    );
    await writeFile(join(data, 'catalogue.sqlite'), '');
    assert.match(
      (await askDoctor(settings({ data, bundle }), ['databases'])).of('databases').found,
      /catalogue\.sqlite is damaged: it is empty\.$/,
    );
    assert.deepEqual(await readdir(data), ['catalogue.sqlite']);
  });

  it('by a port that another program has is told which setting to change', async t => {
    const store = await servedStore(t);
    const other = createServer(socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    afterwards(t, () => other.close());
    const { port } = other.address() as { port: number };
    const { status, of } = await askDoctor({ ...settings(store), LOOKDIAL_PORT: String(port) }, ['ports']);
    assert.equal(status, 2);
    assert.deepEqual(
      [of('ports').verdict, of('ports').found, of('ports').next],
      [
        'broken',
        `Another program has 127.0.0.1, port ${port}, and the daemon cannot listen there.`,
        `See which (ss -ltnp 'sport = :${port}') and stop it, or set LOOKDIAL_PORT.`,
      ],
    );
  });

  it('by a disk that can only be read, or is full, is told so; what is on it is still judged', async t => {
    const store = await servedStore(t);
    const folder = join(await temporaryFolder(t), 'disk');
    await mkdir(folder);
    const on = (then: 'read-only' | 'full') =>
      askDoctor(settings({ data: folder, bundle: store.bundle }), ['disk', 'databases', 'index', 'pictures'], command =>
        withSmallDisk({ folder, from: store.data, kilobytes: 1_024, then }, command),
      );
    const readOnly = await on('read-only');
    assert.deepEqual(
      [readOnly.status, readOnly.of('disk').verdict, readOnly.of('disk').found],
      [
        2,
        'broken',
        `The disk of ${folder} can only be read: it was mounted so, or the system went over to that after an error.`,
      ],
    );
    assert.match(readOnly.of('disk').next, /^Look for errors of the disk \(dmesg/);
    const full = await on('full');
    assert.deepEqual(
      [full.status, full.of('disk').verdict, full.of('disk').found, full.of('disk').next],
      [
        2,
        'broken',
        `The disk of ${folder} is full: nothing can be written, and nothing is sold, taken in or updated.`,
        'Free some space (du -xh / | sort -h | tail), then look again.',
      ],
    );
    for (const { of } of [readOnly, full]) {
      for (const name of ['databases', 'index', 'pictures']) assert.equal(of(name).verdict, 'ok', of(name).found);
    }
  });

  it('by its settings is told each fault by its place; the rest is looked at all the same', async t => {
    const store = await servedStore(t);
    const file = join(await temporaryFolder(t), 'settings.jsonc');
    await writeFile(file, '{\n  "prot": 1,\n  "threads": "many",\n}');
    const {
      status,
      of,
      settings: shown,
    } = await askDoctor({ ...settings(store), LOOKDIAL_CONFIG: file }, ['settings', 'bundle']);
    assert.deepEqual([status, of('settings').verdict, of('bundle').verdict], [2, 'broken', 'ok']);
    assert.equal(of('settings').found, '2 settings are wrong, and the daemon does not start.');
    assert.match(of('settings').detail?.[0] ?? '', /:2:3: there is no setting "prot"; the nearest is port\./);
    assert.match(of('settings').detail?.[1] ?? '', /:3:14: threads is "many", and must be a whole number/);
    const threads = shown.find(({ name }) => name === 'threads');
    assert.deepEqual([threads?.value, threads?.where], [1, `${file}:3:14, where it is faulty: this is the default`]);
    const unknown = await askDoctor({ ...settings(store), LOOKDIAL_PROT: '1' }, ['settings']);
    assert.deepEqual([unknown.status, unknown.of('settings').verdict], [1, 'look']);
    assert.match(unknown.of('settings').next, /LOOKDIAL_PROT: the nearest variable is LOOKDIAL_PORT\./);
  });

  it('by a damaged index, or pictures that are gone, is told to index again', async t => {
    const store = await servedStore(t);
    const [picture = ''] = globSync('pictures/*/*', { cwd: store.data });
    await rm(join(store.data, picture));
    const lacking = await askDoctor(settings(store), ['pictures']);
    assert.deepEqual([lacking.status, lacking.of('pictures').verdict], [1, 'look']);
    assert.match(lacking.of('pictures').found, /^1 picture is missing of 6: that of g00\d; 0 garments have none/);
    const path = join(store.data, 'encodings.index');
    const bytes = readFileSync(path);
    bytes[200] = (bytes[200] ?? 0) ^ 4;
    await writeFile(path, bytes);
    const damaged = await askDoctor(settings(store), ['index', 'search']);
    assert.deepEqual(
      [damaged.status, damaged.of('index').verdict, damaged.of('search').verdict],
      [2, 'broken', 'not here'],
    );
    assert.match(damaged.of('index').found, /cannot be used with own@1\.2\.3: .*SHA-256/);
    await rm(path);
    assert.match((await askDoctor(settings(store), ['index'])).of('index').found, /^There is no index at /);
  });

  it('by keys that others may read is told which file', async t => {
    const store = await servedStore(t);
    const path = join(store.data, ACCESS_DATABASE);
    await chmod(path, 0o644);
    const { status, of } = await askDoctor(settings(store), ['permissions']);
    assert.deepEqual(
      [status, of('permissions').verdict, of('permissions').found, of('permissions').next],
      [
        1,
        'look',
        `The file of keys ${path} can be read or written by others than its owner (mode 0644).`,
        `chmod 600 ${path}`,
      ],
    );
  });

  it('by its clock is told what is of later', async t => {
    const store = await servedStore(t);
    const path = join(store.data, 'encodings.index');
    const later = new Date(Date.now() + 3 * 24 * 3_600_000);
    await utimes(path, later, later);
    const { status, of } = await askDoctor(settings(store), ['clock']);
    assert.deepEqual([status, of('clock').verdict], [2, 'broken']);
    assert.ok(of('clock').found.includes(`the file ${path} is of ${later.toISOString()}`), of('clock').found);
  });

  it('by a runtime that crashes, or is none, is told the reason of each provider', async t => {
    const store = await servedStore(t);
    const none = await askDoctor(
      { ...settings(store), LOOKDIAL_ORT_MODULE: 'no-such-runtime', LOOKDIAL_PROVIDERS: 'cuda' },
      ['nets'],
    );
    assert.deepEqual([none.status, none.of('nets').verdict], [2, 'broken']);
    assert.match(
      none.of('nets').found,
      /^No net of own@1\.2\.3 runs: the ONNX Runtime binding "no-such-runtime" cannot be loaded/,
    );
    assert.equal(none.of('nets').shown?.filter(line => /^(cuda|cpu): not used: /.test(line)).length, 2);
    const crashing = join(import.meta.dirname, '../../inference/runtimes/crashing.ts');
    const crashed = await askDoctor({ ...settings(store), LOOKDIAL_ORT_MODULE: crashing, LOOKDIAL_PROVIDERS: 'cuda' }, [
      'nets',
    ]);
    assert.match(crashed.of('nets').shown?.join('\n') ?? '', /cuda: not used: the process was ended by SIG/);
  });
});

describe('the doctor', () => {
  it('makes every check that it names, each with one sentence and one next step', async t => {
    const { data } = await servedStore(t);
    const { checks } = await askDoctor({ ...settings({ data, bundle: '/nowhere' }), LOOKDIAL_PORT: '0' });
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
