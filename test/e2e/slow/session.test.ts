import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { dial, rail, settingsOf } from '../../support/browser-kiosk.ts';
import { eventually, openScreen, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';
import { fakeStore } from '../../support/fake-garments.ts';
import { colourOf } from '../../support/fake-stock.ts';

const room = (page: Page, name: string) => page.locator(`ld-filter-bar [data-room=${name}]`);
const choice = (page: Page, words: string) =>
  page.locator('ld-choices').getByRole('button', { name: new RegExp(`^${words} \\d`) });
const counts = (page: Page): Promise<string[]> => page.locator('ld-choices small').allTextContents();
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

  it('begins with large pictures of the kinds that hang here, and goes on with one of them', async () => {
    const first = await openScreen(browser, daemon.url, { reducedMotion: true, kinds: true });
    const kinds = first.page.locator('ld-kinds-view .kind');
    await kinds.first().waitFor();
    assert.equal(await kinds.count(), 3);
    assert.match((await kinds.first().textContent())!, /\d+ here/);
    assert.equal(await first.page.locator('ld-rail').first().isVisible(), false);
    const box = (await kinds.first().boundingBox())!;
    assert.ok(Math.min(box.width, box.height) > 250, 'the pictures are large');
    await kinds.filter({ hasText: 'Dresses' }).tap();
    await first.page.locator('ld-design ld-hanger').first().waitFor();
    assert.match((await first.page.locator('ld-filter-bar [data-room=kind]').textContent())!, /Dresses/);
    assert.deepEqual(first.troubles, []);
    await first.close();
  });

  it('matches on what matters, shows it on the dial, and forgets it by the same tap', async () => {
    const hung = await rail(page);
    await page.locator('ld-hands .matters').tap();
    const ask = dial(page, 1).locator('.ask');
    assert.equal(await ask.getAttribute('aria-pressed'), 'false');
    await ask.tap();
    assert.equal(await ask.getAttribute('aria-label'), 'Length: This matters to me');
    const now = await eventually(
      () => rail(page),
      order => order.join() !== hung.join(),
    );
    assert.notDeepEqual(now, hung);
    await page.locator('ld-hands .done').tap();
    assert.match((await dial(page, 1).locator('input').getAttribute('aria-valuetext'))!, /matters to you/);
    assert.equal(await dial(page, 1).locator('.name .icon').count(), 1);
    await page.locator('ld-hands .matters').tap();
    await ask.tap();
    assert.equal(await ask.getAttribute('aria-pressed'), 'false');
    await eventually(
      () => rail(page),
      order => order.join() === hung.join(),
    );
    assert.deepEqual(await rail(page), hung);
  });

  it('holds a dial still at a surprise, and takes the lock back by undo', async () => {
    const before = (await settingsOf(page))[1];
    await page.locator('ld-hands .stays').tap();
    await dial(page, 1).locator('.ask').tap();
    await page.locator('ld-hands .done').tap();
    const at = await settingsOf(page);
    await page.locator('.action.surprise').tap();
    await eventually(
      () => settingsOf(page),
      now => now[0] !== at[0],
    );
    const after = await settingsOf(page);
    assert.equal(after[1], before);
    assert.notEqual(after[0], at[0]);
    await undo(page).tap();
    await undo(page).tap();
    assert.equal(await dial(page, 1).locator('.name .icon').count(), 0);
    assert.equal(await undo(page).getAttribute('aria-disabled'), 'true');
  });

  it('offers each choice with how many it leaves, counted anew as the stock goes', async () => {
    await room(page, 'colours').tap();
    await choice(page, 'rust').waitFor();
    assert.equal(await page.locator('ld-choices ld-cloth').count(), 4);
    const before = (await counts(page)).map(Number);
    const [first] = await rail(page);
    daemon.sell(first!);
    const now = await eventually(
      async () => (await counts(page)).map(Number),
      some => some.join() !== before.join(),
    );
    assert.equal(
      now.reduce((sum, count) => sum + count, 0),
      before.reduce((sum, count) => sum + count, 0) - 1,
    );
    await choice(page, 'rust').tap();
    assert.equal(await choice(page, 'rust').getAttribute('aria-pressed'), 'true');
    const rusty = new Set(
      fakeStore(72)
        .filter(garment => colourOf(garment) === 'rust')
        .map(({ sku }) => sku),
    );
    const hanging = await eventually(
      () => rail(page),
      order => order.length > 0 && order.every(sku => rusty.has(sku)),
    );
    assert.ok(hanging.length > 0 && hanging.every(sku => rusty.has(sku)), String(hanging));
    await room(page, 'sizes').tap();
    const left = (await choice(page, 'M').locator('small').textContent())!;
    await choice(page, 'M').tap();
    await page.locator('ld-choice-tray .done').tap();
    assert.ok(Number(left) > 0);
    assert.match((await room(page, 'sizes').textContent())!, /M/);
    await undo(page).tap();
    await undo(page).tap();
    assert.match((await room(page, 'colours').textContent())!, /any colour/);
  });

  it('widens by one tap where nothing close passes', async () => {
    for (const index of [0, 1, 2, 3, 4, 5]) {
      await dial(page, index).locator('input').focus();
      await page.keyboard.press(index % 2 === 0 ? 'End' : 'Home');
    }
    await settled(page);
    await room(page, 'colours').tap();
    await choice(page, 'rust').tap();
    await room(page, 'price').tap();
    await page.locator('ld-choices button').first().tap();
    await page.locator('ld-choice-tray .done').tap();
    const wider = page.locator('.wider');
    await wider.waitFor();
    const words = (await wider.textContent())!.trim();
    assert.match(words, /^Look (in every colour|at every price)$/);
    const hung = (await rail(page))[0];
    await wider.tap();
    const nearest = await eventually(
      async () => (await rail(page))[0],
      sku => sku !== hung,
    );
    assert.notEqual(nearest, hung, 'what was kept out hangs now');
  });

  it('shows what goes with it, from the other kinds alone', async () => {
    await room(page, 'kind').tap();
    await page.locator('ld-kinds-view .kind').filter({ hasText: 'Dresses' }).tap();
    await settled(page);
    const cards = page.locator('ld-chain-strip.pairs button');
    await cards.first().waitFor();
    const names = await cards.evaluateAll(all => all.map(card => card.getAttribute('aria-label') ?? ''));
    assert.ok(names.length >= 4 && names.every(name => !name.startsWith('Dress')), names.join('\n'));
    await cards.first().tap();
    const sheet = page.locator('ld-garment-sheet dialog');
    await sheet.waitFor();
    assert.match((await sheet.textContent())!, /no\. \d+/);
    await sheet.locator('.pairs button').first().waitFor();
  });
});
