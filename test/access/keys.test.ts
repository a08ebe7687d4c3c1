import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { Access } from '../../device/access/access.ts';
import { ACCESS_KIND } from '../../device/access/access-database.ts';
import { MAX_KEYS } from '../../device/access/keys.ts';
import { hashOf } from '../../device/access/token.ts';
import { openDatabase } from '../../device/database.ts';
import { LOCALLY, testAccess } from '../support/access.ts';
import { temporaryFolder } from '../support/store.ts';

const HOUR = 3_600_000;

describe('a key', () => {
  it('is found by its token, and by nothing that is nearly its token', t => {
    const { access } = testAccess(t);
    const { key, token } = access.createKey('Till 2', 'inventory', LOCALLY);
    assert.match(token, /^lookdial_key_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(access.keys.find(token), key);
    const flipped = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);
    const others = [
      flipped,
      token.toUpperCase(),
      token.slice(0, -1),
      `${token}A`,
      ` ${token}`,
      token.replace(/_[0-9a-f]{12}_/, '_000000000000_'),
      '',
      'lookdial_key_',
      "' OR 1 = 1 --",
    ];
    for (const other of others) assert.equal(access.keys.find(other), undefined, other);
  });

  it('is another each time, and its token is nowhere in the file', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = testAccess(t, { path });
    const tokens = Array.from({ length: 20 }, (_, at) => access.createKey(`Key ${at}`, 'admin', LOCALLY).token);
    assert.equal(new Set(tokens).size, 20);
    for (const file of [path, `${path}-wal`]) {
      const bytes = readFileSync(file).toString('latin1');
      for (const token of tokens) assert.ok(!bytes.includes(token.slice(-43)), file);
    }
  });

  it('is still one where it was made before there were keys that may only look', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const before = openDatabase(path, true, { ...ACCESS_KIND, migrations: ACCESS_KIND.migrations.slice(0, 1) });
    const { access: other } = testAccess(t);
    const { key, token } = other.createKey('Till 2', 'inventory', LOCALLY);
    const put = before.prepare('INSERT INTO key VALUES (?, ?, ?, ?, ?, NULL, NULL)');
    put.run(key.id, hashOf(token), key.name, key.scope, key.created);
    before.close();
    const { access } = testAccess(t, { path });
    assert.deepEqual(access.keys.find(token), key);
    assert.equal(access.keys.find(access.createKey('Prometheus', 'watch', LOCALLY).token)?.scope, 'watch');
  });

  it('opens nothing once it is taken back, by this process or by another', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = testAccess(t, { path });
    const [one, other] = ['One', 'Other'].map(name => access.createKey(name, 'admin', LOCALLY));
    access.revokeKey(one!.key.id, LOCALLY);
    assert.equal(access.keys.find(one!.token), undefined);
    const command = Access.open(path);
    command.revokeKey(other!.key.id, LOCALLY);
    command.close();
    assert.equal(access.keys.find(other!.token), undefined);
    assert.throws(() => access.revokeKey(one!.key.id, LOCALLY), { code: 'key-not-found' });
    assert.throws(() => access.revokeKey('nobody', LOCALLY), { code: 'key-not-found' });
  });

  it('notes when it was used to the hour, and writes no more often', t => {
    const { access, clock } = testAccess(t);
    const { token } = access.createKey('Till', 'inventory', LOCALLY);
    assert.equal(access.keys.list()[0]?.lastUsed, null);
    access.keys.find(token);
    const first = access.keys.list()[0]?.lastUsed;
    assert.equal(first, Math.floor(clock.wall() / HOUR) * HOUR);
    clock.pass(HOUR / 4);
    access.keys.find(token);
    assert.equal(access.keys.list()[0]?.lastUsed, first);
    clock.pass(HOUR);
    access.keys.find(token);
    assert.equal(access.keys.list()[0]?.lastUsed, first! + HOUR);
  });

  it('has a name that a person can read', t => {
    const { access } = testAccess(t);
    for (const name of ['', ' ', 'a\nb', ' Till', 'Till ', '\u202eTill', 'x'.repeat(61), 'a\u0000']) {
      const create = (): unknown => access.createKey(name, 'admin', LOCALLY);
      assert.throws(create, { code: 'invalid-request', field: 'name' }, JSON.stringify(name));
    }
    for (const name of ['T', 'Kasse 2 (Erdgeschoß)', 'レジ']) access.createKey(name, 'admin', LOCALLY);
    assert.equal(access.keys.list().length, 3);
  });

  it('is refused when there are too many, and those taken back do not count', t => {
    const { access } = testAccess(t);
    const made = Array.from({ length: MAX_KEYS }, (_, at) => access.createKey(`Key ${at}`, 'inventory', LOCALLY));
    assert.throws(() => access.createKey('One more', 'inventory', LOCALLY), { code: 'too-many-keys' });
    access.revokeKey(made[7]!.key.id, LOCALLY);
    access.createKey('One more', 'inventory', LOCALLY);
    assert.equal(access.keys.list().length, MAX_KEYS + 1);
    assert.notEqual(access.keys.list().at(-1)?.revoked, null, 'those taken back come last');
  });

  it('of long ago that was taken back is forgotten, so that the list has an end', t => {
    const { access, clock } = testAccess(t);
    for (let at = 0; at < 130; at++) {
      clock.pass(1000);
      access.revokeKey(access.createKey(`Key ${at}`, 'inventory', LOCALLY).key.id, LOCALLY);
    }
    const names = access.keys.list().map(({ name }) => name);
    assert.equal(names.length, 100);
    assert.ok(names.includes('Key 129') && !names.includes('Key 29'));
  });
});

describe('the file of keys', () => {
  it('is for its owner alone, with what lies beside it', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    writeFileSync(path, '', { mode: 0o644 });
    const { access } = testAccess(t, { path });
    access.createKey('Till', 'admin', LOCALLY);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) assert.equal(statSync(file).mode & 0o777, 0o600, file);
  });

  it('makes a key and its line in the audit together or not at all', t => {
    const { access } = testAccess(t);
    const unsayable = { who: null as never, address: null, what: 'keys create' };
    assert.throws(() => access.createKey('Till', 'admin', unsayable), TypeError);
    assert.deepEqual(access.keys.list(), []);
    assert.deepEqual(access.audit.page(10), []);
  });

  it('that cannot be written refuses, and says what to look at', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = testAccess(t, { path });
    const { token } = access.createKey('Till', 'admin', LOCALLY);
    const other = new DatabaseSync(path);
    other.exec('DROP TABLE audit');
    other.close();
    assert.throws(() => access.createKey('Next', 'admin', LOCALLY), {
      code: 'access-unavailable',
      message: /disk is full/,
    });
    assert.equal(access.keys.list().length, 1, 'nothing is made that cannot be written down');
    assert.equal(access.keys.find(token)?.name, 'Till');
  });

  it('that is none is refused with what to do', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    writeFileSync(path, 'something else altogether, and long enough to be looked at'.repeat(40));
    assert.throws(() => Access.open(path), { code: 'access-invalid', message: /set anew at the screen/ });
  });
});
