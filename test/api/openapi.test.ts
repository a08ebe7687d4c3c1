import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import Fastify from 'fastify';
import { describeApi } from '../../device/api/openapi.ts';
import { NAMED_SCHEMAS } from '../../device/api/route-schemas.ts';
import type { Api } from '../../device/api/services.ts';
import { Contract } from '../support/contract.ts';
import { TestDaemon } from '../support/daemon.ts';

describe('the OpenAPI document', () => {
  let daemon: TestDaemon;
  let contract: Contract;
  before(async () => {
    daemon = await TestDaemon.start();
    contract = await Contract.of(daemon.app);
  });
  after(() => daemon.close());

  it('is of version 3.1, and describes every call of the API', () => {
    const { document } = contract;
    assert.equal(document.openapi, '3.1.0');
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(calls.sort(), [
      'DELETE /api/v1/items/{sku}',
      'DELETE /api/v1/keys/{id}',
      'DELETE /api/v1/pairings',
      'DELETE /api/v1/staff/session',
      'GET /api/v1/audit',
      'GET /api/v1/calls',
      'GET /api/v1/calls/{id}',
      'GET /api/v1/chain/items/{sku}/image',
      'GET /api/v1/cutouts/{id}',
      'GET /api/v1/events',
      'GET /api/v1/holds',
      'GET /api/v1/items',
      'GET /api/v1/items/{sku}',
      'GET /api/v1/items/{sku}/image',
      'GET /api/v1/items/{sku}/posterior',
      'GET /api/v1/items/{sku}/similar',
      'GET /api/v1/keys',
      'GET /api/v1/log',
      'GET /api/v1/map',
      'GET /api/v1/model',
      'GET /api/v1/openapi.json',
      'GET /api/v1/page',
      'GET /api/v1/pairings',
      'GET /api/v1/screens/{screen}',
      'GET /api/v1/staff',
      'GET /api/v1/styles',
      'GET /api/v1/surprise',
      'GET /api/v1/system',
      'GET /api/v1/unencoded',
      'GET /api/v1/updates',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'PATCH /api/v1/items/{sku}/stock',
      'POST /api/v1/calls',
      'POST /api/v1/calls/{id}/answer',
      'POST /api/v1/cutouts',
      'POST /api/v1/dial',
      'POST /api/v1/encode',
      'POST /api/v1/facets',
      'POST /api/v1/generate',
      'POST /api/v1/goes-with',
      'POST /api/v1/holds',
      'POST /api/v1/items/{sku}/encode',
      'POST /api/v1/items/{sku}/image',
      'POST /api/v1/keys',
      'POST /api/v1/map',
      'POST /api/v1/match',
      'POST /api/v1/pairings',
      'POST /api/v1/staff/session',
      'POST /api/v1/stock:batch',
      'POST /api/v1/surprise',
      'POST /api/v1/updates:apply',
      'POST /api/v1/updates:check',
      'POST /api/v1/updates:rollback',
      'PUT /api/v1/dials/{index}/words',
      'PUT /api/v1/items/{sku}',
      'PUT /api/v1/log',
      'PUT /api/v1/screens/{screen}',
      'PUT /api/v1/staff/pin',
    ]);
  });

  it('names each call once', () => {
    const names = Object.values(contract.document.paths).flatMap(methods =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every(name => /^[a-z]+$/i.test(name)));
  });

  it('has every named shape, and refers to nothing it has not', async () => {
    const { components } = contract.document;
    const api = resolve(import.meta.dirname, '../../device/api');
    const files = globSync('*schemas.ts', { cwd: api }).filter(file => file !== 'route-schemas.ts');
    const modules = await Promise.all(files.map(file => import(pathToFileURL(resolve(api, file)).href)));
    const named = modules
      .flatMap(one => Object.values<unknown>(one))
      .flatMap(one => (typeof one === 'object' && one !== null && '$id' in one ? [String(one.$id)] : []));
    assert.deepEqual(Object.keys(components.schemas).sort(), named.sort());
    const references = JSON.stringify(contract.document).match(/"\$ref":"([^"]+)"/g) ?? [];
    for (const reference of new Set(references)) {
      const [, name] = /#\/components\/schemas\/(\w+)"$/.exec(reference) ?? [];
      assert.ok(name !== undefined && name in components.schemas, reference);
    }
  });

  it('describes errors of every call as problems', () => {
    for (const [path, methods] of Object.entries(contract.document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const status of ['400', '421', '500']) assert.ok(status in responses, `${path} ${status}`);
        for (const [status, { content }] of Object.entries(responses)) {
          if (Number(status) >= 400) assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json']);
        }
      }
    }
  });
});

describe('a call that changes something', () => {
  it('says that the disk may be full', async () => {
    const app: Api = Fastify();
    for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
    await describeApi(app, { version: '0.0.0' });
    const schema = () => ({ response: { 204: { type: 'null' } } });
    app.put('/change', { schema: schema(), config: { access: 'inventory' } }, async () => null);
    app.get('/look', { schema: schema(), config: { access: 'admin' } }, async () => null);
    app.post('/ask', { schema: schema() }, async () => null);
    await app.ready();
    const { paths }: Contract['document'] = JSON.parse(JSON.stringify(app.swagger()));
    assert.deepEqual(Object.keys(paths['/change']?.put?.responses ?? {}), ['204', '507']);
    assert.deepEqual(Object.keys(paths['/look']?.get?.responses ?? {}), ['204']);
    assert.deepEqual(Object.keys(paths['/ask']?.post?.responses ?? {}), ['204']);
  });
});

describe('the contract that tests hold answers to', () => {
  const answer = (over: object) => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{}',
    rawPayload: Buffer.from('{}'),
    json: () => ({}),
    ...over,
  });

  it('finds answers that the document does not describe', async () => {
    const daemon = await TestDaemon.start();
    try {
      const contract = await Contract.of(daemon.app);
      const check = (url: string, over: object): void => contract.check({ url }, answer(over) as never);
      assert.throws(() => check('/api/v1/model', {}), /must have required property/);
      assert.throws(() => check('/api/v1/model', { statusCode: 418 }), /a status the document does not know/);
      assert.throws(
        () => check('/api/v1/model', { headers: { 'content-type': 'text/html' } }),
        /a type the document does not know/,
      );
      assert.throws(() => check('/api/v1/nothing', {}), /is not in the document, and answered 200/);
      const more = { ...(await daemon.ask({ url: '/healthz' })).json(), secret: 1 };
      assert.throws(() => check('/healthz', { json: () => more }), /must NOT have additional properties/);
    } finally {
      await daemon.close();
    }
  });
});
