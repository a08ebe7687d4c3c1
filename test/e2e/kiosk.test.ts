import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { dial, settingOf, thumb } from '../support/browser-kiosk.ts';
import { eventually, openScreen, type Screen, settled } from '../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../support/fake-daemon.ts';

/** How often the kiosk has seen that no finger is on a dial any more, since this was called. */
async function countLifted(page: Page): Promise<() => Promise<number>> {
  await page.locator('ld-design').evaluate(view => {
    const { display } = Reflect.get(view, 'session') as { display: { lifted(): void; seen?: number } };
    const lifted = display.lifted.bind(display);
    display.seen = 0;
    display.lifted = () => {
      display.seen! += 1;
      lifted();
    };
  });
  return () =>
    page
      .locator('ld-design')
      .evaluate(view => (Reflect.get(view, 'session') as { display: { seen: number } }).display.seen);
}

describe('the kiosk under fingers', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  let screen: Screen;
  let page: Page;

  const open = async (): Promise<void> => {
    daemon = await startFakeDaemon();
    screen = await openScreen(browser, daemon.url);
    page = screen.page;
    await settled(page);
  };
  const close = async (): Promise<void> => {
    await screen.close();
    await daemon.stop();
  };
  before(async () => {
    browser = await launchBrowser({ webgl: true });
  });
  after(() => browser?.close());

  /** Nothing went wrong beside what the test looked at. */
  const assertClean = (): void => {
    assert.deepEqual(screen.troubles, []);
    assert.deepEqual(daemon.refused, []);
  };

  describe('dial by dial', () => {
    before(open);
    after(close);
    /** One page for all of them: each begins with every dial in the middle. */
    beforeEach(async () => {
      const moved = async (): Promise<boolean> =>
        (await Promise.all([0, 1, 2, 3].map(index => settingOf(page, index)))).some(value => value !== 0);
      if (!(await moved())) return;
      await page.locator('.action.reset').tap();
      assert.equal(await eventually(moved, now => !now), false, 'the dials are where they were to begin with');
      await settled(page);
    });

    it('turns two dials by two hands at once, each with its own finger', async () => {
      const [one, other] = [await thumb(page, 0), await thumb(page, 3)];
      await screen.fingers.down(1, one.x, one.y);
      await screen.fingers.down(2, other.x, other.y);
      for (let step = 1; step <= 6; step++) {
        await screen.fingers.move(
          { id: 1, x: one.x - step * 15, y: one.y },
          { id: 2, x: other.x + step * 15, y: other.y + 4 * step },
        );
      }
      assert.ok((await settingOf(page, 0)) < -3, `the first dial is at ${await settingOf(page, 0)}`);
      assert.ok((await settingOf(page, 3)) > 3, `the second dial is at ${await settingOf(page, 3)}`);
      const lifted = await countLifted(page);
      await screen.fingers.up(1);
      assert.equal(await lifted(), 0, 'the other hand is on its dial');
      await screen.fingers.move({ id: 2, x: other.x, y: other.y });
      assert.ok((await settingOf(page, 0)) < -3);
      assert.ok(Math.abs(await settingOf(page, 3)) < 0.2);
      await screen.fingers.up(2);
      assert.equal(await lifted(), 1, 'both hands have left: nothing is waited for');
      assertClean();
    });

    it('ignores a second finger on the same dial', async () => {
      const { x, y } = await thumb(page, 0);
      await screen.fingers.down(1, x, y);
      await screen.fingers.move({ id: 1, x: x + 60, y });
      const value = await settingOf(page, 0);
      await screen.fingers.down(2, x - 80, y);
      await screen.fingers.move({ id: 2, x: x - 90, y });
      assert.equal(await settingOf(page, 0), value);
      await screen.fingers.up(2);
      await screen.fingers.up(1);
      assert.equal(await settingOf(page, 0), value);
    });

    it('takes the tap that follows a flicked dial at once', async () => {
      const { x, y } = await thumb(page, 1);
      await screen.fingers.down(1, x, y);
      for (let step = 1; step <= 6; step++) await screen.fingers.move({ id: 1, x: x + 20 * step, y });
      await screen.fingers.up(1);
      await page.locator('.action.reset').tap();
      const back = await eventually(
        () => settingOf(page, 1),
        value => value === 0,
        5,
      );
      assert.equal(back, 0);
      assertClean();
    });

    it('puts a dial back when its finger is taken away', async () => {
      const { x, y } = await thumb(page, 2);
      await screen.fingers.down(1, x, y);
      await screen.fingers.move({ id: 1, x: x + 70, y });
      await screen.fingers.move({ id: 1, x: x + 90, y });
      assert.ok((await settingOf(page, 2)) > 2);
      await screen.fingers.cancel();
      assert.equal(
        await eventually(
          () => settingOf(page, 2),
          value => value === 0,
        ),
        0,
      );
    });

    it('moves by a tap on the track, by its buttons and keys, and resets by a double tap', async () => {
      const box = (await dial(page, 0).locator('.track').boundingBox())!;
      await screen.fingers.tap(box.x + box.width * 0.8, box.y + box.height / 2);
      const tapped = await settingOf(page, 0);
      assert.ok(tapped > 2.5, `a tap moved the dial to ${tapped}`);
      await dial(page, 0).locator('.step').first().tap();
      assert.ok((await settingOf(page, 0)) < tapped);
      await dial(page, 0).locator('.step').last().tap();
      assert.equal(await settingOf(page, 0), tapped);
      await dial(page, 0).locator('input').focus();
      await page.keyboard.press('ArrowRight');
      assert.ok((await settingOf(page, 0)) > tapped);
      await page.keyboard.press('End');
      assert.equal(await settingOf(page, 0), 5);
      const { x, y } = await thumb(page, 0);
      await screen.fingers.doubleTap(x, y);
      assert.equal(await settingOf(page, 0), 0);
      assertClean();
    });

    it('keeps a name for each step button and a place in words for each dial', async () => {
      assert.ok(await page.getByRole('button', { name: 'Length: longer' }).isVisible());
      assert.equal(await page.getByRole('slider', { name: 'Length' }).getAttribute('aria-valuetext'), 'in the middle');
    });
  });
});
