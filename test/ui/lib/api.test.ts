import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Api, ApiError, DaemonGone } from '../../../ui/lib/api.ts';

const answering = (answer: () => Response | Promise<Response>): Api => new Api(async () => answer());
const refusal = (code: string | undefined, status: number): Response =>
  Response.json({ type: 'about:blank', title: 'No', status, detail: 'Because.', ...(code && { code }) }, { status });

describe('the API as the kiosk asks it', () => {
  it('sends a point as JSON and reads the raw picture by its headers', async () => {
    const asked: [string, RequestInit][] = [];
    const api = new Api(async (address, init) => {
      asked.push([address, init]);
      return new Response(new Uint8Array(24), { headers: { 'x-width': '3', 'x-height': '2' } });
    });
    const picture = await api.generate({ z: [1, 2] });
    assert.deepEqual([picture.width, picture.height, picture.rgba.length], [3, 2, 24]);
    const [address, init] = asked[0]!;
    assert.equal(address, '/api/v1/generate');
    assert.equal(init.body, '{"z":[1,2]}');
    assert.equal(new Headers(init.headers).get('accept'), 'application/octet-stream');
  });

  it('names a SKU safely in an address', async () => {
    let asked = '';
    const api = new Api(async address => {
      asked = address;
      return Response.json({});
    });
    await api.similar('a/b?c', 5);
    assert.equal(asked, '/api/v1/items/a%2Fb%3Fc/similar?k=5');
  });

  it('throws what the daemon refused, by its code', async () => {
    await assert.rejects(
      answering(() => refusal('item-not-found', 404)).item('x'),
      (error: unknown) => error instanceof ApiError && error.code === 'item-not-found' && error.status === 404,
    );
  });

  it('takes a daemon that is away, unready or talking nonsense for gone', async () => {
    const gone = [
      () => Promise.reject(new TypeError('Failed to fetch')),
      () => refusal('not-ready', 503),
      () => refusal('inference-failed', 503),
      () => new Response('<html>', { status: 502 }),
      () => new Response('no JSON'),
    ];
    for (const answer of gone) await assert.rejects(answering(answer).model(), DaemonGone);
    await assert.rejects(answering(() => new Response('short')).dial({ z: [0], k: 1 }), DaemonGone);
    await assert.rejects(answering(() => new Response(new Uint8Array(24))).generate({ z: [0] }), DaemonGone);
  });
});
