/** The till: sells one garment after another, and once a second tells of many at once. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { LookdialError } from '../../../device/errors.ts';
import { Random } from '../../../device/matching/random.ts';
import { ask } from '../drags.ts';
import type { Tally } from './tally.ts';

/** Sales a second, and changes in the batch that follows them. */
const SALES = 10;
const BATCH = 100;
const SIZES = ['S', 'M', 'L'];
const MOST = 20;

/** What the till writes, as a sentence for the report. */
export const SALES_PACE = `one till writes ${SALES} sales and a batch of ${BATCH} a second, each with source, epoch and seq`;

export interface TillOptions {
  readonly address: string;
  /** Headers that let it write. */
  readonly headers: Readonly<Record<string, string>>;
  readonly skus: readonly string[];
  readonly seed: number;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

const WRITES = [
  ['patch', '/api/v1/items/{sku}/stock'],
  ['post', '/api/v1/stock:batch'],
] as const;

/** @throws LookdialError `not-found` where the daemon has no call that changes stock */
export async function requireStockCalls(address: string): Promise<void> {
  const agent = new Agent();
  const document = await ask(agent, new URL('/api/v1/openapi.json', address));
  const { paths } = JSON.parse(document.toString()) as { paths: Record<string, Record<string, unknown>> };
  const missing = WRITES.filter(([method, path]) => paths[path]?.[method] === undefined);
  if (missing.length === 0) return;
  const calls = missing.map(([method, path]) => `${method.toUpperCase()} ${path}`).join(' and ');
  throw new LookdialError(
    'not-found',
    `This daemon has no ${calls}, so there is nothing for the till to write to: give --no-writer.`,
  );
}

export async function sell({ address, headers, skus, seed, tally, signal }: TillOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const random = new Random(seed);
  const epoch = Date.now();
  let seq = 0;
  const any = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const amount = () => ({ quantity: random.integer(MOST) });
  const turn = () => ({ source: 'bench-till', epoch, seq: ++seq });
  const write = (call: string, path: string, method: string, body: object): Promise<void> =>
    tally.time(call, () => ask(agent, new URL(path, address), { method, body: JSON.stringify(body), headers }));
  try {
    while (!signal.aborted) {
      const began = performance.now();
      for (let sale = 0; sale < SALES && !signal.aborted; sale += 1) {
        const path = `/api/v1/items/${encodeURIComponent(any(skus))}/stock`;
        await write('stock', path, 'PATCH', { sizes: [{ name: any(SIZES), ...amount() }], ...turn() });
        const next = began + ((sale + 1) * 1_000) / (SALES + 1) - performance.now();
        await sleep(Math.max(0, next), undefined, { signal }).catch(() => undefined);
      }
      const changes = Array.from({ length: BATCH }, () => ({ sku: any(skus), size: any(SIZES), ...amount() }));
      if (!signal.aborted) await write('stock:batch', '/api/v1/stock:batch', 'POST', { changes, ...turn() });
      const rest = 1_000 - (performance.now() - began);
      await sleep(Math.max(0, rest), undefined, { signal }).catch(() => undefined);
    }
  } finally {
    agent.destroy();
  }
}
