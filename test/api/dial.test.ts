import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import { conditionalModel } from '../support/bundles.ts';
import { TestDaemon } from '../support/daemon.ts';

const HEADER = 16;

describe('dial', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const dials = [1, -2, 3, 0, 4.5, -5];

  it('answers with one frame: header, pixels, JSON, and nothing else', async () => {
    const answer = await daemon.post('/api/v1/dial', { dials, k: 3 });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'application/octet-stream');
    const frame = answer.rawPayload;
    assert.equal(frame.toString('latin1', 0, 4), 'LDL1');
    const [width, height, json, reserved] = [
      frame.readUInt16LE(4),
      frame.readUInt16LE(6),
      frame.readUInt32LE(8),
      frame.readUInt32LE(12),
    ];
    assert.deepEqual([width, height, reserved], [32, 32, 0]);
    assert.equal(frame.length, HEADER + width * height * 4 + json);
    assert.equal(Number(answer.headers['content-length']), frame.length);
    const matches: MatchAnswer = JSON.parse(frame.toString('utf8', HEADER + width * height * 4));
    assert.equal(matches.matches.length, 3);
  });

  it('holds the picture that the decoder makes of the point, neither sharpened nor premultiplied', async () => {
    const answer = await daemon.post('/api/v1/dial', { dials });
    const { rgba } = await daemon.inference.decode(daemon.edition.dials.toZ(dials));
    assert.deepEqual(answer.rawPayload.subarray(HEADER, HEADER + rgba.length), Buffer.from(rgba));
  });

  it('holds the very answer that match gives', async () => {
    const body = { dials, k: 7, filter: { categories: ['Shirt'] }, tolerance: 0.2 };
    const frame = (await daemon.post('/api/v1/dial', body)).rawPayload;
    const inFrame: MatchAnswer = JSON.parse(frame.toString('utf8', HEADER + 32 * 32 * 4));
    const alone: MatchAnswer = (await daemon.post('/api/v1/match', body)).json();
    assert.deepEqual({ ...inFrame, tookMs: 0 }, { ...alone, tookMs: 0 });
  });

  it('takes a conditional model’s kind for the picture, and matches every kind', async () => {
    const conditional = await TestDaemon.start({ model: conditionalModel() });
    try {
      const body = { z: [0.2, 0, -1], condition: { category: 'Skirt' } };
      const frame = (await conditional.post('/api/v1/dial', body)).rawPayload;
      const { rgba } = await conditional.inference.decode(body.z, 'Skirt');
      assert.deepEqual(frame.subarray(HEADER, HEADER + rgba.length), Buffer.from(rgba));
      const { matches }: MatchAnswer = JSON.parse(frame.toString('utf8', HEADER + rgba.length));
      assert.ok(new Set(matches.map(({ category }) => category)).size > 1);
    } finally {
      await conditional.close();
    }
  });

  it('searches while the decoder works', async () => {
    let release = (): void => undefined;
    daemon.inference.hold = () => new Promise(resolve => (release = resolve));
    const { search } = daemon.edition.search;
    let searched = false;
    daemon.edition.search.search = query => {
      searched = true;
      return search.call(daemon.edition.search, query);
    };
    try {
      const answer = daemon.post('/api/v1/dial', { dials });
      while (!searched) await new Promise(setImmediate);
      assert.equal(daemon.inference.decoded.at(-1)?.length, 6, 'the decoder was asked first');
      release();
      assert.equal((await answer).statusCode, 200);
    } finally {
      daemon.inference.hold = () => Promise.resolve();
      daemon.edition.search.search = search;
    }
  });

  it('answers with a problem where the model does not answer', async () => {
    daemon.inference.hold = () => Promise.reject(new Error('gone'));
    try {
      const answer = await daemon.post('/api/v1/dial', { dials });
      assert.equal(answer.statusCode, 500);
      assert.equal(answer.json().code, 'internal');
      assert.ok(!answer.body.includes('gone'), 'the inside stays inside');
    } finally {
      daemon.inference.hold = () => Promise.resolve();
    }
    assert.equal((await daemon.post('/api/v1/dial', { dials })).statusCode, 200, 'and goes on');
  });
});
