import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { type AddressInfo, connect as dial } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import type { Config } from '../device/config.ts';
import { SecureServer } from '../device/secure-server.ts';
import { testAccess } from './support/access.ts';
import { afterwards } from './support/afterwards.ts';
import { TestDaemon } from './support/daemon.ts';
import { temporaryFolder } from './support/store.ts';

const HOSTS = ['localhost', 'localhost:80', '127.0.0.1'];

async function serving(
  t: TestContext,
  over: Partial<Config> & { tls: Config['tls'] },
): Promise<{ daemon: TestDaemon; secure: SecureServer; port: number }> {
  const daemon = await TestDaemon.start({ hosts: HOSTS, tls: over.tls });
  afterwards(t, () => daemon.close());
  const config = { tlsCertificate: 'none.pem', tlsKey: 'none.pem', hosts: HOSTS, ...over };
  const secure = await SecureServer.of(daemon.app, config, daemon.access);
  assert.ok(secure !== undefined);
  secure.server.listen(0, '127.0.0.1');
  await once(secure.server, 'listening');
  afterwards(t, async () => {
    secure.server.closeAllConnections();
    await secure.close();
  });
  return { daemon, secure, port: (secure.server.address() as AddressInfo).port };
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly fingerprint: string;
}

const ask = (port: number, options: object = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/api/v1/model',
      agent: false,
      rejectUnauthorized: false,
      ...options,
    });
    asked.on('error', reject).on('response', answer => {
      const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate();
      answer.resume().on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, fingerprint: fingerprint256 });
      });
    });
    asked.end();
  });

describe('TLS with the box’s own certificate', () => {
  it('serves the same app to who trusts the certificate, and shows it', async t => {
    const { daemon, secure, port } = await serving(t, { tls: 'self-signed' });
    const answer = await ask(port, { rejectUnauthorized: true, ca: secure.shown.certificate, servername: 'localhost' });
    assert.deepEqual([answer.status, answer.fingerprint], [200, secure.shown.fingerprint]);
    assert.equal(daemon.access.certificates.kept?.fingerprint, secure.shown.fingerprint);
    assert.equal(answer.headers['strict-transport-security'], undefined, 'nobody could pass a renewed one any more');
    assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin');
    await assert.rejects(ask(port, { rejectUnauthorized: true }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('holds to the same hosts and origins, of its own port and scheme', async t => {
    const { port } = await serving(t, { tls: 'self-signed' });
    const status = async (headers: object, method = 'GET'): Promise<number> =>
      (await ask(port, { method, headers })).status;
    assert.equal(await status({ host: `localhost:${port}` }), 200);
    assert.equal(await status({ host: 'localhost:81' }), 421);
    assert.equal(await status({ host: `evil.example:${port}` }), 421);
    const own = { host: `127.0.0.1:${port}`, 'content-type': 'application/json', 'content-length': '2' };
    assert.equal(await status({ ...own, origin: `http://127.0.0.1:${port}` }, 'PUT'), 403);
  });

  it('speaks TLS 1.2 or later, and answers no plain HTTP', async t => {
    const { port } = await serving(t, { tls: 'self-signed' });
    await assert.rejects(ask(port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
    const socket = dial(port, '127.0.0.1', () => socket.write('GET /api/v1/model HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    let heard = '';
    socket.setEncoding('latin1').on('data', part => (heard += part));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    assert.ok(!heard.includes('LDL') && !heard.includes('200 OK'), heard);
  });

  it('takes a renewed certificate without a restart, and keeps the connections it has', async t => {
    const { daemon, secure, port } = await serving(t, { tls: 'self-signed' });
    const before = secure.shown.fingerprint;
    await secure.refresh();
    assert.equal(secure.shown.fingerprint, before);
    const kept = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(kept, 'secureConnect');
    await daemon.access.certificates.renew(['localhost']);
    await secure.refresh();
    assert.notEqual(secure.shown.fingerprint, before);
    assert.equal((await ask(port)).fingerprint, secure.shown.fingerprint);
    kept.write(`GET /api/v1/model HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    const [heard] = await once(kept.setEncoding('utf8'), 'data');
    assert.match(heard, /^HTTP\/1\.1 200 /);
    kept.destroy();
  });
});

describe('TLS with a certificate from files', () => {
  it('serves it, says HSTS, and takes a renewed one', async t => {
    const folder = await temporaryFolder(t);
    const [tlsCertificate, tlsKey] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    const { access } = testAccess(t);
    const put = async (): Promise<string> => {
      const { certificate, privateKey, fingerprint } = await access.certificates.renew(['localhost']);
      await writeFile(tlsCertificate, certificate);
      await writeFile(tlsKey, privateKey);
      await chmod(tlsKey, 0o600);
      return fingerprint;
    };
    const first = await put();
    const { secure, port } = await serving(t, { tls: 'files', tlsCertificate, tlsKey });
    const answer = await ask(port);
    assert.deepEqual([answer.status, answer.fingerprint], [200, first]);
    assert.equal(answer.headers['strict-transport-security'], 'max-age=2592000');
    const second = await put();
    await secure.refresh();
    assert.equal((await ask(port)).fingerprint, second);
    await writeFile(tlsCertificate, 'torn');
    await assert.rejects(secure.refresh(), { code: 'config-invalid' });
    assert.equal((await ask(port)).fingerprint, second, 'the one that was good stays');
  });

  it('is refused where the files are none or do not belong together', async t => {
    const folder = await temporaryFolder(t);
    const { access } = testAccess(t);
    const one = await access.certificates.renew(['localhost']);
    const other = await access.certificates.renew(['localhost']);
    await writeFile(join(folder, 'one.pem'), one.certificate);
    await writeFile(join(folder, 'other.key'), other.privateKey);
    const daemon = await TestDaemon.start();
    afterwards(t, () => daemon.close());
    const of = (tlsCertificate: string, tlsKey: string): Promise<unknown> =>
      SecureServer.of(
        daemon.app,
        { tls: 'files', hosts: [], tlsCertificate: join(folder, tlsCertificate), tlsKey: join(folder, tlsKey) },
        access,
      );
    await assert.rejects(of('one.pem', 'other.key'), {
      code: 'config-invalid',
      message: /not that of the certificate/,
    });
    await assert.rejects(of('none.pem', 'other.key'), { code: 'config-invalid', message: /cannot be read: ENOENT/ });
    await assert.rejects(of('other.key', 'other.key'), { code: 'config-invalid', field: 'tlsCertificate' });
  });

  it('is not asked for where TLS is off', async t => {
    const { access } = testAccess(t);
    const off = { tls: 'off', hosts: [], tlsCertificate: '', tlsKey: '' } as const;
    assert.equal(await SecureServer.of(undefined as never, off, access), undefined);
    assert.equal(access.certificates.kept, undefined);
  });
});
