import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bundleFor, environmentName, readConfig, SETTINGS } from '../device/config.ts';
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
    assert.match(
      await from('{"threads": 65}'),
      /settings\.json: threads is 65, and must be a whole number from 1 to 64/,
    );
    assert.match(await from('{"prot": 1}'), /there is no setting prot; the settings are port, host/);
    assert.match(await from('{'), /is not JSON/);
    assert.match(await from('[1]'), /must hold one JSON object/);
    assert.match(refusal({ LOOKDIAL_CONFIG: `${path}.none` }), /cannot be read: ENOENT/);
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
    .map(line => line.split('|').map(cell => cell.trim()));

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
