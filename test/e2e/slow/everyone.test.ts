import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { REACH_MM } from '../../../ui/lib/reach.ts';
import { LANGUAGES } from '../../../ui/locales/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { LANDSCAPE, openScreen, PORTRAIT, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

type View = HTMLElement & {
  visit: { kept: { add(garment: object): boolean } };
  session: { display: { matches: readonly object[] } };
};

/** Keeps some garments, half of them in a size. */
async function keep(page: Page): Promise<void> {
  const matches = await page.locator('ld-design').evaluate(view => (view as View).session.display.matches.slice(0, 6));
  await page.locator('ld-bar').evaluate((bar, garments) => {
    for (const [at, garment] of garments.entries()) {
      (bar as View).visit.kept.add(at % 2 === 0 ? garment : { ...garment, size: 'M' });
    }
  }, matches);
}

/** Everything one can touch, and how high above the floor it is, millimetres. Runs in the page, of what is on top. */
function touchables({
  mmPerPx,
  floorMm,
}: {
  mmPerPx: number;
  floorMm: number;
}): { name: string; low: number; high: number }[] {
  const every = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap(element => [
      element,
      ...(element.shadowRoot ? every(element.shadowRoot) : []),
    ]);
  const all = every(document);
  const dialog = all.find(element => element instanceof HTMLDialogElement && element.open);
  return (dialog === undefined ? all : every(dialog))
    .filter(element => element.matches('button, .track') && element.checkVisibility({ visibilityProperty: true }))
    .map(element => {
      const { top, bottom } = element.getBoundingClientRect();
      const above = (y: number): number => floorMm + (innerHeight - y) * mmPerPx;
      return {
        name: element.getAttribute('aria-label') ?? element.textContent!.trim(),
        low: above(bottom),
        high: above(top),
      };
    });
}

