import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tally } from '../../../scripts/bench/load/tally.ts';
import { requireStockCalls, sell } from '../../../scripts/bench/load/till.ts';
import { slope } from '../../../scripts/bench/load/trend.ts';
import { afterwards } from '../../support/afterwards.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { source: string; epoch: number; seq: number; sizes: { name: string; quantity: number }[] };
}

/** A server that notes what it is asked, and answers as it is told. */
async function server(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const listening = createServer((request, response) => {
    let text = '';
    request.on('data', part => {
      text += String(part);
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      asked.push({ method, url, authorization: headers.authorization, body: JSON.parse(text || 'null') });
      answer(request, response);
    });
  });
  await new Promise<void>(done => {
    listening.listen(0, '127.0.0.1', done);
  });
  afterwards(t, () => listening.close());
  return { asked, address: `http://127.0.0.1:${(listening.address() as AddressInfo).port}` };
}

describe('the trend', () => {
  it('is that of the line nearest to the points', () => {
    const line = [0, 1, 2, 3].map(x => ({ x, y: 5 + 2 * x }));
    assert.equal(slope(line), 2);
    const noisy = line.map(({ x, y }) => ({ x, y: y + (x === 1 || x === 2 ? 3 : 0) }));
    assert.ok(Math.abs(slope(noisy) - 2) < 1e-12);
    assert.deepEqual(
      [
        slope([]),
        slope([{ x: 1, y: 1 }]),
        slope([
          { x: 1, y: 1 },
          { x: 1, y: 9 },
        ]),
      ],
      [0, 0, 0],
    );
  });
});

describe('the tally', () => {
  it('counts what failed apart from what was answered, and keeps the reasons', async () => {
    const tally = new Tally();
    for (let run = 0; run < 10; run += 1) {
      await tally.time('match', async () => {
        if (run % 5 === 4) throw new Error('It answered 503.');
        return Uint8Array.of(1, 2, 3);
      });
    }
    const { answered, failed, p50, p99, longest } = tally.of('match');
    assert.deepEqual([answered, failed, tally.errors, tally.sink], [8, 2, 2, 16]);
    assert.ok(p50 <= p99 && p99 <= longest);
    assert.deepEqual([...tally.failures], [['It answered 503.', 2]]);
    assert.equal(tally.of('match', [performance.now(), Number.POSITIVE_INFINITY]).answered, 0);
    assert.deepEqual(
      tally.all.map(({ call }) => call),
      ['match'],
    );
  });
});

describe('the till', () => {
  it('refuses a daemon that has nowhere to write to, and says which calls are missing', async t => {
    const paths = { '/api/v1/stock:batch': { post: {} } };
    const without = await server(t, (_, response) => response.end(JSON.stringify({ paths })));
    await assert.rejects(
      requireStockCalls(without.address),
      /has no PATCH \/api\/v1\/items\/\{sku\}\/stock, so .*--no-writer/,
    );
    const whole = { ...paths, '/api/v1/items/{sku}/stock': { patch: {} } };
    const writable = await server(t, (_, response) => response.end(JSON.stringify({ paths: whole })));
    await requireStockCalls(writable.address);
  });

  it('writes one numbered order after another with its key, and tallies what is refused', async t => {
    let answers = 0;
    const { asked, address } = await server(t, (_, response) => {
      response.statusCode = ++answers === 2 ? 507 : 200;
      response.end('{}');
    });
    const [tally, stop] = [new Tally(), new AbortController()];
    const headers = { authorization: 'Bearer key' };
    const selling = sell({ address, headers, skus: ['a b'], seed: 1, tally, signal: stop.signal });
    while (asked.length < 3) await sleep(5);
    stop.abort();
    await selling;
    const [first] = asked;
    assert.deepEqual(
      [first?.method, first?.url, first?.authorization],
      ['PATCH', '/api/v1/items/a%20b/stock', 'Bearer key'],
    );
    assert.deepEqual(
      asked.slice(0, 3).map(({ body }) => [body.source, body.seq]),
      [1, 2, 3].map(seq => ['bench-till', seq]),
    );
    assert.match(first?.body.sizes[0]?.name ?? '', /^[SML]$/);
    assert.equal(tally.errors, 1);
    assert.match([...tally.failures.keys()][0] ?? '', /PATCH .* answered 507/);
  });
});
