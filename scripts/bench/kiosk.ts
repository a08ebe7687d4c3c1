/** What a shopper feels at the kiosk: a real Chromium, fingers on its glass, and the daemon beside it on the same machine. */
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Config } from '../../device/config.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { LANDSCAPE, openScreen, PORTRAIT } from '../../test/support/browser-page.ts';
import { prepareStore } from '../store/prepare.ts';
import { NODE_FLAGS } from './as-started.ts';
import { Daemon } from './daemon.ts';
import { HAND_FLAG } from './hand.ts';
import { pidOf } from './kiosk/browser-pid.ts';
import { MEASURED, type Measured, watch } from './kiosk/page-probe.ts';
import { PACE, Shopper } from './kiosk/shopper.ts';
import { UnwatchedPage } from './kiosk/unwatched-page.ts';
import { processTree, residentMegabytes } from './load/resident.ts';
import { type Point, slope } from './load/trend.ts';
import { quantile } from './measure.ts';
import type { Bar, Result, Suite, Table } from './suite.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const MAIN = join(PROJECT, 'device', 'main.ts');
const SCREENS = { upright: PORTRAIT, lying: LANDSCAPE } as const;
/** Drags on each screen before the long one. */
const DRAGS = 40;
const WARM_UP_DRAGS = 4;
const STARTS = 3;
/** The long drag's memory is looked at so often, milliseconds; what caches fill at first is left out of its trend. */
const SAMPLE_MS = 15_000;
const WARM_UP_PART = 0.2;
const FLAT_PART = 0.05;
const MB = 2 ** 20;
/** Runs in the page: the shop window. */
const DESIGN = `document.querySelector('ld-kiosk')?.shadowRoot?.querySelector('ld-design')`;

const BARS = {
  fingerP50: 33,
  fingerP95: 100,
  pictures: 15,
  matchesP95: 200,
  tapP95: 100,
  startSeconds: 5,
} as const;

const rounded = (value: number): number => Number(value.toPrecision(3));
const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/** A page that is measured, and the shopper before it. */
async function shopperAt(browser: Browser, address: string, size: typeof PORTRAIT | typeof LANDSCAPE, seed: number) {
  const screen = await openScreen(browser, address, { size });
  await screen.page.locator('ld-design').evaluate(watch, MEASURED);
  return { screen, shopper: new Shopper(screen.page, seed) };
}

interface Felt {
  readonly screen: string;
  readonly dragging: number;
  readonly measured: Measured;
}

function feltRow({ screen, dragging, measured }: Felt): (string | number)[] {
  const [finger, matches, tap] = [measured.fingerToPicture, measured.restToMatches, measured.tapToFrame].map(sorted);
  return [
    screen,
    finger!.length,
    rounded(quantile(finger!, 0.5)),
    rounded(quantile(finger!, 0.95)),
    rounded((1_000 * finger!.length) / dragging),
    rounded(quantile(matches!, 0.5)),
    rounded(quantile(matches!, 0.95)),
    rounded(quantile(tap!, 0.95)),
    measured.failed,
  ];
}

const FELT_COLUMNS = [
  'screen',
  'pictures',
  'finger to picture p50 ms',
  'p95 ms',
  'pictures a second',
  'rest to matches p50 ms',
  'p95 ms',
  'tap to frame p95 ms',
  'failed',
];

function feltBars(felt: readonly Felt[]): Bar[] {
  const rows = felt.map(feltRow);
  const worst = (column: number): number => Math.max(...rows.map(row => Number(row[column])));
  return [
    { what: 'finger to picture p50, the slower screen', unit: 'ms', got: worst(2), atMost: BARS.fingerP50 },
    { what: 'finger to picture p95', unit: 'ms', got: worst(3), atMost: BARS.fingerP95 },
    {
      what: `time between two pictures of a drag (${BARS.pictures} a second)`,
      unit: 'ms',
      got: 1_000 / Math.min(...rows.map(row => Number(row[4]))),
      atMost: rounded(1_000 / BARS.pictures),
    },
    { what: 'rest to matches p95', unit: 'ms', got: worst(6), atMost: BARS.matchesP95 },
    { what: 'tap to frame p95', unit: 'ms', got: worst(7), atMost: BARS.tapP95 },
    { what: 'questions that failed', unit: '', got: rows.reduce((sum, row) => sum + Number(row[8]), 0), atMost: 0 },
  ];
}

interface Memory {
  /** Since the drag began, milliseconds. */
  readonly at: number;
  /** Megabytes: the page's own objects after a collection, and what is resident of the browser and of the daemon. */
  readonly page: number;
  readonly browser: number;
  readonly daemon: number;
}

async function memoryOf(page: UnwatchedPage, browser: number, daemon: number, at: number): Promise<Memory> {
  return {
    at,
    page: (await page.heap()) / MB,
    browser: await residentMegabytes(processTree(browser)),
    daemon: await residentMegabytes(processTree(daemon)),
  };
}

/** The kiosk on a page whose memory is its own, past the kinds. */
async function standingAt(browser: Browser, address: string): Promise<UnwatchedPage> {
  const page = await UnwatchedPage.open(browser, `${address}?idle=off`, PORTRAIT);
  await page.until(`${DESIGN}?.shadowRoot?.querySelector('ld-stage') != null`);
  await page.evaluate(`${DESIGN}.session.pick(false)`);
  await page.until(`${DESIGN}.shadowRoot.querySelector('ld-stage')?.still === true`);
  await page.evaluate(`(${watch})(${DESIGN}, ${JSON.stringify(MEASURED)})`);
  return page;
}

