import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { indexedStore } from './support/indexed-store.ts';
import { MainProcess } from './support/main-process.ts';

const CLIENTS = 12;
/** What was sent so long before the daemon is told to stop has reached it, milliseconds. */
const REACHED_MS = 100;
const STOPS_WITHIN_MS = 5_000;

interface Asked {
  readonly call: string;
  readonly sent: number;
  /** Undefined while there is no answer. */
  status?: number;
  /** The whole body came. */
  whole?: boolean;
  error?: string;
}

const z = [0.3, -0.2, 0.9, 0, -1, 0.5];
const CALLS = ['/api/v1/dial', '/api/v1/match', '/api/v1/generate?size=256', '/api/v1/generate?size=512'];

async function ask(agent: Agent, address: string, call: string): Promise<Asked> {
  const asked: Asked = { call, sent: performance.now() };
  const body = JSON.stringify({ z });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  try {
    const sent = request(`${address}${call}`, { method: 'POST', agent, headers }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    asked.status = answer.statusCode ?? 0;
    answer.resume();
    await once(answer, 'end');
    asked.whole = answer.complete;
  } catch (error) {
    asked.error = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  return asked;
}

describe('a daemon that is told to stop under load', () => {
  it('answers every request that has reached it, and is gone within five seconds', async t => {
    const { data, bundle } = await indexedStore(t);
    const daemon = new MainProcess(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle });
    const address = await daemon.address;
    const all: Asked[] = [];
    // Each a client of its own that asks without a pause, until nobody takes its question any more.
    const client = async (first: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let turn = first; ; turn++) {
        const asked = await ask(agent, address, CALLS[turn % CALLS.length] ?? '');
        all.push(asked);
        if (asked.error !== undefined) break;
      }
      agent.destroy();
    };
    const clients = Array.from({ length: CLIENTS }, (_, at) => client(at));
    while (all.length < 4 * CLIENTS) await sleep(20);
    const told = performance.now();
    daemon.child.kill('SIGTERM');
    const { code, stderr } = await daemon.ended;
    const took = performance.now() - told;
    await Promise.all(clients);
    assert.equal(code, 0, stderr);
    assert.ok(took < STOPS_WITHIN_MS, `${Math.round(took)} ms`);
    for (const asked of all) {
      const answered = asked.status === 200 && asked.whole;
      // It was closed, or had not been taken yet: nobody has begun to answer it, and it can be asked again elsewhere.
      const notTaken = asked.sent > told - REACHED_MS && asked.status === undefined;
      assert.ok(answered || notTaken, `${JSON.stringify(asked)}, ${Math.round(asked.sent - told)} ms from the signal`);
    }
    const underWay = all.filter(({ sent, status }) => sent < told && sent > told - 1_000 && status === 200);
    assert.ok(underWay.length >= 4, `${underWay.length} were asked just before`);
    assert.ok(
      all.filter(({ error }) => error !== undefined).length === CLIENTS,
      'and each client was told once that it is over',
    );
  });
});
