import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { LANGUAGES, LOCALES } from '../../../ui/locales/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import {
  difference,
  eventually,
  LANDSCAPE,
  openScreen,
  PORTRAIT,
  pixelsOf,
  putKindsAway,
  settled,
} from '../../support/browser-page.ts';
import { startFakeDaemon } from '../../support/fake-daemon.ts';
import { unlikeReference } from '../../support/reference-pictures.ts';

/** Of these states a picture is kept, in each of these languages: docs/screens.md shows them. */
const PICTURED: ReadonlySet<string> = new Set([
  'kinds',
  'design',
  'nothing close',
  'colours',
  'garment',
  'more like it',
  'blend',
  'shelf',
]);
const PICTURED_IN: ReadonlySet<string> = new Set(['en', 'de', 'ar']);

describe('how the kiosk looks', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: true });
  });
  after(() => browser?.close());

  for (const [orientation, size] of Object.entries({ upright: PORTRAIT, lying: LANDSCAPE })) {
    for (const lang of LANGUAGES) {
      it(`has nothing cut, covered or too small, axe finds nothing, and it is as its pictures: ${orientation}, ${lang}`, async t => {
        // One of its own: it begins with the same garment each time.
        const daemon = await startFakeDaemon();
        t.after(() => daemon.stop());
        const { page, troubles, close } = await openScreen(browser, daemon.url, {
          size,
          lang,
          reducedMotion: true,
          kinds: true,
        });
        const check = async (view: string): Promise<void> => {
          assert.ok(await settled(page), view);
          assert.deepEqual(await layoutFaults(page), [], view);
          assert.deepEqual(await axeFindings(page), [], view);
          if (!PICTURED.has(view) || !PICTURED_IN.has(lang)) return;
          const name = `${view.replaceAll(' ', '-')}-${orientation}-${lang}`;
          assert.equal(await unlikeReference(name, await page.screenshot({ animations: 'disabled' })), undefined, view);
        };
        await page.locator('ld-kinds-view ld-photo').first().waitFor();
        await check('kinds');
        await page.locator('ld-kinds-view .everything').tap();
        await page.locator('ld-design ld-hanger').first().waitFor();
        await page.locator('ld-chain-strip.pairs button').first().waitFor();
        await check('design');
        for (const asked of ['matters', 'stays']) {
          await page.locator(`ld-hands .${asked}`).tap();
          await page.locator('ld-dial .ask').first().tap();
          await check(asked);
          await page.locator('ld-hands .done').tap();
        }
        await check('a dial that matters and stays');
        await page.locator('.action.undo').tap();
        await page.locator('.action.undo').tap();
        for (const index of [0, 1, 2, 3, 4, 5]) {
          await page.locator(`ld-dial[data-dial="${index}"] input`).focus();
          await page.keyboard.press(index % 2 === 0 ? 'End' : 'Home');
          // So that each has its picture on the thread of looks.
          await settled(page);
        }
        const far = LOCALES[lang].nearness.nearest;
        const nearness = page.locator('ld-design .nearness').first();
        assert.equal(
          await eventually(
            () => nearness.textContent(),
            text => text === far,
          ),
          far,
        );
        await check('nothing close');
        for (const room of ['sizes', 'colours', 'price']) {
          await page.locator(`ld-filter-bar [data-room=${room}]`).tap();
          // Of the colours green: far from what is dialled.
          await page
            .locator('ld-choices button')
            .nth(room === 'colours' ? 2 : 1)
            .tap();
          await check(room);
        }
        await page.locator('ld-choice-tray .done').tap();
        await page.locator('.wider').waitFor();
        await check('wider');
        for (let step = 0; step < 3; step++) await page.locator('.action.undo').tap();
        await page.locator('.action.kept').tap();
        await check('empty shelf');
        await page.locator('ld-shelf-tray .done').tap();
        await page.locator('.pager').tap();
        await page.locator('.action.surprise').tap();
        await page.locator('ld-thread li').nth(1).waitFor();
        await check('more dials');
        await page.locator('ld-design ld-hanger').nth(1).tap();
        await page.locator('ld-garment-sheet .pairs button').first().waitFor();
        await page.locator('ld-garment-sheet .keep').tap();
        await check('garment');
        await page.locator('ld-garment-sheet .like').tap();
        await page.locator('ld-garment-sheet ld-hanger').first().waitFor();
        const like = (await page.locator('ld-garment-sheet .similar').boundingBox())!;
        assert.ok(
          like.y >= 0 && like.y + like.height <= page.viewportSize()!.height + 1,
          'what was asked for is in sight',
        );
        await check('more like it');
        await page.locator('ld-garment-sheet .blend').tap();
        await page.locator('ld-blend-tray ld-dial').waitFor();
        await check('blend');
        await page.locator('ld-blend-tray .done').tap();
        await page.locator('.action.kept').tap();
        await page.locator('ld-shelf-tray li').waitFor();
        await check('shelf');
        assert.deepEqual(troubles, []);
        await close();
      });
    }
  }

  it('has every target 20 mm large on a screen of finer pixels, and still everything in its place', async t => {
    const daemon = await startFakeDaemon();
    t.after(() => daemon.stop());
    const { page, close } = await openScreen(browser, daemon.url, { reducedMotion: true });
    await page.goto(`${daemon.url}?mmPerPx=0.2&lang=de&idle=off`);
    await page.locator('ld-stage canvas').waitFor({ state: 'attached' });
    await putKindsAway(page);
    await page.locator('ld-design ld-hanger').first().waitFor();
    assert.deepEqual(await layoutFaults(page, 100), []);
    await close();
  });

  it('is drawn the same with a graphics card and without', async t => {
    const daemon = await startFakeDaemon();
    t.after(() => daemon.stop());
    const { page, close } = await openScreen(browser, daemon.url, { reducedMotion: true });
    const drawn = async (how: 'webgl' | 'canvas') => {
      // A daemon of its own: every one begins with the same garment.
      const fresh = await startFakeDaemon();
      await page.goto(`${fresh.url}?draw=${how}&idle=off`);
      await page.locator('ld-stage canvas').waitFor({ state: 'attached' });
      await putKindsAway(page);
      await page.locator('ld-design ld-hanger').first().waitFor();
      const canvas = page.locator('ld-stage canvas');
      assert.equal(await canvas.getAttribute('data-drawn-by'), how);
      // Plain code draws a garment at rest once more, larger.
      await eventually(
        () => canvas.evaluate(element => (element as HTMLCanvasElement).width),
        width => width > 500,
      );
      const pixels = await pixelsOf(page.locator('ld-stage'));
      await fresh.stop();
      return pixels;
    };
    const [shader, plain] = [await drawn('webgl'), await drawn('canvas')];
    assert.ok(difference(shader, plain) < 1, `they differ by ${difference(shader, plain)} of 255`);
    const middle = (Math.floor(plain.height / 2) * plain.width + Math.floor(plain.width / 2)) * 3;
    const corner = 3 * (plain.width * 4 + 4);
    const contrast = Math.abs(plain.rgb[middle]! - plain.rgb[corner]!);
    assert.ok(contrast > 60, 'there is no garment to compare');
    await close();
  });

  it('shows an empty store as one', async () => {
    const bare = await startFakeDaemon({ garments: 0 });
    const { page, troubles, close } = await openScreen(browser, bare.url, { lang: 'de' });
    assert.equal(await page.locator('ld-rail .empty').textContent(), 'Die Stangen sind noch leer. Bis bald!');
    await page.locator('.action.surprise').tap();
    const said = await eventually(
      () => page.locator('.verdict').textContent(),
      text => text === 'Davon hängt gerade nichts hier.',
    );
    assert.equal(said, 'Davon hängt gerade nichts hier.');
    assert.deepEqual(await layoutFaults(page), []);
    // The daemon's refusal of a surprise is the only thing the console may mention.
    assert.ok(
      troubles.every(trouble => trouble.includes('404')),
      troubles.join('\n'),
    );
    await close();
    await bare.stop();
  });
});
