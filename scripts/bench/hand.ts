/**
 * Fingers on the glass as a touchscreen has them: Chromium moves them itself, once a frame, through what it has for measuring its
 * own input. The debugger's touches, which the tests use, are held back until the page has drawn another frame, each of them: the
 * page hears of a movement 12 ms late, and of 30 a second at most.
 */
import type { Page } from 'playwright-core';

/** What Chromium must be started with. */
export const HAND_FLAG = '--enable-gpu-benchmarking';
/** A touchscreen tells where a finger is so often a second. */
export const TOUCHES_A_SECOND = 60;

/** What runs something in a page. */
export type InPage = Pick<Page, 'evaluate'>;

export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Finger {
  readonly source: 'touch';
  readonly id: number;
  readonly actions: readonly ({ readonly name: string } & Partial<Place>)[];
}

// The page's own, as far as it is needed here.
interface PageChrome {
  readonly gpuBenchmarking?: { pointerActionSequence(fingers: readonly Finger[], done: () => void): void };
}

/**
 * Fingers that come down together, move together and leave together.
 * @param paths of each finger where it is, CSS pixels, one place a touch; the first is where it comes down
 * @throws Error where Chromium was started without HAND_FLAG
 */
export async function touch(page: InPage, ...paths: readonly (readonly Place[])[]): Promise<void> {
  const fingers = paths.map(
    (path, id): Finger => ({
      source: 'touch',
      id,
      actions: [
        ...path.map((place, at) => ({ name: at === 0 ? 'pointerDown' : 'pointerMove', ...place })),
        { name: 'pointerUp' },
      ],
    }),
  );
  const isMoved = await page.evaluate(async sequence => {
    const { gpuBenchmarking } = (Reflect.get(globalThis, 'chrome') ?? {}) as PageChrome;
    if (gpuBenchmarking === undefined) return false;
    await new Promise<void>(done => gpuBenchmarking.pointerActionSequence(sequence, done));
    return true;
  }, fingers);
  if (!isMoved) throw new Error(`This Chromium moves no fingers by itself: it was started without ${HAND_FLAG}.`);
}

/** Where a finger is at each touch of so many seconds. @param place where, at seconds since it came down */
export const path = (seconds: number, place: (at: number) => Place): Place[] =>
  Array.from({ length: Math.round(seconds * TOUCHES_A_SECOND) }, (_, step) => place(step / TOUCHES_A_SECOND));
