import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { eventually, openScreen } from '../../support/browser-page.ts';
import { startFakeDaemon } from '../../support/fake-daemon.ts';

const rail = (page: Page): Promise<string> =>
  page
    .locator('ld-design ld-rail li')
    .evaluateAll(items => items.map(item => (item as HTMLElement).dataset.key).join());
const turn = async (page: Page, index: number, key: string): Promise<void> => {
  await page.locator(`ld-dial[data-dial="${index}"] input`).focus();
  await page.keyboard.press(key);
};

describe('the kiosk when things go wrong', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  it('says "back in a moment" when the daemon is killed, keeps the dials, and shows them when it is back', async () => {
    const daemon = await startFakeDaemon();
    const { page, close } = await openScreen(browser, daemon.url);
    await page.locator('ld-design ld-hanger').first().waitFor();
    const hung = await rail(page);
    await daemon.stop();
    await turn(page, 1, 'End');
    const away = page.locator('.away');
    await away.waitFor();
    assert.match((await away.textContent())!, /Back in a moment/);
    assert.deepEqual(await layoutFaults(page), []);
    assert.deepEqual(await axeFindings(page), []);
    await turn(page, 0, 'Home');
    assert.equal(await rail(page), hung);
    const back = await startFakeDaemon({ port: daemon.port });
    await away.waitFor({ state: 'detached' });
    const now = await eventually(
      () => rail(page),
      order => order !== hung,
    );
    assert.notEqual(now, hung);
    for (const [index, value] of [
      [1, 5],
      [0, -5],
    ] as const) {
      const dial = page.locator(`ld-dial[data-dial="${index}"]`);
      assert.equal(await dial.evaluate(element => (element as HTMLElement & { value: number }).value), value);
    }
    assert.deepEqual(back.refused, []);
    await close();
    await back.stop();
  });

  it('opens by itself when the daemon comes later than the page', async () => {
    const daemon = await startFakeDaemon();
    daemon.fail('/model', 'not-ready');
    const context = await browser.newContext({ viewport: { width: 1080, height: 1920 }, hasTouch: true });
    const page = await context.newPage();
    await page.goto(`${daemon.url}?idle=off`);
    const waiting = page.locator('.starting');
    await eventually(
      () => waiting.textContent(),
      text => text!.trim() === 'Back in a moment',
    );
    assert.equal((await waiting.textContent())!.trim(), 'Back in a moment');
    daemon.fail('/model', undefined);
    await page.locator('ld-kinds-view .kind').first().tap();
    await page.locator('ld-design ld-hanger').first().waitFor();
    await context.close();
    await daemon.stop();
  });

  it('shows every picture it can while a daemon is slower than the finger, and never asks twice at once', async () => {
    const daemon = await startFakeDaemon({ dialDelayMs: 120 });
    const { page, fingers, close } = await openScreen(browser, daemon.url);
    await page.locator('ld-design ld-hanger').first().waitFor();
    const pictures = await page.locator('ld-design').evaluateHandle(view => {
      const { session } = view as HTMLElement & { session: EventTarget & { display: { picture: unknown } } };
      const seen = new Set<unknown>();
      session.addEventListener('change', () => seen.add(session.display.picture));
      return { count: () => seen.size };
    });
    const asked = (): number => daemon.requests.filter(request => request === 'POST /dial').length;
    const before = asked();
    const box = (await page.locator('ld-dial[data-dial="1"] .track').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const MOVES = 40;
    await fingers.down(1, x, y);
    for (let step = 0; step < MOVES; step++) await fingers.move({ id: 1, x: x + 90 * Math.sin(step / 6), y });
    const shownWhileHeld = await eventually(
      () => pictures.evaluate(({ count }) => count()),
      count => count >= 3,
    );
    assert.ok(shownWhileHeld >= 3, `${shownWhileHeld} pictures while the finger was down`);
    assert.ok(asked() - before < MOVES, `${asked() - before} requests for ${MOVES} moves`);
    assert.equal(daemon.mostAtOnce, 1);
    await fingers.up(1);
    await close();
    await daemon.stop();
  });

  it('says what went wrong in words, and goes on', async () => {
    const daemon = await startFakeDaemon();
    const { page, close } = await openScreen(browser, daemon.url, { lang: 'de' });
    await page.locator('ld-design ld-hanger').first().waitFor();
    daemon.fail('/surprise', 'busy');
    await page.locator('.action.surprise').tap();
    const said = await eventually(
      () => page.locator('.verdict').textContent(),
      text => text === 'Gerade viel los. Bitte noch einmal.',
    );
    assert.equal(said, 'Gerade viel los. Bitte noch einmal.');
    await turn(page, 1, 'Home');
    await eventually(
      () => page.locator('.verdict').textContent(),
      text => text !== said,
    );
    assert.notEqual(await page.locator('.verdict').textContent(), said);
    await close();
    await daemon.stop();
  });

  it('lets nobody out of the page: no menu on a long press, no zoom, no drag of a picture', async () => {
    const daemon = await startFakeDaemon();
    const { page, close } = await openScreen(browser, daemon.url);
    await page.locator('ld-design ld-hanger').first().waitFor();
    const allowed = await page
      .locator('ld-design ld-hanger')
      .first()
      .evaluate(element =>
        element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, composed: true, cancelable: true })),
      );
    assert.equal(allowed, false);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).touchAction), 'none');
    const photo = page.locator('ld-design ld-photo canvas.ready').first();
    assert.equal(await photo.evaluate(canvas => (canvas as HTMLCanvasElement).draggable), false);
    await close();
    await daemon.stop();
  });
});
