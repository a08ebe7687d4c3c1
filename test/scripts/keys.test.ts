import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Access } from '../../device/access/access.ts';
import { PIN } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { bareEnvironment } from '../support/bare-environment.ts';
import { temporaryFolder } from '../support/store.ts';

const KEYS = resolve(import.meta.dirname, '../../scripts/keys.ts');

describe('npm run keys', () => {
  const runner =
    (data: string) =>
    (args: string[], input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [KEYS, ...args], {
        encoding: 'utf8',
        input,
        env: { ...bareEnvironment(), LOOKDIAL_DATA: data },
      });
      return { status, stdout, stderr };
    };

  it('makes a key, lists it and takes it back, beside a daemon that runs', async t => {
    const data = join(await temporaryFolder(t), 'state');
    const run = runner(data);
    const made = run(['create', '--name', 'Till 2', '--scope', 'inventory']);
    assert.equal(made.status, 0, made.stderr);
    const token = made.stdout.trim();
    const daemon = Access.open(join(data, 'access.sqlite'));
    afterwards(t, () => daemon.close());
    const key = daemon.keys.find(token);
    assert.deepEqual([key?.name, key?.scope], ['Till 2', 'inventory']);
    const listed = run(['list']);
    assert.match(listed.stdout, new RegExp(`^${key?.id}  inventory  made \\d{4}-\\d\\d-\\d\\d  used .*  Till 2\\n$`));
    assert.ok(!listed.stdout.includes(token.slice(-20)));
    assert.equal(run(['revoke', key?.id ?? '']).status, 0);
    assert.equal(daemon.keys.find(token), undefined);
    assert.match(run(['list']).stdout, /taken back/);
    const again = run(['revoke', key?.id ?? '']);
    assert.deepEqual([again.status, /There is no key/.test(again.stderr)], [1, true]);
    assert.deepEqual(
      daemon.audit.page(9).map(({ who, what, subject }) => [who, what, subject]),
      [
        ['local', 'keys revoke', `${key?.id} “Till 2”, inventory`],
        ['local', 'keys create', `${key?.id} “Till 2”, inventory`],
      ],
    );
    assert.equal(statSync(join(data, 'access.sqlite')).mode & 0o777, 0o600);
  });

  it('makes a key that may look how the box is, and says which scopes there are', async t => {
    const data = join(await temporaryFolder(t), 'state');
    const run = runner(data);
    const made = run(['create', '--name', 'Prometheus', '--scope', 'watch']);
    assert.match(made.stderr, /“Prometheus” has the key [0-9a-f]{12} for watch/);
    const daemon = Access.open(join(data, 'access.sqlite'));
    afterwards(t, () => daemon.close());
    assert.equal(daemon.keys.find(made.stdout.trim())?.scope, 'watch');
    assert.match(run(['create', '--name', 'X', '--scope', 'look']).stderr, /--scope watch, --scope inventory, or/);
  });

  it('sets the PIN from standard input, and takes none that is weak', async t => {
    const data = join(await temporaryFolder(t), 'state');
    const run = runner(data);
    assert.equal(run(['pin'], '123456\n').status, 1);
    assert.equal(run(['pin'], '').status, 1);
    const set = run(['pin'], `${PIN}\n`);
    assert.deepEqual([set.status, set.stdout], [0, ''], set.stderr);
    const access = Access.open(join(data, 'access.sqlite'));
    afterwards(t, () => access.close());
    assert.equal(await access.pin.check(PIN), 1);
  });

  it('prints the certificate, or says that there is none', async t => {
    const data = join(await temporaryFolder(t), 'state');
    const run = runner(data);
    assert.match(run(['certificate']).stderr, /has made none/);
    const access = Access.open(join(data, 'access.sqlite'));
    afterwards(t, () => access.close());
    const { certificate, fingerprint } = await access.certificates.renew(['localhost']);
    const printed = run(['certificate']);
    assert.equal(printed.stdout.trim(), certificate.trim());
    assert.ok(printed.stderr.includes(fingerprint));
    assert.ok(!printed.stdout.includes('PRIVATE'));
  });

  it('says how it is used where it is not', async t => {
    const run = runner(await temporaryFolder(t));
    assert.deepEqual([run([]).status, run(['toString']).status, run(['list', 'a', 'b']).status], [2, 2, 2]);
    assert.match(run(['create', '--scope', 'admin']).stderr, /--name/);
    assert.match(run(['create', '--name', 'x', '--scope', 'all']).stderr, /--scope inventory/);
    assert.equal(run(['--help']).status, 0);
  });
});
