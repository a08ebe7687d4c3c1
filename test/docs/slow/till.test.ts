import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { afterwards } from '../../support/afterwards.ts';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { TestDaemon } from '../../support/daemon.ts';
import { enter, startPairing } from '../../support/staff.ts';
import { temporaryFolder } from '../../support/store.ts';

const TILL = resolve(import.meta.dirname, '../../../docs/examples/till.js');
/** A garment of the test store with two of M. */
const SKU = 'g003';

interface Shop {
  readonly daemon: TestDaemon;
  readonly folder: string;
  /** What happens to a request's answer on its way: by its number from 0. */
  cut: (call: number) => 'pass' | 'lose answer' | 'lose request';
  till(...words: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> };
  inM(): number | undefined;
  /** Cuts every line that is open. */
  hangUp(): void;
}

/** A daemon, a till beside it, and the cable between them. */
async function shop(t: TestContext): Promise<Shop> {
  const daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'] });
  afterwards(t, () => daemon.close());
  await daemon.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = daemon.app.server.address() as AddressInfo;
  let calls = 0;
  const cable = http.createServer((request, response) => {
    const how = made.cut(calls++);
    if (how === 'lose request') {
      request.socket.destroy();
      return;
    }
    const headers = { ...request.headers, host: `127.0.0.1:${port}` };
    const on = http.request({ port, method: request.method, path: request.url, headers }, answer => {
      if (how === 'lose answer') {
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(on);
    on.on('error', () => response.destroy());
    response.on('close', () => on.destroy());
  });
  cable.listen(0, '127.0.0.1');
  await once(cable, 'listening');
  afterwards(t, () => {
    cable.close();
    cable.closeAllConnections();
  });
  const folder = join(await temporaryFolder(t), 'till');
  const box = `http://127.0.0.1:${(cable.address() as AddressInfo).port}`;
  const made: Shop = {
    daemon,
    folder,
    cut: () => 'pass',
    hangUp: () => cable.closeAllConnections(),
    inM: () => daemon.catalogue.item(SKU)?.sizes?.find(({ name }) => name === 'M')?.quantity,
    till(...words) {
      const child = spawn(process.execPath, [TILL, ...words], {
        env: { ...bareEnvironment(), BOX: box, TILL: folder },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)));
      const ended = once(child, 'close').then(([code]) => ({ code, said }));
      afterwards(t, async () => {
        child.kill('SIGKILL');
        await ended;
      });
      return { child, ended };
    },
  };
  return made;
}

async function withKey(made: Shop): Promise<void> {
  const { token } = made.daemon.access.createKey('till-1', 'inventory', {
    who: { kind: 'local' },
    address: null,
    what: 'keys create',
  });
  await mkdir(made.folder, { recursive: true });
  await writeFile(join(made.folder, 'key.json'), JSON.stringify({ token }));
}

const book = async ({ folder }: Shop) => JSON.parse(await readFile(join(folder, 'book.json'), 'utf8'));

test('the till gets its key for the code on the screen, and sells', async t => {
  const made = await shop(t);
  const code = await startPairing(made.daemon, await enter(made.daemon));
  const wrong = await made.till('pair', code === '00000000' ? '00000001' : '00000000').ended;
  assert.equal(wrong.code, 1);
  assert.match(wrong.said, /That is not the code on the screen/);
  assert.match((await made.till('sell', SKU, 'M').ended).said, /has no key/);
  assert.deepEqual(await made.till('pair', code).ended, { code: 0, said: 'This till is “till-1” on the box.\n' });
  const counted = await made.till('count', SKU, 'M', '7').ended;
  assert.equal(counted.said, '1 changed\n1 changed\n', 'the sale that was made without a key was waiting');
  assert.equal((await made.till('sell', SKU, 'M').ended).said, '1 changed\n');
  assert.equal(made.inM(), 6);
});

test('a sale whose answer is lost, and then its request, counts once', async t => {
  const made = await shop(t);
  await withKey(made);
  made.cut = call => (call === 0 ? 'lose answer' : call === 1 ? 'lose request' : 'pass');
  const { code, said } = await made.till('sell', SKU, 'M').ended;
  assert.equal(code, 0, said);
  assert.equal(said.match(/the order waits/g)?.length, 2);
  assert.equal(made.inM(), 1);
});

test('a till that is killed while it sends goes on with the same order', async t => {
  const made = await shop(t);
  await withKey(made);
  let asked: () => void = () => undefined;
  const lost = new Promise<void>(go => {
    asked = go;
  });
  made.cut = () => {
    asked();
    return 'lose answer';
  };
  const first = made.till('sell', SKU, 'M');
  await lost;
  first.child.kill('SIGKILL');
  await first.ended;
  assert.ok((await book(made)).order !== null, 'the order is written down');
  made.cut = () => 'pass';
  assert.equal((await made.till('send').ended).code, 0);
  assert.equal(made.inM(), 1);
});

test('where the box has lost count the whole stock is said anew', async t => {
  const made = await shop(t);
  await withKey(made);
  await made.till('count', SKU, 'M', '9').ended;
  const { epoch, seq } = await book(made);
  const { folder } = made;
  await writeFile(join(folder, 'book.json'), JSON.stringify({ ...(await book(made)), seq: seq + 5 }));
  const { code, said } = await made.till('sell', SKU, 'M').ended;
  assert.equal(code, 0, said);
  assert.match(said, /the whole stock is sent/);
  assert.equal(made.inM(), 8);
  const now = await book(made);
  assert.ok(now.epoch > epoch);
  assert.deepEqual([now.seq, now.order, now.waiting], [2, null, []]);
});

test('an order that is wrong is put aside, and the next one goes', async t => {
  const made = await shop(t);
  await withKey(made);
  const { said } = await made.till('sell', SKU, 'x'.repeat(50)).ended;
  assert.match(said, /refused an order, which is put aside: .*size/);
  assert.equal((await readdir(made.folder)).filter(name => name.startsWith('refused-')).length, 1);
  const next = await made.till('sell', SKU, 'M').ended;
  assert.deepEqual(next, { code: 0, said: '1 changed\n' });
  assert.match((await made.till('sell', 'no-such', 'M').ended).said, /The box has no garment no-such/);
});

test('a till that listens hears what changes, and after a cut that it has missed something', async t => {
  const made = await shop(t);
  await withKey(made);
  const listening = made.till('listen');
  let heard = '';
  listening.child.stdout?.on('data', chunk => (heard += String(chunk)));
  const hears = async (pattern: RegExp): Promise<void> => {
    for (let tries = 0; tries < 400 && !pattern.test(heard); tries += 1) await new Promise(go => setTimeout(go, 50));
    assert.match(heard, pattern);
  };
  // Until it listens there is nobody to hear.
  for (let tries = 0; tries < 100 && heard === ''; tries += 1) {
    await made.till('count', SKU, 'M', String(tries % 2)).ended;
    await new Promise(go => setTimeout(go, 200));
  }
  await hears(/^inventory \{"skus":\["g003"\],"more":false\}/);
  // What happens while the line is cut is not heard, and that it happened is.
  made.cut = () => 'lose request';
  made.hangUp();
  const { token } = JSON.parse(await readFile(join(made.folder, 'key.json'), 'utf8'));
  const body = { sizes: [{ name: 'M', quantity: 33 }] };
  const answer = await made.daemon.app.inject({
    method: 'PATCH',
    url: `/api/v1/items/${SKU}/stock`,
    headers: { authorization: `Bearer ${token}` },
    payload: body,
  });
  assert.equal(answer.statusCode, 200, answer.body);
  made.cut = () => 'pass';
  await hears(/^inventory \{"skus":\[\],"more":true\}$/m);
});

test('what is not a command is answered with those that are', async t => {
  const made = await shop(t);
  const { code, said } = await made.till().ended;
  assert.deepEqual([code, said], [1, 'Say what to do: pair, count, sell, deliver, send, listen.\n']);
  assert.match((await made.till('count', SKU, 'M', 'many').ended).said, /many: say a whole number/);
});
