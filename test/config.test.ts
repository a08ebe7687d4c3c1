import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bundleFor, environmentName, lookAtConfig, readConfig, SETTINGS } from '../device/config.ts';
import { LookdialError } from '../device/errors.ts';
import { temporaryFolder } from './support/store.ts';

const PROJECT = resolve(import.meta.dirname, '..');

/** The sentence of the refusal. */
const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof LookdialError && error.code === 'config-invalid', String(error));
    return error.message;
  }
  return assert.fail(`${JSON.stringify(environment)} was taken`);
};

describe('the settings', () => {
  it('have defaults that work on any machine', () => {
    const config = readConfig({});
    for (const [name, setting] of Object.entries(SETTINGS)) assert.deepEqual(config[name as never], setting.default);
    assert.deepEqual([config.host, config.port, config.store], ['127.0.0.1', 8080, 'atelier']);
    assert.equal(config.data, join(PROJECT, '.lookdial'));
    assert.equal(config.bundle, join(PROJECT, 'models', 'atelier'));
  });

  it('are named in the environment as the docs spell them', () => {
    assert.equal(environmentName('port'), 'LOOKDIAL_PORT');
    assert.equal(environmentName('maxPicturePixels'), 'LOOKDIAL_MAX_PICTURE_PIXELS');
  });

  it('are read from the environment; an empty variable is none', () => {
    const config = readConfig({
      LOOKDIAL_PORT: '0',
      LOOKDIAL_HOST: '0.0.0.0',
      LOOKDIAL_DATA: 'state',
      LOOKDIAL_PROVIDERS: ' cuda , webgpu,',
      LOOKDIAL_HOSTS: '',
      PATH: '/bin',
    });
    assert.deepEqual([config.port, config.host, config.data], [0, '0.0.0.0', resolve('state')]);
    assert.deepEqual(config.providers, ['cuda', 'webgpu']);
    assert.deepEqual(config.hosts, SETTINGS.hosts.default);
  });

  it('take the model that goes with the store, unless one is named', async t => {
    const path = join(await temporaryFolder(t), 'settings.json');
    await writeFile(path, JSON.stringify({ bundle: 'models/mine' }));
    for (const store of ['atelier', 'clothing', '/shops/main-street']) {
      const environment = { LOOKDIAL_STORE: store };
      assert.equal(readConfig(environment).bundle, bundleFor(store));
      assert.equal(readConfig({ ...environment, LOOKDIAL_BUNDLE: 'mine' }).bundle, resolve('mine'));
      assert.equal(readConfig({ ...environment, LOOKDIAL_CONFIG: path }).bundle, resolve('models/mine'));
    }
    assert.equal(bundleFor('atelier'), join(PROJECT, 'models', 'atelier'));
    assert.equal(bundleFor('clothing'), join(PROJECT, 'models', 'clothing'));
    assert.equal(bundleFor('/shops/main-street'), join(PROJECT, 'models', 'clothing'));
  });

  it('are read from a file where the environment does not say', async t => {
    const path = join(await temporaryFolder(t), 'settings.json');
    await writeFile(path, JSON.stringify({ port: 9000, providers: ['cuda'], logLevel: 'warn' }));
    const config = readConfig({ LOOKDIAL_CONFIG: path, LOOKDIAL_LOG_LEVEL: 'error' });
    assert.deepEqual([config.port, config.providers, config.logLevel], [9000, ['cuda'], 'error']);
    // As files were written before there were comments: numbers as texts, lists as one text.
    await writeFile(path, JSON.stringify({ port: '9000', providers: 'cuda, cpu', chainStore: 12 }));
    const old = readConfig({ LOOKDIAL_CONFIG: path });
    assert.deepEqual([old.port, old.providers, old.chainStore], [9000, ['cuda', 'cpu'], '12']);
  });

  it('are refused naming where the value stands, the value and its bounds', async t => {
    assert.equal(
      refusal({ LOOKDIAL_PORT: '99999' }),
      'LOOKDIAL_PORT: port is "99999", and must be a whole number from 0 to 65535 ' +
        '(TCP port the daemon listens on; 0 takes any free one).',
    );
    for (const port of ['-1', '1.5', 'eighty', ' ', '0x', 'NaN']) refusal({ LOOKDIAL_PORT: port });
    assert.match(refusal({ LOOKDIAL_THREADS: '0' }), /from 1 to 64/);
    assert.match(refusal({ LOOKDIAL_LOG_LEVEL: 'loud' }), /must be one of trace, debug, info, warn, error, silent/);
    assert.match(refusal({ LOOKDIAL_DATA: ' ' }), /must be a folder/);
    assert.match(refusal({ LOOKDIAL_HOST: ' ' }), /must not be empty/);
    const path = join(await temporaryFolder(t), 'settings.json');
    const from = async (text: string): Promise<string> => {
      await writeFile(path, text);
      return refusal({ LOOKDIAL_CONFIG: path });
    };
    assert.equal(
      await from('{"threads": 65}'),
      `${path}:1:13: threads is 65, and must be a whole number from 1 to 64 (threads of one inference; leave a core to the browser).`,
    );
    assert.equal(
      await from('{"prot": 1}'),
      `${path}:1:2: there is no setting "prot"; the nearest is port. docs/settings.md has them all.`,
    );
    assert.match(refusal({ LOOKDIAL_CONFIG: `${path}.none` }), /^LOOKDIAL_CONFIG: .* cannot be read: ENOENT/);
    await writeFile(path, Uint8Array.of(0xff, 0xfe, 0x7b, 0));
    assert.match(refusal({ LOOKDIAL_CONFIG: path }), /is not UTF-8: save it as such\.$/);
  });

  it('are refused with everything that is wrong, wherever it stands', async t => {
    const path = join(await temporaryFolder(t), 'settings.jsonc');
    const written = [
      '// The kiosk at the door.',
      '{',
      '  "port": "eighty", /* not a number */',
      '  "logLevl": "info",',
      '  "providers": ["cuda",',
      '    "abacus", "cpu"],',
      '  "host": {"name": "kiosk"}, "tls": true,',
      '  "updates": "https://shop:hunter2@models.example/",',
      '  "threads": 2 "threads": 3,',
      '  "chainConnection": "chain.json",',
      '}',
    ];
    await writeFile(path, written.join('\n'));
    assert.deepEqual(refusal({ LOOKDIAL_CONFIG: path, LOOKDIAL_TLS_PORT: 'x' }).split('\n'), [
      '10 settings are wrong:',
      `${path}:9:16: a comma is missing before this.`,
      `${path}:9:16: threads is here again, and is on line 9 already: take one of them away.`,
      `${path}:4:3: there is no setting "logLevl"; the nearest is logLevel. docs/settings.md has them all.`,
      `${path}:3:11: port is "eighty", and must be a whole number from 0 to 65535 (${SETTINGS.port.about}).`,
      `${path}:7:11: host is nothing that can stand here, and must not be empty (${SETTINGS.host.about}).`,
      `${path}:6:5: providers holds "abacus", and must hold some of tensorrt, cuda, webgpu, cpu (${SETTINGS.providers.about}).`,
      `${path}:7:37: tls is true, and must be one of off, self-signed, files (${SETTINGS.tls.about}).`,
      `LOOKDIAL_TLS_PORT: tlsPort is "x", and must be a whole number from 0 to 65535 (${SETTINGS.tlsPort.about}).`,
      `${path}:8:14: updates is "https://…@models.example/", and must ${SETTINGS.updates.must} (${SETTINGS.updates.about}).`,
      `${path}:10:22: chainConnection is set, and chainStore is not: it is this store’s name in the chain’s catalogue.`,
    ]);
  });

  it('are judged one with another', () => {
    assert.match(
      refusal({ LOOKDIAL_UPDATES: '/media/stick' }),
      /^LOOKDIAL_UPDATES: updates is set, and updatesRoot is not: it is the file of the repository’s first root\.json/,
    );
    for (const updates of ['nowhere', 'ftp://a/b', 'https://a/b?c', 'https://u:p@a/']) {
      assert.match(refusal({ LOOKDIAL_UPDATES: updates, LOOKDIAL_UPDATES_ROOT: 'root.json' }), /must be an https:/);
    }
    for (const updates of ['https://a/b', 'file:///media/stick', '/media/stick']) {
      assert.equal(readConfig({ LOOKDIAL_UPDATES: updates, LOOKDIAL_UPDATES_ROOT: 'root.json' }).updates, updates);
    }
  });

  it('say where each comes from, for whoever looks', async t => {
    const path = join(await temporaryFolder(t), 'settings.jsonc');
    await writeFile(path, '{\n  "port": 9000,\n  "threads": 999,\n}');
    const { config, sources, faults } = lookAtConfig({ LOOKDIAL_CONFIG: path, LOOKDIAL_HOST: '::1' });
    assert.deepEqual(sources.port, { from: 'file', where: `${path}:2:11` });
    assert.deepEqual(sources.host, { from: 'environment', where: 'LOOKDIAL_HOST' });
    assert.deepEqual(sources.tls, { from: 'default', where: undefined });
    assert.deepEqual([config.port, config.host, config.threads], [9000, '::1', SETTINGS.threads.default]);
    assert.deepEqual(
      faults.map(({ name }) => name),
      ['threads'],
    );
  });

  it('are whole numbers within their bounds or refused, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), written => {
        fc.pre(written !== '');
        try {
          const { port } = readConfig({ LOOKDIAL_PORT: written });
          assert.ok(Number.isInteger(port) && port >= 0 && port <= 65535);
        } catch (error) {
          assert.ok(error instanceof LookdialError);
        }
      }),
    );
  });
});

describe('docs/settings.md', () => {
  const page = readFileSync(join(PROJECT, 'docs', 'settings.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim()))
    // The kiosk's own, further down, are read by a shell and have no other name (test/scripts/device).
    .filter(([, name = '']) => !name.startsWith('`LOOKDIAL_KIOSK_'));

  it('lists every setting and no other, with its variable and its default', () => {
    const spelt = (value: unknown): string => [value].flat().join(',').replaceAll(`${PROJECT}/`, '');
    const expected = Object.entries(SETTINGS).map(([name, setting]) => [
      `\`${name}\``,
      `\`${environmentName(name)}\``,
      `\`${spelt(setting.default)}\``,
    ]);
    assert.deepEqual(
      rows.map(cells => cells.slice(1, 4)),
      expected,
    );
  });

  it('says of each what config.ts says', () => {
    const settings = Object.values(SETTINGS);
    for (const [place, cells] of rows.entries()) assert.equal(cells[4], settings[place]?.about, cells[1]);
  });
});
