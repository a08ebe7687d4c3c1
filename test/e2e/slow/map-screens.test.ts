import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { drawnOut, readMapAnswer } from '../../../ui/lib/map-answer.ts';
import { paperFor, toScreen, whole } from '../../../ui/lib/map-camera.ts';
import { launchBrowser } from '../../support/browser.ts';
import { pinOf } from '../../support/browser-kiosk.ts';
import { difference, eventually, openScreen, pixelsOf, type Screen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

const dialsOf = (page: Page): Promise<string> =>
  page
    .locator('ld-design')
    .evaluate(view => (view as HTMLElement & { session: { dials: readonly number[] } }).session.dials.join());

describe('the map under fingers', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  let screen: Screen;
  let page: Page;

  before(async () => {
    browser = await launchBrowser({ webgl: true });
  });
  after(() => browser?.close());
  beforeEach(async () => {
    daemon = await startFakeDaemon();
    screen = await openScreen(browser, daemon.url);
    page = screen.page;
    await settled(page);
  });
  afterEach(async () => {
    await screen.close();
    await daemon.stop();
  });

  /** Opens the map, and waits until its pictures are there: then it looks the same from one moment to the next. */
  async function open(): Promise<void> {
    await page.locator('.action.map').tap();
    await page.locator('ld-explore ul.unseen button').first().waitFor({ state: 'attached' });
    await still();
  }

  /** Waits until every picture in sight has come, and nothing moves. */
  async function still(): Promise<void> {
    await page.locator('ld-map-sheet canvas[aria-busy=false]').waitFor();
    let last = await pixelsOf(page.locator('ld-map-sheet'));
    await eventually(
      async () => {
        await new Promise(go => setTimeout(go, 250));
        const [before, now] = [last, await pixelsOf(page.locator('ld-map-sheet'))];
        last = now;
        return difference(before, now);
      },
      moved => moved === 0,
    );
  }

  /** Where a place is written on the whole map, in pixels of the page, and its garment. */
  async function placeAt(place: number): Promise<{ x: number; y: number; sku: string }> {
    const answer = await fetch(`${daemon.url}api/v1/map`);
    const box = (await page.locator('ld-map-sheet').boundingBox())!;
    const size = await page
      .locator('ld-map-sheet')
      .evaluate(({ clientWidth, clientHeight }) => ({ width: clientWidth, height: clientHeight }));
    const paper = paperFor(size);
    const { places } = drawnOut(readMapAnswer(await answer.arrayBuffer()), paper.width, paper.height);
    const { x, y, sku } = places[place]!;
    const at = toScreen(whole(size), size, { x, y });
    return { x: box.x + at.x, y: box.y + at.y, sku: sku ?? '' };
  }

  const assertClean = (): void => {
    assert.deepEqual(screen.troubles, []);
    assert.deepEqual(daemon.refused, []);
  };

  it('draws what is dialled once, where it is seen, and the dials’ own garment when one is back there', async () => {
    await open();
    await page.evaluate(() => {
      const count = Object.assign(globalThis, { drawnBy: {} as Record<string, number> }).drawnBy;
      const shadow = (document.querySelector('ld-kiosk') as HTMLElement).shadowRoot!;
      for (const name of ['ld-design', 'ld-explore']) {
        const stage = shadow.querySelector(name)!.shadowRoot!.querySelector('ld-stage')!;
        stage.addEventListener('drawn', () => {
          count[name] = (count[name] ?? 0) + 1;
        });
      }
    });
    const drawn = () => page.evaluate(() => Reflect.get(globalThis, 'drawnBy') as Record<string, number>);
    const before = await dialsOf(page);
    const { x, y } = await placeAt(1);
    await screen.fingers.tap(x, y);
    await eventually(
      () => dialsOf(page),
      now => now !== before,
    );
    await settled(page);
    const seen = await drawn();
    assert.ok((seen['ld-explore'] ?? 0) > 0);
    assert.equal(seen['ld-design'] ?? 0, 0, 'nobody sees it');
    await page.locator('ld-explore .close').tap();
    const back = await eventually(drawn, now => (now['ld-design'] ?? 0) > 0);
    assert.ok((back['ld-design'] ?? 0) > 0);
    await settled(page);
    const still = await drawn();
    await open();
    await page.locator('ld-explore .close').tap();
    await page.waitForTimeout(500);
    assert.equal((await drawn())['ld-design'], still['ld-design'], 'nothing was dialled: it lies there as it was');
    assertClean();
  });

  it('opens with one tap and closes with one, and nothing is lost', async () => {
    await page.locator('ld-dial[data-dial="0"] input').focus();
    await page.keyboard.press('End');
    await settled(page);
    const dialled = await dialsOf(page);
    await open();
    assert.equal(await page.locator('ld-design').evaluate(view => (view as HTMLElement).inert), true);
    await page.locator('ld-explore .close').tap();
    await page.locator('ld-explore').waitFor({ state: 'detached' });
    assert.equal(await dialsOf(page), dialled);
    assert.equal(await page.locator('ld-design').evaluate(view => (view as HTMLElement).inert), false);
    assert.equal(await page.locator('ld-thread li').count(), 2);
    assertClean();
  });

  it('dials a place that is touched, puts the pin there, and undo leads back', async () => {
    const before = await dialsOf(page);
    await open();
    const { x, y, sku } = await placeAt(2);
    await screen.fingers.tap(x, y);
    await settled(page);
    assert.equal(
      await eventually(
        () => pinOf(page),
        pin => pin === sku,
      ),
      sku,
    );
    const dialled = await dialsOf(page);
    assert.notEqual(dialled, before);
    assert.ok(daemon.requests.includes(`GET /items/${sku}/posterior`));
    assert.match((await page.locator('ld-explore .words b').textContent())!, /\S/);
    await page.locator('ld-explore .close').tap();
    await page.locator('.action.undo').tap();
    await settled(page);
    assert.equal(await dialsOf(page), before);
    assertClean();
  });

  it('is dragged by one finger, pinched by two, and a tap that slips dials nothing', async () => {
    await open();
    const sheet = page.locator('ld-map-sheet');
    const box = (await sheet.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const all = await pixelsOf(sheet);
    await screen.fingers.down(1, x - 80, y);
    await screen.fingers.down(2, x + 80, y);
    for (let step = 1; step <= 8; step++) {
      await screen.fingers.move({ id: 1, x: x - 80 - 25 * step, y }, { id: 2, x: x + 80 + 25 * step, y });
    }
    await screen.fingers.up(1);
    await screen.fingers.up(2);
    await still();
    const near = await pixelsOf(sheet);
    assert.ok(difference(all, near) > 1, `a pinch changed ${difference(all, near)}`);
    await screen.fingers.down(1, x, y);
    for (let step = 1; step <= 8; step++) await screen.fingers.move({ id: 1, x: x + 30 * step, y: y + 20 * step });
    await screen.fingers.up(1);
    await still();
    assert.ok(difference(near, await pixelsOf(sheet)) > 1);
    await page.locator('ld-explore .tool').nth(2).tap();
    await still();
    assert.ok(difference(all, await pixelsOf(sheet)) < 0.2, 'all of it is not what it was');
    assert.equal(daemon.requests.filter(request => request.endsWith('/posterior')).length, 1, 'nothing was dialled');
    assertClean();
  });

  it('comes closer and goes farther by its buttons, and shows more garments the closer it is', async () => {
    await open();
    const shown = (): number => new Set(daemon.requests.filter(request => request.endsWith('/image'))).size;
    const before = shown();
    for (let step = 0; step < 3; step++) await page.locator('ld-explore .tool').first().tap();
    await still();
    assert.ok(shown() > before, `${shown()} pictures close by, ${before} from afar`);
    const near = await pixelsOf(page.locator('ld-map-sheet'));
    await page.locator('ld-explore .tool').nth(1).tap();
    await still();
    assert.ok(difference(near, await pixelsOf(page.locator('ld-map-sheet'))) > 1);
    assertClean();
  });

  it('shows one kind alone, and dials no other', async () => {
    await open();
    const kinds = page.locator('ld-explore ld-kinds button');
    await kinds.nth(1).tap();
    await settled(page);
    const kind = await page
      .locator('ld-design')
      .evaluate(view => (view as HTMLElement & { session: { kind: string } }).session.kind);
    const map = readMapAnswer(await (await fetch(`${daemon.url}api/v1/map?category=${kind}`)).arrayBuffer());
    const here = await eventually(
      () => page.locator('ld-explore ul.unseen button').count(),
      count => count === map.places.filter(({ garments }) => garments > 0).length,
    );
    assert.equal(here, 1);
    const pin = await pinOf(page);
    assert.equal(map.passes[map.skus.indexOf(pin ?? '')], 1);
    assertClean();
  });

  it('is walked with the arrow keys, and dials with Enter', async () => {
    await open();
    const places = page.locator('ld-explore ul.unseen button');
    await places.first().focus();
    await page.keyboard.press('ArrowDown');
    const stood = await page.evaluate(() => {
      const view = document.querySelector('ld-kiosk')!.shadowRoot!.querySelector('ld-explore')!;
      return (view.shadowRoot!.activeElement as HTMLElement).dataset.place;
    });
    assert.notEqual(stood, '0');
    const { sku } = await placeAt(Number(stood));
    await page.keyboard.press('Enter');
    assert.equal(
      await eventually(
        () => pinOf(page),
        pin => pin === sku,
      ),
      sku,
    );
    await page.keyboard.press('Escape');
    await page.locator('ld-explore').waitFor({ state: 'detached' });
    assertClean();
  });

  it('says that it is being drawn, and comes when it is there', async () => {
    daemon.fail('/map', 'no-map');
    await page.locator('.action.map').tap();
    const note = page.locator('ld-explore .note');
    assert.match(
      (await eventually(
        () => note.textContent(),
        text => /drawn/.test(text ?? ''),
      ))!,
      /being drawn/,
    );
    daemon.fail('/map', undefined);
    await page.locator('ld-explore ul.unseen button').first().waitFor({ state: 'attached' });
    assert.equal(await note.count(), 0);
    assert.deepEqual(daemon.refused, []);
  });
});
