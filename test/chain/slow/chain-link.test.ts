import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { BreakerOptions } from '../../../device/chain/breaker.ts';
import { ChainLink, type MatchOptions } from '../../../device/chain/chain-link.ts';
import type { Connection } from '../../../device/chain/connection.ts';
import { LookdialError } from '../../../device/errors.ts';
import { afterwards } from '../../support/afterwards.ts';
import { SECRET } from '../../support/chain.ts';
import { closedPort, connectionTo, hostileServer, message, WELCOME } from '../../support/hostile-servers.ts';

const QUESTION: MatchOptions = {
  encoder: 'e'.repeat(64),
  latentDim: 2,
  tolerance: 0,
  z: Float64Array.of(0, 1),
  filter: {},
  k: 3,
  isHere: () => false,
};
/** Long enough for a thread to start, on a busy machine too. */
const PATIENT_MS = 20_000;
const SHORT_MS = 800;
/** What docs/chain.md promises: questions, and connections. */
const AT_ONCE = 16;
const CONNECTIONS = 4;
/** What a connection that was cut off may take until its other end knows. */
const CLOSED_BY_MS = 150;
/** Bytes that no answer has, and that a box could still keep. */
const TOO_MUCH = 1_000_000_000;

function linkTo(
  t: TestContext,
  connection: Connection,
  timeoutMs = SHORT_MS,
  breaker: Partial<BreakerOptions> = { pauseMs: 60_000 },
): { link: ChainLink; said: string[] } {
  const said: string[] = [];
  const log = { info: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  const link = new ChainLink({ connection, store: 'here', timeoutMs }, log, breaker);
  afterwards(t, () => link.close());
  return { link, said };
}

async function refused(link: ChainLink): Promise<LookdialError> {
  try {
    await link.match(QUESTION);
  } catch (error) {
    assert.ok(error instanceof LookdialError && error.code === 'chain-unavailable', inspect(error));
    return error;
  }
  return assert.fail('It answered.');
}

/** What a server may send where an answer is expected: each has broken some client. */
const RUBBISH: Readonly<Record<string, Buffer>> = {
  'another protocol': Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'bytes without sense': Buffer.from(Array.from({ length: 4_000 }, (_, place) => (place * 167 + 13) % 256)),
  'a message of a length below none': Buffer.concat([WELCOME, Buffer.from([0x54, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])]),
  'a description of columns that breaks off': Buffer.concat([WELCOME, message('T', Buffer.from([0x7f, 0xff, 65, 66]))]),
  'rows that nobody described': Buffer.concat([WELCOME, message('D', Buffer.from([0, 1, 0, 0, 0, 1, 65]))]),
  'a length of four gigabytes': Buffer.concat([WELCOME, Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff])]),
  'an authentication of no known kind': message('R', Buffer.from([0, 0, 0, 99])),
};

