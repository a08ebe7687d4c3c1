import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Fastify from 'fastify';
import type { Scope } from '../../device/access/who.ts';
import { guardAccess } from '../../device/api/access-guard.ts';
import type { Audit } from '../../device/api/access-schemas.ts';
import { sendProblem } from '../../device/api/problems.ts';
import type { Api } from '../../device/api/services.ts';
import { LOCALLY, testAccess } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';
import { bearer, pair } from '../support/staff.ts';

const FAR = { remoteAddress: '192.0.2.9' };

describe('a route', () => {
  const guarded = (t: Parameters<typeof testAccess>[0]): Api => {
    const app: Api = Fastify();
    afterwards(t, () => app.close());
    guardAccess(app, testAccess(t).access, { reads: 'open' });
    return app;
  };
  const handler = async (): Promise<string> => 'done';

  it('that may change something and does not say who may stops the start', t => {
    const app = guarded(t);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      assert.throws(() => app.route({ method, url: '/api/v1/items/:sku', handler }), /has no config\.access/, method);
    }
    assert.throws(() => app.route({ method: ['GET', 'POST'], url: '/both', handler }), /POST \/both may change/);
    assert.throws(() => app.all('/everything', handler), /has no config\.access/);
    assert.throws(
      () => app.post('/api/v1/match/', handler),
      /has no config\.access/,
      'a neighbour of one that only reads',
    );
  });

  it('in a scope of its own is held to the same', async t => {
    const app = guarded(t);
    app.register(async scope => {
      scope.post('/hidden', handler);
    });
    await assert.rejects(async () => await app.ready(), /POST \/hidden may change something/);
  });

  it('that only looks, or says who may, is taken', t => {
    const app = guarded(t);
    app.get('/look', handler);
    app.options('/look', handler);
    app.post('/api/v1/match', handler);
    app.put('/change', { config: { access: 'inventory' } }, handler);
  });
});

describe('a change', () => {
  /** An app whose routes need each access, and what its handlers did. */
  const changeable = (t: Parameters<typeof testAccess>[0]) => {
    const { access } = testAccess(t);
    const app: Api = Fastify();
    afterwards(t, () => app.close());
    app.setErrorHandler(sendProblem);
    guardAccess(app, access, { reads: 'open' });
    const done: string[] = [];
    for (const needed of ['watch', 'inventory', 'admin', 'staff'] as const) {
      app.put(`/${needed}/:sku`, { config: { access: needed } }, async request => {
        done.push(needed);
        assert.equal(access.audit.page(1)[0]?.outcome, null, 'the line is there before it is done');
        if ((request.query as { fails?: string }).fails !== undefined) throw new Error('disk');
        return request.who;
      });
    }
    const keyOf = (scope: Scope) => access.createKey(`Key for ${scope}`, scope, LOCALLY).token;
    const ask = (url: string, authorization?: string) =>
      app.inject({ method: 'PUT', url, headers: authorization === undefined ? {} : { authorization } });
    const keys = { watch: keyOf('watch'), inventory: keyOf('inventory'), admin: keyOf('admin') };
    return { access, app, done, ask, keys };
  };

  it('is made with a key of the scope or a greater one, and by nobody else', async t => {
    const { ask, done, keys } = changeable(t);
    const outcome = async (url: string, key?: string) => {
      const answer = await ask(url, key && `Bearer ${key}`);
      return [answer.statusCode, answer.json().code ?? answer.json().scope, answer.headers['www-authenticate']];
    };
    const challenge = 'Bearer realm="lookdial"';
    assert.deepEqual(await outcome('/inventory/g1'), [401, 'key-required', challenge]);
    assert.deepEqual(await outcome('/inventory/g1', keys.inventory), [200, 'inventory', undefined]);
    assert.deepEqual(await outcome('/inventory/g1', keys.admin), [200, 'admin', undefined]);
    assert.deepEqual(await outcome('/admin/g1', keys.inventory), [
      403,
      'scope-missing',
      `${challenge}, error="insufficient_scope", scope="admin"`,
    ]);
    assert.deepEqual(await outcome('/admin/g1', keys.admin), [200, 'admin', undefined]);
    assert.deepEqual(await outcome('/watch/g1', keys.watch), [200, 'watch', undefined]);
    assert.deepEqual(await outcome('/watch/g1', keys.inventory), [
      403,
      'scope-missing',
      `${challenge}, error="insufficient_scope", scope="watch"`,
    ]);
    for (const above of ['inventory', 'admin'] as const) {
      assert.deepEqual((await outcome(`/${above}/g1`, keys.watch)).slice(0, 2), [403, 'scope-missing']);
    }
    assert.deepEqual((await outcome('/staff/g1', keys.watch)).slice(0, 2), [403, 'staff-only']);
    assert.deepEqual(await outcome('/staff/g1', keys.admin), [403, 'staff-only', undefined]);
    assert.deepEqual(done, ['inventory', 'inventory', 'admin', 'watch']);
  });

  it('is refused for what is no key of this box, however it is written', async t => {
    const { ask, done, keys, access } = changeable(t);
    const key = keys.inventory;
    const refused = [
      'Bearer',
      'Bearer ',
      `Basic ${key}`,
      key,
      `Bearer ${key} ${key}`,
      `Bearer ${key},Bearer ${key}`,
      `Bearer ${key.slice(0, -1)}`,
      `Bearer lookdial_key_000000000000_${'A'.repeat(43)}`,
      `Bearer lookdial_staff_${'A'.repeat(43)}`,
      `Bearer ${'x'.repeat(5000)}`,
      `Bearer\t${key}\u0000`,
    ];
    for (const authorization of refused) {
      const answer = await ask('/inventory/g1', authorization);
      assert.deepEqual([answer.statusCode, answer.json().code], [401, 'key-refused'], authorization.slice(0, 90));
      assert.equal(answer.headers['www-authenticate'], 'Bearer realm="lookdial", error="invalid_token"');
      assert.ok(!answer.body.includes(key));
    }
    const [found] = access.keys.list().filter(({ scope }) => scope === 'inventory');
    access.revokeKey(found!.id, LOCALLY);
    assert.equal((await ask('/inventory/g1', `Bearer ${key}`)).json().code, 'key-refused');
    assert.deepEqual(done, []);
  });

  it('that was answered is in the book, with who made it, of what, and how it ended', async t => {
    const { ask, access, keys } = changeable(t);
    await ask('/inventory/g1', `Bearer ${keys.inventory}`);
    await ask('/admin/g2?fails', `Bearer ${keys.admin}`);
    await ask('/inventory/g3');
    const lines = access.audit.page(2).map(({ whoName, what, subject, outcome }) => [whoName, what, subject, outcome]);
    assert.deepEqual(lines, [
      ['Key for admin', 'PUT /admin/:sku', 'g2', 500],
      ['Key for inventory', 'PUT /inventory/:sku', 'g1', 200],
    ]);
    assert.equal(access.audit.page(10).length, 5, 'three keys made, two changes: what was refused changed nothing');
  });

  it('that cannot be written down is not made', async t => {
    const { ask, access, done, keys } = changeable(t);
    t.mock.method(access.audit, 'begin', () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    });
    const answer = await ask('/inventory/g1', `Bearer ${keys.inventory}`);
    assert.equal(answer.statusCode, 500);
    assert.deepEqual(done, []);
  });

  it('is answered though how it ended cannot be written down: that it was made is', async t => {
    const { ask, access, done, keys } = changeable(t);
    t.mock.method(access.audit, 'end', () => {
      throw new Error('database or disk is full');
    });
    assert.equal((await ask('/inventory/g1', `Bearer ${keys.inventory}`)).statusCode, 200);
    assert.deepEqual([done, access.audit.page(1)[0]?.outcome], [['inventory'], null]);
  });
});

