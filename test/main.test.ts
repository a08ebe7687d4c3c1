import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { Staff } from '../device/api/access-schemas.ts';
import type { Encoded } from '../device/api/arrival-schemas.ts';
import type { Items, Posterior } from '../device/api/item-schemas.ts';
import type { MatchAnswer } from '../device/api/match-schemas.ts';
import type { Model } from '../device/api/model-schemas.ts';
import { afterwards } from './support/afterwards.ts';
import { kerasModel } from './support/bundles.ts';
import { readExposition } from './support/exposition.ts';
import { indexedStore } from './support/indexed-store.ts';
import { childrenOf, MainProcess, refusal } from './support/main-process.ts';
import { sampleOf } from './support/scrape.ts';
import { drawPicture, temporaryFolder } from './support/store.ts';

const settings = ({ data, bundle }: { data: string; bundle: string }) => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: bundle,
});

const read = async <T>(asked: Promise<Response>): Promise<T> => (await (await asked).json()) as T;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the daemon', () => {
  it('says where it is, and serves the store with the model', async t => {
    const daemon = new MainProcess(t, settings(await indexedStore(t)));
    const address = await daemon.address;
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);

    const model = await read<Model>(fetch(`${address}/api/v1/model`));
    assert.deepEqual(
      [model.bundle.id, model.provider, model.store.name, model.store.garments],
      ['own', 'cpu', 'store', 6],
    );
    const post = (call: string, body: string | Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${address}/api/v1/${call}`, { method: 'POST', body, headers: { 'content-type': type } });

    const point = JSON.stringify({ dials: [0, 1, 0, -1, 0, 0], k: 2 });
    const dialled = await post('dial', point, 'application/json');
    assert.equal(dialled.status, 200);
    const frame = Buffer.from(await dialled.arrayBuffer());
    const { matches }: MatchAnswer = JSON.parse(frame.toString('utf8', 16 + 32 * 32 * 4));
    assert.equal(matches.length, 2);

    const picture = await fetch(`${address}${matches[0]?.image}`);
    assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/png']);
    const encoded = post('encode', new Uint8Array(await drawPicture(1)), 'image/png');
    const posterior = await read<Posterior>(fetch(`${address}/api/v1/items/g001/posterior`));
    const { mu } = await read<Encoded>(encoded);
    mu.forEach((value, d) => {
      assert.ok(Math.abs(value - (posterior.mu[d] ?? 0)) < 1e-3, 'the store’s pictures are read as one that is sent');
    });
    const { items } = await read<Items>(fetch(`${address}/api/v1/items`));
    assert.equal(items.length, 6);

    const families = readExposition(await (await fetch(`${address}/metrics`)).text());
    assert.equal(sampleOf(families, 'lookdial_step_seconds_count', { step: 'decode' }), 1);
    for (const process of ['daemon', 'encoder', 'decoder']) {
      assert.ok((sampleOf(families, 'lookdial_resident_bytes', { process }) ?? 0) > 1e6, process);
    }

    const foreign = await fetch(`${address}/api/v1/match`, {
      method: 'POST',
      body: point,
      headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
    });
    assert.equal(foreign.status, 403);
    const own = await post('match', point, 'application/json');
    assert.equal(own.status, 200);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends by itself on ${signal}, with all that it started`, async t => {
      const daemon = new MainProcess(t, settings(await indexedStore(t)));
      const address = await daemon.address;
      // A connection that is kept open must not hold it up.
      await (await fetch(`${address}/healthz`)).json();
      const started = await childrenOf(daemon.child.pid ?? 0);
      assert.equal(started.length, 2, 'encoder and decoder have a process each');
      daemon.child.kill(signal);
      const { code, stderr } = await daemon.ended;
      assert.equal(code, 0, stderr);
      assert.deepEqual(started.filter(isAlive), []);
      await assert.rejects(fetch(`${address}/healthz`));
    });
  }

  it('answers what is under way when it is told to stop', async t => {
    const daemon = new MainProcess(t, settings(await indexedStore(t)));
    const address = await daemon.address;
    const asked = Array.from({ length: 4 }, (_, i) =>
      fetch(`${address}/api/v1/generate?size=256`, {
        method: 'POST',
        body: JSON.stringify({ z: [i, 0, 0, 0, 0, 0] }),
        headers: { 'content-type': 'application/json' },
      }),
    );
    await asked[0];
    daemon.child.kill('SIGTERM');
    const statuses = await Promise.all(asked.map(one => one.then(({ status }) => status)));
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal((await daemon.ended).code, 0);
  });
});

