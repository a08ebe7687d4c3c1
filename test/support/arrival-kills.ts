/** A daemon that is killed in the midst of arrivals, over and over, and what it must have when it is started again. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Access } from '../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../device/access/access-database.ts';
import type { Encoded } from '../../device/api/arrival-schemas.ts';
import type { Item, Posterior } from '../../device/api/item-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';
import { sha256 } from '../../device/inventory/picture-files.ts';
import { Random } from '../../device/matching/random.ts';
import { keyHeaders, PIN_COST } from './access.ts';
import { cutOut } from './arrivals.ts';
import { type IndexedStore, indexedStore } from './indexed-store.ts';
import { MainProcess } from './main-process.ts';

const GARMENTS = 6;
const skuOf = (place: number): string => `g00${place}`;
/** Taken out of the store, or its picture's hash. */
type State = string | 'gone';

interface Garment {
  /** What was answered for. */
  state: State;
  /** What was asked for since: it may have come about, or not. */
  asked: State[];
}

const shortHash = (bytes: Uint8Array): string => sha256(bytes).toString('hex').slice(0, 16);
const hashIn = (image: string): string => image.split('v=')[1] ?? '';

export interface Killed {
  readonly rounds: number;
  readonly answered: number;
}

/**
 * @param rounds how often the daemon is started, sent arrivals, and killed
 * @throws where what was answered for is lost, or a garment is half one thing and half another
 */
export async function killInArrivals(t: TestContext, rounds: number, seed = 1): Promise<Killed> {
  const at = await indexedStore(t, { count: GARMENTS });
  const access = Access.open(join(at.data, ACCESS_DATABASE), { pinCost: PIN_COST });
  const headers = keyHeaders(access, 'inventory');
  access.close();
  const random = new Random(seed);
  const garments = new Map<string, Garment>();
  let [pictures, answered] = [0, 0];
  for (let round = 0; round <= rounds; round += 1) {
    const daemon = start(t, at);
    const address = await daemon.address;
    await check(address, garments, headers);
    if (round === rounds) {
      daemon.child.kill('SIGTERM');
      assert.equal((await daemon.ended).code, 0);
      break;
    }
    const killAt = sleep(50 + random.integer(900)).then(() => daemon.child.kill('SIGKILL'));
    const senders = Array.from({ length: 3 }, async (_, lane) => {
      for (let turn = 0; ; turn += 1) {
        const sku = skuOf(lane + 3 * random.integer(2));
        const garment = garments.get(sku);
        assert.ok(garment);
        if (garment.state === 'gone') return;
        const leaves = lane === 0 && round === 2 && turn === 3;
        pictures += 1;
        const bytes = await cutOut(pictures);
        garment.asked.push(leaves ? 'gone' : shortHash(bytes));
        const sent = leaves
          ? fetch(`${address}/api/v1/items/${sku}`, { method: 'DELETE', headers })
          : fetch(`${address}/api/v1/items/${sku}/image`, {
              method: 'POST',
              headers: { ...headers, 'content-type': 'image/png' },
              body: new Uint8Array(bytes),
            });
        const status = await sent.then(
          async answer => {
            await answer.arrayBuffer();
            return answer.status;
          },
          () => undefined,
        );
        if (status === undefined) return;
        assert.ok(status === 200 || status === 204, `status ${status}`);
        garment.state = garment.asked.at(-1) ?? garment.state;
        garment.asked = [];
        answered += 1;
      }
    });
    // A body that was cut off by the kill was not answered for.
    await Promise.all([killAt, ...senders]);
    await daemon.ended;
  }
  return { rounds, answered };
}

const start = (t: TestContext, { data, bundle }: IndexedStore): MainProcess =>
  new MainProcess(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle });

/** Holds every garment to what was answered for it, or to what was asked since; and to being of one piece. */
async function check(address: string, garments: Map<string, Garment>, headers: Record<string, string>): Promise<void> {
  for (let place = 0; place < GARMENTS; place += 1) {
    const sku = skuOf(place);
    const answer = await fetch(`${address}/api/v1/items/${sku}`);
    const known = garments.get(sku);
    const item = answer.status === 404 ? undefined : ((await answer.json()) as Item);
    const state = item === undefined ? 'gone' : hashIn(item.image);
    if (known !== undefined) {
      const allowed = [known.state, ...known.asked];
      assert.ok(allowed.includes(state), `${sku} is ${state}, and must be one of ${allowed.join(', ')}`);
    }
    garments.set(sku, { state, asked: [] });
    if (item === undefined) continue;
    const picture = new Uint8Array(await (await fetch(`${address}${item.image}`)).arrayBuffer());
    assert.equal(shortHash(picture), state, `the picture of ${sku} is whole`);
    const encoded = await post<Encoded>(`${address}/api/v1/encode`, picture, 'image/png', headers);
    const posterior = (await (await fetch(`${address}/api/v1/items/${sku}/posterior`)).json()) as Posterior;
    encoded.mu.forEach((value, d) => {
      assert.ok(Math.abs(value - (posterior.mu[d] ?? 0)) < 1e-3, `${sku} is matched by the picture that it shows`);
    });
    const body = JSON.stringify({ z: posterior.mu, k: GARMENTS, filter: { inStock: false } });
    const { matches } = await post<MatchAnswer>(`${address}/api/v1/match`, body, 'application/json', headers);
    assert.ok(
      matches.some(match => match.sku === sku && match.image === item.image),
      `${sku} is matched`,
    );
  }
}

async function post<T>(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  headers: Record<string, string>,
): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body, headers: { ...headers, 'content-type': type } });
  assert.equal(answer.status, 200);
  return (await answer.json()) as T;
}
