import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LookdialError } from '../device/errors.ts';
import { afterwards } from './support/afterwards.ts';
import { TestDaemon } from './support/daemon.ts';
import { temporaryFolder } from './support/store.ts';

const POINT = { dials: [0, 0, 0, 0, 0, 0] };

describe('the app', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  it('gives every answer the headers that keep pages and answers to themselves', async () => {
    for (const answer of [
      await daemon.ask({ url: '/api/v1/model' }),
      await daemon.ask({ url: '/api/v1/nothing' }),
      await daemon.ask({ url: '/api/v1/model', headers: { host: 'evil.example' } }),
      await daemon.post('/api/v1/match', 'not json'),
      await daemon.ask({ url: '/%zz' }),
    ]) {
      const { headers } = answer;
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /script-src 'self'(;|$)/, 'no script that is written into a page');
      assert.match(policy, /frame-ancestors 'none'/);
      assert.ok(!/unsafe-eval/.test(policy));
    }
  });

  it('answers no request for another host, whatever it asks', async () => {
    for (const url of ['/', '/healthz', '/api/v1/model', '/api/v1/items/g000/image', '/api/v1/nothing']) {
      for (const host of ['evil.example', 'localhost:81', '127.0.0.1.evil.example']) {
        const answer = await daemon.ask({ url, headers: { host } });
        assert.deepEqual([answer.statusCode, answer.json().code], [421, 'host-not-allowed'], `${url} ${host}`);
      }
    }
  });

  it('takes no change from a page of another origin', async () => {
    const foreign = await daemon.post('/api/v1/match', POINT, { origin: 'http://evil.example' });
    assert.deepEqual([foreign.statusCode, foreign.json().code], [403, 'origin-not-allowed']);
    const opaque = await daemon.post('/api/v1/match', POINT, { origin: 'null' });
    assert.equal(opaque.statusCode, 403);
    const own = await daemon.post('/api/v1/match', POINT, { origin: 'http://localhost' });
    assert.equal(own.statusCode, 200);
    assert.equal(own.headers['access-control-allow-origin'], undefined);
  });

  it('tells an address that is none from a method that it does not take', async () => {
    for (const url of ['/api/v1/nothing', '/api/v1/items/g000/nothing', '/api/v2/model', '/nothing.html']) {
      const answer = await daemon.ask({ url });
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'not-found'], url);
    }
    const cases: [string, 'GET' | 'POST' | 'DELETE' | 'OPTIONS', string][] = [
      ['/api/v1/match', 'GET', 'POST'],
      ['/api/v1/model', 'DELETE', 'GET, HEAD'],
      ['/api/v1/items/g000', 'POST', 'DELETE, GET, HEAD, PUT'],
      ['/api/v1/items/g000/image?size=160', 'DELETE', 'GET, HEAD, POST'],
      ['/healthz', 'OPTIONS', 'GET, HEAD'],
    ];
    for (const [url, method, allow] of cases) {
      const answer = await daemon.ask({ url, method });
      assert.deepEqual([answer.statusCode, answer.json().code], [405, 'method-not-allowed'], `${method} ${url}`);
      assert.equal(answer.headers.allow, allow);
    }
    const nothing = await daemon.ask({ url: '/api/v1/nothing', method: 'POST' });
    assert.equal(nothing.statusCode, 404);
    const query = await daemon.ask({ url: '/api/v1/model', method: 'QUERY' as 'GET' });
    assert.deepEqual([query.statusCode, query.headers.allow], [405, 'GET, HEAD'], 'with no body looked for');
  });

  it('refuses bodies and addresses that are malformed', async () => {
    const ask = async (options: object): Promise<[number, string]> => {
      const answer = await daemon.ask({ method: 'POST', url: '/api/v1/match', ...options });
      return [answer.statusCode, answer.json().code];
    };
    const json = { 'content-type': 'application/json' };
    assert.deepEqual(await ask({ payload: '{', headers: json }), [400, 'invalid-request']);
    assert.deepEqual(await ask({ headers: json }), [400, 'invalid-request']);
    assert.deepEqual(await ask({}), [400, 'invalid-request']);
    assert.deepEqual(await ask({ payload: 'x'.repeat(65_537), headers: json }), [413, 'body-too-large']);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      const expected = [415, 'unsupported-media-type'];
      assert.deepEqual(
        await ask({ payload: JSON.stringify(POINT), headers: { 'content-type': type } }),
        expected,
        type,
      );
    }
    assert.deepEqual(await ask({ method: 'GET', url: '/api/v1/items/%zz' }), [400, 'invalid-request']);
    const long = `/api/v1/items/${'x'.repeat(600)}`;
    assert.deepEqual(await ask({ method: 'GET', url: long }), [404, 'not-found']);
  });

  it('takes JSON with its character set', async () => {
    const answer = await daemon.post('/api/v1/match', POINT, { 'content-type': 'application/json; charset=utf-8' });
    assert.equal(answer.statusCode, 200);
  });

  it('says that it is alive and ready, to programs on the box itself', async () => {
    assert.equal((await daemon.ask({ url: '/healthz' })).json().status, 'ok');
    const ready = await daemon.ask({ url: '/readyz' });
    assert.deepEqual(ready.json(), { status: 'ready', edition: daemon.edition.id, provider: 'cpu' });
    for (const url of ['/healthz', '/readyz']) {
      const far = await daemon.ask({ url, remoteAddress: '192.0.2.9' });
      assert.deepEqual([far.statusCode, far.json().code], [403, 'loopback-only']);
      assert.equal((await daemon.ask({ url, remoteAddress: '::ffff:127.0.0.1' })).statusCode, 200);
      assert.equal((await daemon.ask({ url, remoteAddress: '::1' })).statusCode, 200);
    }
  });

  it('is not ready once the model is down, and still alive', async () => {
    daemon.inference.state = 'down';
    try {
      const answer = await daemon.ask({ url: '/readyz' });
      assert.deepEqual([answer.statusCode, answer.json().code, answer.headers['retry-after']], [503, 'not-ready', '1']);
      assert.equal((await daemon.ask({ url: '/healthz' })).statusCode, 200);
    } finally {
      daemon.inference.state = 'serving';
    }
  });

  it('browses the store while the model does not answer', async () => {
    daemon.inference.hold = () => Promise.reject(new LookdialError('inference-failed', 'The decoder did not answer.'));
    try {
      for (const call of ['dial', 'generate']) {
        const answer = await daemon.post(`/api/v1/${call}`, POINT);
        assert.deepEqual([answer.statusCode, answer.json().code], [503, 'inference-failed']);
      }
      assert.equal((await daemon.post('/api/v1/match', POINT)).statusCode, 200);
      assert.equal((await daemon.ask({ url: '/api/v1/items' })).statusCode, 200);
    } finally {
      daemon.inference.hold = () => Promise.resolve();
    }
  });

  it('says how to build the kiosk’s page where it has not been built', async () => {
    const answer = await daemon.ask({ url: '/' });
    assert.equal(answer.statusCode, 404);
    assert.match(answer.json().detail, /npm run build/);
  });
});

