/** The app while much is asked of it, and while it is being stopped. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestDaemon } from './support/daemon.ts';

const POINT = { dials: [0, 0, 0, 0, 0, 0] };

describe('the app under load', () => {
  let daemon: TestDaemon;
  let port: number;
  before(async () => {
    daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'] });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    port = (daemon.app.server.address() as AddressInfo).port;
  });
  after(() => daemon.close());

  /** A request over a socket: its status, and a way to walk away from it. */
  const dial = (z: number): { status: Promise<number>; leave: () => void } => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/api/v1/dial',
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json' },
    });
    const status = new Promise<number>((resolve, reject) => {
      asked.on('response', answer => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)));
      asked.on('error', reject);
    });
    asked.end(JSON.stringify({ z: [z, 0, 0, 0, 0, 0] }));
    return { status, leave: () => asked.destroy() };
  };

  const until = async (done: () => boolean): Promise<void> => {
    for (let tries = 0; !done(); tries += 1) {
      assert.ok(tries < 2000, 'it never came to pass');
      await sleep(5);
    }
  };

  it('drops what a client that has gone was waiting for, if it has not been started', async () => {
    const { inference, edition, app } = daemon;
    const releases: (() => void)[] = [];
    inference.hold = () => new Promise(resolve => releases.push(resolve));
    // A search follows at once on a picture's being asked for: it tells that a request waits in the queue.
    const { search } = edition.search;
    let searched = 0;
    edition.search.search = query => {
      searched += 1;
      return search.call(edition.search, query);
    };
    let closed = 0;
    app.server.on('request', (_request, response) => response.on('close', () => (closed += 1)));
    const first = dial(1);
    await until(() => searched === 1);
    const gone = dial(2);
    await until(() => searched === 2);
    const third = dial(3);
    await until(() => searched === 3);
    gone.leave();
    await assert.rejects(gone.status);
    await until(() => closed === 1);
    inference.hold = () => Promise.resolve();
    releases[0]?.();
    assert.deepEqual([await first.status, await third.status], [200, 200]);
    assert.deepEqual(
      inference.decoded.map(([z]) => z),
      [1, 3],
    );
    edition.search.search = search;
  });

  it('refuses at once what is more than may wait, and answers the rest', async () => {
    const { inference } = daemon;
    const releases: (() => void)[] = [];
    inference.hold = () => new Promise(resolve => releases.push(resolve));
    const asked = Array.from({ length: 40 }, (_, z) => dial(z).status);
    let refused = 0;
    for (const one of asked) void one.then(status => (refused += status === 503 ? 1 : 0));
    await until(() => refused === 7);
    inference.hold = () => Promise.resolve();
    releases[0]?.();
    const statuses = await Promise.all(asked);
    assert.equal(statuses.filter(status => status === 200).length, 33, 'one drawn, thirty-two waiting');
    assert.equal(await dial(0).status, 200);
  });

  it('answers what is not HTTP, too slow or too long with a problem, and hangs up', async () => {
    const say = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        let heard = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.setEncoding('utf8').on('data', part => {
          heard += part;
        });
        socket.on('end', () => resolve(heard)).on('error', reject);
      });
    const nonsense = await say('HELLO\r\n\r\n');
    assert.match(nonsense, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(nonsense, /application\/problem\+json[\s\S]*"code":"invalid-request"/);
    const long = await say(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(long, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    assert.match(long, /"code":"headers-too-large"/);
    const hostless = await say('GET /healthz HTTP/1.0\r\n\r\n');
    assert.match(hostless, /^HTTP\/1\.1 421 /);
  });
});

describe('the app that is told to close', () => {
  it('answers what is under way, and lets go of the connection with it', async () => {
    const daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'] });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = daemon.app.server.address() as AddressInfo;
    let release = (): void => undefined;
    daemon.inference.hold = () => new Promise(resolve => (release = resolve));
    const asked = fetch(`http://127.0.0.1:${port}/api/v1/dial`, {
      method: 'POST',
      body: JSON.stringify(POINT),
      headers: { 'content-type': 'application/json' },
    });
    while (daemon.inference.decoded.length === 0) await sleep(5);
    const closing = daemon.close();
    while (daemon.app.server.listening) await sleep(5);
    release();
    const answer = await asked;
    assert.deepEqual([answer.status, answer.headers.get('connection')], [200, 'close']);
    await closing;
    assert.equal(daemon.inference.closed, 1);
  });
});
