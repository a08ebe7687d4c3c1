import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LookdialError } from '../../../device/errors.ts';
import { Download } from '../../../scripts/store/clothing/download.ts';
import { ClothingHome } from '../../support/clothing-home.ts';

const says = (about: RegExp) => (error: unknown) =>
  error instanceof LookdialError && error.code === 'store-invalid' && about.test(error.message);

test('a server in trouble is asked again, a few times and no more', async t => {
  const home = await ClothingHome.start(t, 1);
  const url = `${home.source.files}/images/g0.jpg`;
  home.instead = (_, response) => home.asked.length < 3 && Boolean(response.writeHead(503).end());
  const download = new Download({ pausesMs: [0, 0] });
  assert.ok((await download.get(url, 1e6)).length > 100);
  assert.equal(home.asked.length, 3);
  home.asked.length = 0;
  home.instead = (_, response) => Boolean(response.writeHead(429).end());
  await assert.rejects(download.get(url, 1e6), says(/g0\.jpg cannot be had: the answer is 429 Too Many Requests\.$/));
  assert.equal(home.asked.length, 3);
});

test('an answer that stops coming is given up, and so is one that is cut off', async t => {
  const home = await ClothingHome.start(t, 1);
  const url = `${home.source.files}/images/g0.jpg`;
  const download = new Download({ pausesMs: [], stallMs: 100 });
  home.instead = (_, response) => response.writeHead(200, { 'content-length': '100' }).write('half') || true;
  await assert.rejects(download.get(url, 1e6), says(/no byte for 0\.1 s/));
  home.instead = (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    return true;
  };
  await assert.rejects(new Download({ pausesMs: [] }).get(url, 1e6), says(/g0\.jpg cannot be had/));
});

test('an answer that never ends is cut off at its limit', async t => {
  const home = await ClothingHome.start(t, 1);
  home.instead = (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', more);
    more();
    return true;
  };
  const url = `${home.source.files}/images/g0.jpg`;
  await assert.rejects(new Download().get(url, 100_000), says(/it is longer than 100000 bytes/));
});

test('a stop ends it at once, in a pause too', async t => {
  const home = await ClothingHome.start(t, 1);
  const url = `${home.source.files}/images/g0.jpg`;
  for (const dropped of [false, true]) {
    const stop = new AbortController();
    home.instead = (_, response) => {
      if (dropped) response.destroy();
      return true;
    };
    const got = new Download({ signal: stop.signal, pausesMs: [60_000] }).get(url, 1e6);
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(got, (error: unknown) => (error as Error).name === 'AbortError');
  }
});

test('a home that is not there is said to be so', async () => {
  const download = new Download({ pausesMs: [] });
  await assert.rejects(download.get('http://127.0.0.1:9/list', 1e6), says(/127\.0\.0\.1:9\/list cannot be had: .+/));
});