/** Many hours of drags, one after another without a pause. */
async function longDrag(
  page: UnwatchedPage,
  shopper: Shopper,
  minutes: number,
  browser: number,
  daemon: number,
): Promise<{ memory: readonly Memory[]; pictures: number; drags: number; failed: number }> {
  const memory: Memory[] = [];
  const began = performance.now();
  const drags = shopper.drags;
  let [pictures, failed] = [0, 0];
  for (let next = 0; performance.now() - began < minutes * 60_000; ) {
    await shopper.drag();
    const at = performance.now() - began;
    if (at < next) continue;
    next += SAMPLE_MS;
    const measured = await shopper.measured();
    pictures += measured.fingerToPicture.length;
    failed += measured.failed;
    memory.push(await memoryOf(page, browser, daemon, at));
  }
  return { memory, pictures, drags: shopper.drags - drags, failed };
}

function memoryBars(memory: readonly Memory[], minutes: number): Bar[] {
  const warm = memory.slice(Math.floor(WARM_UP_PART * memory.length));
  return (['page', 'browser', 'daemon'] as const).map(kind => {
    const points = warm.map((one): Point => ({ x: one.at, y: one[kind] }));
    const mean = points.reduce((sum, { y }) => sum + y, 0) / points.length;
    return {
      what: `memory of the ${kind} gained by its trend over ${minutes} min`,
      unit: 'MB',
      got: slope(points) * minutes * 60_000,
      atMost: rounded(FLAT_PART * mean),
    };
  });
}

/** From the daemon's start to the first garment on the screen, seconds. */
async function startOnce(browser: Browser, environment: Record<string, string>): Promise<number> {
  const began = performance.now();
  const daemon = await Daemon.start([process.execPath, ...NODE_FLAGS, MAIN], environment);
  try {
    const screen = await openScreen(browser, `${daemon.address}/`);
    const seconds = (performance.now() - began) / 1_000;
    await screen.close();
    return seconds;
  } finally {
    await daemon.stop();
  }
}

const environmentOf = ({ store, bundle, threads, providers }: Config, data: string): Record<string, string> => ({
  LOOKDIAL_STORE: store,
  LOOKDIAL_BUNDLE: bundle,
  LOOKDIAL_DATA: data,
  LOOKDIAL_THREADS: String(threads),
  LOOKDIAL_PROVIDERS: providers.join(','),
});

export const kioskSuite: Suite = {
  name: 'kiosk',
  about: 'what a shopper feels: from finger to picture, matches at rest, taps, the start, memory over a long drag',
  long: true,
  async run({ config, seed, say, load: { minutes } }): Promise<Result> {
    const data = join(config.data, 'bench-kiosk');
    const print = (): void => undefined;
    say('preparing the store');
    await prepareStore({ config: { ...config, data }, terminal: process.stderr, print, unlessCurrent: true });
    const environment = environmentOf(config, data);
    const browser = await launchBrowser({ webgl: false, flags: [HAND_FLAG] });
    try {
      const starts: number[] = [];
      for (let start = 0; start < STARTS; start++) {
        say(`start ${start + 1} of ${STARTS}`);
        starts.push(await startOnce(browser, environment));
      }
      const daemon = await Daemon.start([process.execPath, ...NODE_FLAGS, MAIN], environment);
      try {
        const felt: Felt[] = [];
        for (const [name, size] of Object.entries(SCREENS)) {
          say(`${name}: ${DRAGS} drags`);
          const { screen, shopper } = await shopperAt(browser, `${daemon.address}/`, size, seed);
          for (let drag = 0; drag < WARM_UP_DRAGS; drag++) await shopper.drag();
          await shopper.measured();
          shopper.dragging = 0;
          for (let drag = 0; drag < DRAGS; drag++) await shopper.drag();
          felt.push({ screen: name, dragging: shopper.dragging, measured: await shopper.measured() });
          await screen.close();
        }
        say(`${minutes} min of drags without a pause`);
        const page = await standingAt(browser, `${daemon.address}/`);
        const long = await longDrag(page, new Shopper(page, seed + 1), minutes, pidOf(browser), daemon.pid);
        return resultOf(felt, long, starts, minutes);
      } finally {
        await daemon.stop();
      }
    } finally {
      await browser.close();
    }
  },
};

function resultOf(
  felt: readonly Felt[],
  long: Awaited<ReturnType<typeof longDrag>>,
  starts: readonly number[],
  minutes: number,
): Result {
  const memory: Table = {
    title: `${minutes} min: ${long.drags} drags, ${long.pictures} pictures`,
    columns: ['minute', 'page MB', 'browser MB', 'daemon MB'],
    rows: long.memory
      .filter((_, place) => place % 4 === 0)
      .map(one => [(one.at / 60_000).toFixed(1), rounded(one.page), Math.round(one.browser), Math.round(one.daemon)]),
  };
  const startTable: Table = {
    title: 'From the daemon’s start to the first garment on the screen',
    columns: ['start', 'seconds'],
    rows: starts.map((seconds, start) => [start + 1, rounded(seconds)]),
  };
  return {
    tables: [
      {
        title: `By touch in Chromium, drawn without a graphics card: ${PACE}`,
        columns: FELT_COLUMNS,
        rows: felt.map(feltRow),
      },
      startTable,
      memory,
    ],
    bars: [
      ...feltBars(felt),
      { what: 'start to the first garment', unit: 's', got: Math.max(...starts), atMost: BARS.startSeconds },
      ...memoryBars(long.memory, minutes),
      { what: 'questions of the long drag that failed', unit: '', got: long.failed, atMost: 0 },
    ],
    sink: long.pictures,
  };
}
