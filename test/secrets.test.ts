import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Access } from '../device/access/access.ts';
import { ACCESS_DATABASE } from '../device/access/access-database.ts';
import type { Pairing, StaffSession } from '../device/api/access-schemas.ts';
import { NOT_READY_FILE } from '../device/health/not-ready.ts';
import { LOCALLY, OTHER_PIN, PIN, PIN_COST } from './support/access.ts';
import { runDoctor } from './support/doctor.ts';
import { indexedStore } from './support/indexed-store.ts';
import { MainProcess } from './support/main-process.ts';
import { temporaryFolder } from './support/store.ts';

const PASSWORD = 'hunter2-of-the-chain';
const ADDRESS = 'hunter2-of-the-updates';
const PASSPHRASE = 'hunter2-of-the-publisher';

/** The lines of a PEM that hold what is secret. */
const linesOf = (pem: string): string[] =>
  pem.split('\n').filter(line => line.length > 20 && !line.startsWith('-----'));

/** A box that has a secret of every kind, and all of them. */
async function secretBox(t: TestContext) {
  const store = await indexedStore(t);
  const folder = await temporaryFolder(t);
  const access = Access.open(join(store.data, ACCESS_DATABASE), { pinCost: PIN_COST });
  const { token } = access.createKey('Office', 'admin', LOCALLY);
  await access.setPin(PIN, { replacing: false, doing: LOCALLY });
  // The box's own, and one that is given to it from files.
  const [own, given] = [
    await access.certificates.current(['localhost']),
    await access.certificates.renew(['localhost']),
  ];
  access.close();
  const path = (name: string): string => join(folder, name);
  await writeFile(path('certificate.pem'), given.certificate);
  await writeFile(path('key.pem'), given.privateKey, { mode: 0o600 });
  const connection = { host: '127.0.0.1', port: 1, database: 'chain', user: 'kiosk', password: PASSWORD, tls: 'off' };
  await writeFile(path('chain.json'), JSON.stringify(connection), { mode: 0o600 });
  const environment = {
    LOOKDIAL_DATA: store.data,
    LOOKDIAL_BUNDLE: store.bundle,
    LOOKDIAL_TLS: 'files',
    LOOKDIAL_TLS_PORT: '0',
    LOOKDIAL_TLS_CERTIFICATE: path('certificate.pem'),
    LOOKDIAL_TLS_KEY: path('key.pem'),
    LOOKDIAL_CHAIN_CONNECTION: path('chain.json'),
    LOOKDIAL_CHAIN_STORE: 'mitte',
    LOOKDIAL_LOG_LEVEL: 'trace',
    // Of no concern to a daemon or a doctor, and in nobody's log.
    LOOKDIAL_PASSPHRASE: PASSPHRASE,
  };
  const secrets = [token, PIN, PASSWORD, PASSPHRASE, ADDRESS, ...linesOf(own.privateKey), ...linesOf(given.privateKey)];
  assert.ok(secrets.length > 8);
  return { environment, token, secrets, file: path('settings.jsonc'), chain: path('chain.json') };
}

function holdsNone(said: string, secrets: readonly string[]): void {
  assert.ok(said.length > 100, said);
  for (const secret of secrets) assert.ok(!said.includes(secret), `${secret} is in: ${said}`);
}

describe('what is secret', () => {
  it('is in no line of the log, at its most talkative, whatever goes right or wrong', async t => {
    const { environment, token, secrets } = await secretBox(t);
    const daemon = new MainProcess(t, environment);
    const address = await daemon.address;
    const call = async (method: string, path: string, key?: string, body?: unknown) => {
      const headers = {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      return await fetch(`${address}/api/v1/${path}`, init);
    };
    assert.equal((await call('GET', 'keys', token)).status, 200);
    assert.equal((await call('GET', 'keys', `${token}x`)).status, 401);
    assert.equal((await call('PUT', 'log', token, { level: 'debug' })).status, 200);
    assert.equal((await call('POST', 'staff/session', undefined, { pin: OTHER_PIN })).status, 403);
    const staff = (await (await call('POST', 'staff/session', undefined, { pin: PIN })).json()) as StaffSession;
    const pairing = (await (await call('POST', 'pairings', staff.token, { scope: 'admin' })).json()) as Pairing;
    assert.equal((await call('POST', 'keys', undefined, { code: '0', name: 'Till' })).status, 403);
    assert.equal((await call('POST', 'match', undefined, { z: [0, 0, 0, 0, 0, 0], scope: 'chain' })).status, 503);
    daemon.child.kill('SIGTERM');
    const { code, stdout, stderr } = await daemon.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The log level goes from trace to debug/);
    holdsNone(stdout + stderr, [...secrets, staff.token, pairing.code ?? 'no code', OTHER_PIN]);
  });

  it('is in nothing that the doctor says, to a person or to a program, of a box that is well or broken', async t => {
    const { environment, secrets, file, chain } = await secretBox(t);
    for (const args of [[], ['--verbose'], ['--json']]) {
      const { stdout, stderr } = await runDoctor(environment, args);
      holdsNone(stdout + stderr, secrets);
    }
    // A password in an address, one in the place of a setting's name and of a value, and files that are cut short.
    await writeFile(
      file,
      `{"updates": "https://shop:${ADDRESS}@models.example/", "updatesRoot": "root.json", password ${PASSWORD}}`,
    );
    await writeFile(chain, `{"host": "db", "password": "${PASSWORD}`);
    await writeFile(environment.LOOKDIAL_TLS_KEY, 'nothing of the kind');
    const broken = { ...environment, LOOKDIAL_CONFIG: file };
    for (const args of [['--verbose'], ['--json']]) {
      const { status, stdout, stderr } = await runDoctor(broken, args);
      assert.equal(status, 2);
      holdsNone(stdout + stderr, secrets);
    }
    const runtime = await temporaryFolder(t);
    const { stderr } = await new MainProcess(t, { ...broken, RUNTIME_DIRECTORY: runtime }).ended;
    assert.match(stderr, /settings are wrong/);
    holdsNone(stderr, secrets);
    // What the screen shows of it.
    holdsNone(await readFile(join(runtime, NOT_READY_FILE), 'utf8'), secrets);
  });
});