describe('the app before there is an edition', () => {
  it('is not ready, and says so in every call that needs one', async () => {
    const daemon = await TestDaemon.start();
    await daemon.editions.close();
    try {
      for (const url of ['/readyz', '/api/v1/model', '/api/v1/items', '/api/v1/styles', '/api/v1/surprise']) {
        const answer = await daemon.ask({ url });
        assert.deepEqual([answer.statusCode, answer.json().code], [503, 'not-ready'], url);
      }
      assert.equal((await daemon.post('/api/v1/dial', POINT)).statusCode, 503);
      assert.equal((await daemon.ask({ url: '/healthz' })).statusCode, 200);
    } finally {
      await daemon.close();
    }
  });
});

describe('the kiosk’s page', () => {
  it('is asked for anew each time, its hashed files kept for good, and nothing else is served', async t => {
    const folder = await temporaryFolder(t);
    const ui = join(folder, 'dist');
    await mkdir(join(ui, 'assets'), { recursive: true });
    await writeFile(join(ui, 'index.html'), '<!doctype html><title>Page</title>');
    await writeFile(join(ui, 'assets', 'main-0a1b2c3d.js'), 'export {};');
    await writeFile(join(ui, '.hidden'), 'hidden');
    await writeFile(join(folder, 'outside.txt'), 'outside');
    const daemon = await TestDaemon.start({ ui });
    afterwards(t, () => daemon.close());
    const get = (url: string, headers = {}) => daemon.app.inject({ url, headers });
    const page = await get('/');
    assert.deepEqual([page.statusCode, page.headers['cache-control']], [200, 'no-cache']);
    assert.match(String(page.headers['content-type']), /^text\/html/);
    const again = await get('/', { 'if-none-match': String(page.headers.etag) });
    assert.equal(again.statusCode, 304);
    const script = await get('/assets/main-0a1b2c3d.js');
    assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String(script.headers['content-type']), /javascript/);
    for (const url of [
      '/.hidden',
      '/../outside.txt',
      '/..%2foutside.txt',
      '/assets/..%2f..%2foutside.txt',
      '/none.js',
    ]) {
      const answer = await get(url);
      assert.ok([400, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`);
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
    }
    const post = await daemon.post('/', {});
    assert.equal(post.statusCode, 404);
  });
});
