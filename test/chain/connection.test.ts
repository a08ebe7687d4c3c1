import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { poolConfig, readConnection } from '../../device/chain/connection.ts';
import { LookdialError } from '../../device/errors.ts';
import { SECRET, writeConnection } from '../support/chain.ts';
import { temporaryFolder } from '../support/store.ts';

const REMOTE = { host: 'db.chain.example', database: 'chain', user: 'box', password: SECRET };

async function refusal(t: TestContext, entries: Record<string, unknown>): Promise<string> {
  const path = await writeConnection(await temporaryFolder(t), entries);
  try {
    readConnection(path);
  } catch (error) {
    assert.ok(error instanceof LookdialError && error.code === 'config-invalid');
    assert.ok(error.message.includes(path), 'it names the file');
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(SECRET), 'it does not repeat the password');
    return error.message;
  }
  return assert.fail('It was taken.');
}

describe('a connection file', () => {
  it('is checked TLS to port 5432 unless it says otherwise', async t => {
    const connection = readConnection(await writeConnection(await temporaryFolder(t), REMOTE));
    assert.deepEqual([connection.port, connection.tls, connection.password], [5432, 'verify', SECRET]);
    assert.deepEqual(poolConfig(connection).ssl, { rejectUnauthorized: true });
  });

  it('names its certificates by paths beside itself', async t => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'ca.pem'), 'the chain’s own');
    const connection = readConnection(await writeConnection(folder, { ...REMOTE, ca: 'ca.pem' }));
    assert.deepEqual(poolConfig(connection).ssl, { rejectUnauthorized: true, ca: 'the chain’s own' });
  });

  it('sends a password in the clear to this machine alone', async t => {
    assert.match(await refusal(t, { ...REMOTE, tls: 'off' }), /in the clear/);
    const local = await writeConnection(await temporaryFolder(t), { ...REMOTE, host: '127.0.0.1', tls: 'off' });
    assert.equal(poolConfig(readConnection(local)).ssl, false);
    assert.match(await refusal(t, { ...REMOTE, host: 'localhost.chain.example', tls: 'off' }), /in the clear/);
  });

  it('is refused where others can read it', async t => {
    const path = await writeConnection(await temporaryFolder(t), REMOTE);
    await chmod(path, 0o640);
    assert.throws(() => readConnection(path), /mode 640\): chmod 600/);
  });

  it('is refused with a sentence for what it lacks or has too much', async t => {
    const { host: _, ...noHost } = REMOTE;
    assert.match(await refusal(t, noHost), /a text as host/);
    assert.match(await refusal(t, { ...REMOTE, passwort: SECRET }), /an entry "passwort"; it takes host, port/);
    assert.match(await refusal(t, { ...REMOTE, port: 70_000 }), /from 1 to 65535/);
    assert.match(await refusal(t, { ...REMOTE, tls: 'maybe' }), /verify or off/);
    assert.match(await refusal(t, { ...REMOTE, password: 7 }), /a text as password/);
    assert.match(await refusal(t, { ...REMOTE, ca: 'missing.pem' }), /missing\.pem as ca, which cannot be read/);
  });

  it('that is not JSON is not quoted', async t => {
    const path = await writeConnection(await temporaryFolder(t), {});
    await writeFile(path, `{"password": "${SECRET}", oops`);
    assert.throws(
      () => readConnection(path),
      error => error instanceof LookdialError && /is not JSON/.test(error.message) && !inspect(error).includes(SECRET),
    );
  });
});
