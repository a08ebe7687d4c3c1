import assert from 'node:assert/strict';
import { type ClientRequest, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { Encoded } from '../../device/api/arrival-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import { readPicture } from '../../device/inference/pictures.ts';
import { afterwards } from '../support/afterwards.ts';
import { conditionalModel } from '../support/bundles.ts';
import { TestDaemon } from '../support/daemon.ts';
import { flatPng } from '../support/pictures.ts';
import { drawPicture } from '../support/store.ts';

const post = (
  daemon: TestDaemon,
  payload: Buffer,
  type: string | undefined = 'image/png',
  query = '',
): Promise<LightMyRequestResponse> =>
  daemon.ask({ method: 'POST', url: `/api/v1/encode${query}`, payload, headers: { 'content-type': type } });

describe('encode', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start({ maxPicturePixels: 1e6, maxPictureBytes: 200_000 });
  });
  after(() => daemon.close());

  it('answers with what the encoder makes of a PNG, a JPEG or a WebP', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const picture = await drawPicture(3, { format });
      const answer = await post(daemon, picture, `image/${format}`);
      assert.equal(answer.statusCode, 200, answer.body);
      const tensor = await readPicture(picture, daemon.edition.bundle.manifest.encoder.input, { maxPixels: 1e6 });
      const { mu, sigma } = await daemon.inference.encode(tensor);
      const { range } = daemon.edition.bundle.manifest;
      const dials = Array.from(daemon.edition.dials.toDials(mu), u => Math.min(range, Math.max(-range, u)));
      const expected: Encoded = { mu: [...mu], sigma: [...sigma], dials, edition: daemon.edition.id };
      assert.deepEqual(answer.json(), expected);
    }
  });

  it('goes by the picture itself where the type that is said is another picture’s', async () => {
    assert.equal((await post(daemon, await drawPicture(3, { format: 'webp' }), 'image/jpeg')).statusCode, 200);
  });

  it('refuses what is no picture, is cut short or has too many pixels, and says which', async () => {
    const whole = await drawPicture(5, { size: 600 });
    const cases: [string, Buffer, number, string][] = [
      ['nothing', Buffer.alloc(0), 422, 'picture-unreadable'],
      ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)), 422, 'picture-unreadable'],
      ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 422, 'picture-unreadable'],
      ['a GIF', Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'), 422, 'picture-unreadable'],
      ['a head without a body', whole.subarray(0, 40), 422, 'picture-unreadable'],
      ['half a picture', whole.subarray(0, whole.length / 2), 422, 'picture-unreadable'],
      ['a hundred megapixels', flatPng(10_000, 10_000), 422, 'picture-too-large'],
      ['one row too many', flatPng(1000, 1001), 422, 'picture-too-large'],
    ];
    for (const [what, bytes, status, code] of cases) {
      const answer = await post(daemon, bytes);
      const problem: Problem = answer.json();
      assert.deepEqual([answer.statusCode, problem.code], [status, code], `${what}: ${problem.detail}`);
    }
    const cut = await post(
      daemon,
      (await drawPicture(5, { size: 600, format: 'jpeg' })).subarray(0, 3000),
      'image/jpeg',
    );
    assert.equal(cut.json().code, 'picture-unreadable');
  });

  it('refuses a body that is too large or of another type', async () => {
    const large = await post(daemon, Buffer.alloc(200_001));
    assert.deepEqual([large.statusCode, large.json().code], [413, 'body-too-large']);
    for (const type of ['application/json', 'text/plain', 'image/gif', 'image/svg+xml', 'multipart/form-data']) {
      const answer = await post(daemon, Buffer.from('{}'), type);
      assert.deepEqual([answer.statusCode, answer.json().code], [415, 'unsupported-media-type'], type);
    }
    const json = await daemon.ask({
      method: 'POST',
      url: '/api/v1/match',
      payload: await drawPicture(1),
      headers: { 'content-type': 'image/png' },
    });
    assert.deepEqual([json.statusCode, json.json().code], [415, 'unsupported-media-type']);
  });

  it('refuses a kind where the model takes none', async () => {
    const answer = await post(daemon, await drawPicture(1), 'image/png', '?category=Shirt');
    assert.deepEqual([answer.statusCode, answer.json().field], [400, 'category']);
  });

  it('keeps its turn for the next one, whatever became of the last', async () => {
    for (let i = 0; i < 40; i += 1) await post(daemon, Buffer.from('nothing'));
    assert.equal((await post(daemon, await drawPicture(2))).statusCode, 200);
  });
});

describe('encode under load', () => {
  it('reads no body before its turn, and refuses at once what is more than may wait', async t => {
    const daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'] });
    afterwards(t, () => daemon.close());
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = daemon.app.server.address() as AddressInfo;
    const picture = await drawPicture(1);
    const asked: ClientRequest[] = [];
    /** Sends the headers of a picture, and keeps the picture back. */
    const begin = (): Promise<number> => {
      const headers = { 'content-type': 'image/png', 'content-length': picture.length };
      const one = request({ host: '127.0.0.1', port, path: '/api/v1/encode', method: 'POST', agent: false, headers });
      asked.push(one);
      one.flushHeaders();
      return new Promise((resolve, reject) => {
        one.on('response', answer => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)));
        one.on('error', reject);
      });
    };
    const statuses = Array.from({ length: 20 }, begin);
    const refused = await Promise.any(statuses);
    assert.equal(refused, 503, 'two are read and sixteen wait, so two are refused before anything is sent');
    for (const one of asked) one.end(picture);
    const all = await Promise.all(statuses);
    const count = (wanted: number): number => all.filter(status => status === wanted).length;
    assert.deepEqual([count(200), count(503)], [18, 2]);
  });
});

describe('encode for a conditional model', () => {
  it('reads a picture as the kind it is told', async () => {
    const daemon = await TestDaemon.start({ model: conditionalModel() });
    try {
      const picture = await drawPicture(4);
      const mu = async (query: string): Promise<number[]> => {
        const answer = await post(daemon, picture, 'image/png', query);
        return answer.json<Encoded>().mu;
      };
      assert.deepEqual(await mu(''), await mu('?category=Shirt'));
      assert.notDeepEqual(await mu('?category=Dress'), await mu('?category=Shirt'));
      const unknown = await post(daemon, picture, 'image/png', '?category=Hat');
      assert.match(unknown.json<Problem>().detail, /must be one of Dress, Shirt, Skirt/);
    } finally {
      await daemon.close();
    }
  });
});
