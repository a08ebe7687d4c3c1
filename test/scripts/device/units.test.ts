import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { readConfig, SETTINGS } from '../../../device/config.ts';
import { NOT_READY_FILE } from '../../../device/health/not-ready.ts';
import { debianTool, runTool } from '../../support/debian-tool.ts';

const DEVICE = resolve(import.meta.dirname, '../../../scripts/device');
const PROJECT = resolve(DEVICE, '../..');
const FILES = join(DEVICE, 'files');

/** Of 10, as systemd counts it; docs/operating.md gives them. */
const MOST_EXPOSED = { 'lookdial.service': 1.8, 'lookdial-kiosk.service': 2.0 } as const;

const unit = (name: string): string => readFileSync(join(FILES, name), 'utf8');
const valuesOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

describe('the units of a box', () => {
  for (const [name, most] of Object.entries(MOST_EXPOSED)) {
    it(`${name} is as little exposed as docs/operating.md says`, () => {
      const analyze = debianTool('systemd-analyze', 'systemd');
      const words = ['--offline=yes', `--threshold=${most * 10}`, join(FILES, name)];
      const { status, said } = runTool(analyze, 'security', ...words);
      assert.equal(status, 0, said);
      assert.match(said, /Overall exposure level for \S+: \d/);
      assert.match(readFileSync(join(PROJECT, 'docs/operating.md'), 'utf8'), new RegExp(`\\b${most.toFixed(1)}\\b`));
    });
  }

  it('name programs of the project that are there and can be run', () => {
    const named = Object.keys(MOST_EXPOSED)
      .flatMap(name => valuesOf(unit(name), 'Exec\\w+'))
      .flatMap(command => command.match(/\/opt\/lookdial\/current\/scripts\/\S+/g) ?? []);
    assert.ok(named.length >= 2);
    for (const path of named) {
      const own = join(PROJECT, path.slice('/opt/lookdial/current'.length));
      assert.ok(existsSync(own) && (statSync(own).mode & 0o111) !== 0, own);
    }
  });

  it('let a new model load behind the others and come back', () => {
    // With its sign it is a nice value; without, 0 would be a limit that nothing comes back from.
    assert.deepEqual(valuesOf(unit('lookdial.service'), 'LimitNICE'), ['+0']);
  });

  it('start the daemon again for ever, and leave why it did not start where the screen reads it', () => {
    const text = unit('lookdial.service');
    assert.deepEqual(valuesOf(text, 'StartLimitIntervalSec'), ['0']);
    assert.deepEqual(valuesOf(text, 'Restart'), ['always']);
    assert.deepEqual(valuesOf(text, 'RuntimeDirectory'), ['lookdial']);
    assert.deepEqual(valuesOf(text, 'RuntimeDirectoryMode'), ['0755']);
    assert.deepEqual(valuesOf(text, 'RuntimeDirectoryPreserve'), ['restart']);
    const path = `/run/lookdial/${NOT_READY_FILE}`;
    assert.ok(readFileSync(join(DEVICE, 'ask.sh'), 'utf8').includes(path));
    // A start may take minutes: the screen does not wait for its end.
    assert.doesNotMatch(valuesOf(unit('lookdial-kiosk.service'), 'After').join(' '), /lookdial\.service/);
  });

  it('allow the graphics processors, and no other device', () => {
    const text = unit('lookdial.service');
    assert.deepEqual(valuesOf(text, 'DevicePolicy'), ['closed']);
    const allowed = valuesOf(text, 'DeviceAllow').map(value => value.replace(/ rw$/, ''));
    for (const name of [
      'char-nvidia*',
      '/dev/nvidiactl',
      'char-nvhost*',
      '/dev/nvhost-ctrl',
      '/dev/nvmap',
      'char-drm',
    ]) {
      assert.ok(allowed.includes(name), name);
    }
    assert.ok(allowed.every(name => /nv|drm|host1x/.test(name)));
  });
});

describe('what a box gets to begin with', () => {
  it('has settings that the daemon takes', () => {
    const { data, port } = readConfig({ LOOKDIAL_CONFIG: join(FILES, 'lookdial.json') });
    assert.equal(data, '/var/lib/lookdial/state');
    assert.equal(port, SETTINGS.port.default);
  });

  it('lets the browser look at the box alone, take nothing away, and keep nothing', () => {
    const policy = JSON.parse(readFileSync(join(FILES, 'chromium-policy.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual(policy.URLBlocklist, ['*']);
    // Its one file is what wait-until-ready writes, as the browser's own user.
    const help = 'file:///run/lookdial-kiosk/help.html';
    assert.deepEqual(policy.URLAllowlist, ['http://127.0.0.1', 'http://localhost', help]);
    assert.deepEqual(valuesOf(unit('lookdial-kiosk.service'), 'RuntimeDirectory'), ['lookdial-kiosk']);
    for (const [name, value] of Object.entries({
      DownloadRestrictions: 3,
      DeveloperToolsAvailability: 2,
      TranslateEnabled: false,
      AutofillAddressEnabled: false,
      AutofillCreditCardEnabled: false,
      PasswordManagerEnabled: false,
      ForceEphemeralProfiles: true,
      IncognitoModeAvailability: 2,
    })) {
      assert.equal(policy[name], value, name);
    }
    const browser = readFileSync(join(DEVICE, 'kiosk-browser'), 'utf8');
    for (const flag of ['--kiosk', '--incognito', '--hide-crash-restore-bubble', '--ozone-platform=wayland']) {
      assert.ok(browser.includes(`${flag} `), flag);
    }
    assert.doesNotMatch(browser, /no-sandbox/);
  });

  it('is put there by scripts that shellcheck finds no fault with', () => {
    const scripts = readdirSync(DEVICE, { withFileTypes: true }).filter(
      entry => entry.isFile() && !entry.name.endsWith('.ts'),
    );
    const names = scripts.map(({ name }) => `scripts/device/${name}`);
    assert.ok(names.length >= 7);
    const { status, said } = runTool(
      debianTool('shellcheck', 'shellcheck'),
      '-x',
      '-P',
      PROJECT,
      ...names.map(name => join(PROJECT, name)),
    );
    assert.equal(status, 0, said);
  });
});
