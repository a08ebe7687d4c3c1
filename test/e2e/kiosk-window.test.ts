import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { dial, rail, settingOf, thumb } from '../support/browser-kiosk.ts';
import { difference, eventually, openScreen, pixelsOf, type Screen, settled } from '../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../support/fake-daemon.ts';

/** Notes each change of the rail's order, with the milliseconds since a dial was moved last. */
async function watchRail(page: Page): Promise<() => Promise<{ sinceMoved: number }[]>> {
  const watched = await page.locator('ld-design').evaluateHandle(view => {
    const root = view.shadowRoot!;
    const changes: { sinceMoved: number }[] = [];
    let moved = Number.NEGATIVE_INFINITY;
    for (const dial of root.querySelector('ld-hands')!.shadowRoot!.querySelectorAll('ld-dial')) {
      dial.addEventListener('input', () => {
        moved = performance.now();
      });
    }
    const watcher = new MutationObserver(() => changes.push({ sinceMoved: performance.now() - moved }));
    watcher.observe(root.querySelector('ld-rail')!.shadowRoot!.querySelector('ul')!, { childList: true });
    return changes;
  });
  return () => watched.jsonValue();
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

  describe('as it comes', () => {
    beforeEach(open);
    afterEach(close);

    it('lets the garment follow a dragged dial, and the matches when the finger rests', async () => {
      const stage = page.locator('ld-stage');
      const [before, hung] = [await pixelsOf(stage), await rail(page)];
      const changes = await watchRail(page);
      const { x, y } = await thumb(page, 1);
      await screen.fingers.down(1, x, y);
      for (let step = 1; step <= 12; step++) await screen.fingers.move({ id: 1, x: x + step * 8, y });
      const during = await eventually(
        () => pixelsOf(stage),
        now => difference(before, now) > 0.5,
      );
      assert.ok(difference(before, during) > 0.5, 'the picture did not follow the finger');
      const matches = await eventually(
        () => rail(page),
        now => now.join() !== hung.join(),
      );
      assert.notDeepEqual(matches, hung, 'the matches did not follow the resting finger');
      assert.ok((await settingOf(page, 1)) > 2);
      // However slow this machine is: the rail moved only when the finger had not moved for a while.
      for (const { sinceMoved } of await changes())
        assert.ok(sinceMoved >= 150, `the rail moved ${sinceMoved} ms after the finger`);
      await screen.fingers.up(1);
      await settled(page);
      assert.match((await dial(page, 1).locator('input').getAttribute('aria-valuetext'))!, /longer/);
      assertClean();
    });

    it('surprises, starts over, and takes back and repeats each step', async () => {
      const dials = (): Promise<number[]> => Promise.all([0, 1, 2, 3].map(index => settingOf(page, index)));
      const middle = [0, 0, 0, 0];
      assert.deepEqual(await dials(), middle);
      await page.locator('.action.surprise').tap();
      await eventually(dials, now => now.every(value => value !== 0));
      await settled(page);
      const surprised = await dials();
      const [sku] = await rail(page);
      assert.notDeepEqual(surprised, middle);
      await page.locator('.action.reset').tap();
      assert.deepEqual(await eventually(dials, now => now.join() === middle.join()), middle);
      await page.locator('.action.undo').tap();
      assert.deepEqual(await eventually(dials, now => now.join() === surprised.join()), surprised);
      await settled(page);
      assert.equal((await rail(page))[0], sku);
      await page.locator('.action.redo').tap();
      assert.deepEqual(await eventually(dials, now => now.join() === middle.join()), middle);
      await page.locator('ld-thread button').nth(1).tap();
      assert.deepEqual(await eventually(dials, now => now.join() === surprised.join()), surprised);
      assertClean();
    });

    it('opens a garment, shows more like it, and starts from it', async () => {
      const sku = (await rail(page))[2]!;
      await page.locator('ld-design ld-hanger').nth(2).tap();
      const sheet = page.locator('ld-garment-sheet dialog');
      await sheet.waitFor();
      assert.match((await sheet.textContent())!, new RegExp(`no\\. ${Number(sku.slice(1)) + 1}\\b`));
      await sheet.locator('.like').tap();
      const like = sheet.locator('ld-hanger');
      await like.first().waitFor();
      const other = await sheet.locator('li[data-key]').first().getAttribute('data-key');
      assert.notEqual(other, sku);
      await like.first().tap();
      await eventually(
        () => sheet.textContent(),
        text => text!.includes(`no. ${Number(other!.slice(1)) + 1}`),
      );
      await sheet.locator('.start').tap();
      await sheet.waitFor({ state: 'hidden' });
      await settled(page);
      const first = await eventually(
        async () => (await rail(page))[0],
        now => now === other,
      );
      assert.equal(first, other, 'a garment started from is not its own first match');
      assert.equal(await page.locator('ld-design ld-hanger .nearness').first().textContent(), 'the very one');
      assertClean();
    });

    it('closes the garment by its button, by Escape, and by a tap beside it', async () => {
      const sheet = page.locator('ld-garment-sheet dialog');
      for (const close of [
        () => sheet.locator('.close').tap(),
        () => page.keyboard.press('Escape'),
        () => screen.fingers.tap(500, 200),
      ]) {
        await page.locator('ld-design ld-hanger').first().tap();
        await sheet.waitFor();
        await close();
        await sheet.waitFor({ state: 'hidden' });
      }
      assertClean();
    });

    it('shows one kind alone, and everything again', async () => {
      const titles = (): Promise<string[]> =>
        page
          .locator('ld-design ld-hanger button')
          .evaluateAll(all => all.map(one => one.getAttribute('aria-label') ?? ''));
      const kinds = page.locator('ld-kinds-view');
      await page.locator('ld-filter-bar [data-room=kind]').tap();
      await kinds.getByRole('button', { name: 'Dresses' }).tap();
      const dresses = await eventually(titles, now => now.length > 0 && now.every(title => title.startsWith('Dress')));
      assert.ok(
        dresses.every(title => title.startsWith('Dress')),
        dresses.join('\n'),
      );
      await settled(page);
      await page.locator('ld-filter-bar [data-room=kind]').tap();
      await kinds.getByRole('button', { name: 'Everything' }).tap();
      const all = await eventually(titles, now => now.some(title => !title.startsWith('Dress')));
      assert.ok(all.some(title => !title.startsWith('Dress')));
      assertClean();
    });

    it('says it kindly when nothing like it is here', async () => {
      for (const index of [0, 1, 2, 3, 4, 5]) {
        await dial(page, index).locator('input').focus();
        await page.keyboard.press(index % 2 === 0 ? 'End' : 'Home');
      }
      await settled(page);
      const verdict = page.locator('.verdict');
      const said = await eventually(
        () => verdict.textContent(),
        text => text!.startsWith('Nothing'),
      );
      assert.equal(said, 'Nothing quite like this here. These come closest.');
      assert.equal(await page.locator('ld-design ld-hanger .nearness').first().textContent(), 'the nearest we have');
    });

    it('speaks another language on the spot, and the dials stay', async () => {
      await page.locator('.action.surprise').tap();
      await eventually(
        () => settingOf(page, 0),
        value => value !== 0,
      );
      await settled(page);
      const value = await settingOf(page, 0);
      await page.getByRole('button', { name: 'English, Language' }).tap();
      await page.getByRole('button', { name: 'Deutsch' }).tap();
      await page.locator('ld-languages dialog').waitFor({ state: 'hidden' });
      assert.equal(await page.locator('html').getAttribute('lang'), 'de-DE');
      assert.deepEqual(await dial(page, 1).locator('.words span').allTextContents(), ['kürzer', 'Länge', 'länger']);
      assert.equal(await settingOf(page, 0), value);
      assertClean();
    });
  });
});
