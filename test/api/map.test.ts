import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { Value } from 'typebox/value';
import { StoreMapAnswer as StoreMapSchema } from '../../device/api/map-schemas.ts';
import type { Filter } from '../../device/api/match-schemas.ts';
import { MAP_FILE, StoreMaps } from '../../device/edition/store-maps.ts';
import { readMap } from '../../device/matching/map/map-file.ts';
import { readMapAnswer, type Sheet } from '../../ui/lib/map-answer.ts';
import { SOLD_OUT, skuOf, TestDaemon, UNENCODED } from '../support/daemon.ts';
import { drawPicture } from '../support/store.ts';

const sheetOf = ({ rawPayload: { buffer, byteOffset, byteLength } }: LightMyRequestResponse): Sheet =>
  readMapAnswer(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);

describe('the map', () => {
  let daemon: TestDaemon;
  beforeEach(async () => {
    daemon = await TestDaemon.start();
  });
  afterEach(() => daemon.close());

  const drawn = async (): Promise<void> => {
    daemon.maps.start();
    await daemon.maps.settled();
  };
  const get = async (query = '', headers = {}): Promise<LightMyRequestResponse> =>
    await daemon.ask({ url: `/api/v1/map${query}`, headers });
  const post = async (payload: object): Promise<LightMyRequestResponse> =>
    await daemon.ask({ method: 'POST', url: '/api/v1/map', payload });
  const sheet = async (asked: string | Filter = ''): Promise<Sheet> => {
    const answer = await (typeof asked === 'string' ? get(asked) : post({ filter: asked }));
    assert.equal(answer.statusCode, 200, answer.body);
    return sheetOf(answer);
  };
  const passing = ({ skus, passes }: Sheet): string[] => skus.filter((_, at) => passes[at] === 1);

  it('is not there until it is drawn, and says when to ask again', async () => {
    const answer = await get();
    assert.equal(answer.statusCode, 404);
    assert.equal(answer.json().code, 'no-map');
    assert.equal(answer.headers['retry-after'], '2');
    await drawn();
    assert.equal((await get()).statusCode, 200);
  });

  it('has every garment that has an encoding, sold out or not, and its places with a garment each', async () => {
    await drawn();
    const { skus, places, place, passes, edition } = await sheet();
    assert.deepEqual(
      [...skus],
      Array.from({ length: 40 }, (_, at) => skuOf(at)),
    );
    assert.equal(edition, daemon.edition.id);
    assert.equal(skus.includes(UNENCODED), false);
    assert.equal(passes[skus.indexOf(SOLD_OUT)], 0);
    assert.equal(
      places.reduce((sum, { garments }) => sum + garments, 0),
      39,
    );
    places.forEach(({ sku, garments }, at) => {
      if (garments > 0) assert.equal(place[skus.indexOf(sku ?? '')], at);
    });
    assert.ok(Value.Check(StoreMapSchema, { edition, places }));
  });

  it('tells which garments pass a filter, and lets none stand for a place that does not', async () => {
    await drawn();
    const dresses = await sheet('?category=Dress&colour=red&priceMax=130');
    assert.deepEqual(passing(dresses), [skuOf(0), skuOf(12), skuOf(24)]);
    for (const { sku, garments } of dresses.places) {
      assert.equal(sku === null, garments === 0);
      if (sku !== null) assert.ok(passing(dresses).includes(sku));
    }
    const wanted = { categories: ['Dress', 'Skirt'], sizes: ['M', 'L'], colours: ['green', 'black'], priceMin: 20 };
    const sizes = await sheet(wanted);
    const { mask } = daemon.catalogue.allowed(wanted, daemon.edition.garments);
    assert.deepEqual(
      passing(sizes),
      sizes.skus.filter(sku => mask[daemon.edition.garments.rowOf(sku)] === 1),
    );
    assert.ok(passing(sizes).length > 1);
    assert.ok(passing(await sheet({ inStock: false })).includes(SOLD_OUT));
    for (const filter of [
      { sizes: [] },
      { sizes: ['M', ''] },
      { sizes: new Array(65).fill('M') },
      { inStock: 'perhaps' },
    ]) {
      assert.equal((await post({ filter })).statusCode, 400, JSON.stringify(filter));
    }
    assert.equal((await get('?size=M&size=L')).statusCode, 400);
    assert.equal((await get('?kind=Dress')).statusCode, 400);
    assert.equal((await get('?priceMin=-1')).statusCode, 400);
  });

  it('is not sent again to who has it, and is another one when the stock is', async () => {
    await drawn();
    const { etag } = (await get()).headers;
    assert.match(String(etag), /^"own@1\.2\.3\+[0-9a-f]{12}-/);
    assert.equal((await get('', { 'if-none-match': etag })).statusCode, 304);
    assert.equal((await get('?category=Dress', { 'if-none-match': etag })).statusCode, 200);
    await daemon.live.current().remove(skuOf(3));
    const after = await get('', { 'if-none-match': etag });
    assert.equal(after.statusCode, 200);
    assert.equal(sheetOf(after).skus.includes(skuOf(3)), false);
  });

  it('calls a place by words that the catalogue has', async () => {
    await drawn();
    const { places } = await sheet();
    const known = new Set(['Dress', 'Shirt', 'Skirt', 'red', 'green', 'blue', 'black']);
    for (const { words } of places) {
      for (const { attribute, values } of words) {
        assert.ok(['category', 'colour'].includes(attribute));
        for (const value of values) assert.ok(known.has(value), value);
      }
    }
  });

  it('has a garment that arrived a moment ago among its neighbours, before there is another index', async () => {
    await drawn();
    const before = await sheet();
    const { catalogue } = daemon;
    const answer = await daemon.ask({
      method: 'POST',
      url: `/api/v1/items/${UNENCODED}/image`,
      payload: await drawPicture(77),
      headers: { 'content-type': 'image/png', ...daemon.key('inventory') },
    });
    assert.ok(answer.statusCode < 300, answer.body);
    assert.ok(catalogue.item(UNENCODED)?.picture);
    const { skus, xy, place, places } = await sheet();
    const at = skus.indexOf(UNENCODED);
    assert.ok(at >= 0);
    assert.ok(place[at]! < places.length);
    assert.ok(xy[2 * at]! > 0);
    for (const sku of before.skus) {
      const [then, now] = [before.skus.indexOf(sku), skus.indexOf(sku)];
      assert.equal(before.xy[2 * then], xy[2 * now]);
    }
  });

  it('stays as it was when the index is built anew, and is kept beside it', async () => {
    await drawn();
    const before = await sheet();
    await daemon.live.current().remove(skuOf(5));
    await daemon.live.current().compact();
    await daemon.maps.settled();
    const after = await sheet();
    const stored = readMap(await readFile(join(daemon.data, MAP_FILE)));
    assert.equal(stored.indexDigest, daemon.edition.indexDigest);
    assert.equal(stored.drift, 1);
    for (const sku of after.skus) {
      assert.equal(before.xy[2 * before.skus.indexOf(sku)], after.xy[2 * after.skus.indexOf(sku)]);
    }
  });

  it('is read at the next start where it is whole and the index’s own, and made again where it is not', async () => {
    await drawn();
    const path = join(daemon.data, MAP_FILE);
    const whole = await readFile(path);
    const told: string[] = [];
    const restart = async (): Promise<void> => {
      const { data, editions, events } = daemon;
      const log = { info: (text: string) => told.push(text), warn: (text: string) => told.push(text) };
      const maps = new StoreMaps({ data, editions, events, log, waitMs: 0 });
      maps.start();
      await maps.settled();
      assert.equal(maps.of(daemon.edition)?.indexDigest, daemon.edition.indexDigest);
      await maps.close();
    };
    await restart();
    assert.deepEqual(told, []);
    await writeFile(path, whole.subarray(0, -1));
    await restart();
    assert.match(told[0]!, /has SHA-256 .* It is made anew\./);
    assert.match(told[1]!, /is made: 40 garments/);
    assert.deepEqual(await readFile(path), whole);
  });
});

describe('the map of an empty store', () => {
  it('is an empty sheet', async () => {
    const daemon = await TestDaemon.start({ garments: 0 });
    try {
      daemon.maps.start();
      await daemon.maps.settled();
      const { skus, places } = sheetOf(await daemon.ask({ url: '/api/v1/map' }));
      assert.deepEqual([skus, places], [[], []]);
    } finally {
      await daemon.close();
    }
  });
});
