import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import type { Arrived, CutOut, Encoded } from '../../device/api/arrival-schemas.ts';
import type { Item, Posterior, Similar } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import type { BoxEvent } from '../../device/events.ts';
import { picturePath, sha256 } from '../../device/inventory/picture-files.ts';
import { SOLD_OUT, TestDaemon, UNENCODED } from '../support/daemon.ts';
import { emptyGround, photograph } from '../support/photographs.ts';

/** A cut-out as a camera app may send it: a disc on nothing. */
const disc = (hue: number, inset = 8): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect x="${inset}" y="20" width="${200 - 2 * inset}" height="160" rx="30" fill="hsl(${hue}, 70%, 45%)"/></svg>`,
    ),
  )
    .png()
    .toBuffer();

describe('arrivals', () => {
  let daemon: TestDaemon;
  let key: Record<string, string>;
  const heard: BoxEvent[] = [];
  before(async () => {
    daemon = await TestDaemon.start();
    key = daemon.key('inventory');
    daemon.events.listen(event => heard.push(event));
  });
  after(() => daemon.close());

  const send = (url: string, payload?: Buffer, type = 'image/png'): Promise<LightMyRequestResponse> =>
    daemon.ask({
      method: 'POST',
      url,
      headers: { ...key, ...(payload === undefined ? {} : { 'content-type': type }) },
      ...(payload === undefined ? {} : { payload }),
    });
  const get = async <T>(url: string): Promise<T> => (await daemon.ask({ method: 'GET', url })).json() as T;
  const matches = async (z: readonly number[]): Promise<MatchAnswer['matches']> =>
    (await daemon.post('/api/v1/match', { z, k: 200, filter: { inStock: false } })).json().matches;

  it('make a garment matchable by the time they are answered', async () => {
    const before = await get<Model>('/api/v1/model');
    assert.ok(!(await matches(new Array(6).fill(0))).some(({ sku }) => sku === UNENCODED));
    heard.length = 0;
    const answer = await send(`/api/v1/items/${UNENCODED}/image`, await disc(10));
    assert.equal(answer.statusCode, 200, answer.body);
    const arrived: Arrived = answer.json();
    assert.deepEqual(arrived.cutout, { method: 'transparent', doubts: [], area: arrived.cutout.area });

    const [best] = await matches(arrived.mu);
    assert.ok(best);
    const nearest = (await matches(arrived.mu)).find(({ sku }) => sku === UNENCODED);
    assert.equal(nearest?.image, arrived.image);
    const item = await get<Item>(`/api/v1/items/${UNENCODED}`);
    assert.deepEqual([item.encoded, item.image], [true, arrived.image]);
    const posterior = await get<Posterior>(`/api/v1/items/${UNENCODED}/posterior`);
    assert.deepEqual(posterior.mu, arrived.mu.map(Math.fround));
    const similar = await get<Similar>(`/api/v1/items/${UNENCODED}/similar?k=3`);
    assert.equal(similar.matches.length, 3);
    const others = await get<Similar>(`/api/v1/items/g000/similar?k=200`);
    assert.ok(others.matches.some(({ sku }) => sku === UNENCODED));
    const model = await get<Model>('/api/v1/model');
    assert.equal(model.store.encoded, before.store.encoded + 1);
    const picture = await daemon.ask({ method: 'GET', url: arrived.image });
    assert.deepEqual(picture.rawPayload, await disc(10));
    assert.deepEqual(heard, [{ type: 'inventory', data: { skus: [UNENCODED], more: false } }]);
  });

  it('give what `encode` gives for the picture that is kept', async () => {
    const arrived: Arrived = (await send('/api/v1/items/g007/image', await disc(200))).json();
    const kept = (await daemon.ask({ method: 'GET', url: arrived.image })).rawPayload;
    const encoded: Encoded = (await send('/api/v1/encode', kept)).json();
    assert.deepEqual([arrived.mu, arrived.sigma, arrived.dials], [encoded.mu, encoded.sigma, encoded.dials]);
  });

  it('are shown cut out first, and taken by the name that was given', async () => {
    const { bytes } = await photograph({ ground: 'planks' });
    const shown: CutOut = (await send('/api/v1/cutouts', bytes, 'image/jpeg')).json();
    assert.deepEqual([shown.method, shown.doubts], ['grabcut', []]);
    const picture = await daemon.ask({ method: 'GET', url: shown.image });
    assert.equal(picture.headers['content-type'], 'image/webp');
    const { data, info } = await sharp(picture.rawPayload).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.channels], [info.height, 4]);
    assert.deepEqual([data[3], data.at(-1)], [0, 0], 'the ground is gone');

    const before = await get<Item>('/api/v1/items/g003');
    assert.ok(before.image !== shown.image, 'nothing is changed by looking');
    const taken = await send(`/api/v1/items/g003/image?cutout=${shown.cutout}`);
    assert.equal(taken.statusCode, 200, taken.body);
    const arrived: Arrived = taken.json();
    assert.notEqual(arrived.image, before.image);
    const kept = await daemon.ask({ method: 'GET', url: arrived.image });
    assert.deepEqual(kept.rawPayload, picture.rawPayload);
    const again = await send(`/api/v1/items/g003/image?cutout=${shown.cutout}`);
    assert.equal(again.json().image, arrived.image, 'an answer that was lost may be asked for again');
  });

  it('are centred on a white ground, turned as the camera was held', async () => {
    const { bytes } = await photograph({ ground: 'paper', at: [40, 60], scale: 3, format: 'png' });
    const turned = await sharp(bytes).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    const shown: CutOut = (await send('/api/v1/cutouts', turned, 'image/jpeg')).json();
    assert.deepEqual([shown.method, shown.doubts], ['plain', []]);
    const picture = (await daemon.ask({ method: 'GET', url: shown.image })).rawPayload;
    const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const dark = (x: number, y: number): boolean => (data[3 * (y * info.width + x)] ?? 255) < 200;
    const rows = Array.from({ length: info.height }, (_, y) => y).filter(y =>
      Array.from({ length: info.width }, (_, x) => x).some(x => dark(x, y)),
    );
    const columns = Array.from({ length: info.width }, (_, x) => x).filter(x => rows.some(y => dark(x, y)));
    const [top = 0, bottom = 0] = [rows[0], rows.at(-1)];
    const [left = 0, right = 0] = [columns[0], columns.at(-1)];
    assert.ok(Math.abs(top + bottom + 1 - info.height) <= 6 && Math.abs(left + right + 1 - info.width) <= 6, 'centred');
    assert.ok(
      Math.abs((right - left + 1) / info.width - 0.926) < 0.03,
      'its longer side, the sleeves’, fills the frame',
    );
    assert.ok(right - left > bottom - top, 'a shirt is wider than long, upright');
  });

  it('replace what was there, and leave no picture that no garment has', async () => {
    const [first, second] = [await disc(120), await disc(240)];
    const path = (bytes: Buffer): string =>
      picturePath(daemon.data, { hash: sha256(bytes).toString('hex'), type: 'image/png' });
    await send('/api/v1/items/g009/image', first);
    const { mu } = (await send('/api/v1/items/g009/image', second)).json<Arrived>();
    assert.deepEqual((await get<Posterior>('/api/v1/items/g009/posterior')).mu, mu.map(Math.fround));
    assert.equal((await matches(mu)).filter(({ sku }) => sku === 'g009').length, 1);
    const edition = daemon.edition.id;
    await daemon.live.current().compact();
    assert.notEqual(daemon.edition.id, edition);
    assert.deepEqual([existsSync(path(first)), existsSync(path(second))], [false, true]);
    assert.deepEqual((await get<Posterior>('/api/v1/items/g009/posterior')).mu, mu.map(Math.fround));
    assert.equal(daemon.edition.garments.count, daemon.edition.index.count, 'all of it is in the new index');
  });

  it('are refused where there is nothing to give them to, nothing to see, or no right', async () => {
    const picture = await disc(50);
    const code = async (answer: Promise<LightMyRequestResponse>): Promise<[number, string]> => {
      const { statusCode, json } = await answer;
      return [statusCode, json().code];
    };
    assert.deepEqual(await code(send('/api/v1/items/nobody/image', picture)), [404, 'item-not-found']);
    assert.deepEqual(await code(send('/api/v1/items/g001/image?cutout=00')), [404, 'cutout-not-found']);
    assert.deepEqual(await code(send('/api/v1/items/g001/image?cutout=00', picture)), [400, 'invalid-request']);
    assert.deepEqual(await code(send('/api/v1/items/g001/image')), [422, 'picture-unreadable']);
    assert.deepEqual(await code(send('/api/v1/cutouts', Buffer.from('no picture'))), [422, 'picture-unreadable']);
    const empty = await emptyGround('paper');
    assert.deepEqual(await code(send('/api/v1/cutouts', empty, 'image/jpeg')), [422, 'no-garment-found']);
    const without = daemon.ask({
      method: 'POST',
      url: '/api/v1/items/g001/image',
      payload: picture,
      headers: { 'content-type': 'image/png' },
    });
    assert.equal((await without).statusCode, 401);
  });

  it('can be taken out again, for good', async () => {
    const remove = (sku: string) => daemon.ask({ method: 'DELETE', url: `/api/v1/items/${sku}`, headers: key });
    const { mu } = await get<Posterior>('/api/v1/items/g011/posterior');
    assert.ok((await matches(mu)).some(({ sku }) => sku === 'g011'));
    assert.equal((await remove('g011')).statusCode, 204);
    assert.ok(!(await matches(mu)).some(({ sku }) => sku === 'g011'));
    assert.equal((await daemon.ask({ method: 'GET', url: '/api/v1/items/g011' })).statusCode, 404);
    assert.equal((await remove('g011')).statusCode, 404);
    for (let seed = 0; seed < 40; seed += 1) {
      assert.notEqual((await get<{ sku: string }>(`/api/v1/surprise?seed=${seed}`)).sku, 'g011');
    }
    const without = await daemon.ask({ method: 'DELETE', url: `/api/v1/items/${SOLD_OUT}` });
    assert.equal(without.statusCode, 401);
  });
});
