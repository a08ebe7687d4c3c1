/** A shopper at a screen: drags a dial, rests, looks at what is there, and drags the next. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../device/matching/random.ts';
import { ask, drags, type Model } from '../drags.ts';
import type { Tally } from './tally.ts';

/** A drag: so many pictures, no faster than one in so many milliseconds. */
const PICTURES = 15;
const STEP_MS = 100;
/** Matches that come with each picture, and when the finger rests. */
const MATCHES = 12;
/** How long a shopper looks before the next drag, milliseconds. */
const LOOK_MS = [3_000, 9_000] as const;

/** What the shoppers ask, as a sentence for the report. */
export const PACE = `each drags ${PICTURES} pictures at most one in ${STEP_MS} ms, asks for the matches, and looks for ${LOOK_MS.map(ms => ms / 1_000).join(' to ')} s`;

export interface ShopperOptions {
  readonly address: string;
  readonly model: Model;
  readonly seed: number;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** Shops until the signal says that it is enough; what fails is tallied, and the shopper goes on. */
export async function shop({ address, model, seed, tally, signal }: ShopperOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const random = new Random(seed);
  const points = drags(model, seed);
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  const call = (path: 'dial' | 'match', dials: readonly number[]): Promise<void> => {
    const body = JSON.stringify({ dials, k: MATCHES });
    return tally.time(path, () => ask(agent, new URL(`/api/v1/${path}`, address), { body }));
  };
  try {
    // They do not all come through the door at once.
    await pause(random.uniform() * LOOK_MS[1]);
    while (!signal.aborted) {
      let dials: readonly number[] = [];
      for (let picture = 0; picture < PICTURES && !signal.aborted; picture += 1) {
        dials = points.next().value ?? dials;
        const began = performance.now();
        await call('dial', dials);
        await pause(Math.max(0, STEP_MS - (performance.now() - began)));
      }
      if (!signal.aborted) await call('match', dials);
      await pause(LOOK_MS[0] + random.uniform() * (LOOK_MS[1] - LOOK_MS[0]));
    }
  } finally {
    agent.destroy();
  }
}
