/** Fetching over lines and from servers as they are: dropped, stalled, ignorant of Range, changed meanwhile. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { after, BYTES, drop, line, PATH } from '../support/fetching-line.ts';
import { QUICK_RETRIES } from '../support/update-box.ts';
import { type Answer, honest } from '../support/update-server.ts';

describe('a file that is fetched', () => {
  it('is on the disk, whole, and was asked for as it is', async t => {
    const { server, part, fetch } = await line(t);
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.deepEqual(server.requests, [{ path: PATH, range: undefined, encoding: 'identity' }]);
  });

  it('says how far it is', async t => {
    const { fetch } = await line(t);
    const seen: number[] = [];
    await fetch({ onBytes: bytes => seen.push(bytes) });
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(seen[0], 0);
    assert.equal(seen.at(-1), BYTES.length);
  });

  it('goes on where the line was dropped, though it is dropped more often than it is tried in vain', async t => {
    const { part, fetch, froms, notices } = await line(t, after(90_000, drop));
    await fetch({ retries: { ...QUICK_RETRIES, tries: 3 } });
    assert.ok((await readFile(part)).equals(BYTES));
    assert.ok(froms().length >= 5 && froms().length <= 8, froms().join(', '));
    for (const [place, from] of froms().entries()) assert.ok(from <= 90_000 * place && (place === 0 || from > 0));
    assert.match(notices[0] ?? '', /tried again/);
  });

  it('is given up after so many tries that bring nothing, and what is there is kept', async t => {
    const { server, part, fetch } = await line(t, after(100_000, drop));
    await assert.rejects(fetch({ retries: { ...QUICK_RETRIES, tries: 1 } }), { reason: 'source-unreachable' });
    const kept = (await readFile(part)).length;
    assert.ok(kept > 0 && BYTES.subarray(0, kept).equals(await readFile(part)));
    server.answers.set(PATH, (_, response) => drop(response));
    const before = server.requests.length;
    await assert.rejects(fetch(), { reason: 'source-unreachable' });
    assert.equal(server.requests.length - before, QUICK_RETRIES.tries);
    assert.equal((await readFile(part)).length, kept);
  });

  it('goes on where the server fell silent', async t => {
    const { server, part, fetch, froms, notices } = await line(
      t,
      after(100_000, () => server.answers.set(PATH, honest)),
    );
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.equal(froms().length, 2);
    assert.ok((froms()[1] ?? 0) > 0);
    assert.match(notices.join(), /slower than/);
  });

  it('is not given up for being slow, as long as it is no slower than it may be', async t => {
    const trickle: Answer = (_, response, bytes) => {
      response.writeHead(200, { 'content-length': bytes.length });
      let at = 0;
      const more = setInterval(() => {
        response.write(bytes.subarray(at, at + 20_000));
        at += 20_000;
        if (at >= bytes.length) clearInterval(more);
      }, 80);
      response.on('close', () => clearInterval(more));
    };
    const { part, fetch, froms } = await line(t, trickle);
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.deepEqual(froms(), [0], 'it took several windows, in one go');
  });

  it('is fetched from its beginning where the server knows no Range', async t => {
    const ignorant: Answer = (_, response, bytes) =>
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    const { part, fetch, froms } = await line(t, ignorant);
    await writeFile(part, BYTES.subarray(0, 150_000));
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.deepEqual(froms(), [150_000]);
  });

  it('is fetched once more, whole, where what was there was another file’s beginning', async t => {
    const { part, fetch, froms, notices } = await line(t);
    await writeFile(part, randomBytes(150_000));
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.deepEqual(froms(), [150_000, 0]);
    assert.match(notices.join(), /not the file that was signed; it was thrown away/);
  });

  it('is refused where the file was changed on the server, and nothing of it is left', async t => {
    const { server, part, fetch, froms } = await line(t, after(100_000, drop));
    await assert.rejects(fetch({ retries: { ...QUICK_RETRIES, tries: 1 } }));
    const other = randomBytes(BYTES.length);
    server.answers.set(PATH, (request, response) => honest(request, response, other));
    await assert.rejects(fetch(), { reason: 'wrong-hash' });
    assert.equal(froms().at(-1), 0, 'it was asked for from its beginning before it was given up');
    await assert.rejects(readFile(part), { code: 'ENOENT' });
  });

  it('is refused where the file has grown or shrunk on the server', async t => {
    const { server, part, fetch } = await line(t, after(100_000, drop));
    for (const length of [BYTES.length + 1, BYTES.length - 1]) {
      await writeFile(part, BYTES.subarray(0, 50_000));
      server.answers.set(PATH, (request, response) => honest(request, response, Buffer.alloc(length)));
      await assert.rejects(fetch(), { reason: 'wrong-length' });
      await assert.rejects(readFile(part), { code: 'ENOENT' });
    }
  });

  it('is cut off where the server sends too much, whatever it says', async t => {
    let written = 0;
    const endless: Answer = (_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      const more = (): void => {
        while (!response.destroyed && written < 200e6 && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    };
    const { part, fetch } = await line(t, endless);
    await assert.rejects(fetch(), { reason: 'wrong-length' });
    assert.ok(written < 20e6, `${written} bytes were sent`);
    await assert.rejects(readFile(part), { code: 'ENOENT' });
  });

  it('begins anew where there is more of it than the file has', async t => {
    const { part, fetch, froms } = await line(t);
    await writeFile(part, Buffer.concat([BYTES, BYTES]));
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    assert.deepEqual(froms(), [0]);
  });

  it('is not asked for where it is there already', async t => {
    const { part, fetch, froms } = await line(t);
    await writeFile(part, BYTES);
    await fetch();
    assert.deepEqual(froms(), []);
  });

  it('is left to a later check where the server says that it takes long', async t => {
    const { fetch, froms } = await line(t, (_, response) => response.writeHead(503, { 'retry-after': '600' }).end());
    await assert.rejects(fetch(), { reason: 'source-unreachable', retryAfter: 600 });
    assert.equal(froms().length, 1);
  });

  it('is refused where another part is sent than was asked for', async t => {
    const liar: Answer = (_, response, bytes) =>
      response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes.subarray(0, 10));
    const { part, fetch } = await line(t, liar);
    await writeFile(part, BYTES.subarray(0, 150_000));
    await assert.rejects(fetch(), { reason: 'source-misbehaves' });
  });

  it('stops when it is told to, and goes on from there', async t => {
    const { server, part, fetch, froms } = await line(
      t,
      after(200_000, () => undefined),
    );
    const stop = new AbortController();
    const stopping = fetch({
      signal: stop.signal,
      pace: { bytesPerSecond: 1, windowMs: 60_000 },
      onBytes: bytes => bytes >= 100_000 && stop.abort(new Error('enough')),
    });
    await assert.rejects(stopping, { message: 'enough' });
    const kept = (await readFile(part)).length;
    assert.ok(kept >= 100_000);
    server.answers.set(PATH, honest);
    await fetch();
    assert.deepEqual(froms(), [0, kept]);
    assert.ok((await readFile(part)).equals(BYTES));
    const already = AbortSignal.abort(new Error('before it began'));
    await assert.rejects(fetch({ signal: already }), { message: 'before it began' });
  });

  it('stops while it waits for another try', async t => {
    const { fetch, froms } = await line(t, (_, response) => drop(response));
    const signal = AbortSignal.timeout(100);
    const began = performance.now();
    const retries = { tries: 5, waitMs: 30_000, longestMs: 30_000 };
    await assert.rejects(fetch({ signal, retries }), { name: 'TimeoutError' });
    assert.ok(performance.now() - began < 5_000);
    assert.equal(froms().length, 1);
  });
});
