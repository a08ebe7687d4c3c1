import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterwards } from '../support/afterwards.ts';
import { type DaemonOptions, TestDaemon } from '../support/daemon.ts';

async function listening(t: TestContext, options: DaemonOptions = {}) {
  const daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'], ...options });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= daemon.close());
  afterwards(t, close);
  await daemon.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = daemon.app.server.address() as AddressInfo;
  const open = async (headers: Record<string, string> = {}): Promise<Listener> => {
    const asked = request({ port, host: '127.0.0.1', path: '/api/v1/events', headers, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return new Listener(answer);
  };
  return { daemon, port, open, close };
}

class Listener {
  readonly answer: IncomingMessage;
  text = '';
  readonly ended: Promise<unknown>;

  constructor(answer: IncomingMessage) {
    this.answer = answer;
    answer.setEncoding('utf8').on('data', (part: string) => {
      this.text += part;
    });
    this.ended = once(answer, 'close');
  }

  async heard(part: string): Promise<void> {
    while (!this.text.includes(part)) await sleep(5);
  }

  get id(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }
}

const inventory = (sku: string, more = false) => ({ type: 'inventory', data: { skus: [sku], more } }) as const;

test('events come as they happen, numbered, to everyone who listens', async t => {
  const { daemon, open } = await listening(t);
  const [one, other] = await Promise.all([open(), open()]);
  assert.equal(one.answer.statusCode, 200);
  assert.match(String(one.answer.headers['content-type']), /^text\/event-stream/);
  assert.equal(one.answer.headers['cache-control'], 'no-store');
  await Promise.all([one.heard(': listening'), other.heard(': listening')]);
  daemon.events.publish(inventory('a'));
  daemon.events.publish({ type: 'edition', data: { edition: 'next' } });
  for (const listener of [one, other]) {
    await listener.heard('next');
    assert.match(listener.text, /id: [0-9a-f]{8}-1\nevent: inventory\ndata: \{"skus":\["a"\],"more":false\}\n\n/);
    assert.match(listener.text, /id: [0-9a-f]{8}-2\nevent: edition\ndata: \{"edition":"next"\}\n\n/);
  }
  one.answer.destroy();
  other.answer.destroy();
});

test('who missed something is told to look at all again, and who missed nothing is not', async t => {
  const { daemon, open } = await listening(t);
  const first = await open();
  await first.heard(': listening');
  const before = first.id;
  first.answer.destroy();
  const missedNothing = await open({ 'last-event-id': before });
  daemon.events.publish(inventory('a'));
  await missedNothing.heard('"a"');
  assert.doesNotMatch(missedNothing.text, /"more":true/);
  for (const last of [before, 'ffffffff-1', 'nonsense']) {
    const late = await open({ 'last-event-id': last });
    await late.heard('event: inventory\ndata: {"skus":[],"more":true}');
    assert.equal(late.id, missedNothing.id);
    late.answer.destroy();
  }
  missedNothing.answer.destroy();
});

test('who comes while the box is hot is told so at once, and nobody where it never was', async t => {
  const { daemon, open } = await listening(t);
  const early = await open();
  await early.heard(': listening');
  assert.doesNotMatch(early.text, /health/);
  daemon.events.publish({ type: 'health', data: { state: 'hot', picturesPerSecond: 15 } });
  daemon.events.publish(inventory('a'));
  await early.heard('"a"');
  const late = await open({ 'last-event-id': early.id });
  await late.heard('event: health\ndata: {"state":"hot","picturesPerSecond":15}\n\n');
  assert.equal(late.id, early.id, 'what it is told of is older than what it has seen, and moves it not back');
  early.answer.destroy();
  late.answer.destroy();
});

test('so many may listen, and a place that is left is free again', async t => {
  const { open } = await listening(t, { eventListeners: 2 });
  const [one, two] = [await open(), await open()];
  await Promise.all([one.heard(':'), two.heard(':')]);
  const third = await open();
  assert.equal(third.answer.statusCode, 503);
  await third.ended;
  assert.match(third.text, /"code":"busy"/);
  one.answer.destroy();
  for (let tries = 0; ; tries++) {
    const again = await open();
    if (again.answer.statusCode === 200) {
      again.answer.destroy();
      break;
    }
    assert.ok(tries < 200, 'the place was never free');
    again.answer.resume();
    await sleep(10);
  }
  two.answer.destroy();
});

test('who does not read is let go, and the others go on', async t => {
  const { daemon, port, open } = await listening(t);
  const reader = await open();
  const deaf = connect(port, '127.0.0.1');
  afterwards(t, () => deaf.destroy());
  deaf.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await once(deaf, 'readable');
  deaf.pause();
  const closed = once(deaf, 'close');
  deaf.on('error', () => undefined);
  const long = 'x'.repeat(60_000);
  let connections = 2;
  for (let sent = 0; sent < 2_000 && connections === 2; sent++) {
    daemon.events.publish(inventory(`${long}${sent}`));
    await new Promise(go => setImmediate(go));
    connections = await new Promise<number>((done, failed) =>
      daemon.app.server.getConnections((error, count) => (error ? failed(error) : done(count))),
    );
  }
  assert.equal(connections, 1, 'the deaf one was let go');
  deaf.resume();
  await closed;
  daemon.events.publish(inventory('after'));
  await reader.heard('after');
  reader.answer.destroy();
});

test('the end of the daemon ends them, and waits for none', async t => {
  const { open, close } = await listening(t);
  const listeners = await Promise.all([open(), open(), open()]);
  await Promise.all(listeners.map(one => one.heard(': listening')));
  await close();
  await Promise.all(listeners.map(one => one.ended));
});

test('a comment now and then tells that the line is open', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { open } = await listening(t);
  const listener = await open();
  await listener.heard(': listening');
  t.mock.timers.tick(15_000);
  await listener.heard(': still here');
  listener.answer.destroy();
});
