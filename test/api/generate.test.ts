import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { preferred } from '../../device/api/accept.ts';
import { TestDaemon } from '../support/daemon.ts';

const TYPES = ['image/png', 'image/webp', 'application/octet-stream'] as const;

describe('the type preferred', () => {
  it('is ours where anything will do, and the client’s where it says', () => {
    const cases: [string | undefined, string | undefined][] = [
      [undefined, 'image/png'],
      ['', 'image/png'],
      ['*/*', 'image/png'],
      ['image/*', 'image/png'],
      ['image/webp', 'image/webp'],
      ['IMAGE/WEBP', 'image/webp'],
      ['image/avif,image/webp,image/apng,image/*,*/*;q=0.8', 'image/png'],
      ['image/png;q=0.5, image/webp', 'image/webp'],
      ['application/octet-stream', 'application/octet-stream'],
      ['*/*;q=0.1, application/octet-stream;q=0.2', 'application/octet-stream'],
      ['image/png;q=0, */*', 'image/webp'],
      ['text/html', undefined],
      ['image/png;q=0', undefined],
      ['image/png;q=nonsense', undefined],
    ];
    for (const [accept, expected] of cases) assert.equal(preferred(accept, TYPES), expected, String(accept));
  });
});

describe('generate', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const body = { dials: [1, 0, -1, 2, 0, 0] };

  it('answers with a PNG of 512 pixels, or a WebP, or of the size it is asked for', async () => {
    const cases: [string, string | undefined, string, number][] = [
      ['', undefined, 'png', 512],
      ['', 'image/webp', 'webp', 512],
      ['?size=64', 'image/png', 'png', 64],
      ['?size=1024', 'image/webp', 'webp', 1024],
    ];
    for (const [query, accept, format, size] of cases) {
      const answer = await daemon.post(`/api/v1/generate${query}`, body, accept === undefined ? {} : { accept });
      assert.equal(answer.statusCode, 200);
      const { width, height, hasAlpha, format: got } = await sharp(answer.rawPayload).metadata();
      assert.deepEqual([got, width, height, hasAlpha], [format, size, size, true]);
      assert.equal(answer.headers['x-edition'], daemon.edition.id);
      assert.equal(answer.headers.vary, 'accept');
    }
  });

  it('answers with the net’s own pixels where raw ones are asked for', async () => {
    const answer = await daemon.post('/api/v1/generate', body, { accept: 'application/octet-stream' });
    const { rgba, width, height } = await daemon.inference.decode(daemon.edition.dials.toZ(body.dials));
    assert.deepEqual(answer.rawPayload, Buffer.from(rgba));
    assert.deepEqual([answer.headers['x-width'], answer.headers['x-height']], [String(width), String(height)]);
  });

  it('refuses a type it has not, before it draws anything', async () => {
    const drawn = daemon.inference.decoded.length;
    const answer = await daemon.post('/api/v1/generate', body, { accept: 'image/gif' });
    assert.deepEqual([answer.statusCode, answer.json().code], [406, 'not-acceptable']);
    assert.equal(daemon.inference.decoded.length, drawn);
  });
});
