/** The web servers that an update is fetched from: whom is believed, and how far is followed. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fetchFile } from '../../device/updates/fetch-file.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import { afterwards } from '../support/afterwards.ts';
import { BYTES, line, PACE, PATH, WANTED } from '../support/fetching-line.ts';
import { closedPort } from '../support/hostile-servers.ts';
import { temporaryFolder } from '../support/store.ts';
import { certificateFor } from '../support/tls-front.ts';
import { QUICK_RETRIES } from '../support/update-box.ts';
import { honest, UpdateServer } from '../support/update-server.ts';

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