describe('the link to the chain', () => {
  it('is unavailable where nobody listens, and asks nobody once that is known', async t => {
    const { link, said } = linkTo(t, connectionTo(await closedPort()), PATIENT_MS);
    for (let asked = 0; asked < 3; asked += 1) await refused(link);
    assert.equal(link.state, 'open');
    const error = await refused(link);
    assert.ok((error.retryAfter ?? 0) > 50, 'it says when to ask again');
    assert.equal(said.length, 1, 'and the log says it once');
    assert.match(said[0] ?? '', /ECONNREFUSED.*This store alone is asked/);
  });

  it('waits no longer than its time limit for a server that says nothing', async t => {
    const port = await hostileServer(t, () => undefined);
    const { link } = linkTo(t, connectionTo(port));
    const error = await refused(link);
    assert.match(String((error.cause as Error).message), /did not answer within 800 ms/);
  });

  it('does not wait for a server that answers one byte at a time', async t => {
    const port = await hostileServer(t, socket => {
      const drip = setInterval(() => socket.write(Buffer.from([0x52])), 20);
      socket.once('close', () => clearInterval(drip));
    });
    await refused(linkTo(t, connectionTo(port)).link);
  });

  for (const [what, bytes] of Object.entries(RUBBISH)) {
    it(`survives ${what}`, async t => {
      const port = await hostileServer(t, socket => void socket.once('data', () => socket.write(bytes)));
      const { link } = linkTo(t, connectionTo(port));
      await refused(link);
      await refused(link);
      assert.equal(link.state, 'closed', 'two are not three in a row');
    });
  }

  /** A row that has no end. @returns its port, and how many bytes it got rid of until it was cut off */
  async function endless(t: TestContext): Promise<{ port: number; sent: Promise<number> }> {
    const flood = Buffer.alloc(64 * 1024, 0x4e);
    const cut = Promise.withResolvers<number>();
    const port = await hostileServer(t, socket => {
      let sent = 0;
      const pour = (): void => {
        if (!socket.writable) return;
        sent += flood.length;
        if (sent > TOO_MUCH) cut.reject(new Error(`It took ${sent} bytes.`));
        // In another turn: a reader as fast as this would let no other be taken.
        else socket.write(flood, () => setImmediate(pour));
      };
      socket.once('data', () => {
        socket.write(Buffer.concat([WELCOME, Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff])]));
        pour();
      });
      socket.once('close', () => cut.resolve(sent));
    });
    cut.promise.catch(() => undefined);
    return { port, sent: cut.promise };
  }

  it('cuts off a server that sends without an end', { timeout: 3 * PATIENT_MS }, async t => {
    const { port, sent } = await endless(t);
    const error = await refused(linkTo(t, connectionTo(port), PATIENT_MS).link);
    assert.match(String(error.cause), /more than 8 MiB for one question/);
    assert.ok((await sent) > 0);
  });

  it('cuts it off though nobody has asked it anything', { timeout: 3 * PATIENT_MS }, async t => {
    const { port, sent } = await endless(t);
    linkTo(t, connectionTo(port), PATIENT_MS).link.warm();
    assert.ok((await sent) > 0);
  });

  it('says nothing of the password, whatever goes wrong', async t => {
    const told = message('E', Buffer.from(`SFATAL\0C28P01\0Mpassword authentication failed: ${SECRET}\0\0`));
    const port = await hostileServer(t, socket => void socket.once('data', () => socket.end(told)));
    const { link, said } = linkTo(t, connectionTo(port, SECRET), PATIENT_MS);
    const errors = [await refused(link), await refused(link), await refused(link)];
    assert.match(said.join('\n'), /28P01/);
    assert.ok(!`${said.join('\n')} ${inspect(errors, { depth: 9 })}`.includes(SECRET));
  });

  /** A server that takes everybody in, and answers no question. @returns its port, and its connections: now, and the most at once */
  async function mute(t: TestContext): Promise<{ port: number; seen: { open: number; most: number } }> {
    const seen = { open: 0, most: 0 };
    const port = await hostileServer(t, socket => {
      seen.open += 1;
      socket.once('close', () => (seen.open -= 1));
      socket.once('data', () => socket.write(WELCOME));
      // One that is cut off is seen to be closed only after the one in its place has come.
      setTimeout(() => (seen.most = Math.max(seen.most, seen.open)), CLOSED_BY_MS);
    });
    return { port, seen };
  }

  it('turns the seventeenth question away at once, and counts that as no failure', async t => {
    const { port, seen } = await mute(t);
    const { link, said } = linkTo(t, connectionTo(port), PATIENT_MS);
    let ended = 0;
    const asking = Array.from({ length: AT_ONCE }, () => refused(link).then(() => (ended += 1)));
    const error = await refused(link);
    assert.deepEqual([error.cause, ended], [undefined, 0], 'nothing had failed: there were too many');
    while (seen.most < CONNECTIONS) await pause(20);
    assert.equal((await refused(link)).cause, undefined);
    assert.deepEqual([link.state, ended, said], ['closed', 0, []]);
    await link.close();
    await Promise.all(asking);
    assert.equal(seen.most, CONNECTIONS);
  });

  it('never has more than four connections, however many ask and however long they wait', async t => {
    const { port, seen } = await mute(t);
    const { link } = linkTo(t, connectionTo(port), SHORT_MS, { failures: 1_000 });
    // Those that are turned away are asked again, as a screen does: some waves of questions that wait to their end.
    const tooLong = performance.now() + PATIENT_MS;
    for (let waited = 0; waited < 4 * AT_ONCE; await pause(50)) {
      assert.ok(performance.now() < tooLong, `${waited} questions were let in`);
      const errors = await Promise.all(Array.from({ length: AT_ONCE + 4 }, () => refused(link)));
      waited += errors.filter(({ cause }) => cause !== undefined).length;
    }
    await pause(2 * CLOSED_BY_MS);
    assert.equal(seen.most, CONNECTIONS);
  });

  it('gives up at once where nobody waits any more, and counts that as no failure', async t => {
    const port = await hostileServer(t, () => undefined);
    const { link } = linkTo(t, connectionTo(port));
    for (let asked = 0; asked < 4; asked += 1) {
      const gone = new AbortController();
      const asking = link.match(QUESTION, gone.signal);
      gone.abort(new Error('The client hung up.'));
      await assert.rejects(asking, /hung up/);
    }
    assert.equal(link.state, 'closed');
  });

  it('answers nothing once it is closed', async t => {
    const { link } = linkTo(t, connectionTo(await closedPort()));
    await link.close();
    await refused(link);
  });
});
