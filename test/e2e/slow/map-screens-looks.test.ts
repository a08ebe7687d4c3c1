import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { readMapAnswer } from '../../../ui/lib/map-answer.ts';
import { launchBrowser } from '../../support/browser.ts';
import { pinOf } from '../../support/browser-kiosk.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

describe('how the map looks', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  before(async () => {
    daemon = await startFakeDaemon();
    browser = await launchBrowser({ webgl: true });
  });
  after(async () => {
    await browser?.close();
    await daemon.stop();
  });

  type Kiosk = HTMLElement & { sheet: { places: readonly { garments: number }[]; passes: Uint8Array } | undefined };
  const passing = (page: Page): Promise<number> =>
    page
      .locator('ld-map-sheet')
      .evaluate(map => [...((map as Kiosk).sheet?.passes ?? [])].reduce((sum, one) => sum + one, 0));
  const counted = (page: Page): Promise<number> =>
    page
      .locator('ld-map-sheet')
      .evaluate(map => ((map as Kiosk).sheet?.places ?? []).reduce((sum, { garments }) => sum + garments, 0));
  const choose = async (page: Page, room: string, choice: RegExp): Promise<void> => {
    await page.locator(`ld-filter-bar [data-room=${room}]`).tap();
    await page.locator('ld-choice-tray button').filter({ hasText: choice }).first().tap();
    await page.locator('ld-choice-tray .done').tap();
  };

  for (const [orientation, size] of Object.entries({ upright: PORTRAIT, lying: LANDSCAPE })) {
    for (const lang of ['en', 'de'] as const) {
      it(`has nothing cut, covered or too small, and axe finds nothing: ${orientation}, ${lang}`, async () => {
        const { page, troubles, close } = await openScreen(browser, daemon.url, { size, lang, reducedMotion: true });
        await settled(page);
        await page.locator('.action.map').tap();
        await page.locator('ld-explore ul.unseen button').first().waitFor({ state: 'attached' });
        assert.deepEqual(await layoutFaults(page), []);
        assert.deepEqual(await axeFindings(page), []);
        await page.evaluate(() => {
          document.documentElement.dir = 'rtl';
        });
        assert.deepEqual(await layoutFaults(page), [], 'from right to left');
        assert.deepEqual(troubles, []);
        await close();
      });

      it(`lets the rest step back, says what is shown, and shows all at one tap: ${orientation}, ${lang}`, async () => {
        const { page, troubles, close } = await openScreen(browser, daemon.url, { size, lang, reducedMotion: true });
        await settled(page);
        await choose(page, 'sizes', /^\s*M/);
        await choose(page, 'colours', /blue|blau/i);
        await settled(page);
        await page.locator('.action.map').tap();
        await page.locator('ld-explore ul.unseen button').first().waitFor({ state: 'attached' });
        const wanted = readMapAnswer(
          await (await fetch(`${daemon.url}api/v1/map?size=M&colour=blue`)).arrayBuffer(),
        ).passes.reduce((sum, one) => sum + one, 0);
        const all = await passing(page);
        assert.deepEqual([all, await counted(page)], [wanted, wanted]);
        assert.ok(wanted > 0 && wanted < 40, `${wanted} of 72`);
        assert.match((await page.locator('ld-explore .narrowed b').textContent())!, /^M · /);
        assert.deepEqual(await layoutFaults(page), []);
        assert.deepEqual(await axeFindings(page), []);
        const pin = await pinOf(page);
        assert.ok(pin !== undefined);
        await page.locator('ld-explore .narrowed button').tap();
        const after = await eventually(
          () => passing(page),
          now => now > wanted,
        );
        assert.ok(after > 60, `${after} of 72`);
        assert.equal(await page.locator('ld-explore .narrowed').count(), 0);
        assert.deepEqual(await layoutFaults(page), []);
        await page.locator('ld-explore .close').tap();
        await page.locator('.action.undo').tap();
        await page.locator('ld-filter-bar .chosen[data-room=sizes]').waitFor();
        assert.deepEqual(troubles, []);
        assert.deepEqual(daemon.refused, []);
        await close();
      });
    }
  }
});
