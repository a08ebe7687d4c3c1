import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { uptime } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { afterwards } from '../../support/afterwards.ts';
import { temporaryFolder } from '../../support/store.ts';

const DEVICE = resolve(import.meta.dirname, '../../../scripts/device');
const READY = '{"status":"ready","edition":"atelier@1.0.0+0","provider":"cpu"}';

/** What answers at the daemon's port, every address the same. */
async function answering(t: TestContext, body: string, status = 200) {
  const answer = { body, status };
  const server: Server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterwards(t, () => server.close());
  return { answer, port: (server.address() as AddressInfo).port };
}

/** The screen's folder and what the daemon has left, and its scripts over them. */
async function screen(t: TestContext, port: number, page = `http://127.0.0.1:${port}/?lang=de`) {
  const folder = await temporaryFolder(t);
  const notReady = join(folder, 'not-ready');
  const run = (script: string, ...words: string[]) => {
    const child: ChildProcess = spawn(join(DEVICE, script), words, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        XDG_RUNTIME_DIR: folder,
        LOOKDIAL_KIOSK_PAGE: page,
        LOOKDIAL_KIOSK_START_PATIENCE: '10',
        LOOKDIAL_TEST_NOT_READY: notReady,
      },
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', text => {
      said += text;
    });
    afterwards(t, () => child.kill('SIGKILL'));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
    return { ended };
  };
  const help = join(folder, 'help.html');
  /** The daemon has failed to start for so many seconds. */
  const fails = (sentence: string, seconds: number) =>
    writeFile(notReady, `${Math.floor(uptime()) - seconds}\n${sentence}\n`);
  return { help, fails, run };
}

describe('a screen whose daemon is not ready', () => {
  it('says so, in its own language, with what the daemon says of itself', async t => {
    const { port } = await answering(t, '{"status":503}', 503);
    const { help, fails, run } = await screen(t, port);
    await fails('2 settings are wrong:\n<b>&amp; "$(x)" \\1 & more.', 60);
    const { code, said } = await run('wait-until-ready').ended;
    assert.equal(code, 0);
    assert.match(said, /The daemon is not ready: the screen says so\. 2 settings are wrong:/);
    const page = await readFile(help, 'utf8');
    assert.match(page, /<html lang="de"/);
    assert.ok(
      page.includes('<p id="why">2 settings are wrong:\n&lt;b&gt;&amp;amp; "$(x)" \\1 &amp; more.</p>'),
      page.slice(-400),
    );
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    assert.doesNotMatch(page, /<script|crossorigin/);
  });

  it('believes no other program at the port that it is the daemon', async t => {
    for (const body of ['', 'OK', '{"status":"ready"}', '<html>ready</html>']) {
      const { port } = await answering(t, body);
      const { help, fails, run } = await screen(t, port);
      await fails('Another program has that port.', 60);
      assert.equal((await run('wait-until-ready').ended).code, 0);
      assert.ok(existsSync(help), body);
    }
  });

  it('waits a while without being told why, and then says where to look', async t => {
    const { help, run } = await screen(t, 1);
    const began = performance.now();
    await run('wait-until-ready').ended;
    const seconds = (performance.now() - began) / 1_000;
    assert.ok(seconds > 8 && seconds < 20, `${seconds} s`);
    assert.match(await readFile(help, 'utf8'), /Nothing answers at 127\.0\.0\.1:1\. .*lookdial doctor/);
  });

  it('goes on to the kiosk as soon as it is, and keeps no page of help', async t => {
    const { port, answer } = await answering(t, '', 503);
    const { help, fails, run } = await screen(t, port);
    await fails('The disk is full.', 60);
    await run('wait-until-ready').ended;
    const watch = run('help-watch');
    await fails('The disk can only be read.', 60);
    const until = performance.now() + 10_000;
    while (!(await readFile(help, 'utf8')).includes('can only be read')) {
      assert.ok(performance.now() < until, 'the page keeps to what the daemon says');
      await new Promise(go => setTimeout(go, 100));
    }
    Object.assign(answer, { body: READY, status: 200 });
    assert.equal((await watch.ended).code, 0);
    assert.equal((await run('wait-until-ready').ended).code, 0);
    assert.ok(!existsSync(help));
  });

  it('is given up by the page that was there, once the daemon has failed to start for a while', async t => {
    const { port } = await answering(t, 'OK');
    const { fails, run } = await screen(t, port);
    await fails('The disk is full.', 60);
    const began = performance.now();
    const { code, said } = await run('kiosk-watch', 'a-screen').ended;
    assert.equal(code, 1);
    // Not only after the silence that a daemon that says nothing is granted.
    assert.ok(performance.now() - began < 30_000);
    assert.match(said, /does not come back: the browser is started anew, to say so/);
  });
});
