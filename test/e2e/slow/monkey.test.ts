import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { Random } from '../../../device/matching/random.ts';
import { launchBrowser } from '../../support/browser.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT, settled } from '../../support/browser-page.ts';
import { startFakeDaemon } from '../../support/fake-daemon.ts';
import { oneOf } from '../../support/share.ts';

/** On each of the two screens. */
const TOUCHES = 1_000;
/** Touches between two looks at whether the view still answers. */
const LOOK_EVERY = 100;
/** What lies over the dials may lie over something else, and what was touched last may be still to come. */
const TRIES = 12;
const BETWEEN_MS = 400;

/** Puts away whatever lies over the dials, as somebody would who wants to go on. @returns whether they are there then */
async function backToDials(page: Page): Promise<boolean> {
  const dial = page.locator('ld-dial').first();
  for (let time = 0; time < TRIES; time++) {
    await putAway(page);
    await page.waitForTimeout(BETWEEN_MS);
    if (await dial.isVisible()) return true;
  }
  return false;
}

async function putAway(page: Page): Promise<void> {
  // What lies over everything goes first.
  await page.keyboard.press('Escape');
  const kind = page.locator('ld-kinds-view .kind').first();
  if (await kind.isVisible()) await tapped(kind);
  for (const away of [
    'ld-chain-sheet .close',
    'ld-garment-sheet .close',
    'ld-explore .close',
    'ld-design .hands ld-choice-tray .done',
    'ld-shelf-tray .done',
    'ld-blend-tray .back',
    'ld-hands .done',
  ]) {
    const button = page.locator(away).first();
    if (await button.isVisible()) await tapped(button);
  }
}

/** What is gone by itself before it is tapped needs no tap. */
async function tapped(button: Locator): Promise<void> {
  await button.tap({ timeout: 2_000 }).catch((error: Error) => {
    if (error.name !== 'TimeoutError') throw error;
  });
}

/** What is not as it should be, for the message. */
const stateOf = (page: Page): Promise<string> =>
  page.locator('ld-design').evaluate(view => {
    type Told = { connection: string; trouble: unknown; display: { settled: boolean; dialsInSight: number[] } };
    const { connection, trouble, display } = (view as HTMLElement & { session: Told }).session;
    const kiosk = document.querySelector('ld-kiosk')?.shadowRoot;
    const over = [...(kiosk?.querySelectorAll('main > *, ld-kiosk > *, dialog') ?? [])].map(one => one.localName);
    const hands = view.shadowRoot!.querySelector('ld-hands')?.shadowRoot;
    const fresh = [...(hands?.querySelectorAll('ld-dial') ?? [])].map(
      dial => (dial as HTMLElement & { fresh: boolean }).fresh,
    );
    return JSON.stringify({
      connection,
      trouble,
      settled: display.settled,
      inSight: display.dialsInSight,
      fresh,
      over,
    });
  });

describe('a thousand touches at random', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  for (const [name, size, seed] of [
    ['upright', PORTRAIT, 1],
    ['lying', LANDSCAPE, 2],
  ] as const) {
    it(`make no error, and never leave the view stuck: ${name}`, async t => {
      const daemon = await startFakeDaemon();
      t.after(() => daemon.stop());
      const screen = await openScreen(browser, daemon.url, { size, reducedMotion: true });
      t.after(() => screen.close());
      const { page, fingers, troubles } = screen;
      const random = new Random(seed);
      const place = (): { x: number; y: number } => ({
        x: random.uniform() * size.width,
        // Staff have the corner above; what they do is tested elsewhere.
        y: 100 + random.uniform() * (size.height - 100),
      });
      for (let touch = 1; touch <= TOUCHES / oneOf(); touch++) {
        const at = place();
        const what = random.uniform();
        if (what < 0.7) await fingers.tap(at.x, at.y);
        else if (what < 0.9) {
          const to = place();
          await fingers.down(1, at.x, at.y);
          for (let step = 1; step <= 4; step++) {
            await fingers.move({ id: 1, x: at.x + ((to.x - at.x) * step) / 4, y: at.y + ((to.y - at.y) * step) / 4 });
          }
          if (random.uniform() < 0.15) await fingers.cancel();
          else await fingers.up(1);
        } else if (what < 0.97) {
          const other = place();
          await fingers.down(1, at.x, at.y);
          await fingers.down(2, other.x, other.y);
          await fingers.move({ id: 1, x: at.x + 60, y: at.y }, { id: 2, x: other.x - 60, y: other.y });
          await fingers.up(2);
          await fingers.up(1);
        } else {
          const sku = `F${String(random.integer(72)).padStart(3, '0')}`;
          daemon.sell(sku);
        }
        if (touch % LOOK_EVERY !== 0) continue;
        assert.ok(
          await backToDials(page),
          `after ${touch} touches the dials are not to be had: ${await stateOf(page)}`,
        );
        const dial = page.locator('ld-dial').first();
        const value = (): Promise<number> => dial.evaluate(one => (one as HTMLElement & { value: number }).value);
        const before = await value();
        await dial
          .locator('.step')
          .nth(before > 0 ? 0 : 1)
          .tap();
        const moved = await eventually(value, now => now !== before, 5);
        assert.notEqual(moved, before, `after ${touch} touches the dials do not answer`);
        const rests = await eventually(() => settled(page), Boolean, 60);
        assert.ok(rests, `after ${touch} touches nothing comes to rest: ${await stateOf(page)}`);
      }
      assert.deepEqual(troubles, []);
      assert.deepEqual(daemon.refused, []);
    });
  }
});
