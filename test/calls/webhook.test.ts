import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Webhook } from '../../device/calls/webhook.ts';

const CALL = { id: 'a1', place: 'Window', at: '2026-01-01T10:00:00.000Z', answeredAt: null };

/** A program that answers with these statuses in turn, the last for good; 0 hangs up. */
async function program(t: TestContext, ...statuses: number[]) {
  const heard: unknown[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push(JSON.parse(Buffer.concat(parts).toString()));
      const status = statuses[Math.min(heard.length, statuses.length) - 1]!;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  t.after(() => server.close().closeAllConnections());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls?token=hidden`, heard };
}

function webhookTo(t: TestContext, address: string, firstPauseMs = 5) {
  const warnings: string[] = [];
  const log = { warn: (text: string) => warnings.push(text) };
  const webhook = new Webhook({ address, store: () => 'Main street', log, firstPauseMs });
  t.after(() => webhook.close());
  return { webhook, warnings };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await new Promise(go => setTimeout(go, 5));
  assert.ok(holds());
}

describe('the webhook for calls', () => {
  it('is told which screen of which store, once', async t => {
    const { address, heard } = await program(t, 204);
    const { webhook, warnings } = webhookTo(t, address);
    webhook.tell(CALL, () => true);
    await until(() => heard.length === 1);
    await new Promise(go => setTimeout(go, 50));
    assert.deepEqual(heard, [{ type: 'call', id: 'a1', place: 'Window', at: CALL.at, store: 'Main street' }]);
    assert.deepEqual(warnings, []);
  });

  it('is told again until it has taken the call, and the log says so once, without the address', async t => {
    const { address, heard } = await program(t, 0, 503, 429, 200);
    const { webhook, warnings } = webhookTo(t, address);
    webhook.tell(CALL, () => true);
    await until(() => heard.length === 4);
    await new Promise(go => setTimeout(go, 80));
    assert.equal(heard.length, 4);
    assert.equal(warnings.length, 1);
    assert.doesNotMatch(warnings.join(), /hidden|127\.0\.0\.1/);
  });

  it('is asked no more where it refuses, and is not followed elsewhere', async t => {
    for (const status of [404, 302]) {
      const { address, heard } = await program(t, status);
      const { webhook, warnings } = webhookTo(t, address);
      webhook.tell(CALL, () => true);
      await until(() => warnings.length === 1);
      await new Promise(go => setTimeout(go, 50));
      assert.equal(heard.length, 1);
      assert.match(warnings[0]!, new RegExp(`answered ${status}`));
    }
  });

  it('is let be once somebody has answered the call', async t => {
    const { address, heard } = await program(t, 500);
    const { webhook } = webhookTo(t, address);
    webhook.tell(CALL, () => heard.length < 3);
    await until(() => heard.length === 3);
    await new Promise(go => setTimeout(go, 120));
    assert.equal(heard.length, 3);
  });

  it('does not keep the box from ending', async t => {
    const { address, heard } = await program(t, 500);
    const { webhook } = webhookTo(t, address, 60_000);
    webhook.tell(CALL, () => true);
    await until(() => heard.length === 1);
    const began = performance.now();
    await webhook.close();
    assert.ok(performance.now() - began < 2_000);
  });
});
