import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Item } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import type { Stock, StockBatchAnswer } from '../../device/api/stock-schemas.ts';
import { MAX_STOCK_CHANGES } from '../../device/api/stock-schemas.ts';
import type { BoxEvent } from '../../device/events.ts';
import { skuOf, TestDaemon } from '../support/daemon.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the stock', () => {
  let daemon: TestDaemon;
  const events: BoxEvent[] = [];
  before(async () => {
    daemon = await TestDaemon.start();
    daemon.events.listen(event => events.push(event));
  });
  after(() => daemon.close());

  const patch = (sku: string, body: object, headers = {}) =>
    daemon.ask({
      method: 'PATCH',
      url: `/api/v1/items/${sku}/stock`,
      payload: JSON.stringify(body),
      headers: { ...JSON_TYPE, ...daemon.key('inventory'), ...headers },
    });
  const batch = (body: object, headers = {}) =>
    daemon.post('/api/v1/stock:batch', body, { ...daemon.key('inventory'), ...headers });
  const sizesOf = async (sku: string): Promise<string> => {
    const { sizes } = (await daemon.ask({ url: `/api/v1/items/${sku}` })).json<Item>();
    return (sizes ?? []).map(({ name, quantity }) => `${name}:${quantity}`).join(' ');
  };
  const matched = async (size: string): Promise<string[]> => {
    const body = { dials: [0, 0, 0, 0, 0, 0], k: 200, filter: { sizes: [size] } };
    return (await daemon.post('/api/v1/match', body)).json<MatchAnswer>().matches.map(({ sku }) => sku);
  };

  it('of a size that is sold out takes the garment from the matches of that size at once', async () => {
    const sku = skuOf(3);
    assert.ok((await matched('M')).includes(sku));
    const answer = await patch(sku, { sizes: [{ name: 'M', quantity: 0 }] });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json<Stock>(), {
      sku,
      sizes: [
        { name: 'S', quantity: 1 },
        { name: 'M', quantity: 0 },
      ],
      floored: [],
    });
    assert.ok(!(await matched('M')).includes(sku));
    assert.ok((await matched('S')).includes(sku));
    await patch(sku, { sizes: [{ name: 'M', quantity: 1 }] });
    assert.ok((await matched('M')).includes(sku));
  });

  it('takes a change once, however often it comes with the same key, and answers it the same', async () => {
    const sku = skuOf(5);
    const sale = { sizes: [{ name: 'S', change: -1 }] };
    const first = await patch(sku, sale, { 'idempotency-key': 'sale-4711' });
    assert.deepEqual([first.statusCode, first.headers['idempotent-replayed']], [200, undefined]);
    await patch(sku, { sizes: [{ name: 'S', quantity: 9 }] });
    const again = await patch(sku, sale, { 'idempotency-key': 'sale-4711' });
    assert.deepEqual([again.body, again.headers['idempotent-replayed']], [first.body, 'true']);
    assert.match(await sizesOf(sku), /^S:9 /);
    const other = await patch(skuOf(6), sale, { 'idempotency-key': 'sale-4711' });
    assert.deepEqual([other.statusCode, other.json<Problem>().code], [409, 'idempotency-conflict']);
  });

  it('takes a till’s batches in turn, and says which is next', async () => {
    const [one, two] = [skuOf(7), skuOf(8)];
    const body = (seq: number, change: number) => ({
      source: 'till-1',
      epoch: 0,
      seq,
      changes: [
        { sku: one, size: 'XL', change },
        { sku: 'scarf', size: 'one', change: -1 },
        { sku: two, size: 'S', change: -50 },
      ],
    });
    const early = await batch(body(2, 1));
    assert.deepEqual([early.statusCode, early.json<Problem>().code], [409, 'sequence-mismatch']);
    const first = await batch(body(1, 3));
    assert.deepEqual(first.json<StockBatchAnswer>(), {
      applied: 2,
      unknown: ['scarf'],
      floored: [{ sku: two, size: 'S' }],
    });
    assert.equal((await batch(body(1, 3))).headers['idempotent-replayed'], 'true');
    assert.equal((await batch(body(1, 4))).json<Problem>().code, 'idempotency-conflict');
    assert.equal((await batch(body(2, 1))).statusCode, 200);
    assert.match(await sizesOf(one), /XL:4/);
    assert.match((await batch(body(9, 1))).json<Problem>().detail, /The next of “till-1” is seq 3 of epoch 0/);
  });

  it('is told to every screen, and what changes nothing is not', async () => {
    await new Promise(go => setTimeout(go, 150));
    events.length = 0;
    await batch({ changes: [{ sku: skuOf(10), size: 'S', quantity: 77 }] });
    // What was told just before may hold it up for a tenth of a second.
    while (events.length === 0) await new Promise(go => setTimeout(go, 5));
    assert.deepEqual(events, [{ type: 'inventory', data: { skus: [skuOf(10)], more: false } }]);
    await batch({ changes: [{ sku: skuOf(10), size: 'S', quantity: 77 }] });
    await new Promise(go => setTimeout(go, 150));
    assert.equal(events.length, 1);
  });

  it('is refused with what is wrong, and then nothing is changed', async () => {
    const stands = await sizesOf(skuOf(12));
    const wrong = async (
      asked: ReturnType<typeof batch>,
      status: number,
      field: string,
      part: RegExp,
    ): Promise<void> => {
      const answer = await asked;
      const problem = answer.json<Problem>();
      assert.deepEqual([answer.statusCode, problem.field], [status, field], answer.body);
      assert.match(problem.detail, part);
    };
    const good = { sku: skuOf(12), size: 'S', quantity: 5 };
    const list = (...more: object[]) => ({ changes: [good, ...more] });
    await wrong(
      batch(list({ ...good, change: 1 })),
      400,
      'changes[1]',
      /has both quantity and change; give exactly one/,
    );
    await wrong(batch(list({ sku: 'a', size: 'S' })), 400, 'changes[1]', /has neither quantity nor change/);
    await wrong(
      batch(list({ sku: 'a', size: 'S', change: -1 })),
      400,
      'changes[1]',
      /would count twice if the request came twice/,
    );
    await wrong(batch(list({ ...good, size: 'a\nb' })), 400, 'changes[1]', /control character/);
    await wrong(batch(list({ ...good, quantity: -1 })), 400, 'changes[1].quantity', /must lie within \[0, 9999999\]/);
    await wrong(batch(list({ ...good, quantity: 1.5 })), 400, 'changes[1].quantity', /must be a whole number/);
    await wrong(batch({ changes: [] }), 400, 'changes', /must hold at least 1/);
    await wrong(
      batch({ changes: Array.from({ length: MAX_STOCK_CHANGES + 1 }, () => good) }),
      400,
      'changes',
      /may hold at most 500/,
    );
    await wrong(batch({ ...list(), source: 'a', epoch: 0 }), 400, 'seq', /go together; seq is missing/);
    await wrong(batch({ ...list(), epoch: 0, seq: 1 }), 400, 'source', /source is missing/);
    await wrong(batch({ ...list(), source: 'a', seq: 1 }), 400, 'epoch', /epoch is missing/);
    await wrong(
      batch({ ...list(), source: 'a', epoch: 0, seq: 1 }, { 'idempotency-key': 'k' }),
      400,
      'idempotency-key',
      /give one of the two/,
    );
    await wrong(batch(list(), { 'idempotency-key': 'a b' }), 400, 'idempotency-key', /visible ASCII/);
    await wrong(batch(list(), { 'idempotency-key': 'x'.repeat(129) }), 400, 'idempotency-key', /at most 128/);
    await wrong(batch({ ...list(), more: 1 }), 400, 'more', /not a field/);
    await wrong(patch('none', { sizes: [{ name: 'S', quantity: 1 }] }), 404, 'sku', /no garment with the SKU/);
    await wrong(patch(skuOf(12), { sizes: [{ name: 'S' }] }), 400, 'sizes[0]', /neither quantity nor change/);
    assert.equal(await sizesOf(skuOf(12)), stands);
  });

  it('is asked for by its own methods alone', async () => {
    const answer = await daemon.ask({ url: '/api/v1/stock:batch' });
    assert.deepEqual([answer.statusCode, answer.headers.allow], [405, 'POST']);
  });
});
