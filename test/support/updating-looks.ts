/** How a box that takes updates is looked at. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { LookdialError } from '../../device/errors.ts';
import type { OpenStore } from './arrivals.ts';
import type { FaultyInference, RunningBox } from './updating-store.ts';

export const isCode = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof LookdialError && error.code === code && text.test(error.message);

/** Waits until something holds, for twenty seconds at most. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 4_000, `it never came to it that ${what}`);
    await wait(5);
  }
}

export const verdictOf = ({ updates }: RunningBox, release: number): string => {
  const found = updates.history().find(one => one.release === release);
  return `${found?.verdict}: ${found?.reason}`;
};

/** Holds every garment to being matched. */
export const assertWhole = ({ opened }: RunningBox): void => assertMatched(opened);

export function assertMatched({ editions, catalogue }: OpenStore): void {
  const { garments } = editions.edition ?? assert.fail();
  for (const { sku } of catalogue.pictured('', 100)) assert.ok(garments.rowOf(sku) >= 0, `${sku} is matched`);
}

export const slowly =
  (what: 'encoding' | 'decoding', ms = 12) =>
  (inference: FaultyInference): void => {
    const usual = inference[what].bind(inference) as unknown as (...args: never[]) => Promise<never>;
    inference[what] = (async (...args: never[]) => {
      await wait(ms);
      return await usual(...args);
    }) as never;
  };
