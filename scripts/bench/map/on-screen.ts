/** The map under fingers in a real Chromium, beside the daemon: how long until it is drawn, and its frames while it is moved. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openScreen, PORTRAIT, settled } from '../../../test/support/browser-page.ts';
import { type Place, path, touch } from '../hand.ts';
import { quantile } from '../measure.ts';
import { MAP_MEASURED, type MapMeasured, watchMap } from './page-probe.ts';

/** How long the map is moved each way. */
const MOVING_SECONDS = 4;
/** How far a finger goes to and fro, pixels, and how often a second. */
const REACH = 260;
const SWINGS = 0.7;
/** Longest that a map's pictures are waited for, milliseconds. */
const LATEST_MS = 60_000;
const FLIGHT_MS = 700;
const ANSWERS = 5;

export interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly longest: number;
}

/** Milliseconds, but for the bytes. */
export interface MapOnScreen {
  readonly bytes: number;
  /** Until the daemon has answered, the first time and when nothing has changed since. */
  readonly firstAnswer: number;
  readonly answer: number;
  /** From the tap to the frame with the store, and to that with the pictures in sight. */
  readonly drawn: number;
  readonly pictured: number;
  /** The longest that nothing moved while it opened. */
  readonly still: number;
  readonly panned: Frames;
  readonly pinched: Frames;
}

const measured = (page: Page): Promise<MapMeasured> => page.evaluate<MapMeasured>(`${MAP_MEASURED}()`);

const framesOf = ({ frames }: MapMeasured): Frames => {
  const sorted = [...frames].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), longest: sorted.at(-1) ?? Number.NaN };
};

const pan = (page: Page, { x, y }: Place): Promise<void> =>
  touch(
    page,
    path(MOVING_SECONDS, seconds => {
      const turn = 2 * Math.PI * SWINGS * seconds;
      return { x: x + REACH * Math.sin(turn), y: y + REACH * Math.sin(0.7 * turn) };
    }),
  );

function pinch(page: Page, { x, y }: Place): Promise<void> {
  const apart = (seconds: number): number => REACH * (0.6 - 0.4 * Math.cos(2 * Math.PI * SWINGS * seconds));
  const finger = (side: -1 | 1): Place[] => path(MOVING_SECONDS, seconds => ({ x: x + side * apart(seconds), y }));
  return touch(page, finger(-1), finger(1));
}

/** Milliseconds until the map has come, and its bytes. */
async function answer(address: string): Promise<{ took: number; bytes: number }> {
  const began = performance.now();
  const response = await fetch(`${address}/api/v1/map`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"filter":{"inStock":true}}',
  });
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${address}/api/v1/map answered ${response.status}.`);
  return { took: performance.now() - began, bytes: byteLength };
}

export async function mapOnScreen(browser: Browser, address: string): Promise<MapOnScreen> {
  const first = await answer(address);
  const later: number[] = [];
  for (let time = 0; time < ANSWERS; time++) later.push((await answer(address)).took);
  const { page, close } = await openScreen(browser, `${address}/`, { size: PORTRAIT });
  try {
    await settled(page);
    await page.evaluate(watchMap, MAP_MEASURED);
    const button = (await page.locator('.action.map').boundingBox())!;
    await measured(page);
    await touch(page, [{ x: button.x + button.width / 2, y: button.y + button.height / 2 }]);
    await page.locator('ld-map-sheet canvas[aria-busy=false]').waitFor({ timeout: LATEST_MS });
    const opened = await measured(page);
    const sheet = (await page.locator('ld-map-sheet').boundingBox())!;
    const middle = { x: sheet.x + sheet.width / 2, y: sheet.y + sheet.height / 2 };
    // Nearer, where there is something to move about in.
    await page.locator('.zoom .tool').first().tap();
    await sleep(FLIGHT_MS);
    await measured(page);
    await pan(page, middle);
    const panned = framesOf(await measured(page));
    await pinch(page, middle);
    const pinched = framesOf(await measured(page));
    return {
      bytes: first.bytes,
      firstAnswer: first.took,
      answer: quantile(
        later.sort((a, b) => a - b),
        0.5,
      ),
      drawn: opened.drawn,
      pictured: opened.pictured,
      still: framesOf(opened).longest,
      panned,
      pinched,
    };
  } finally {
    await close();
  }
}
