import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { readLink } from '../../../ui/lib/kept-list.ts';
import { launchBrowser } from '../../support/browser.ts';
import { difference, eventually, openScreen, pixelsOf, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';
import { readCode } from '../../support/read-code.ts';

type Visit = { kept: { add(garment: object): boolean; readonly garments: readonly { sku: string }[] } };
type View = HTMLElement & { visit: Visit; session: { display: { matches: readonly { sku: string }[] } } };

/** Keeps the first garments of the rail, as the shopper's hand on a button does. */
async function keep(page: Page, count: number): Promise<string[]> {
  const matches = await page.locator('ld-design').evaluate(view => [...(view as View).session.display.matches]);
  const kept = matches.slice(0, count);
  await page.locator('ld-bar').evaluate((bar, garments) => {
    for (const garment of garments) (bar as View).visit.kept.add(garment);
  }, kept);
  return kept.map(({ sku }) => sku);
}

/** What a phone reads off the screen. */
async function codeOnScreen(page: Page): Promise<string | undefined> {
  const picture = await page.locator('ld-code').screenshot();
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return readCode(new Uint8ClampedArray(data), info.width, info.height);
}

describe('the shop window', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  let screen: Screen;
  let page: Page;

  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());
  beforeEach(async () => {
    daemon = await startFakeDaemon({ pageAddress: 'http://192.168.1.20:8080' });
  });
  afterEach(async () => {
    await screen.close();
    await daemon.stop();
  });

  const open = async (address = 'idle=5', options = {}): Promise<void> => {
    screen = await openScreen(browser, daemon.url, { address, ...options });
    page = screen.page;
  };

  it('shows garments becoming each other, and any touch opens the design within 100 ms', async () => {
    await open('idle=60');
    const stage = page.locator('ld-attract ld-stage');
    const first = await pixelsOf(stage);
    const other = await eventually(
      () => pixelsOf(stage),
      now => difference(first, now) > 0.5,
    );
    assert.ok(difference(first, other) > 0.5, 'nothing moves in the window');
    // From the finger to the frame in which the design can be seen, by the page's own clock.
    await page.locator('ld-kiosk').evaluate(kiosk => {
      const look = (began: number): void => {
        const main = kiosk.shadowRoot!.querySelector('main')!;
        if (getComputedStyle(main).visibility === 'visible') {
          kiosk.dataset.openedAfter = String(performance.now() - began);
        } else requestAnimationFrame(() => look(began));
      };
      document.addEventListener('pointerdown', event => look(event.timeStamp), { capture: true, once: true });
    });
    await screen.fingers.tap(300, 400);
    const after = await eventually(
      () => page.locator('ld-kiosk').evaluate(kiosk => Number(kiosk.dataset.openedAfter ?? Number.NaN)),
      now => !Number.isNaN(now),
    );
    assert.ok(after < 100, `it took ${after} ms`);
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    // What woke the screen touched nothing under the window.
    assert.equal(await page.locator('ld-garment-sheet dialog').isVisible(), false);
    assert.deepEqual(screen.troubles, []);
  });

  it('is opened by a finger, and what comes to light under it is not touched', async () => {
    await open('idle=60', { kinds: true });
    await page.locator('ld-attract').waitFor();
    const kind = page.locator('ld-kinds-view .kind').first();
    const { x, y, width, height } = (await kind.boundingBox())!;
    await screen.fingers.tap(x + width / 2, y + height / 2);
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    assert.ok(await kind.isVisible(), 'the kinds are there still');
    await kind.tap();
    await page.locator('ld-kinds-view').waitFor({ state: 'detached' });
  });

  it('decodes nothing once somebody is there', async () => {
    await open('idle=60');
    await page.locator('ld-attract .touch').tap();
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    await settled(page);
    const before = daemon.requests.filter(request => request.endsWith('/generate')).length;
    await new Promise(go => setTimeout(go, 1_500));
    assert.equal(daemon.requests.filter(request => request.endsWith('/generate')).length, before);
  });

  it('speaks the language that is touched on it, and opens', async () => {
    await open('idle=60');
    await page.locator('ld-attract .languages').getByRole('button', { name: 'Français' }).tap();
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    const said = await eventually(
      () => page.locator('.verdict').textContent(),
      text => text!.includes('Tournez'),
    );
    assert.match(said!, /Tournez une molette/);
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr-FR');
  });

  it('warns before it forgets, goes on at a tap, and else forgets everything of the visit', async () => {
    await open('idle=5');
    await page.locator('ld-attract .languages').getByRole('button', { name: 'Deutsch' }).tap();
    await settled(page);
    await page.locator('ld-bar .larger').tap();
    await keep(page, 2);
    await page.locator('.action.surprise').tap();
    const warning = page.locator('ld-still-there dialog');
    await warning.waitFor({ timeout: 20_000 });
    assert.match((await warning.textContent())!, /In 2[0-5] Sekunden/);
    await screen.fingers.tap(500, 300);
    await warning.waitFor({ state: 'hidden' });
    assert.equal(await page.locator('ld-thread li').count(), 2, 'the visit goes on');
    await warning.waitFor({ timeout: 20_000 });
    await page.locator('ld-attract').waitFor({ timeout: 40_000 });
    assert.equal(await page.locator('html').getAttribute('lang'), 'en-GB');
    await page.locator('ld-attract .touch').tap();
    await settled(page);
    assert.equal(await page.locator('ld-thread li').count(), 1);
    assert.equal(await page.locator('ld-bar [data-count]').count(), 0);
    assert.equal(await page.locator('ld-kiosk').getAttribute('larger'), null);
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    assert.deepEqual(stored, [0, 0, '']);
    assert.deepEqual(screen.troubles, []);
  });

  it('says it kindly where there is no stock, and shows one still after the other where less motion was asked for', async () => {
    const bare = await startFakeDaemon({ garments: 0 });
    screen = await openScreen(browser, bare.url, { address: 'idle=60', lang: 'de', closed: true });
    page = screen.page;
    const said = page.locator('ld-attract .empty');
    await said.waitFor().finally(() => bare.stop());
    assert.equal(await said.textContent(), 'Die Stangen sind noch leer. Bis bald!');
    await screen.close();
    await open('idle=60', { reducedMotion: true });
    await page.locator('ld-attract ld-stage canvas').waitFor();
    await settled(page);
    const decoded = (): number => daemon.requests.filter(request => request.endsWith('/generate')).length;
    const before = decoded();
    await new Promise(go => setTimeout(go, 3_000));
    assert.equal(decoded(), before);
  });

  it('lets the shopper take the list away in a code, and the address of a page with pictures', async () => {
    await open('idle=60');
    await page.locator('ld-attract .touch').tap();
    await settled(page);
    await page.locator('ld-bar .kept').tap();
    await page.getByText('Nothing yet.').waitFor();
    await page.locator('ld-take-away .close').tap();
    const skus = await keep(page, 5);
    assert.equal(await page.locator('ld-bar [data-count]').getAttribute('data-count'), '5');
    await page.locator('ld-bar .kept').tap();
    await page.locator('ld-code').waitFor();
    const text = await codeOnScreen(page);
    const titles = await page.locator('ld-take-away li b').allTextContents();
    assert.match(text!, /^Kept at Lookdial\n/);
    for (const title of titles) assert.ok(text!.includes(title), `${title} is not in\n${text}`);
    assert.match(text!, /€[\d.]+ · Rail \d/);
    await page.getByRole('button', { name: 'With pictures' }).tap();
    const link = await codeOnScreen(page);
    assert.match(link!, /^http:\/\/192\.168\.1\.20:8080\/kept\.html#en&/);
    assert.deepEqual(
      readLink(new URL(link!).hash).garments.map(({ sku }) => sku),
      skus,
    );
    await page.locator('ld-take-away .remove').first().tap();
    assert.equal(await page.locator('ld-take-away li').count(), 4);
    // The page that a phone opens, over this daemon.
    await page.goto(`${daemon.url}kept.html${new URL(link!).hash}`);
    const shown = page.locator('ld-kept-page h2');
    await shown.first().waitFor();
    assert.deepEqual(await shown.allTextContents(), titles);
    assert.ok(daemon.requests.every(request => !request.includes('#')));
  });

  it('calls the team, says what the box and the team have said, and that it did not get through', async () => {
    await open('idle=60&place=Window');
    await page.locator('ld-attract .touch').tap();
    daemon.fail('/calls', 'not-ready');
    await page.locator('ld-bar .call').tap();
    await page.getByText('That did not get through.').waitFor();
    daemon.fail('/calls', undefined);
    await page.getByRole('button', { name: 'Call again' }).tap();
    await page.getByRole('heading', { name: 'Our team has been called.' }).waitFor();
    assert.equal(await page.locator('ld-call .ago').textContent(), 'now');
    daemon.answerCalls();
    await page.getByRole('heading', { name: 'Someone is coming.' }).waitFor();
  });
});

