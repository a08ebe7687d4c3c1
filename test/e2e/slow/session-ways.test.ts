import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { dial, rail, settingsOf } from '../../support/browser-kiosk.ts';
import { eventually, openScreen, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

const undo = (page: Page) => page.locator('.action.undo');

describe('a session in the window, by touch', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  let screen: Screen;
  let page: Page;
  /** What the console may mention: the daemon's own refusals are not the page's faults. */
  let allowed: RegExp;

  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());
  beforeEach(async () => {
    allowed = /(?!)/;
    daemon = await startFakeDaemon();
    screen = await openScreen(browser, daemon.url, { reducedMotion: true });
    page = screen.page;
    await settled(page);
  });
  afterEach(async () => {
    assert.deepEqual(
      screen.troubles.filter(trouble => !allowed.test(trouble)),
      [],
    );
    assert.deepEqual(daemon.refused, []);
    await screen.close();
    await daemon.stop();
  });

  it('keeps a garment, and says on the shelf when the last of it is sold', async () => {
    const [sku] = await rail(page);
    await page.locator('ld-design ld-hanger').first().tap();
    const keep = page.locator('ld-garment-sheet .keep');
    await keep.tap();
    assert.equal(await keep.getAttribute('aria-pressed'), 'true');
    daemon.sell(sku!);
    await eventually(
      () => page.locator('ld-garment-sheet .sizes').textContent(),
      text => /Sold out/.test(text ?? ''),
    );
    assert.match((await page.locator('ld-garment-sheet .sizes').textContent())!, /Sold out/, 'while it is looked at');
    await page.locator('ld-garment-sheet .close').tap();
    await page.locator('.action.kept').tap();
    const kept = page.locator('ld-shelf-tray li');
    assert.equal(await kept.count(), 1);
    const told = await eventually(
      () => kept.textContent(),
      text => /Sold out/.test(text ?? ''),
    );
    assert.match(told!, /Sold out/);
    const hung = await eventually(
      () => rail(page),
      order => !order.includes(sku!),
    );
    assert.ok(!hung.includes(sku!));
    await page.locator('ld-shelf-tray .drop').tap();
    await page.locator('ld-shelf-tray .empty').waitFor();
    await undo(page).tap();
    assert.equal(await kept.count(), 1, 'let go by mistake');
  });

  it('walks between what was dialled and a garment, and takes a place between', async () => {
    const before = await settingsOf(page);
    await page.locator('ld-design ld-hanger').nth(4).tap();
    await page.locator('ld-garment-sheet .blend').tap();
    const walk = page.locator('ld-blend-tray ld-dial');
    await walk.waitFor();
    const asked = daemon.requests.filter(request => request === 'POST /dial').length;
    const track = (await walk.locator('.track').boundingBox())!;
    const y = track.y + track.height / 2;
    await screen.fingers.down(1, track.x + track.width / 2, y);
    for (let step = 1; step <= 8; step++) {
      await screen.fingers.move({ id: 1, x: track.x + track.width * (0.5 + step * 0.05), y });
    }
    await screen.fingers.up(1);
    await eventually(
      async () => daemon.requests.filter(request => request === 'POST /dial').length,
      count => count > asked,
    );
    assert.match((await walk.locator('input').getAttribute('aria-valuetext'))!, /\b9\d in 100 towards this one/);
    await page.locator('ld-blend-tray .done').tap();
    await page.locator('ld-blend-tray').waitFor({ state: 'detached' });
    await dial(page, 0).waitFor();
    const between = await settingsOf(page);
    assert.notDeepEqual(between, before);
    await undo(page).tap();
    assert.deepEqual(
      await eventually(
        () => settingsOf(page),
        now => now.join() === before.join(),
      ),
      before,
    );
  });

  it('goes on from the nearest garment where another model comes under the finger, with fewer dials', async () => {
    allowed = /400/;
    const before = await page.locator('ld-dial').count();
    const thumb = (await dial(page, 1).locator('.thumb').boundingBox())!;
    const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
    await screen.fingers.down(1, x, y);
    for (let step = 1; step <= 5; step++) await screen.fingers.move({ id: 1, x: x + step * 12, y });
    await settled(page);
    const [nearest] = await rail(page);
    daemon.swap('fake@2.0.0+111111111111', 5);
    for (let step = 1; step <= 10; step++) await screen.fingers.move({ id: 1, x: x + 60 - step * 6, y });
    await eventually(
      () => page.locator('ld-dial').count(),
      count => count === 5,
    );
    await screen.fingers.up(1);
    assert.equal(before, 6);
    assert.equal(await page.locator('ld-dial').count(), 5);
    const now = await eventually(
      async () => (await rail(page))[0],
      sku => sku === nearest,
    );
    assert.equal(now, nearest, 'the garment nearest to what was dialled is lost');
    await settled(page);
    // The new dials are alive.
    await dial(page, 0).locator('.step').last().tap();
    await settled(page);
    assert.equal(await undo(page).getAttribute('aria-disabled'), 'false');
    assert.equal(await page.locator('.away').count(), 0);
  });

  it('puts on the thread what was passed faster than it was drawn, once the hand rests', async () => {
    await screen.close();
    await daemon.stop();
    daemon = await startFakeDaemon({ dialDelayMs: 900 });
    screen = await openScreen(browser, daemon.url, { reducedMotion: true });
    page = screen.page;
    await settled(page);
    /** Of each look whether its little garment is there: any ink on its canvas. */
    const drawn = (): Promise<boolean[]> =>
      page.locator('ld-thread ld-swatch').evaluateAll(all =>
        all.map(swatch => {
          const canvas = swatch.shadowRoot!.querySelector('canvas')!;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value, at) => at % 4 === 3 && value > 0);
        }),
      );
    const generated = (): number => daemon.requests.filter(request => request === 'POST /generate').length;
    const before = generated();
    const step = (await dial(page, 1).locator('.step').last().boundingBox())!;
    for (let tap = 0; tap < 3; tap++) await screen.fingers.tap(step.x + step.width / 2, step.y + step.height / 2);
    await page.locator('ld-thread li').nth(3).waitFor();
    assert.ok((await drawn()).includes(false), 'they were passed before they were drawn');
    assert.equal(generated(), before, 'nothing else is asked for meanwhile');
    assert.deepEqual(await eventually(drawn, all => all.every(Boolean)), [true, true, true, true]);
  });
});
