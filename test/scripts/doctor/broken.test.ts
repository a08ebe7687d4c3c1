import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { withSmallDisk } from '../../crash/support/small-disk.ts';
import { afterwards } from '../../support/afterwards.ts';
import { damagePage } from '../../support/damage.ts';
import { askDoctor, servedStore, settingsOf } from '../../support/doctor.ts';
import { temporaryFolder } from '../../support/store.ts';

describe('a box that is broken', () => {
  it('for want of its bundle is told which file is missing, and what cannot be judged without', async t => {
    const { data } = await servedStore(t);
    const { status, of } = await askDoctor(settingsOf({ data, bundle: '/nowhere' }), [
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
    const { status, of } = await askDoctor(settingsOf(store), ['bundle']);
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
      const { status, of } = await askDoctor(settingsOf(store), ['databases']);
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
    const without = await askDoctor(settingsOf({ data, bundle }), ['databases', 'pictures']);
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
      (await askDoctor(settingsOf({ data, bundle }), ['databases'])).of('databases').found,
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
    const { status, of } = await askDoctor({ ...settingsOf(store), LOOKDIAL_PORT: String(port) }, ['ports']);
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
      askDoctor(
        settingsOf({ data: folder, bundle: store.bundle }),
        ['disk', 'databases', 'index', 'pictures'],
        command => withSmallDisk({ folder, from: store.data, kilobytes: 1_024, then }, command),
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
    } = await askDoctor({ ...settingsOf(store), LOOKDIAL_CONFIG: file }, ['settings', 'bundle']);
    assert.deepEqual([status, of('settings').verdict, of('bundle').verdict], [2, 'broken', 'ok']);
    assert.equal(of('settings').found, '2 settings are wrong, and the daemon does not start.');
    assert.match(of('settings').detail?.[0] ?? '', /:2:3: there is no setting "prot"; the nearest is port\./);
    assert.match(of('settings').detail?.[1] ?? '', /:3:14: threads is "many", and must be a whole number/);
    const threads = shown.find(({ name }) => name === 'threads');
    assert.deepEqual([threads?.value, threads?.where], [1, `${file}:3:14, where it is faulty: this is the default`]);
    const unknown = await askDoctor({ ...settingsOf(store), LOOKDIAL_PROT: '1' }, ['settings']);
    assert.deepEqual([unknown.status, unknown.of('settings').verdict], [1, 'look']);
    assert.match(unknown.of('settings').next, /LOOKDIAL_PROT: the nearest variable is LOOKDIAL_PORT\./);
  });

  it('by a damaged index, or pictures that are gone, is told to index again', async t => {
    const store = await servedStore(t);
    const [picture = ''] = globSync('pictures/*/*', { cwd: store.data });
    await rm(join(store.data, picture));
    const lacking = await askDoctor(settingsOf(store), ['pictures']);
    assert.deepEqual([lacking.status, lacking.of('pictures').verdict], [1, 'look']);
    assert.match(lacking.of('pictures').found, /^1 picture is missing of 6: that of g00\d; 0 garments have none/);
    const path = join(store.data, 'encodings.index');
    const bytes = readFileSync(path);
    bytes[200] = (bytes[200] ?? 0) ^ 4;
    await writeFile(path, bytes);
    const damaged = await askDoctor(settingsOf(store), ['index', 'search']);
    assert.deepEqual(
      [damaged.status, damaged.of('index').verdict, damaged.of('search').verdict],
      [2, 'broken', 'not here'],
    );
    assert.match(damaged.of('index').found, /cannot be used with own@1\.2\.3: .*SHA-256/);
    await rm(path);
    assert.match((await askDoctor(settingsOf(store), ['index'])).of('index').found, /^There is no index at /);
  });

  it('by keys that others may read is told which file', async t => {
    const store = await servedStore(t);
    const path = join(store.data, ACCESS_DATABASE);
    await chmod(path, 0o644);
    const { status, of } = await askDoctor(settingsOf(store), ['permissions']);
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
    const { status, of } = await askDoctor(settingsOf(store), ['clock']);
    assert.deepEqual([status, of('clock').verdict], [2, 'broken']);
    assert.ok(of('clock').found.includes(`the file ${path} is of ${later.toISOString()}`), of('clock').found);
  });

  it('without the libraries of TensorRT and CUDA is told what the real runtime says of each, and where to look', async t => {
    const asked = { ...settingsOf(await servedStore(t)), LOOKDIAL_PROVIDERS: 'tensorrt,cuda' };
    const { status, of } = await askDoctor({ ...asked, LOOKDIAL_ENGINES: 'off' }, ['nets']);
    const { verdict, found, next = '', shown = [] } = of('nets');
    assert.deepEqual([status, verdict], [1, 'look']);
    // Where a provider is compiled in, the loader names what it lacks; on 64-bit Arm it is not.
    const why =
      '(OrtSessionOptionsAppendExecutionProvider_\\w+: .*lib\\w+\\.so: cannot open shared object file|.* has no \\w+; it has cpu)';
    assert.match(found, new RegExp(`run on cpu, and are golden; .* tensorrt is not used: ${why}`));
    for (const provider of ['tensorrt', 'cuda']) {
      const lines = shown.filter(line => new RegExp(`^${provider}: not used: ${why}`).test(line));
      assert.equal(lines.length, 1, shown.join('\n'));
    }
    assert.match(next, /docs\/providers\.md/);
    const page = await readFile(join(import.meta.dirname, '../../../docs/providers.md'), 'utf8');
    assert.ok(
      page.includes('cannot open shared object file') && page.includes('this build of the ONNX Runtime binding has no'),
    );
  });

  it('by a runtime that crashes, or is none, is told the reason of each provider', async t => {
    const store = await servedStore(t);
    const none = await askDoctor(
      { ...settingsOf(store), LOOKDIAL_ORT_MODULE: 'no-such-runtime', LOOKDIAL_PROVIDERS: 'cuda' },
      ['nets'],
    );
    assert.deepEqual([none.status, none.of('nets').verdict], [2, 'broken']);
    assert.match(
      none.of('nets').found,
      /^No net of own@1\.2\.3 runs: the ONNX Runtime binding "no-such-runtime" cannot be loaded/,
    );
    assert.equal(none.of('nets').shown?.filter(line => /^(cuda|cpu): not used: /.test(line)).length, 2);
    const crashing = join(import.meta.dirname, '../../inference/runtimes/crashing.ts');
    const crashed = await askDoctor(
      { ...settingsOf(store), LOOKDIAL_ORT_MODULE: crashing, LOOKDIAL_PROVIDERS: 'cuda' },
      ['nets'],
    );
    assert.match(crashed.of('nets').shown?.join('\n') ?? '', /cuda: not used: the process was ended by SIG/);
  });
});
