import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { ChainLink } from '../../device/chain/chain-link.ts';
import type { Connection } from '../../device/chain/connection.ts';
import { LookdialError } from '../../device/errors.ts';
import { withDatabase } from '../../scripts/chain/database.ts';
import { afterwards } from '../support/afterwards.ts';
import { SECRET, TestChain } from '../support/chain.ts';
import { certificateFor, startTlsFront } from '../support/tls-front.ts';

const HOST = 'localhost';

describe('the way to the chain’s catalogue', () => {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(() => chain.close());

  const over = (port: number, ca: string | undefined): Connection => ({
    ...chain.connection,
    host: HOST,
    port,
    tls: 'verify',
    ca,
  });

  /** What the link's log says after three questions that failed. */
  async function lineOf(t: TestContext, connection: Connection): Promise<string> {
    const said: string[] = [];
    const log = { info: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
    const link = new ChainLink({ connection, store: 'here', timeoutMs: 20_000 }, log);
    afterwards(t, () => link.close());
    for (let asked = 0; asked < 3; asked += 1)
      await assert.rejects(link.garment('g001'), { code: 'chain-unavailable' });
    return said.join('\n');
  }

  it('is TLS, to a server whose certificate is signed by the authority that is named', async t => {
    const certificate = await certificateFor(HOST);
    const front = await startTlsFront(t, certificate, chain.connection.port);
    const rows = await withDatabase(over(front.port, certificate.certificate), async database => {
      return (await database.query('SELECT number FROM lookdial.version')).rows;
    });
    assert.deepEqual(rows, [{ number: 1 }]);
    assert.ok(front.told > 0);
    const link = new ChainLink(
      { connection: over(front.port, certificate.certificate), store: 'here', timeoutMs: 20_000 },
      { info: () => undefined, warn: () => undefined },
    );
    afterwards(t, () => link.close());
    assert.equal(await link.garment('nothing'), undefined);
  });

  /** A server whose certificate is for `served`, to a house that trusts whoever signed for `trusted`. */
  async function isToldNothing(
    t: TestContext,
    served: string,
    trusted: string | undefined,
    sentence: RegExp,
  ): Promise<void> {
    const certificate = await certificateFor(served);
    const ca = trusted === undefined ? certificate.certificate : (await certificateFor(trusted)).certificate;
    const front = await startTlsFront(t, certificate, chain.connection.port);
    const connection = over(front.port, ca);
    await assert.rejects(
      withDatabase(connection, async () => undefined),
      error => error instanceof LookdialError && sentence.test(error.message) && !error.message.includes(SECRET),
    );
    const line = await lineOf(t, connection);
    assert.match(line, sentence);
    assert.match(line, /This store alone is asked/);
    assert.equal(front.told, 0);
  }

  it('tells nothing, the password least, to a server whose certificate another authority signed', t =>
    isToldNothing(t, HOST, HOST, /signed by nobody/));

  it('tells nothing, the password least, to a server whose certificate was made for another host', t =>
    isToldNothing(t, 'db.chain.example', undefined, /for another host: give the name/));
});
