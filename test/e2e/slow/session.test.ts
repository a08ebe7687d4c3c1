import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { eventually, openScreen, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

const rail = (page: Page): Promise<string[]> =>
  page.locator('ld-design ld-rail li').evaluateAll(items => items.map(item => (item as HTMLElement).dataset.key ?? ''));
const dials = (page: Page): Promise<number[]> =>
  page.locator('ld-dial').evaluateAll(all => all.map(dial => (dial as HTMLElement & { value: number }).value));
const dial = (page: Page, index: number) => page.locator(`ld-dial[data-dial="${index}"]`);
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
    const before = (await dials(page))[1];
    await page.locator('ld-hands .stays').tap();
    await dial(page, 1).locator('.ask').tap();
    await page.locator('ld-hands .done').tap();
    const at = await dials(page);
    await page.locator('.action.surprise').tap();
    await eventually(
      () => dials(page),
      now => now[0] !== at[0],
    );
    const after = await dials(page);
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
    assert.equal(await page.locator('ld-choices ld-cloth').count(), 3);
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
    const rusty = await eventually(
      () => rail(page),
      order => order.length > 0 && order.every(sku => Number(sku.slice(1)) % 3 === 1),
    );
    assert.ok(rusty.every(sku => Number(sku.slice(1)) % 3 === 1));
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
    const before = await dials(page);
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
    const between = await dials(page);
    assert.notDeepEqual(between, before);
    await undo(page).tap();
    assert.deepEqual(
      await eventually(
        () => dials(page),
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
