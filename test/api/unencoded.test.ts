import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { Item } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import type { Unencoded } from '../../device/api/unencoded-schemas.ts';
import { LookdialError } from '../../device/errors.ts';
import type { BoxEvent } from '../../device/events.ts';
import type { Problem as Known } from '../../device/inventory/catalogue.ts';
import type { GarmentRecord } from '../../device/inventory/garment.ts';
import { picturePath, sha256 } from '../../device/inventory/picture-files.ts';
import { TestDaemon, UNENCODED } from '../support/daemon.ts';
import { drawPicture, garment } from '../support/store.ts';

const bare = (sku: string): GarmentRecord => garment(sku, { picture: null });

describe('garments without an encoding', () => {
  let daemon: TestDaemon;
  let key: Record<string, string>;
  let folder: string;
  const heard: BoxEvent[] = [];
  beforeEach(async () => {
    daemon = await TestDaemon.start({ garments: 5 });
    key = daemon.key('inventory');
    folder = join(daemon.data, 'store');
    await mkdir(folder);
    heard.length = 0;
    daemon.events.listen(event => heard.push(event));
  });
  afterEach(() => daemon.close());

  const get = (query = '', headers = key): Promise<LightMyRequestResponse> =>
    daemon.ask({ method: 'GET', url: `/api/v1/unencoded${query}`, headers });
  const list = async (query = ''): Promise<Unencoded> => (await get(query)).json();
  const tryAgain = (sku: string, headers = key): Promise<LightMyRequestResponse> =>
    daemon.ask({ method: 'POST', url: `/api/v1/items/${sku}/encode`, headers });
  const code = (answer: LightMyRequestResponse): [number, string] => [answer.statusCode, answer.json<Problem>().code];

  /** The store as it is, and these garments with what is known against them. */
  function add(garments: readonly GarmentRecord[], problems: readonly Known[] = []): void {
    const { store } = daemon.catalogue;
    const there = daemon.catalogue.items({ limit: 200 }).items.map(one => ({ ...one, priceMinor: null }));
    daemon.catalogue.replace(store ?? assert.fail('no store'), [...there, ...garments], problems);
  }

  /** A garment whose picture is kept, and that the model did not take. */
  async function kept(sku: string, number: number): Promise<Buffer> {
    const bytes = await drawPicture(number);
    const picture = { hash: sha256(bytes).toString('hex'), type: 'image/png' };
    const path = picturePath(daemon.data, picture);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    const reason = 'Its picture: The encoder did not answer.';
    add([garment(sku, { picture })], [{ sku, kind: 'not-encoded', reason, fault: 'inference-failed' }]);
    return bytes;
  }

  /** A garment whose picture was looked for in the store's folder. */
  function looked(sku: string, image: string): void {
    const reason = `${image}: It cannot be read.`;
    const source = { folder, image };
    add([bare(sku)], [{ sku, kind: 'not-encoded', reason, fault: 'picture-unreadable', source }]);
  }

  const isMatched = async (sku: string): Promise<boolean> => {
    const { matches }: MatchAnswer = (
      await daemon.post('/api/v1/match', { z: new Array(6).fill(0), k: 200, filter: { inStock: false } })
    ).json();
    return matches.some(match => match.sku === sku);
  };

  it('are listed with what was noted of them', async () => {
    const { count, items } = await list();
    assert.equal(count, 1);
    const [{ sku, encoded, reason, detail, canTryAgain } = assert.fail('nothing')] = items;
    assert.deepEqual(
      { sku, encoded, reason, detail, canTryAgain },
      {
        sku: UNENCODED,
        encoded: false,
        reason: 'unknown',
        detail: 'unencoded.png: It cannot be decoded.',
        canTryAgain: true,
      },
    );
  });

  it('say in a word what is wrong, and whether there is a picture to be tried again', async () => {
    await kept('kept', 90);
    looked('looked', 'looked.png');
    add(
      [bare('bare'), bare('large')],
      [{ sku: 'large', kind: 'not-encoded', reason: 'It has too many.', fault: 'picture-too-large' }],
    );
    const told = (await list()).items.map(({ sku, reason, canTryAgain }) => [sku, reason, canTryAgain]);
    // What is known against a garment goes with the catalogue that it was known of.
    assert.deepEqual(told, [
      ['bare', 'no-picture', false],
      ['kept', 'waiting', true],
      ['large', 'picture-too-large', false],
      ['looked', 'no-picture', false],
      [UNENCODED, 'waiting', true],
    ]);
  });

  it('come page by page, each once', async () => {
    add(['x1', 'x2', 'x3', 'x4'].map(sku => garment(sku)));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Unencoded = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      assert.equal(page.count, 5);
      seen.push(...page.items.map(({ sku }) => sku));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, [UNENCODED, 'x1', 'x2', 'x3', 'x4']);
    assert.equal(code(await get('?cursor=nonsense'))[1], 'invalid-request');
    assert.deepEqual(code(await get('?limit=0')), [400, 'invalid-request']);
  });

  it('are for staff and keys alone, to see and to try', async () => {
    assert.deepEqual(code(await get('', {})), [401, 'key-required']);
    assert.deepEqual(code(await tryAgain(UNENCODED, {})), [401, 'key-required']);
  });

  it('are found once their kept picture was encoded again', async () => {
    await kept('kept', 91);
    assert.equal(await isMatched('kept'), false);
    const answer = await tryAgain('kept');
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal(answer.json<Item>().encoded, true);
    assert.equal(await isMatched('kept'), true);
    assert.ok(!(await list()).items.some(({ sku }) => sku === 'kept'));
    assert.equal(daemon.catalogue.notEncoded('kept'), undefined);
    assert.deepEqual(heard, [{ type: 'inventory', data: { skus: ['kept'], more: false } }]);
    const [line] = daemon.access.audit.page(1);
    assert.deepEqual([line?.what, line?.subject, line?.outcome], ['POST /api/v1/items/:sku/encode', 'kept', 200]);
  });

  it('are found once the picture that could not be read was put right in the store’s folder', async () => {
    looked('looked', 'looked.png');
    assert.equal((await list()).items.find(({ sku }) => sku === 'looked')?.canTryAgain, true);
    assert.deepEqual(code(await tryAgain('looked')), [422, 'picture-unreadable']);
    await writeFile(join(folder, 'looked.png'), 'no picture');
    assert.deepEqual(code(await tryAgain('looked')), [422, 'picture-unreadable']);
    await writeFile(join(folder, 'looked.png'), await drawPicture(92));
    assert.equal((await tryAgain('looked')).statusCode, 200);
    const { items } = await list();
    assert.ok(!items.some(({ sku }) => sku === 'looked'));
    const picture = daemon.catalogue.item('looked')?.picture;
    assert.equal(picture?.hash, sha256(await drawPicture(92)).toString('hex'), 'and it is kept');
  });

  it('are not read from outside the store’s folder, nor is the daemon hurt by one that is gone', async () => {
    await writeFile(join(daemon.data, 'outside.png'), await drawPicture(93));
    looked('outside', '../outside.png');
    assert.deepEqual(code(await tryAgain('outside')), [422, 'picture-unreadable']);
    await rm(folder, { recursive: true });
    looked('gone', 'gone.png');
    assert.deepEqual(code(await tryAgain('gone')), [422, 'picture-unreadable']);
    await new Promise(go => setImmediate(go));
    assert.equal((await get()).statusCode, 200);
  });

  it('say that there is no picture, and leave what is encoded as it is', async () => {
    add([bare('bare')]);
    assert.deepEqual(code(await tryAgain('bare')), [404, 'no-picture']);
    assert.deepEqual(code(await tryAgain(UNENCODED)), [422, 'picture-unreadable'], 'its file is gone');
    assert.deepEqual(code(await tryAgain('nobody')), [404, 'item-not-found']);
    assert.equal((await tryAgain('g000')).json<Item>().encoded, true);
    assert.deepEqual(heard, []);
  });

  it('are tried twice, and then said not to be taken by the model', async t => {
    await kept('kept', 94);
    let asked = 0;
    t.mock.method(daemon.inference, 'encode', async () => {
      asked += 1;
      throw new LookdialError('inference-failed', 'The encoder did not answer.');
    });
    assert.deepEqual(code(await tryAgain('kept')), [409, 'item-not-encoded']);
    assert.equal(asked, 2);
  });
});
