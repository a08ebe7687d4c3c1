import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Problem } from '../../device/api/schemas.ts';
import { conditionalModel } from '../support/bundles.ts';
import { TestDaemon } from '../support/daemon.ts';

/** Six dimensions, dials from -5 to 5. */
const centre = [0, 0, 0, 0, 0, 0];
const at = (place: number, value: unknown): unknown[] => centre.with(place, value as number);

interface Wrong {
  readonly body: unknown;
  readonly code?: string;
  readonly field?: string;
  readonly detail: RegExp;
}

const POINTS: Wrong[] = [
  { body: {}, code: 'invalid-point', field: 'dials', detail: /Neither dials nor z .* exactly one/ },
  { body: { dials: centre, z: centre }, code: 'invalid-point', field: 'z', detail: /Both dials and z .* exactly one/ },
  {
    body: { dials: at(3, 7.2) },
    code: 'invalid-point',
    field: 'dials[3]',
    detail: /^dials\[3\] is 7\.2, and must lie within \[-5, 5\]\.$/,
  },
  {
    body: { dials: at(0, -5.000001) },
    code: 'invalid-point',
    field: 'dials[0]',
    detail: /^dials\[0\] is -5\.000001, and must lie within \[-5, 5\]\.$/,
  },
  {
    body: { z: at(5, 10_001) },
    code: 'invalid-point',
    field: 'z[5]',
    detail: /^z\[5\] is 10001, and must lie within \[-10000, 10000\]\.$/,
  },
  { body: { z: at(5, -1e300) }, code: 'invalid-point', field: 'z[5]', detail: /must lie within \[-10000, 10000\]/ },
  { body: { dials: centre.slice(1) }, code: 'invalid-point', field: 'dials', detail: /has 5 numbers, and must have 6/ },
  { body: { z: [...centre, 0] }, code: 'invalid-point', field: 'z', detail: /has 7 numbers, and must have 6/ },
  { body: { dials: [] }, code: 'invalid-point', field: 'dials', detail: /a list of 0, and must hold at least 1/ },
  {
    body: { z: Array.from({ length: 65 }, () => 0) },
    code: 'invalid-point',
    field: 'z',
    detail: /a list of 65, and may hold at most 64/,
  },
  {
    body: { dials: at(2, '1') },
    code: 'invalid-point',
    field: 'dials[2]',
    detail: /is "1", and must be a finite number/,
  },
  { body: { z: at(2, null) }, code: 'invalid-point', field: 'z[2]', detail: /is null, and must be a finite number/ },
  { body: { z: at(2, true) }, code: 'invalid-point', field: 'z[2]', detail: /is true, and must be a finite number/ },
  {
    body: { z: at(2, [0]) },
    code: 'invalid-point',
    field: 'z[2]',
    detail: /is a list of 1, and must be a finite number/,
  },
  { body: { z: 'zero' }, code: 'invalid-point', field: 'z', detail: /is "zero", and must be a list/ },
  { body: { z: { 0: 1 } }, code: 'invalid-point', field: 'z', detail: /is an object, and must be a list/ },
  { body: { z: 3 }, code: 'invalid-point', field: 'z', detail: /is 3, and must be a list/ },
  { body: '{"z":[NaN,0,0,0,0,0]}', detail: /not JSON/ },
  { body: '{"z":[1e400,0,0,0,0,0]}', code: 'invalid-point', field: 'z[0]', detail: /Infinity, and must be a finite/ },
  { body: '{"z":[0,0,0,0,0,0]', detail: /not JSON/ },
  { body: '', detail: /empty/ },
  { body: 'null', detail: /the body is null, and must be an object/ },
  { body: [1, 2], detail: /the body is a list of 2, and must be an object/ },
  { body: '"dials"', detail: /the body is "dials", and must be an object/ },
  { body: '{"__proto__":{"z":[0,0,0,0,0,0]}}', detail: /not JSON|forbidden/i },
  {
    body: { dials: centre, size: 3 },
    field: 'size',
    detail: /"size" is not a field that the body takes; it takes dials/,
  },
  {
    body: { dials: centre, condition: { category: 'Shirt' } },
    field: 'condition.category',
    detail: /condition\.category is given, and this model takes none/,
  },
  { body: { dials: centre, condition: 'Shirt' }, field: 'condition', detail: /is "Shirt", and must be an object/ },
  { body: { dials: centre, condition: {} }, field: 'condition.category', detail: /condition\.category is missing/ },
];