describe('the kiosk for everyone', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  before(async () => {
    daemon = await startFakeDaemon({ pageAddress: 'http://192.168.1.20:8080' });
    browser = await launchBrowser({ webgl: false });
  });
  after(async () => {
    await browser?.close();
    await daemon.stop();
  });

  const open = (address: string, options = {}): Promise<Screen> =>
    openScreen(browser, daemon.url, { address, reducedMotion: true, ...options });
  const look = async (page: Page, view: string): Promise<void> => {
    assert.deepEqual(await layoutFaults(page), [], view);
    assert.deepEqual(await axeFindings(page), [], view);
  };
  const put = async (page: Page, sheet: string): Promise<void> => {
    await page.locator(`${sheet} .close`).tap();
    await page.locator(`${sheet} dialog`).waitFor({ state: 'hidden' });
  };

  for (const [orientation, size] of Object.entries({ upright: PORTRAIT, lying: LANDSCAPE })) {
    for (const lang of LANGUAGES) {
      it(`has nothing cut, covered or too small, and axe finds nothing, in the window and what the lower edge opens: ${orientation}, ${lang}`, async () => {
        const { page, troubles, close } = await open('idle=60', { size, lang });
        await look(page, 'window');
        await page.locator('ld-attract .touch').tap();
        await page.locator('ld-attract').waitFor({ state: 'detached' });
        await settled(page);
        await page.locator('ld-bar .languages').tap();
        await look(page, 'languages');
        await put(page, 'ld-languages');
        await page.locator('ld-bar .kept').tap();
        await look(page, 'nothing kept');
        await put(page, 'ld-take-away');
        await keep(page);
        await page.locator('ld-bar .kept').tap();
        await look(page, 'kept');
        await page.locator('ld-take-away .ways button').last().tap();
        await look(page, 'the page of what is kept');
        await put(page, 'ld-take-away');
        daemon.fail('/calls', 'not-ready');
        await page.locator('ld-bar .call').tap();
        await page.locator('ld-call .strong').waitFor();
        await look(page, 'a call that did not get through');
        daemon.fail('/calls', undefined);
        await page.locator('ld-call .strong').tap();
        await page.locator('ld-call .ago').waitFor();
        await look(page, 'called');
        await put(page, 'ld-call');
        for (const aid of ['larger', 'contrast']) await page.locator(`ld-bar .${aid}`).tap();
        await look(page, 'larger, with contrast');
        await page.locator('ld-design ld-hanger').first().tap();
        await page.locator('ld-garment-sheet dialog').waitFor();
        await look(page, 'a garment, larger, with contrast');
        assert.ok(
          troubles.every(trouble => trouble.includes('503')),
          troubles.join('\n'),
        );
        await close();
      });
    }

    it(`keeps its contrast in a dark room: ${orientation}`, async () => {
      const { page, close } = await open('idle=60&room=dark', { size, lang: 'de' });
      await look(page, 'window');
      await page.locator('ld-attract .touch').tap();
      await settled(page);
      await look(page, 'design');
      await page.locator('ld-bar .contrast').tap();
      await look(page, 'with more contrast');
      await keep(page);
      await page.locator('ld-bar .kept').tap();
      await look(page, 'kept');
      await close();
    });
  }

  it('asks whether somebody is there in words that fit, in every language', async () => {
    for (const lang of LANGUAGES) {
      const { page, close } = await open('idle=5', { lang });
      await page.locator('ld-attract .touch').tap();
      await page.locator('ld-still-there dialog').waitFor({ timeout: 20_000 });
      await look(page, `still there: ${lang}`);
      await close();
    }
  });

  for (const { name, floorMm, mmPerPx, size } of [
    { name: 'upright, at the usual height', floorMm: 800, mmPerPx: 0.248, size: PORTRAIT },
    { name: 'upright, as high as it may hang', floorMm: 836, mmPerPx: 0.248, size: PORTRAIT },
    { name: 'upright and large, near the floor', floorMm: 150, mmPerPx: 0.5, size: PORTRAIT },
    { name: 'lying, high', floorMm: 980, mmPerPx: 0.248, size: LANDSCAPE },
  ]) {
    it(`has everything one touches between 380 and 1220 mm once lower controls are asked for: ${name}`, async () => {
      const { page, close } = await open(`idle=off&floorMm=${floorMm}&mmPerPx=${mmPerPx}`, { size, lang: 'de' });
      await settled(page);
      // What asks for it is within reach itself.
      const lower = (await page.locator('ld-bar .lower').boundingBox())!;
      assert.ok(floorMm + (size.height - lower.y) * mmPerPx <= REACH_MM.high);
      await page.locator('ld-bar .lower').tap();
      const within = async (view: string): Promise<void> => {
        const found = await page.evaluate(touchables, { mmPerPx, floorMm });
        assert.ok(found.length >= 3, `${view}: ${found.length} things to touch`);
        const out = found.filter(({ low, high }) => low < REACH_MM.low - 1 || high > REACH_MM.high + 1);
        assert.deepEqual(out, [], view);
        assert.deepEqual(await layoutFaults(page, Math.round(20 / mmPerPx)), [], view);
      };
      await within('design');
      await page.locator('ld-design ld-hanger').first().tap();
      await page.locator('ld-garment-sheet dialog').waitFor();
      await within('a garment');
      await put(page, 'ld-garment-sheet');
      await keep(page);
      await page.locator('ld-bar .kept').tap();
      await within('what is kept');
      await close();
    });
  }

  it('can be used by keys alone: from the window to a language, to larger letters, to what is kept, and back', async () => {
    const { page, close } = await open('idle=60');
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
      });
    const go = async (name: string): Promise<void> => {
      for (let steps = 0; steps < 80; steps++) {
        await page.keyboard.press('Tab');
        if ((await focused()) === name) return;
      }
      assert.fail(`no way to “${name}” by Tab`);
    };
    await go('Touch to design');
    await page.keyboard.press('Enter');
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    await go('Larger');
    await page.keyboard.press('Space');
    assert.equal(await page.locator('ld-bar .larger').getAttribute('aria-pressed'), 'true');
    await go('English, Language');
    await page.keyboard.press('Enter');
    await go('Deutsch');
    await page.keyboard.press('Enter');
    await page.locator('html[lang="de-DE"]').waitFor();
    await go('Mitnehmen');
    await page.keyboard.press('Enter');
    await page.locator('ld-take-away dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('ld-take-away dialog').waitFor({ state: 'hidden' });
    assert.equal(await focused(), 'Mitnehmen');
    await close();
  });
});