describe('a page that is read from right to left', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
    daemon = await startFakeDaemon();
  });
  after(async () => {
    await browser?.close();
    await daemon.stop();
  });

  it('has its dials, tapes and arrows turned round, and a finger still finds the end it goes to', async () => {
    const { page, fingers, close } = await openScreen(browser, daemon.url, { lang: 'ar' });
    await settled(page);
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    const dial = page.locator('ld-dial[data-dial="1"]');
    const setting = (): Promise<number> => dial.evaluate(element => (element as HTMLElement & { value: number }).value);
    const box = (await dial.locator('.track').boundingBox())!;
    await fingers.tap(box.x + box.width * 0.2, box.y + box.height / 2);
    const left = await setting();
    assert.ok(left > 2, `a tap at the left is ${left}`);
    const thumb = (await dial.locator('.thumb').boundingBox())!;
    assert.ok(thumb.x + thumb.width / 2 < box.x + box.width * 0.3, 'the thumb is under the finger');
    await fingers.down(1, thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
    await fingers.move({ id: 1, x: thumb.x + thumb.width / 2 + 120, y: thumb.y + thumb.height / 2 });
    await fingers.up(1);
    assert.ok((await setting()) < left, 'to the right is less');
    await dial.locator('input').focus();
    const before = await setting();
    await page.keyboard.press('ArrowLeft');
    assert.ok((await setting()) > before, 'an arrow goes where it points');
    const scale = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate(element => getComputedStyle(element).scale);
    assert.equal(await scale('ld-dial .tape'), '-1 1');
    assert.equal(await scale('ld-design .undo .icon'), '-1 1');
    const [undo, first] = [page.locator('.action.undo'), page.locator('ld-design li').first()];
    assert.ok((await undo.boundingBox())!.x < 200, 'the buttons are at the left');
    assert.ok((await first.boundingBox())!.x > 700, 'the nearest hangs at the right');
    await close();
  });

  it('loads the letters of a script when it is spoken, and no others', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    const fetched = async (): Promise<string[]> => {
      await page.evaluate(() => document.fonts.ready);
      const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
      return names.filter(name => name.endsWith('.woff2'));
    };
    const before = await fetched();
    const foreign = (names: string[]): number => names.filter(name => /noto/.test(name)).length;
    assert.ok(foreign(before) <= 4, `${foreign(before)} slices for English: ${before}`);
    await page.getByRole('button', { name: 'English, Language' }).tap();
    await page.getByRole('button', { name: '日本語' }).tap();
    await page.locator('html[lang="ja-JP"]').waitFor();
    const after = await fetched();
    assert.ok(foreign(after) > 20 && foreign(after) < 200, `${foreign(after)} slices for Japanese`);
    const drawn = await page.evaluate(() =>
      ['Noto Sans JP Variable', 'Noto Serif JP Variable'].map(family =>
        document.fonts.check(`1rem "${family}"`, 'ダイヤル'),
      ),
    );
    assert.deepEqual(drawn, [true, true]);
    await close();
  });
});