const MATCHING: Wrong[] = [
  { body: { dials: centre, k: 0 }, field: 'k', detail: /k is 0, and must lie within \[1, 200\]/ },
  { body: { dials: centre, k: 201 }, field: 'k', detail: /k is 201, and must lie within \[1, 200\]/ },
  { body: { dials: centre, k: 2.5 }, field: 'k', detail: /k is 2\.5, and must be a whole number/ },
  { body: { dials: centre, k: '3' }, field: 'k', detail: /k is "3", and must be a whole number/ },
  {
    body: { dials: centre, metric: 'cosine' },
    field: 'metric',
    detail: /metric is "cosine", and must be one of log-likelihood, euclidean, mahalanobis/,
  },
  { body: { dials: centre, tolerance: -0.1 }, field: 'tolerance', detail: /-0\.1, and must lie within \[0, 100\]/ },
  { body: { dials: centre, on: [] }, field: 'on', detail: /a list of 0, and must hold at least 1/ },
  { body: { dials: centre, on: [6] }, field: 'on[0]', detail: /on\[0\] is 6, and must lie within \[0, 5\]/ },
  { body: { dials: centre, on: [0, 64] }, field: 'on[1]', detail: /on\[1\] is 64, and must lie within \[0, 63\]/ },
  { body: { dials: centre, on: [-1] }, field: 'on[0]', detail: /must lie within \[0, 63\]/ },
  { body: { dials: centre, on: [1, 1] }, field: 'on', detail: /must not hold the same twice/ },
  { body: { dials: centre, filter: [] }, field: 'filter', detail: /a list of 0, and must be an object/ },
  {
    body: { dials: centre, filter: { brand: 'x' } },
    field: 'filter.brand',
    detail: /"filter\.brand" is not a field that filter takes; it takes categories/,
  },
  { body: { dials: centre, filter: { sizes: [] } }, field: 'filter.sizes', detail: /must hold at least 1/ },
  { body: { dials: centre, filter: { sizes: [''] } }, field: 'filter.sizes[0]', detail: /must not be empty/ },
  { body: { dials: centre, filter: { colours: [3] } }, field: 'filter.colours[0]', detail: /is 3, and must be text/ },
  { body: { dials: centre, filter: { priceMin: -1 } }, field: 'filter.priceMin', detail: /-1, and must be at least 0/ },
  {
    body: { dials: centre, filter: { inStock: 1 } },
    field: 'filter.inStock',
    detail: /is 1, and must be true or false/,
  },
  {
    body: { dials: centre, filter: { categories: ['x'.repeat(201)] } },
    field: 'filter.categories[0]',
    detail: /may have at most 200 characters/,
  },
];