describe('the daemon with TLS', () => {
  it('is reached by TLS from the network, by plain HTTP from the box, and says its fingerprint', async t => {
    const store = await indexedStore(t);
    const tls = { LOOKDIAL_HOST: '0.0.0.0', LOOKDIAL_TLS: 'self-signed', LOOKDIAL_TLS_PORT: '0' };
    const daemon = new MainProcess(t, { ...settings(store), ...tls });
    const plain = await daemon.address;
    assert.match(plain, /^http:\/\/127\.0\.0\.1:\d+$/, 'plain HTTP is for the box itself');
    const secure = await daemon.heard(/(https:\/\/127\.0\.0\.1:\d+)/);
    const fingerprint = await daemon.heard(/fingerprint (\S+)\n/);
    const port = Number(new URL(secure).port);
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    assert.equal(socket.getPeerCertificate().fingerprint256, fingerprint);
    socket.write(`GET /api/v1/model HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const [heard] = await once(socket.setEncoding('utf8'), 'data');
    assert.match(heard, /^HTTP\/1\.1 200 /);
    const staff = await read<Staff>(fetch(`${plain}/api/v1/staff`));
    assert.deepEqual([staff.certificate?.fingerprint, staff.certificate?.port], [fingerprint, port]);
    assert.equal((await stat(join(store.data, 'access.sqlite'))).mode & 0o777, 0o600);
    // A connection that is kept open must not hold it up.
    daemon.child.kill('SIGTERM');
    assert.equal((await daemon.ended).code, 0);
    socket.destroy();
    const again = new MainProcess(t, { ...settings(store), ...tls });
    assert.equal(await again.heard(/fingerprint (\S+)\n/), fingerprint, 'it is the same after a restart');
  });
});

describe('a start that cannot succeed', () => {
  const start = async (t: Parameters<typeof indexedStore>[0], environment: Record<string, string>): Promise<string> =>
    refusal(await new MainProcess(t, environment).ended);

  it('for want of a store says how to make one', async t => {
    const data = await temporaryFolder(t);
    assert.equal(
      await start(t, { LOOKDIAL_DATA: data }),
      `There is no catalogue at ${join(data, 'catalogue.sqlite')}. Make one with: npm run index -- --store FOLDER (or npm start).`,
    );
  });

  it('for want of an index says how to make one', async t => {
    const store = await indexedStore(t);
    await rm(join(store.data, 'encodings.index'));
    assert.match(await start(t, settings(store)), /^There is no index at .*npm run index -- --store FOLDER/);
  });

  it('for an index of another model says whose it is', async t => {
    const [store, other] = [await indexedStore(t), await indexedStore(t, { model: kerasModel() })];
    const sentence = await start(t, settings({ data: store.data, bundle: other.bundle }));
    assert.match(
      sentence,
      /cannot be used with the bundle from-keras@1\.2\.3: .* was made by encoder [0-9a-f]{64}; expected/,
    );
  });

  it('for a damaged index says so', async t => {
    const store = await indexedStore(t);
    const path = join(store.data, 'encodings.index');
    const bytes = await readFile(path);
    bytes[200] = (bytes[200] ?? 0) ^ 4;
    await writeFile(path, bytes);
    assert.match(await start(t, settings(store)), /cannot be used with the bundle own@1\.2\.3: .*SHA-256/);
  });

  it('for a bundle that lies names what was got and expected', async t => {
    const store = await indexedStore(t);
    await writeFile(join(store.bundle, 'decoder.onnx'), 'nothing of the kind');
    assert.match(await start(t, settings(store)), /decoder\.onnx.*expected/);
  });

  it('for want of a runtime says that no net runs', async t => {
    const store = await indexedStore(t);
    const sentence = await start(t, { ...settings(store), LOOKDIAL_ORT_MODULE: 'no-such-runtime' });
    assert.match(sentence, /cannot be run on the CPU: the ONNX Runtime binding "no-such-runtime" cannot be loaded/);
  });

  it('for a port that is taken says which setting to change', async t => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    afterwards(t, () => other.close());
    const port = String((other.address() as { port: number }).port);
    const sentence = await start(t, { ...settings(await indexedStore(t)), LOOKDIAL_PORT: port });
    assert.equal(
      sentence,
      `Lookdial cannot listen at 127.0.0.1, port ${port}: another program has that port. Stop it, or set LOOKDIAL_PORT.`,
    );
  });

  it('for a port of TLS that is taken says which setting to change', async t => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    afterwards(t, () => other.close());
    const port = String((other.address() as { port: number }).port);
    const tls = { LOOKDIAL_TLS: 'self-signed', LOOKDIAL_TLS_PORT: port };
    const sentence = await start(t, { ...settings(await indexedStore(t)), ...tls });
    assert.equal(
      sentence,
      `Lookdial cannot listen at 127.0.0.1, port ${port}: another program has that port. Stop it, or set LOOKDIAL_TLS_PORT.`,
    );
  });

  it('for a certificate that is none says so', async t => {
    const tls = { LOOKDIAL_TLS: 'files', LOOKDIAL_TLS_CERTIFICATE: '/nowhere/certificate.pem' };
    const sentence = await start(t, { ...settings(await indexedStore(t)), ...tls });
    assert.match(sentence, /^tlsCertificate: \/nowhere\/certificate\.pem cannot be read: ENOENT/);
  });

  it('for a file of keys that is none says so', async t => {
    const store = await indexedStore(t);
    await writeFile(join(store.data, 'access.sqlite'), 'something else, and long enough to be looked at'.repeat(40));
    assert.match(await start(t, settings(store)), /^The file of keys .*access\.sqlite cannot be opened/);
  });

  it('for a setting that is wrong names it', async t => {
    const store = settings(await indexedStore(t));
    assert.match(
      await start(t, { ...store, LOOKDIAL_PORT: 'eighty' }),
      /^LOOKDIAL_PORT: port is "eighty", and must be/,
    );
    assert.match(
      await start(t, { ...store, LOOKDIAL_HOSTS: 'a b' }),
      /^LOOKDIAL_HOSTS: hosts holds "a b", and must hold names/,
    );
    assert.match(
      await start(t, { ...store, LOOKDIAL_PROVIDERS: 'abacus' }),
      /^LOOKDIAL_PROVIDERS: providers holds "abacus", and must hold some of tensorrt, cuda, webgpu, cpu/,
    );
  });
});
