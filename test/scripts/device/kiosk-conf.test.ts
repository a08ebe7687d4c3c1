import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '../../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const RULES = join(PROJECT, 'scripts/device/kiosk-conf.sh');
const SHIPPED = join(PROJECT, 'scripts/device/files/kiosk.conf');

/** What is said of a file of these lines, without its name. */
async function faults(t: TestContext, ...lines: string[]): Promise<string[]> {
  const file = join(await temporaryFolder(t), 'kiosk.conf');
  writeFileSync(file, lines.join('\n'));
  const said = execFileSync('bash', [RULES, file], { encoding: 'utf8' });
  return said
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.replace(`${file}:`, ''));
}

/** What the screen's scripts go by, where the unit gives them this. */
const taken = (environment: Readonly<Record<string, string>>): string[] => {
  const names = ['PAGE', 'BROWSER', 'PATIENCE', 'START_PATIENCE'].map(name => `"$LOOKDIAL_KIOSK_${name}"`);
  const script = `set -euo pipefail; . ${RULES}; use_kiosk_settings; printf '%s\\n' ${names.join(' ')}`;
  const env = { PATH: process.env.PATH ?? '', ...environment };
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', env }).trim().split('\n');
};

const PAGE = 'LOOKDIAL_KIOSK_PAGE=http://127.0.0.1:8080/?lang=de';

describe('the settings of the screen', () => {
  it('are right as they are shipped, but for a browser that is not there', t => {
    const browser = join('/bin', 'true');
    const text = readFileSync(SHIPPED, 'utf8').replace('/usr/bin/chromium\n', `${browser}\n`);
    return faults(t, text).then(found => assert.deepEqual(found, []));
  });

  it('are each named with their line and the reason, all of them', async t => {
    const folder = await temporaryFolder(t);
    const plain = join(folder, 'plain');
    writeFileSync(plain, '');
    chmodSync(plain, 0o644);
    const found = await faults(
      t,
      '# A comment.',
      'LOOKDIAL_KIOSK_PAGE=https://shop.example/',
      `LOOKDIAL_KIOSK_BROWSER="${plain}"`,
      'LOOKDIAL_KIOSK_PATIENCE=14',
      'LOOKDIAL_KIOSK_START_PATIENCE=soon',
      'LOOKDIAL_KIOSK_CAGE=-d -x',
      'LOOKDIAL_KIOSK_PATIENTS=80',
      'export LANG',
      'LANG=de_DE.UTF-8',
    );
    assert.deepEqual(
      found.map(line => line.slice(0, 2)),
      ['2:', '3:', '4:', '5:', '6:', '7:', '8:'],
    );
    assert.match(
      found[0] ?? '',
      /^2: LOOKDIAL_KIOSK_PAGE is "https:\/\/shop\.example\/", and must be the box's own address/,
    );
    assert.match(found[1] ?? '', /must be the whole path of a program .*; \/usr\/bin\/chromium is taken\.$/);
    assert.match(found[2] ?? '', /is "14", and must be a whole number of seconds, 15 to 86400; 15 is taken\.$/);
    assert.match(found[3] ?? '', /is "soon", and must be a whole number of seconds, 10 to 86400; 60 is taken\.$/);
    assert.match(found[4] ?? '', /is "-d -x", and must be some of -d, /);
    assert.match(found[5] ?? '', /there is no setting LOOKDIAL_KIOSK_PATIENTS; there are LOOKDIAL_KIOSK_PAGE /);
    assert.match(found[6] ?? '', /“export LANG” is no NAME=value/);
  });

  it('want the page’s address', async t => {
    const [said = ''] = await faults(t, 'LOOKDIAL_KIOSK_CAGE=-d -r -m last');
    assert.match(said, /LOOKDIAL_KIOSK_PAGE is not there; http:\/\/127\.0\.0\.1:8080\/ is taken\.$/);
    assert.deepEqual(await faults(t, PAGE, 'LOOKDIAL_KIOSK_PATIENCE=', '; LOOKDIAL_KIOSK_PATIENCE=x'), []);
    for (const page of [
      'http://127.0.0.1.evil.example/',
      'http://localhost.evil.example',
      'http://127.0.0.1@evil.example/',
    ]) {
      assert.equal((await faults(t, `LOOKDIAL_KIOSK_PAGE=${page}`)).length, 1, page);
    }
  });

  it('that are wrong stop nothing: the least, or the default, is taken in their place', () => {
    const [page, browser, patience, start] = taken({
      LOOKDIAL_KIOSK_PAGE: 'http://elsewhere/',
      LOOKDIAL_KIOSK_BROWSER: '/nowhere/chromium',
      LOOKDIAL_KIOSK_PATIENCE: '3',
      LOOKDIAL_KIOSK_START_PATIENCE: 'a[$(touch /tmp/never)]',
    });
    assert.deepEqual([page, browser, patience, start], ['http://127.0.0.1:8080/', '/usr/bin/chromium', '15', '60']);
    assert.deepEqual(taken({ LOOKDIAL_KIOSK_PATIENCE: 'never' }).slice(2), ['75', '60']);
    assert.deepEqual(taken({ LOOKDIAL_KIOSK_PATIENCE: '090', LOOKDIAL_KIOSK_START_PATIENCE: '1' }).slice(2), [
      '90',
      '10',
    ]);
  });

  it('are all in docs/settings.md, and no other', () => {
    const [, listed = ''] = /^readonly KIOSK_SETTINGS=\((.*)\)$/m.exec(readFileSync(RULES, 'utf8')) ?? [];
    const page = readFileSync(join(PROJECT, 'docs/settings.md'), 'utf8');
    const told = [...page.matchAll(/^\| `(LOOKDIAL_KIOSK_\w+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(told, listed.split(' '));
  });
});
