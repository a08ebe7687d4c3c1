/** What the shop window costs while nobody is there: the processor of the browser and of the daemon, over a minute. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../test/support/browser.ts';
import { PORTRAIT } from '../../test/support/browser-page.ts';
import type { Daemon } from './daemon.ts';
import { pidOf } from './kiosk/browser-pid.ts';
import { processorSeconds } from './load/processor.ts';
import { processTree } from './load/resident.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Result, Suite } from './suite.ts';

const LASTS_MS = 60_000;
/** The first garments and all that the browser does once are left out. */
const WARM_UP_MS = 8_000;
/** Decision 18: the box rests four times as long as it works. Percent of a core, each. */
const MOST_PERCENT = 20;

const rounded = (value: number): number => Number(value.toPrecision(3));

interface Cost {
  readonly how: string;
  readonly pictures: number;
  /** Percent of a core. */
  readonly daemon: number;
  readonly browser: number;
}

async function costOf(browser: Browser, daemon: Daemon, how: string, reduced: boolean): Promise<Cost> {
  const context = await browser.newContext({
    viewport: PORTRAIT,
    hasTouch: true,
    reducedMotion: reduced ? 'reduce' : 'no-preference',
  });
  try {
    const page = await context.newPage();
    let pictures = 0;
    page.on('request', request => {
      if (request.url().endsWith('/generate')) pictures += 1;
    });
    await page.goto(`${daemon.address}/?lang=en`);
    await page.locator('ld-attract ld-stage canvas').waitFor();
    await sleep(WARM_UP_MS);
    const used = (): [number, number] => [
      processorSeconds(processTree(daemon.pid)),
      processorSeconds(processTree(pidOf(browser))),
    ];
    const [began, before, shown] = [performance.now(), used(), pictures];
    await sleep(LASTS_MS);
    const [seconds, after] = [(performance.now() - began) / 1_000, used()];
    const [inDaemon, inBrowser] = after.map((total, of) => (100 * (total - before[of]!)) / seconds);
    return { how, pictures: pictures - shown, daemon: inDaemon!, browser: inBrowser! };
  } finally {
    await context.close();
  }
}

export const attractSuite: Suite = {
  name: 'attract',
  about: 'what the shop window costs while nobody is there: the processor of browser and daemon, over a minute',
  long: true,
  async run(context): Promise<Result> {
    // The store that the kiosk's bench has.
    const own = stateOf(context, 'kiosk');
    await prepare(context, own);
    const daemon = await startDaemon(context, own);
    const browser = await launchBrowser({ webgl: false });
    try {
      const costs: Cost[] = [];
      for (const [how, reduced] of [
        ['garments becoming each other', false],
        ['one still after the other (reduced motion)', true],
      ] as const) {
        context.say(`${how}: ${LASTS_MS / 1_000} s`);
        costs.push(await costOf(browser, daemon, how, reduced));
      }
      return {
        tables: [
          {
            title: `The shop window on an upright screen in Chromium, drawn without a graphics card, ${LASTS_MS / 1_000} s`,
            columns: ['window', 'pictures a second', 'daemon, % of a core', 'browser, % of a core'],
            rows: costs.map(one => [
              one.how,
              rounded((1_000 * one.pictures) / LASTS_MS),
              rounded(one.daemon),
              rounded(one.browser),
            ]),
          },
        ],
        bars: costs.flatMap(one =>
          (['daemon', 'browser'] as const).map(of => ({
            what: `${of}, ${one.how}`,
            unit: '% of a core',
            got: one[of],
            atMost: MOST_PERCENT,
          })),
        ),
        sink: costs.reduce((sum, { pictures }) => sum + pictures, 0),
      };
    } finally {
      await browser.close();
      await daemon.stop();
    }
  },
};