describe('bad input', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const refused = async (url: string, { body, code = 'invalid-request', field, detail }: Wrong): Promise<void> => {
    const answer = await daemon.post(url, body);
    const problem: Problem = answer.json();
    const asked = `${url} ${JSON.stringify(body)}`;
    assert.equal(answer.statusCode, 400, asked);
    assert.equal(problem.code, code, `${asked}: ${problem.detail}`);
    assert.equal(problem.field, field, `${asked}: ${problem.detail}`);
    assert.match(problem.detail, detail, asked);
  };

  for (const call of ['match', 'dial', 'generate']) {
    it(`is refused by ${call}, naming the field and the bound`, async () => {
      for (const wrong of POINTS) await refused(`/api/v1/${call}`, wrong);
      assert.equal(daemon.inference.decoded.length, 0, 'nothing is decoded for a point that is refused');
    });
  }

  for (const call of ['match', 'dial']) {
    it(`about matching is refused by ${call}`, async () => {
      for (const wrong of MATCHING) await refused(`/api/v1/${call}`, wrong);
    });
  }

  it('in an address is refused, naming the parameter and the bound', async () => {
    const wrong: [string, string, RegExp][] = [
      ['/api/v1/items?limit=0', 'limit', /limit is 0, and must lie within \[1, 200\]/],
      ['/api/v1/items?limit=many', 'limit', /limit is "many", and must be a whole number/],
      ['/api/v1/items?limit=1&limit=2', 'limit', /limit is a list of 2, and must be a whole number/],
      ['/api/v1/items?page=2', 'page', /"page" is not a field that the query takes; it takes q, category/],
      ['/api/v1/items?cursor=nonsense', 'cursor', /nextCursor/],
      ['/api/v1/items/g000/similar?measure=cosine', 'measure', /must be one of jeffreys, kl, bhattacharyya/],
      ['/api/v1/items/g000/similar?k=201', 'k', /k is 201, and must lie within \[1, 200\]/],
      ['/api/v1/items/g000/image?size=200', 'size', /size is 200, and must be one of 160, 240, 320, 640, 1280/],
      ['/api/v1/styles?families=0', 'families', /families is 0, and must lie within \[1, 64\]/],
      ['/api/v1/surprise?seed=-1', 'seed', /must lie within \[0, 4294967295\]/],
      ['/api/v1/surprise?category=', 'category', /must not be empty/],
    ];
    for (const [url, field, detail] of wrong) {
      const answer = await daemon.ask({ url });
      const problem: Problem = answer.json();
      assert.deepEqual([answer.statusCode, problem.code, problem.field], [400, 'invalid-request', field], url);
      assert.match(problem.detail, detail, url);
    }
    const generate = await daemon.post('/api/v1/generate?size=1025', { dials: centre });
    assert.match(generate.json<Problem>().detail, /size is 1025, and must lie within \[64, 1024\]/);
  });

  it('is repeated in the message shortened, and never with what it holds', async () => {
    const long = await daemon.post('/api/v1/match', { dials: 'x'.repeat(10_000) });
    assert.ok(long.json<Problem>().detail.length < 200);
    const field = await daemon.post('/api/v1/match', { ['y'.repeat(10_000)]: 1 });
    assert.ok(field.body.length < 1_000);
  });

  it('is taken at the very bounds', async () => {
    for (const body of [
      { dials: at(0, 5) },
      { dials: at(0, -5) },
      { z: at(0, 10_000) },
      { z: at(0, -10_000) },
      { dials: centre, k: 200, on: [0, 5], tolerance: 100 },
    ]) {
      assert.equal((await daemon.post('/api/v1/match', body)).statusCode, 200, JSON.stringify(body));
    }
  });
});

describe('a conditional model', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start({ model: conditionalModel() });
  });
  after(() => daemon.close());

  it('refuses a kind it does not know, naming those it does', async () => {
    for (const call of ['dial', 'generate']) {
      const answer = await daemon.post(`/api/v1/${call}`, { z: [0, 0, 0], condition: { category: 'Hat' } });
      const problem: Problem = answer.json();
      assert.deepEqual(
        [answer.statusCode, problem.code, problem.field],
        [400, 'invalid-request', 'condition.category'],
      );
      assert.match(problem.detail, /is "Hat", and must be one of Dress, Shirt, Skirt/);
    }
  });

  it('draws the kind it is told, and its default where it is told none', async () => {
    const draw = async (category?: string): Promise<string> => {
      const condition = category === undefined ? {} : { condition: { category } };
      const headers = { accept: 'application/octet-stream' };
      return (await daemon.post('/api/v1/generate', { z: [1, 0, -1], ...condition }, headers)).rawPayload.toString(
        'hex',
      );
    };
    const [none, shirt, dress] = [await draw(), await draw('Shirt'), await draw('Dress')];
    assert.equal(none, shirt);
    assert.notEqual(shirt, dress);
  });
});