describe('the app’s own calls', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  it('that change something each need a key or the screen', async () => {
    const { paths } = daemon.app.swagger() as unknown as {
      paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
    };
    const open = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(
          ([method, { security = [{}] }]) => method !== 'get' && security.some(one => Object.keys(one).length === 0),
        )
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(open.sort(), [
      'POST /api/v1/calls',
      'POST /api/v1/dial',
      'POST /api/v1/encode',
      'POST /api/v1/facets',
      'POST /api/v1/generate',
      'POST /api/v1/goes-with',
      'POST /api/v1/holds',
      'POST /api/v1/keys',
      'POST /api/v1/map',
      'POST /api/v1/match',
      'POST /api/v1/staff/session',
      'POST /api/v1/surprise',
      'PUT /api/v1/screens/{screen}',
      'PUT /api/v1/staff/pin',
    ]);
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { security = [{}] }] of Object.entries(methods)) {
        if (security.some(one => Object.keys(one).length === 0)) continue;
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await daemon.ask({ method: method.toUpperCase() as 'PUT', url, ...FAR });
        assert.deepEqual([answer.statusCode, answer.json().code], [401, 'key-required'], `${method} ${path}`);
      }
    }
  });

  it('that only look at what is guarded are guarded by every method', async () => {
    for (const method of ['GET', 'HEAD'] as const) {
      for (const url of ['/api/v1/keys', '/api/v1/audit', '/api/v1/pairings']) {
        assert.equal((await daemon.app.inject({ method, url })).statusCode, 401, `${method} ${url}`);
      }
    }
  });

  it('show the book to those with a key for admin, page by page', async () => {
    const { token, key } = await pair(daemon, 'admin', 'Office');
    const ask = (query: string) => daemon.ask({ url: `/api/v1/audit${query}`, headers: bearer(token), ...FAR });
    const first = (await ask('?limit=1')).json<Audit>();
    assert.deepEqual(
      [first.lines[0]?.who, first.lines[0]?.what, first.lines[0]?.subject],
      ['pairing', 'POST /api/v1/keys', `${key.id} “Office”, admin`],
    );
    const second = (await ask(`?limit=1&cursor=${first.nextCursor}`)).json<Audit>();
    assert.deepEqual([second.lines[0]?.who, second.lines[0]?.what], ['staff', 'POST /api/v1/pairings']);
    assert.equal(second.lines[0]?.outcome, 201);
    const rest = (await ask(`?cursor=${second.nextCursor}`)).json<Audit>();
    assert.equal(rest.nextCursor, undefined);
    const refused = await daemon.ask({ url: '/api/v1/audit', headers: daemon.key('inventory') });
    assert.equal(refused.json().code, 'scope-missing');
  });
});
