/** Fetching over lines and from servers as they are: dropped, stalled, ignorant of Range, changed meanwhile. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Fetching, fetchFile } from '../../device/updates/fetch-file.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import type { Pace } from '../../device/updates/paced.ts';
import { afterwards } from '../support/afterwards.ts';
import { closedPort } from '../support/hostile-servers.ts';
import { temporaryFolder } from '../support/store.ts';
import { certificateFor } from '../support/tls-front.ts';
import { QUICK_RETRIES } from '../support/update-box.ts';
import { sha256 } from '../support/update-repository.ts';
import { type Answer, honest, UpdateServer } from '../support/update-server.ts';

const BYTES = randomBytes(400_000);
const PATH = '/file';
/** A machine that is busy with other tests stands still for a moment: that is no fault of the line's. */
const PACE: Pace = { bytesPerSecond: 1_000, windowMs: 500 };
const WANTED = { path: 'file', length: BYTES.length, hashes: { sha256: sha256(BYTES) } };

interface Line {
  readonly server: UpdateServer;
  readonly part: string;
  readonly notices: string[];
  /** What was asked for: from which byte on. */
  froms(): number[];
  fetch(more?: Partial<Fetching>): Promise<void>;
}

async function line(t: TestContext, answer: Answer = honest): Promise<Line> {
  const server = await UpdateServer.listen(t, new Map([['file', BYTES]]));
  server.answers.set(PATH, answer);
  const source = new HttpSource(new URL(server.address), { headersMs: 3_000 });
  afterwards(t, () => source.close());
  const part = join(await temporaryFolder(t), 'file.part');
  const notices: string[] = [];
  const usual = { pace: PACE, retries: QUICK_RETRIES, onNotice: (notice: string) => notices.push(notice) };
  return {
    server,
    part,
    notices,
    froms: () => server.requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0])),
    fetch: more => fetchFile(source, WANTED, part, { ...usual, ...more }),
  };
}

/** Sends so much of what it was asked for, and then does something else. */
const after =
  (bytes: number, then: (response: ServerResponse) => void): Answer =>
  (request, response, file) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = Number(range?.[1] ?? 0);
    const rest = file.subarray(from);
    const headers = range ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(range ? 206 : 200, { ...headers, 'content-length': rest.length });
    if (rest.length <= bytes) response.end(rest);
    else response.write(rest.subarray(0, bytes), () => then(response));
  };

/** A moment later, so that what was sent is there. */
const drop = (response: ServerResponse): void => void setTimeout(() => response.destroy(), 20);

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

describe('a web server', () => {
  it('with TLS is believed where somebody trusted speaks for it, and does not lead away from TLS', async t => {
    const certificate = await certificateFor('localhost');
    const secure = await UpdateServer.listen(t, new Map([['file', BYTES]]), certificate);
    const stranger = new HttpSource(new URL(secure.address));
    await assert.rejects(stranger.open('file'), { reason: 'source-unreachable', message: /SELF_SIGNED/ });
    const source = new HttpSource(new URL(secure.address), { ca: certificate.certificate });
    afterwards(t, () => source.close());
    const part = join(await temporaryFolder(t), 'part');
    await fetchFile(source, WANTED, part, { pace: PACE, retries: QUICK_RETRIES });
    assert.ok((await readFile(part)).equals(BYTES));
    const plain = await UpdateServer.listen(t, new Map([['file', BYTES]]));
    secure.answers.set(PATH, (_, response) => response.writeHead(302, { location: `${plain.address}/file` }).end());
    await assert.rejects(source.open('file'), { reason: 'source-misbehaves', message: /from TLS to http:/ });
    assert.deepEqual(plain.requests, []);
  });

  it('that nobody runs is told of, with what to do', async () => {
    const source = new HttpSource(new URL(`http://127.0.0.1:${await closedPort()}`));
    await assert.rejects(source.open('metadata/timestamp.json'), {
      reason: 'source-unreachable',
      message: /ECONNREFUSED.*look whether the box has network/,
    });
  });

  it('may lead on, but not for ever, and not away from the web', async t => {
    const { server, part, fetch } = await line(t);
    server.answers.set(PATH, (request, response) => {
      if (request.url === PATH) response.writeHead(302, { location: '/elsewhere/file' }).end();
    });
    server.answers.set('/elsewhere/file', (request, response) => honest(request, response, BYTES));
    await fetch();
    assert.ok((await readFile(part)).equals(BYTES));
    for (const location of [PATH, 'ftp://127.0.0.1/file', 'file:///etc/passwd', 'http://[']) {
      await writeFile(part, '');
      server.requests.length = 0;
      server.answers.set(PATH, (_, response) => response.writeHead(302, { location }).end());
      await assert.rejects(fetch(), { reason: 'source-misbehaves' });
      assert.ok(server.requests.length <= 6, `${location}: ${server.requests.length}`);
    }
  });

  it('that takes the call and says nothing is left', async t => {
    const { fetch } = await line(t, () => undefined);
    await assert.rejects(fetch({ retries: { ...QUICK_RETRIES, tries: 1 } }), { reason: 'source-slow' });
  });

  it('that asks for a password is refused, once', async t => {
    const { fetch, froms } = await line(t, (_, response) => response.writeHead(401).end());
    await assert.rejects(fetch(), { reason: 'source-misbehaves' });
    assert.equal(froms().length, 1);
  });
});
